"""The memory of decisions across orders, which may be filled in part or not at all."""

from __future__ import annotations

from hedgecore.decisions.memory import Memory
from hedgecore.live.events import DecisionMade
from hedgecore.live.orders import POLICY, Order


def memory_after_decision(made: DecisionMade) -> Memory:
    """Memory once a decision is made, and before anything of it is traded.

    A decision that trades nothing is remembered as it is. One that trades is remembered once
    something is filled: until then the hedge may still have to be opened.
    """
    return made.before if made.trades else made.after


def memory_after_fill(
    memory: Memory | None, made: DecisionMade | None, order: Order
) -> Memory | None:
    """Memory once an order is done: that of a trade, where the policy's was filled at all."""
    is_trade = made is not None and order.cause == POLICY and order.filled
    return made.after if made is not None and is_trade else memory
