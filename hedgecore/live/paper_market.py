"""The market that paper trades in: a book's prices at a moment, and what orders cost there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.books.held import enter_at
from hedgecore.decisions.costs.fee import Fee
from hedgecore.interfaces.account import (
    AccountMargin,
    ContractPosition,
    ContractTerms,
    TopOfBook,
)
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.interfaces.orders import Intent
from hedgecore.live.book_terms import book_terms, is_owned, unit_mark
from hedgecore.live.question import unit_price
from hedgecore.market import terms as rules
from hedgecore.market.instrument import Instrument
from hedgecore.units import HOURS_PER_DAY

NONE = Decimal(0)
PLACES = Decimal("1e-12")
"""To which amounts on paper are rounded."""
DAY = 3600.0 * HOURS_PER_DAY


@frozen(eq=False)
class PaperMarket:
    """A book's prices, as one venue of paper has them.

    Attributes:
        book: whose.
        venue: its name in the book.
        time: seconds since 1970.

    """

    book: Book
    venue: str
    time: float

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Symbol → instrument that is traded here."""
        routes = self.book.routes
        here = (each for each in self.book.instruments if routes[each.name].venue == self.venue)
        return {routes[each.name].symbol: each for each in here}

    def top(self, symbol: str, costs: Sequence[AbstractCost]) -> TopOfBook:
        """Prices of a contract; bid and ask are apart by what crossing the spread costs."""
        instrument, market = self.instruments[symbol], self.book.market
        terms = book_terms(instrument, symbol, market)
        index = float(market.price(instrument.hedges[0])) / unit_price(terms, market)
        entered = unit_mark(instrument, market)
        mark = index if entered is None else entered
        if is_owned(instrument, market):
            each = float(instrument.worth(market)) / instrument.contract_size
            mark = each / unit_price(terms, market)
        trades = self._trades(instrument, 0.0)
        half = sum(float(c.proportional_rate(trades)[0]) for c in costs if not _is_fee(c))
        prices = (mark * (1.0 - half), mark * (1.0 + half), mark, index)
        bid, ask, mid, spot = (Decimal(repr(each)) for each in prices)
        return TopOfBook(bid=bid, ask=ask, mark=mid, index=spot, time=self.time)

    def price(
        self, intent: Intent, mark: Decimal, terms: ContractTerms, costs: Sequence[AbstractCost]
    ) -> tuple[Decimal, Decimal]:
        """Price of an order, and its fee in units of the settlement asset."""
        instrument, market = self.instruments[intent.symbol], self.book.market
        trades = self._trades(instrument, float(intent.contracts))
        fee = sum(float(each.cost(trades)[0]) for each in costs if _is_fee(each))
        worse = sum(float(each.cost(trades)[0]) for each in costs if not _is_fee(each))
        paid = worse / float(trades.cash[0]) if terms.inverse else self._each(intent, terms, worse)
        move = Decimal(repr(paid)) * (mark if terms.inverse else 1)
        coin = fee / float(market.price(terms.settlement))
        price = mark + (move if intent.contracts > 0 else -move)
        return price, _round(Decimal(repr(coin)))

    def fill(
        self,
        held: ContractPosition | None,
        intent: Intent,
        price: Decimal,
        fee: Decimal,
        terms: ContractTerms,
    ) -> tuple[ContractPosition, dict[str, Decimal]]:
        """Position after a fill, and what that changes in the balances."""
        before = held or ContractPosition(contracts=NONE)
        owned = is_owned(self.instruments[intent.symbol], self.book.market)
        after, realised = _after(before, intent.contracts, price, terms)
        if owned:
            realised = -intent.contracts * terms.contract_size * price
        return after, {terms.settlement: _round(realised - fee)}

    def carry(
        self, positions: Mapping[str, ContractPosition], seconds: float
    ) -> dict[str, dict[str, Decimal]]:
        """Symbol → asset → what is earned by holding it; nothing where the rate is unknown."""
        earned, market = dict[str, dict[str, Decimal]](), self.book.market
        for symbol, position in positions.items():
            instrument = self.instruments[symbol]
            daily = rules.carry(instrument, market)
            if daily is not None and daily and seconds > 0:
                coin = book_terms(instrument, symbol, market).settlement
                cash = float(position.contracts) * float(daily) * seconds / DAY
                earned[symbol] = {coin: _round(Decimal(repr(cash / float(market.price(coin)))))}
        return earned

    def margin(
        self,
        balances: Mapping[str, Decimal],
        positions: Mapping[str, ContractPosition],
        maintenance: float,
    ) -> AccountMargin:
        """Margin in the numeraire: balances and profit, over a fraction of what is held."""
        market, notional = self.book.market, 0.0
        equity = sum(float(each) * float(market.price(asset)) for asset, each in balances.items())
        for symbol, position in positions.items():
            instrument, contracts = self.instruments[symbol], float(position.contracts)
            own = instrument
            if position.entry_price is not None and not is_owned(instrument, market):
                own = enter_at(instrument, float(position.entry_price))
            equity += contracts * float(own.worth(market))
            notional += abs(contracts) * self._notional(instrument)
        have, least = (Decimal(repr(each)) for each in (equity, maintenance * notional))
        return AccountMargin(asset=market.numeraire, equity=have, maintenance=least)

    def _trades(self, instrument: Instrument, contracts: float) -> Trades:
        market, each = self.book.market, self._notional(instrument)
        charge = rules.charge(instrument, np.array(each), market)
        return Trades(
            instruments=(instrument,), contracts=np.array([contracts]), notional=np.array([each]),
            charge=np.array([np.nan if charge is None else float(charge)]), market=market,
            vol=np.array([market.vols.get(instrument.hedges[0], np.nan)], dtype=np.float64),
            volume=np.array([np.nan]),
        )  # fmt: skip

    def _notional(self, instrument: Instrument) -> float:
        market = self.book.market
        return float(rules.notional(instrument, instrument.exposure(market), market))

    def _each(self, intent: Intent, terms: ContractTerms, cash: float) -> float:
        """Cost of one unit of the underlying, in units of the quote."""
        units = abs(float(intent.contracts * terms.contract_size))
        return cash / units / unit_price(terms, self.book.market)


def _is_fee(cost: AbstractCost) -> bool:
    """True if a cost is the venue's fee, which is paid beside the price and not in it."""
    return isinstance(cost, Fee)


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(PLACES)


def _after(
    before: ContractPosition, contracts: Decimal, price: Decimal, terms: ContractTerms
) -> tuple[ContractPosition, Decimal]:
    """Position after a fill, and the profit that it realises, in the settlement asset."""
    held, entry = before.contracts, before.entry_price or price
    total = held + contracts
    if held * contracts >= 0:
        each = (
            total / (held / entry + contracts / price)
            if terms.inverse
            else ((held * entry + contracts * price) / total)
        )
        return ContractPosition(contracts=total, entry_price=each), NONE
    closed = -contracts if abs(contracts) < abs(held) else held
    gained = (1 / entry - 1 / price) if terms.inverse else (price - entry)
    rest = entry if held * total > 0 else price
    position = ContractPosition(contracts=total, entry_price=rest if total else None)
    return position, closed * terms.contract_size * gained
