"""Deciding: the orders of a cycle, by the policy, by margin that runs out, or to give up all."""

from __future__ import annotations

from hedgecore.books.book import Book
from hedgecore.live.alerting import CRITICAL, WARNING, alert, alerts
from hedgecore.live.answer import answer, memory_at
from hedgecore.live.caps import Capped, cap_orders, cap_reductions
from hedgecore.live.changes import record
from hedgecore.live.effects import Effects
from hedgecore.live.events import DecisionMade
from hedgecore.live.flattening import closing_orders, holdings
from hedgecore.live.legs import Leg, Orders, legs
from hedgecore.live.margin_reach import reach_warnings
from hedgecore.live.margins import margin_ratio, reductions, shortfall
from hedgecore.live.orders import FLATTEN, MARGIN, POLICY
from hedgecore.live.plan import LivePlan, Mode
from hedgecore.live.snapshot import Snapshot
from hedgecore.live.state import LoopState


def decide_orders(
    plan: LivePlan, state: LoopState, snapshot: Snapshot, book: Book, last: float | None
) -> Effects[tuple[LoopState, Orders]]:
    """Orders of a cycle: margin comes before everything, and a person before the policy."""
    state, orders = yield from _margin(plan, state, snapshot, book)
    if orders.legs:
        return state, orders
    if plan.mode is Mode.FLATTEN:
        return (yield from _flatten(plan, state, snapshot, book))
    return (yield from _policy(plan, state, snapshot, book, last))


def _policy(
    plan: LivePlan, state: LoopState, snapshot: Snapshot, book: Book, last: float | None
) -> Effects[tuple[LoopState, Orders]]:
    """Orders of the policy, within the caps."""
    memory = memory_at(book, snapshot.time) if state.memory is None else state.memory
    since = snapshot.time if last is None else last
    made = answer(book, snapshot, plan.settings, memory, step=state.step, last=since)
    event = DecisionMade.of(made.given, made.decision, step=state.step, doubt=made.doubt)
    state = yield from record(state, event)
    if made.doubt is not None:
        return (yield from alert(state, CRITICAL, "no answer", made.doubt)), Orders()
    found = legs(event.trade, book, snapshot)
    allowed = cap_orders(
        found, plan.settings.caps, made=made, book=book, snapshot=snapshot, state=state
    )
    return (yield from _tell(state, allowed, POLICY, whole=allowed.legs == found))


def _margin(
    plan: LivePlan, state: LoopState, snapshot: Snapshot, book: Book
) -> Effects[tuple[LoopState, Orders]]:
    """Reductions at venues where margin runs out: of any size, and a person is told."""
    caps, found, texts = plan.settings.caps, list[Leg](), list[str]()
    for name, venue in snapshot.venues.items():
        part, margin = shortfall(venue, caps), venue.account.margin
        if part and margin is not None:
            held = [each for each in holdings(book, snapshot) if each.venue == name]
            found += reductions(held, part)
            texts.append(f"{name} has {margin_ratio(margin):.3g} of its maintenance margin")
    state = yield from alerts(state, CRITICAL, "margin", texts)
    near = list(reach_warnings(snapshot, book, caps.min_margin_ratio))
    state = yield from alerts(state, WARNING, "reach of the margin", near)
    return (yield from _tell(state, cap_reductions(found, caps, state), MARGIN))


def _flatten(
    plan: LivePlan, state: LoopState, snapshot: Snapshot, book: Book
) -> Effects[tuple[LoopState, Orders]]:
    """Reductions of all that is held, within the most of one order."""
    caps = plan.settings.caps
    found = list(closing_orders(holdings(book, snapshot), caps))
    return (yield from _tell(state, cap_reductions(found, caps, state), FLATTEN))


def _tell(
    state: LoopState, allowed: Capped, cause: str, *, whole: bool = False
) -> Effects[tuple[LoopState, Orders]]:
    """Orders that are allowed, once a person knows why others are not."""
    state = yield from alerts(state, WARNING, f"caps of {cause}", allowed.reasons)
    return state, Orders(legs=allowed.legs, cause=cause, whole=whole)
