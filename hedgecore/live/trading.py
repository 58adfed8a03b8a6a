"""Trading: the orders of a decision, one after another, each written down before it is sent."""

from __future__ import annotations

from attrs import evolve

from hedgecore.errors import HedgecoreError, RejectedError, VenueError
from hedgecore.interfaces.orders import Absent, Receipt
from hedgecore.live.alerting import WARNING, alert
from hedgecore.live.changes import record
from hedgecore.live.client_ids import client_id
from hedgecore.live.effects import (
    AssertLease,
    ConfirmChain,
    Effects,
    Place,
    Prepare,
    ReadClock,
    ReadHalt,
    ReadVenueTime,
)
from hedgecore.live.events import OrderIntended, OrderResolved, OrderSent
from hedgecore.live.gates import stale, untimely
from hedgecore.live.legs import Leg, Orders, intent_of
from hedgecore.live.orders import Order
from hedgecore.live.plan import LivePlan
from hedgecore.live.resolve import resolve
from hedgecore.live.snapshot import Snapshot
from hedgecore.live.state import LoopState


def trade(
    plan: LivePlan, state: LoopState, snapshot: Snapshot, orders: Orders
) -> Effects[LoopState]:
    """Send orders one after another; one that is not filled in full ends the decision."""
    for place, leg in enumerate(orders.legs):
        why = yield from _obstacle(plan, snapshot)
        if why:
            return (yield from alert(state, WARNING, "not sent", f"nothing more is sent: {why}"))
        name = client_id(state.tag, state.cycle, place)
        last = place == len(orders.legs) - 1
        order = yield from _prepare(plan, leg, name, snapshot)
        order = evolve(order, cause=orders.cause, completes=orders.whole and last)
        state = yield from send(state, order, plan.settings.max_age)
        if not _is_full(state, order):
            break
    return state


def send(state: LoopState, order: Order, max_age: float) -> Effects[LoopState]:
    """Write an order down, send it, and ask what became of it.

    The order is durable before its first byte is sent. After that and before the byte the lease is
    asserted, and the clock and the halt flag are read: a process may have been stopped in between.
    An error that is no proven refusal proves nothing.
    """
    name = order.intent.client_id
    state = yield from record(state, OrderIntended(order=order))
    yield AssertLease()
    now: float = yield ReadClock()
    halt: str | None = yield ReadHalt()
    old = next(untimely("the snapshot behind it", order.time, now, max_age), None)
    if (why := halt or old) is not None:
        unsent = Absent(f"it was never sent: {why}")
        return (yield from record(state, OrderResolved(client_id=name, outcome=unsent)))
    try:
        yield Place(order.venue, order.receipt)
    except RejectedError as error:
        refused = Absent(f"the venue has refused it: {error}")
        return (yield from record(state, OrderResolved(client_id=name, outcome=refused)))
    except VenueError as error:
        state = yield from record(state, OrderSent(client_id=name, error=str(error)))
    else:
        state = yield from record(state, OrderSent(client_id=name))
    return (yield from resolve(state, state.orders[name]))


def _obstacle(plan: LivePlan, snapshot: Snapshot) -> Effects[str | None]:
    """Obstacle to sending on a snapshot: one that is old by now, or that the chain has left."""
    now = yield ReadClock()
    old = next(stale(snapshot, now, plan.settings.max_age), None)
    if old is not None:
        return old
    yield ConfirmChain()
    halt: str | None = yield ReadHalt()
    return halt


def _prepare(plan: LivePlan, leg: Leg, name: str, snapshot: Snapshot) -> Effects[Order]:
    """Order of a leg, with its receipt; nothing of it is sent.

    It lives by the venue's clock, so a venue that is wrong about the time gets none. The snapshot
    is looked at once more after that clock: an order's life is no way to make an old one younger.
    """
    now, most = (yield ReadVenueTime(leg.venue)), plan.settings.max_age
    here = yield ReadClock()
    for why in untimely(f"the time of {leg.venue}", now, here, most):
        raise VenueError(why)
    for why in stale(snapshot, here, most):
        raise HedgecoreError(why)
    intent = intent_of(leg, name, plan.settings.caps.max_slippage, now + plan.lives[leg.venue])
    receipt: Receipt = yield Prepare(leg.venue, intent)
    if receipt.intent != intent:
        raise VenueError(f"{leg.venue} has prepared another order than {intent.client_id}")
    return Order(
        venue=leg.venue, instrument=leg.instrument, receipt=receipt, notional=leg.notional,
        time=snapshot.time,
    )  # fmt: skip


def _is_full(state: LoopState, order: Order) -> bool:
    """True if all of an order was executed; an order that is booked already is over, and was."""
    now = state.orders.get(order.intent.client_id)
    return now is not None and now.full
