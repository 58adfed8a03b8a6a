"""Margin: what an account would have over its maintenance after orders, and what restores it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from attrs import evolve

from hedgecore.books.book import Book
from hedgecore.books.positions import USUAL_FEE
from hedgecore.interfaces.account import AccountMargin
from hedgecore.live.legs import Leg, whole_lots
from hedgecore.live.settings import Caps
from hedgecore.live.snapshot import VenueReading
from hedgecore.market.terms import margin as initial_margin
from hedgecore.market.terms import notional

UNTOLD = " (the venue does not tell it of a contract: the book's leverage does)"


def margin_ratio(margin: AccountMargin) -> float:
    """Margin over maintenance; infinite where nothing is held."""
    if margin.maintenance <= 0:
        return float("inf")
    return float(margin.equity / margin.maintenance)


def admissible(
    found: Sequence[Leg], venue: VenueReading, caps: Caps, book: Book
) -> tuple[list[Leg], list[str]]:
    """Legs that leave enough margin, and why others are left out; what reduces needs none."""
    margin = venue.account.margin
    if margin is None:
        return list(found), []
    kept, reasons = list[Leg](), list[str]()
    for leg in found:
        after = _margin_after([*kept, leg], margin, caps, book)
        if leg.reduces or margin_ratio(after) >= caps.min_margin_ratio:
            kept.append(leg)
        else:
            have = f"margin would be {margin_ratio(after):.3g} of maintenance at {leg.venue}"
            told = "" if leg.terms.maintenance is not None else UNTOLD
            least = f"{caps.min_margin_ratio:g} are kept"
            reasons.append(f"{leg.instrument}: {have}, and {least}{told}")
    return kept, reasons


def shortfall(venue: VenueReading, caps: Caps) -> float:
    """Part of all positions that is to go, so that margin is enough again; 0 where it is."""
    margin = venue.account.margin
    if margin is None or margin_ratio(margin) >= caps.reduce_below:
        return 0.0
    return min(1.0, 1.0 - max(margin_ratio(margin), 0.0) / caps.min_margin_ratio)


def reductions(held: Sequence[Leg], part: float) -> Iterator[Leg]:
    """Legs that reduce each holding by a part of it, rounded up to a lot: whole lots of it."""
    for leg in held:
        size, lot = abs(leg.held) * Decimal(repr(part)), leg.terms.lot
        if lot:
            size = (size / lot).to_integral_value(rounding=ROUND_CEILING) * lot
        size = whole_lots(min(size, abs(leg.held)), lot)
        if size:
            yield evolve(leg, contracts=-size.copy_sign(leg.held))


def _margin_after(
    found: Sequence[Leg], margin: AccountMargin, caps: Caps, book: Book
) -> AccountMargin:
    """Margin once orders are filled at their worst price, fees paid."""
    unit = float(book.market.price(margin.asset))
    paid = sum(leg.notional * (_fee(leg, book) + caps.max_slippage) for leg in found) / unit
    more = sum(_maintenance(leg, book) for leg in found) / unit
    return AccountMargin(
        asset=margin.asset,
        equity=margin.equity - Decimal(repr(paid)),
        maintenance=margin.maintenance + Decimal(repr(more)),
    )


def _fee(leg: Leg, book: Book) -> float:
    """Fee of an order: the venue's, else the book's; one that nobody says is as high as any."""
    if leg.terms.fee is not None:
        return float(leg.terms.fee)
    own = book.instruments[leg.place].fee
    return USUAL_FEE if own is None else own


def _maintenance(leg: Leg, book: Book) -> float:
    """Maintenance margin that an order adds, cash, negative where it reduces.

    Where the venue does not say, it is taken to be all of the book's initial margin.
    """
    added = float(abs(leg.held + leg.contracts) - abs(leg.held))
    if leg.terms.maintenance is not None:
        return added * leg.unit * float(leg.terms.maintenance)
    if added <= 0:
        return 0.0
    instrument = book.instruments[leg.place]
    each = notional(instrument, instrument.exposure(book.market), book.market)
    return float(initial_margin(instrument, each, book.market, added))
