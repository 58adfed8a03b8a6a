"""Flattening: the orders that give up all that is held, and what no order can."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve

from hedgecore.books.book import Book
from hedgecore.live.alerting import WARNING, alerts
from hedgecore.live.changes import record
from hedgecore.live.effects import Effects
from hedgecore.live.events import HedgeFlattened
from hedgecore.live.legs import Leg, every_leg
from hedgecore.live.margins import reductions
from hedgecore.live.settings import Caps
from hedgecore.live.snapshot import Snapshot
from hedgecore.live.state import LoopState


def holdings(book: Book, snapshot: Snapshot) -> list[Leg]:
    """Legs of no contracts, one for each instrument: what is held of it, and on what terms."""
    return list(every_leg(np.zeros(len(book.instruments)), book, snapshot))


def closing_orders(held: list[Leg], caps: Caps) -> Iterator[Leg]:
    """Orders that give up all that is held, each within the most of one.

    Where a part is given up, enough is left for another order, if that can be.
    """
    for leg in reductions(held, 1.0):
        part = leg.within(caps.max_order_notional)
        rest = abs(leg.contracts) - abs(part.contracts)
        kept = leg.at_most(abs(leg.contracts) - leg.least)
        yield kept if 0 < rest < leg.least and not kept.is_dust else part


def record_end(state: LoopState, snapshot: Snapshot, book: Book, caps: Caps) -> Effects[LoopState]:
    """State once nothing is left that an order could give up: a person is told of what is."""
    venues = {n: evolve(v, account=state.read[n]) for n, v in snapshot.venues.items()}
    held = [leg for leg in holdings(book, evolve(snapshot, venues=venues)) if leg.held]
    reasons = [why for leg in held if (why := obstacle(leg, caps)) is not None]
    if len(reasons) < len(held):
        return state
    state = yield from alerts(state, WARNING, "left when flattened", reasons)
    left = {leg.instrument: leg.held for leg in held}
    return (yield from record(state, HedgeFlattened(left=left, reasons=tuple(reasons))))


def obstacle(leg: Leg, caps: Caps) -> str | None:
    """Reason why what is held can never be given up, a sentence; None where an order can.

    It is less than the least order, or caps allow less than that of any order.
    """
    left = f"{leg.instrument}: {leg.held} contracts are left at {leg.venue}"
    whole = next(reductions([leg], 1.0), None)
    if whole is None or whole.is_dust:
        return f"{left}, and the least order there is {leg.least}"
    most = min(caps.max_order_notional, caps.max_hourly_turnover, caps.max_daily_turnover)
    if whole.within(most).is_dust:
        return f"{left}: the least order there, {leg.least}, is above a cap, {most:g} in cash"
    return None
