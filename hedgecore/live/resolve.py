"""Resolving: finding out what became of orders, from the venue's own proof and nothing else."""

from __future__ import annotations

from hedgecore.errors import VenueError
from hedgecore.interfaces.orders import Outcome, Unknown
from hedgecore.live.changes import record
from hedgecore.live.effects import Effects, Resolve
from hedgecore.live.events import OrderResolved
from hedgecore.live.orders import Order, OrderState
from hedgecore.live.state import LoopState


def resolve_pending(state: LoopState) -> Effects[LoopState]:
    """Ask of each order that is not done what became of it.

    One that was sent and not answered stays unknown until its venue proves something. One that was
    written down and perhaps never sent is asked about in the same way, and never sent again.
    """
    for order in state.pending:
        state = yield from resolve(state, order)
    return state


def resolve(state: LoopState, order: Order) -> Effects[LoopState]:
    """Ask what became of one order; an answer that is missing proves nothing."""
    try:
        outcome: Outcome = yield Resolve(order.venue, order.receipt)
    except VenueError as error:
        outcome = Unknown(str(error))
    if isinstance(outcome, Unknown) and order.state is OrderState.UNKNOWN:
        return state
    event = OrderResolved(client_id=order.intent.client_id, outcome=outcome)
    return (yield from record(state, event))
