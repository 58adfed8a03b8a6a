"""The margin budget of a request, and what to ask next where an answer has exceeded it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve

from hedgecore import HedgeProblem
from hedgecore_convex_solver.inputs import by_name, names_of
from hedgecore_convex_solver.margin_cuts import MarginCuts
from hedgecore_convex_solver.problem_data import Array, ProblemData


def margin_cuts(
    problem: HedgeProblem, budget: float | None, leverage: Mapping[str, float]
) -> MarginCuts | None:
    """Budget and what each position needs of it; None where there is no budget.

    By `leverage` where that is given, else by the instrument itself, else all of its notional.
    """
    names = names_of(problem)
    ours = by_name(leverage, names, np.nan, "leverage")
    if budget is None:
        return None
    notional = np.array(problem.notionals, dtype=float)

    def each(held: Array) -> Array:
        own = np.stack(np.broadcast_arrays(*problem.margins(list(held))))
        wide = (len(names), *(1,) * (held.ndim - 1))
        plain = np.abs(held) * (notional / ours).reshape(wide)
        return np.where(np.isnan(plain), own, plain)

    return MarginCuts.of(budget, each, notional)


def add_cuts(asked: ProblemData, x: Array) -> ProblemData | None:
    """Question that knows the margin of these trades too; None where it is kept."""
    budget, held = asked.margin, asked.start + x
    if budget is None or not budget.is_exceeded(held):
        return None
    reach = budget.walls(held)
    limits, beyond = asked.limits, reach != held
    low = np.where(beyond & (held < 0), np.maximum(limits.low, reach), limits.low)
    high = np.where(beyond & (held > 0), np.minimum(limits.high, reach), limits.high)
    return evolve(
        asked, margin=budget.with_tangents(reach), limits=evolve(limits, low=low, high=high)
    )
