"""Track record beside a book: prices of trades and flows, and amounts, that are mistaken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from hedgecore.books.amounts import amount_confusions, amount_distances
from hedgecore.books.held import ENTRY, enter_at
from hedgecore.books.plausibility import MEANT
from hedgecore.books.stated_prices import stated_confusion, stated_distance
from hedgecore.books.track_record import Flow, PastTrade, TrackRecord
from hedgecore.errors import SpecError
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.stated import StatedPrice
from hedgecore.market.terms import SupportsStatedPrices

if TYPE_CHECKING:
    from datetime import datetime

    from hedgecore.books.positions import Position

MOVED = 100.0
"""Factor by which prices of what has no entry price move, at most."""


class PastPrice(NamedTuple):
    """Price that a row of a track record states: where, when, and what of."""

    place: str
    date: datetime
    stated: StatedPrice


def refuse_mistaken_record(
    record: TrackRecord,
    positions: Sequence[Position],
    instruments: Iterable[Instrument],
    market: Market,
) -> None:
    """Raise a SpecError on the first trade or flow that is recognisably mistaken, saying how."""
    for place, why in _confusions(record, positions, instruments, market):
        raise SpecError(f"{why}. {MEANT}", kind=place)


def record_warnings(
    record: TrackRecord,
    positions: Sequence[Position],
    instruments: Iterable[Instrument],
    market: Market,
) -> Iterator[str]:
    """Sentences on trades and flows that are mistaken, or further from today than prices move."""
    offered = list(instruments)
    mistaken = dict(_confusions(record, positions, offered, market))
    yield from (f"The {place}: {why}." for place, why in mistaken.items())
    for place, _, stated in past_prices(record, offered, market):
        far = None if place in mistaken else stated_distance("price", stated, market)
        if far is not None:
            yield f"The {place}: {far}."
    for flow, far in amount_distances(record.flows, positions, market):
        if flow_place(flow) not in mistaken:
            yield f"The {flow_place(flow)}: {far}."


def past_prices(
    record: TrackRecord, instruments: Iterable[Instrument], market: Market
) -> Iterator[PastPrice]:
    """Prices of flows and trades, of what has a price today."""
    offered = {each.name: each for each in instruments}
    for flow in record.flows:
        if flow.price is not None and flow.asset in (*market.prices, *market.assets):
            stated = StatedPrice(flow.price, flow.asset, market.numeraire)
            yield PastPrice(flow_place(flow), flow.date, stated)
    for trade in record.trades:
        place = f"trade of {trade.date:%Y-%m-%d} in {trade.instrument}"
        yield PastPrice(place, trade.date, _paid(trade, offered[trade.instrument], market))


def flow_place(flow: Flow) -> str:
    """Words for the row of a flow."""
    return f"{flow.type} flow of {flow.date:%Y-%m-%d} in {flow.asset}"


def _confusions(
    record: TrackRecord,
    positions: Sequence[Position],
    instruments: Iterable[Instrument],
    market: Market,
) -> Iterator[tuple[str, str]]:
    for place, _, stated in past_prices(record, instruments, market):
        why = stated_confusion("price", stated, market)
        if why is not None:
            yield place, why
    for flow, why in amount_confusions(record.flows, positions, market):
        yield flow_place(flow), why


def _paid(trade: PastTrade, instrument: Instrument, market: Market) -> StatedPrice:
    """Price of a trade: an entry price, where the contract has one, or what its worth is beside."""
    kind: Any = type(instrument)
    if ENTRY in {each.name for each in attrs.fields(kind)}:
        entered = enter_at(instrument, trade.price)
        if isinstance(entered, SupportsStatedPrices):
            return StatedPrice(*entered.stated_prices(market)[ENTRY])
    today = abs(float(instrument.exposure(market).value)) / float(instrument.contract_size)
    hedged = [asset for asset in instrument.hedges if float(market.price(asset)) == today]
    if hedged:
        return StatedPrice(trade.price, hedged[0], market.numeraire)
    turned = {"turned round": 1.0 / today**2}
    usual = (today / MOVED, today * MOVED)
    return StatedPrice(trade.price, instrument.name, market.numeraire, usual, turned)
