"""The legs of a decision: its orders in whole lots, those that reduce first, with a price bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
from attrs import evolve, frozen

from hedgecore.books.book import Book
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.account import ContractTerms, TopOfBook
from hedgecore.interfaces.orders import Intent
from hedgecore.live.orders import POLICY
from hedgecore.live.question import unit_price
from hedgecore.live.snapshot import Snapshot
from hedgecore.market.market import Market

NEAR = Decimal("1e-9")
"""Of a lot: so far a number of lots may be from a whole one, by rounding."""


@frozen(kw_only=True)
class Leg:
    """One order of a decision.

    Attributes:
        instrument: its name.
        place: of the instrument in the book.
        venue: where it is traded.
        terms: of its contract there.
        top: best prices of it.
        contracts: to buy; negative to sell; a whole number of lots.
        held: contracts before.
        unit: notional of one contract, cash.

    """

    instrument: str
    place: int
    venue: str
    terms: ContractTerms
    top: TopOfBook
    contracts: Decimal
    held: Decimal
    unit: float

    @property
    def notional(self) -> float:
        """Notional of the order, cash."""
        return abs(float(self.contracts)) * self.unit

    @property
    def reduces(self) -> bool:
        """True if the order brings the position nearer to 0, and not beyond."""
        return (
            abs(self.held + self.contracts) < abs(self.held)
            and self.held * (self.held + self.contracts) >= 0
        )

    @property
    def is_dust(self) -> bool:
        """True if the order is of 0 contracts, or smaller than the venue takes."""
        return not self.contracts or abs(self.contracts) < self.least

    @property
    def least(self) -> Decimal:
        """Contracts of the least order that the venue takes, in whole lots."""
        price = Decimal(1) if self.terms.inverse else self.top.mark
        of_notional = self.terms.min_notional / (self.terms.contract_size * price)
        least, lot = max(self.terms.min_order, of_notional), self.terms.lot
        if not lot:
            return least
        return max((least / lot).to_integral_value(rounding=ROUND_CEILING), Decimal(1)) * lot

    def at_most(self, contracts: Decimal) -> Leg:
        """Leg of so many contracts at most, in whole lots."""
        most = whole_lots(max(contracts, Decimal(0)), self.terms.lot)
        size = min(abs(self.contracts), most)
        return evolve(self, contracts=size.copy_sign(self.contracts))

    def within(self, cash: float) -> Leg:
        """Leg of so much notional at most, in whole lots."""
        return self.at_most(Decimal(cash / self.unit)) if self.notional > cash else self


@frozen(kw_only=True)
class Orders:
    """Orders that are to be placed, one after another.

    Attributes:
        legs: in order.
        cause: whose they are.
        whole: whether they are all that the policy has decided.

    """

    legs: tuple[Leg, ...] = ()
    cause: str = POLICY
    whole: bool = False


def legs(trade: Any, book: Book, snapshot: Snapshot) -> tuple[Leg, ...]:
    """Orders of a decision, (k,) contracts: dust is none, and what reduces comes first."""
    return tuple(sorted_orders(every_leg(trade, book, snapshot)))


def sorted_orders(found: Iterable[Leg]) -> list[Leg]:
    """Orders without dust: those that reduce first, then the largest."""
    kept = [each for each in found if not each.is_dust]
    return sorted(kept, key=lambda each: (not each.reduces, -each.notional))


def every_leg(trade: Any, book: Book, snapshot: Snapshot) -> Iterator[Leg]:
    """Legs of all instruments of a book, of 0 contracts where one is not traded."""
    for place, instrument in enumerate(book.instruments):
        route = book.routes[instrument.name]
        venue = snapshot.venues[route.venue]
        position = venue.account.positions.get(route.symbol)
        yield leg_of(
            instrument.name, place, route.venue, terms=venue.terms[route.symbol],
            top=venue.tops[route.symbol], contracts=float(trade[place]),
            held=Decimal(0) if position is None else position.contracts, market=book.market,
        )  # fmt: skip


def leg_of(
    instrument: str,
    place: int,
    venue: str,
    *,
    terms: ContractTerms,
    top: TopOfBook,
    contracts: float,
    held: Decimal,
    market: Market,
) -> Leg:
    """Order of so many contracts, in whole lots, worth what it is at the mark."""
    price = Decimal(1) if terms.inverse else top.mark
    return Leg(
        instrument=instrument, place=place, venue=venue, terms=terms, top=top,
        contracts=whole_lots(Decimal(repr(contracts)), terms.lot), held=held,
        unit=float(terms.contract_size * price) * unit_price(terms, market),
    )  # fmt: skip


def trade_of(found: Sequence[Leg], problem: HedgeProblem) -> Any:
    """Contracts to buy that legs come to, (k,)."""
    trade = np.zeros(len(problem.instruments))
    for leg in found:
        trade[leg.place] += float(leg.contracts)
    return trade


def whole_lots(contracts: Decimal, lot: Decimal) -> Decimal:
    """Contracts in whole lots, towards none; what is whole but for rounding stays."""
    if not lot:
        return contracts
    count = contracts / lot
    near = count.to_integral_value()
    if abs(count - near) > NEAR * max(abs(near), Decimal(1)):
        near = count.to_integral_value(rounding=ROUND_DOWN)
    return near * lot


def price_bound(contracts: Decimal, top: TopOfBook, tick: Decimal, slippage: float) -> Decimal:
    """Worst price that is taken: so far from the mark, on the tick that does not exceed it.

    >>> top = TopOfBook(bid=Decimal(99), ask=Decimal(101), mark=Decimal(100), index=Decimal(100),
    ...     time=0.0)
    >>> price_bound(Decimal(1), top, Decimal("0.5"), 0.007), price_bound(Decimal(-1), top,
    ...     Decimal("0.5"), 0.007)
    (Decimal('100.5'), Decimal('99.5'))

    """
    buys = contracts > 0
    part = Decimal(repr(slippage))
    worst = top.mark * (1 + part if buys else 1 - part)
    if not tick:
        return worst
    rounding = ROUND_FLOOR if buys else ROUND_CEILING
    return (worst / tick).to_integral_value(rounding=rounding) * tick


def intent_of(leg: Leg, client_id: str, slippage: float, expires: float) -> Intent:
    """Order that a leg means, immediate or cancelled."""
    return Intent(
        client_id=client_id, symbol=leg.terms.symbol, contracts=leg.contracts,
        limit_price=price_bound(leg.contracts, leg.top, leg.terms.tick, slippage),
        reduce_only=leg.reduces, expires=expires,
    )  # fmt: skip
