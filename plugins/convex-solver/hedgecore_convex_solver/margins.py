"""The margin budget of a request, and what to ask next where an answer has exceeded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve

from hedgecore import HedgeProblem
from hedgecore_convex_solver.deposit import Deposit
from hedgecore_convex_solver.question import Array, Question

if TYPE_CHECKING:
    from hedgecore_convex_solver.convex import Convex


def deposit(options: Convex, problem: HedgeProblem, notional: Array) -> Deposit | None:
    """Return the budget and what each position needs of it; None where there is no budget.

    By `leverage` where that is given, else by the instrument itself, else all of its notional.
    """
    if options.margin is None:
        return None
    names = [each.name for each in problem.instruments]
    ours = np.array([options.leverage.get(name, np.nan) for name in names])

    def each(held: Array) -> Array:
        own = np.stack(np.broadcast_arrays(*problem.margins(list(held))))
        wide = (len(names), *(1,) * (held.ndim - 1))
        plain = np.abs(held) * (notional / ours).reshape(wide)
        return np.where(np.isnan(plain), own, plain)

    return Deposit.of(options.margin, each, notional)


def tighter(asked: Question, x: Array) -> Question | None:
    """Return the question that knows the margin of these trades too; None where it is kept."""
    budget, held = asked.deposit, asked.start + x
    if budget is None or not budget.exceeded(held):
        return None
    reach = budget.walls(held)
    limits, beyond = asked.limits, reach != held
    low = np.where(beyond & (held < 0), np.maximum(limits.low, reach), limits.low)
    high = np.where(beyond & (held > 0), np.minimum(limits.high, reach), limits.high)
    return evolve(asked, deposit=budget.touching(reach), limits=evolve(limits, low=low, high=high))
