"""The memory of decisions across orders, which may be filled in part or not at all."""

from __future__ import annotations

from hedgecore.decisions.memory import Memory
from hedgecore.live.events import DecisionMade
from hedgecore.live.orders import Order


def memory_after_decision(made: DecisionMade) -> Memory:
    """Memory once a decision is made, and before anything of it is traded.

    A decision that trades nothing is remembered as it is. One that trades is remembered once all of
    it is: what a cap has cut, or a venue has filled in part, is asked for again.
    """
    return made.before if made.trades else made.after


def memory_after_fill(
    memory: Memory | None, made: DecisionMade | None, order: Order
) -> Memory | None:
    """Memory once an order is done: that of a trade, where it was the last of its decision."""
    is_trade = order.completes and order.full
    return made.after if made is not None and is_trade else memory
