"""Reach of a margin: how far prices may go before liquidation, and what a move of 20 % needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.live.margins import margin_ratio
from hedgecore.live.question import balances
from hedgecore.live.snapshot import Snapshot, VenueReading
from hedgecore.market import terms as rules
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import enter
from hedgecore.numerics.bisection import bisect

MOVES = (-0.2, 0.2)
"""Moves of which the margin that is needed is told."""
STEP, HALVINGS = 0.01, 40
LOWEST, HIGHEST = -0.99, 3.0
"""Moves between which a liquidation is looked for."""


@frozen(kw_only=True)
class MarginReach:
    """Margin of one account, in the numeraire, and what moves of its prices do to it.

    All prices of what its contracts hedge move together. Maintenance moves with the notional.

    Attributes:
        equity: what stands behind the positions now.
        maintenance: below so much they are liquidated.
        ratio: of the two; infinite where nothing is held.
        down: fall at which equity is maintenance, negative; None where none was found.
        up: rise, likewise.
        needed: move → cash to add now, so that after it equity is `least` times maintenance; 0
            where there is enough.

    """

    equity: float
    maintenance: float
    ratio: float
    down: float | None
    up: float | None
    needed: Mapping[float, float]


def margin_reach(
    venue: VenueReading,
    instruments: Mapping[str, Instrument],
    book: Book,
    least: float,
    *,
    within: tuple[float, float] = (LOWEST, HIGHEST),
) -> MarginReach | None:
    """Reach of the margin of an account; None where it has none.

    Args:
        venue: as it was read.
        instruments: symbol → instrument that the book trades there.
        book: of the same moment, with its prices.
        least: margin over maintenance that is kept.
        within: moves between which a liquidation is looked for, in steps.

    """
    margin = venue.account.margin
    if margin is None:
        return None
    account = _Account(venue, instruments, book.market)
    unit = float(book.market.price(margin.asset))
    equity, maintenance = unit * float(margin.equity), unit * float(margin.maintenance)

    def spare(move: float, times: float = 1.0) -> float:
        gained, grown = account.moved(move)
        return equity + gained - times * maintenance * grown

    held = account.contracts and maintenance > 0
    return MarginReach(
        equity=equity, maintenance=maintenance, ratio=margin_ratio(margin),
        down=_crossing_move(spare, within[0]) if held else None,
        up=_crossing_move(spare, within[1]) if held else None,
        needed={move: max(0.0, -spare(move, least)) for move in MOVES},
    )  # fmt: skip


def reach_warnings(snapshot: Snapshot, book: Book, least: float) -> Iterator[str]:
    """Sentences on the accounts that a move of `MOVES` would leave with too little, one by one.

    Args:
        snapshot: of all accounts.
        book: of the snapshot.
        least: margin over maintenance that is kept.

    """
    unit = book.market.numeraire
    for name, venue in snapshot.venues.items():
        found = margin_reach(venue, traded_at(book, name), book, least, within=MOVES)
        if found is None:
            continue
        for end in (found.down, found.up):
            if end is not None:
                yield f"{name} is liquidated at a move of {end:+.1%}"
        for move, cash in found.needed.items():
            if cash:
                yield f"{name} needs {cash:,.2f} {unit} more to bear a move of {move:+.0%}"


def traded_at(book: Book, venue: str) -> dict[str, Instrument]:
    """Symbol → instrument that a book trades at a venue."""
    routes = ((each, book.routes[each.name]) for each in book.instruments)
    return {route.symbol: each for each, route in routes if route.venue == venue}


class _Account:
    """Contracts and coins of an account, and what a move of its prices does to them."""

    def __init__(
        self, venue: VenueReading, instruments: Mapping[str, Instrument], market: Market
    ) -> None:
        held = venue.account.positions.items()
        self.market = market
        self.coins = {a: n for a, n in balances(venue.account).items() if a in market.prices}
        self.contracts = [
            (instruments[symbol], float(position.contracts), enter(instruments[symbol], market))
            for symbol, position in held
            if symbol in instruments and position.contracts
        ]
        self.assets = dict.fromkeys(
            asset
            for instrument, _, _ in self.contracts
            for asset in market.assets.underlying(instrument.hedges)
            if asset in market.prices
        )
        self.notional = self._notional(market)
        self.worth = self._worth(market)

    def moved(self, move: float) -> tuple[float, float]:
        """Cash gained after a move of all its prices, and how many times the notional is then."""
        prices = {asset: (1.0 + move) * self.market.price(asset) for asset in self.assets}
        there = self.market.shifted(prices=prices) if prices else self.market
        coins = (n * float(there.price(a) - self.market.price(a)) for a, n in self.coins.items())
        grown = self._notional(there) / self.notional if self.notional else 1.0
        return sum(coins) + self._worth(there) - self.worth, grown

    def _notional(self, market: Market) -> float:
        return sum(abs(n) * _notional(each, market) for each, n, _ in self.contracts)

    def _worth(self, market: Market) -> float:
        return sum(n * float(entered.worth(market)) for _, n, entered in self.contracts)


def _notional(instrument: Instrument, market: Market) -> float:
    return float(rules.notional(instrument, instrument.exposure(market), market))


def _crossing_move(spare: Callable[[float], float], end: float) -> float | None:
    """First move on the way to an end at which nothing is spare; None where there is none."""
    before = 0.0
    for move in _moves(end):
        if spare(move) <= 0:
            return bisect(lambda each: spare(each) <= 0, before, move, HALVINGS)
        before = move
    return None


def _moves(end: float) -> Iterable[float]:
    step = math.copysign(STEP, end)
    return (step * n for n in range(1, 1 + round(end / step)))
