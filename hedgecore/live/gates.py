"""Gates: what must hold of a snapshot before anything is decided on it; each yields its reasons.

Nothing neutral stands in for what is missing: what cannot be read or believed is a reason to wait.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import singledispatch
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.interfaces.account import ContractTerms, TopOfBook
from hedgecore.live.book_terms import book_terms, unit_mark
from hedgecore.live.question import balances, unit_price
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import Snapshot, VenueReading
from hedgecore.live.state import LoopState
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market

PATIENCE, LONGEST = 2, 3600.0
"""Orders that may come to nothing before the next one waits, and the longest wait, seconds."""
AHEAD = 5.0
"""Seconds that a reading may lie in the future: so far two clocks may be apart."""


@frozen(kw_only=True, eq=False)
class Look:
    """Inputs that the gates look at.

    Attributes:
        snapshot: all that was read.
        book: that it makes.
        settings: what is to be believed.
        before: what was known before it was read.
        state: what is known since the accounts are reconciled.

    """

    snapshot: Snapshot
    book: Book
    settings: LiveSettings
    before: LoopState
    state: LoopState

    def contracts(self) -> Iterator[tuple[Instrument, VenueReading, str]]:
        """Instruments of the book, each with its venue's reading and its symbol there."""
        for each in self.book.instruments:
            route = self.book.routes[each.name]
            yield each, self.snapshot.venues[route.venue], route.symbol


def unreadable(snapshot: Snapshot) -> tuple[str, ...]:
    """Reasons why a snapshot is no basis for anything: a number in it that is none, a price of 0.

    They are looked for before a book is made of it.
    """
    found = list[str]()
    for name, venue in snapshot.venues.items():
        numbers = [f"{name}: {place} is {number}" for place, number in infinities(venue)]
        found += numbers or [f"{name}: {why}" for why in _disorder(venue)]
    return tuple(found)


def waiting_reasons(look: Look) -> tuple[str, ...]:
    """Reasons why nothing is decided on a snapshot."""
    return tuple(why for gate in GATES for why in gate(look))


@singledispatch
def infinities(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Places within a record where a number is not finite, each with that number."""
    if attrs.has(type(value)):
        yield from infinities(attrs.asdict(value, recurse=False), place)


@infinities.register
def _(value: Mapping, place: str = "") -> Iterator[tuple[str, Any]]:  # type: ignore[type-arg]
    for key, each in value.items():
        yield from infinities(each, f"{place}.{key}" if place else str(key))


@infinities.register(list)
@infinities.register(tuple)
def _(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    for index, each in enumerate(value):
        yield from infinities(each, f"{place}[{index}]")


@infinities.register
def _(value: Decimal, place: str = "") -> Iterator[tuple[str, Any]]:
    if not value.is_finite():
        yield place, value


@infinities.register
def _(value: float, place: str = "") -> Iterator[tuple[str, Any]]:
    if not math.isfinite(value):
        yield place, value


def _disorder(venue: VenueReading) -> Iterator[str]:
    for symbol, terms in venue.terms.items():
        if terms.contract_size <= 0 or min(terms.lot, terms.tick, terms.min_order) < 0:
            yield f"{symbol}: the lot is {terms.lot}, the size {terms.contract_size}"
    for symbol, top in venue.tops.items():
        if min(top.bid, top.mark, top.index) <= 0 or top.ask < top.bid:
            yield f"{symbol}: bid {top.bid}, ask {top.ask}, mark {top.mark}, index {top.index}"


def ages(look: Look) -> Iterator[str]:
    """Reasons to wait: readings that are old or of the future, or a clock that has gone back."""
    yield from stale(look.snapshot, look.snapshot.time, look.settings.max_age)
    if look.before.last is not None and look.snapshot.time < look.before.last:
        yield "the clock of the loop has gone back since the last snapshot"


def stale(snapshot: Snapshot, now: float, max_age: float) -> Iterator[str]:
    """Readings of a snapshot that are older than `max_age`, seconds, or of the future."""
    for what, time in (("this snapshot", snapshot.began), *snapshot.readings()):
        yield from untimely(what, time, now, max_age)


def untimely(what: str, time: float, now: float, max_age: float) -> Iterator[str]:
    """Clause on a moment, seconds since 1970, if it is older than `max_age` or of the future."""
    age = now - time
    if not age >= -AHEAD:  # of a moment that is no number, too
        yield f"{what} is {-age:.1f} s ahead of the clock here"
    elif age > max_age:
        yield f"{what} is {age:.1f} s old, and {max_age:g} s are allowed"


def chain(look: Look) -> Iterator[str]:
    """Reasons to wait: a chain that has gone back, or left the block that was read of it."""
    before, now = look.before.stamp, look.snapshot.book.stamp
    if look.snapshot.book.reorganised:
        yield f"the chain was reorganised: block {before.get('block')} is no longer part of it"
    if before and now and before["block"] > now["block"]:
        yield f"the chain is behind: at block {now['block']}, and block {before['block']} was read"


def terms(look: Look) -> Iterator[str]:
    """Reasons to wait: contracts that have expired, and terms that the book contradicts."""
    for each, venue, symbol in look.contracts():
        its = venue.terms[symbol]
        if its.expiry is not None and its.expiry <= look.snapshot.time:
            yield f"{each.name} has expired"
        if its.strike is not None:
            yield f"{each.name} is an option, which no loop trades: write it by hedge --orders"
        own = book_terms(each, symbol, look.book.market)
        for what, ours, theirs in _comparisons(own, its):
            if ours != theirs:
                yield f"{each.name}: the {what} is {ours} in the book, and {theirs} at the venue"


def _comparisons(own: ContractTerms, its: ContractTerms) -> Iterator[tuple[str, Any, Any]]:
    yield "contract size", own.contract_size, its.contract_size
    yield "lot", own.lot, its.lot
    yield "least order", own.min_order, its.min_order
    yield "settlement", own.settlement, its.settlement
    yield "contract inverse", own.inverse, its.inverse


def positions(look: Look) -> Iterator[str]:
    """Positions held at a venue that the book does not name, or cannot tell apart."""
    for name, venue in look.snapshot.venues.items():
        if venue.identity.hedge_mode:
            yield f"{name} keeps a long and a short of one contract apart: switch it to one way"
        symbols = {s.symbol for s in look.book.routes.values() if s.venue == name}
        for symbol, position in venue.account.positions.items():
            if symbol not in symbols and position.contracts:
                yield f"{position.contracts} {symbol} are held at {name}: no instrument of the book"
        for asset in balances(venue.account, look.settings.ignored_assets):
            if not _is_priced(asset, look.book.market):
                yield f"{asset} is held at {name}, and the book has no price for it"


def _is_priced(asset: str, market: Market) -> bool:
    return asset in market.prices or asset in market.assets or asset == market.numeraire


def deviations(look: Look) -> Iterator[str]:
    """Reasons to wait: prices of one asset that are too far apart."""
    for each, venue, symbol in look.contracts():
        top, unit = venue.tops[symbol], unit_price(venue.terms[symbol], look.book.market)
        price = float(look.book.market.price(each.hedges[0]))
        forward = unit_mark(each, look.book.market)
        mark = price if forward is None else forward * unit
        told = ("index", float(top.index) * unit, price), ("mark", float(top.mark) * unit, mark)
        for what, price, own in told:
            if abs(price / own - 1.0) > look.settings.max_deviation:
                yield f"{each.name}: the {what} is {price:.7g}, and the book's price {own:.7g}"
        if _spread(top) > look.settings.max_deviation:
            yield f"{each.name}: bid {top.bid} and ask {top.ask} are far from the mark, {top.mark}"
    for position in look.book.positions:
        standing = position.standing if position.at == "state" else None
        room = look.settings.max_deviation
        if standing is not None and standing.distance > room + (standing.fee or 0.0):
            yield f"{position.name}: its pool is far from the market: {standing}"


def _spread(top: TopOfBook) -> float:
    return float(max(abs(top.bid / top.mark - 1), abs(top.ask / top.mark - 1)))


def pegs(look: Look) -> Iterator[str]:
    """Reasons to wait: settlement coins off their peg."""
    market = look.book.market
    coins = {v.terms[s].settlement for _, v, s in look.contracts() if not v.terms[s].inverse}
    hedged = {asset for each in look.book.instruments for asset in each.hedges}
    for coin in sorted(coins - hedged):
        peg = look.settings.pegs.get(coin, 1.0)
        price = float(market.price(coin)) if _is_priced(coin, market) else math.nan
        if not abs(price / peg - 1.0) <= look.settings.max_peg_deviation:
            yield f"{coin} is off its peg: {price:.6g}, and not {peg:g}"


def bookings(look: Look) -> Iterator[str]:
    """Reasons to wait: fills that accounts do not show yet, so that what is held is unknown."""
    for order in look.state.unbooked:
        yield f"{order.intent.client_id} was filled, and the account at {order.venue} lags behind"


def refusals(look: Look) -> Iterator[str]:
    """Reasons to wait: orders that come to nothing; each one more doubles the time to the next."""
    state = look.state
    pause = min(look.settings.every_seconds * 2.0 ** min(state.failures, 20), LONGEST)
    if state.failures >= PATIENCE and 0.0 <= look.snapshot.time - state.failed < pause:
        yield f"{state.failures} orders in a row came to nothing: the next is {pause:.0f} s later"


def unresolved(look: Look) -> Iterator[str]:
    """Clauses on orders of which nothing is proven for long: a person should know."""
    for order in look.state.pending:
        age = look.snapshot.time - order.time
        if age > look.settings.max_age:
            name = f"{order.intent.client_id} at {order.venue}"
            yield f"{name} is {order.state} for {age:.0f} s, and nothing is decided meanwhile"


def numbers(look: Look) -> Iterator[str]:
    """Reasons to wait: deltas of the book that are not finite."""
    exposure = look.book.portfolio.exposure(look.book.market)
    for asset, delta in zip(exposure.assets, exposure.delta, strict=True):
        if not np.isfinite(delta):
            yield f"the delta of {asset} is {delta}"


GATES: tuple[Callable[[Look], Iterator[str]], ...] = (
    ages, chain, terms, positions, deviations, pegs, bookings, refusals, numbers,
)  # fmt: skip
"""All that must hold, in the order in which it is said."""


def fundings(look: Look) -> Iterator[str]:
    """Clauses on funding rates above the cap: reasons for an alert, not to wait."""
    for each, venue, symbol in look.contracts():
        rate = venue.tops[symbol].funding_rate
        if rate is not None and abs(rate) > look.settings.max_funding:
            yield f"{each.name}: the funding rate is {rate} an interval"
