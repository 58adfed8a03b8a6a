"""Resolving: finding out what became of orders, from the venue's own proof and nothing else."""

from __future__ import annotations

from hedgecore.errors import VenueError
from hedgecore.interfaces.orders import Absent, Outcome, Unknown
from hedgecore.live.changes import record
from hedgecore.live.effects import Effects, Resolve
from hedgecore.live.events import OrderResolved
from hedgecore.live.gates import infinities
from hedgecore.live.orders import Order, OrderError, OrderState
from hedgecore.live.state import LoopState


def resolve_pending(state: LoopState, *, adopt: bool = False) -> Effects[LoopState]:
    """Ask of each order that is not done what became of it.

    One that was sent and not answered stays unknown until its venue proves something. One that was
    written down and perhaps never sent is asked about in the same way, and never sent again.
    """
    for order in state.pending:
        taken = adopt and order.venue not in state.met
        state = yield from resolve(state, order, adopt=taken)
    return state


def resolve(state: LoopState, order: Order, *, adopt: bool = False) -> Effects[LoopState]:
    """Ask what became of one order; an answer that is missing, or no number, proves nothing.

    Raises:
        OrderError: more was filled than was ordered, or the other side: it is not written down, for
            what cannot have happened to an order cannot be read again by a restart. Where a person
            takes the account as it is, the order is over.

    """
    try:
        outcome: Outcome = yield Resolve(order.venue, order.receipt)
    except VenueError as error:
        outcome = Unknown(str(error))
    for place, number in infinities(outcome):
        outcome = Unknown(f"{place} is {number}")
    if isinstance(outcome, Unknown) and order.state is OrderState.UNKNOWN:
        return state
    try:
        order.resolve(outcome)
    except OrderError as error:
        if not adopt:
            raise
        outcome = Absent(f"a person has taken the account as it is: {error}")
    event = OrderResolved(client_id=order.intent.client_id, outcome=outcome)
    return (yield from record(state, event))
