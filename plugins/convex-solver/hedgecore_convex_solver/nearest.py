"""The nearest hedge within the limits, where limits and neutral Greeks cannot both be met.

First the least sum of distances, in cash, that the limits allow (of equals, the cheapest to trade);
then the least objective among all trades that leave each Greek as far off as that and no further.
A Greek that is declared hard does not yield.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from hedgecore_convex_solver.problem_data import Array, ProblemData, Rows
from hedgecore_convex_solver.recompute import ROUNDING
from hedgecore_convex_solver.solver_chain import Outcome, search

STEEP = 10.0
"""Price of a unit of distance, in what the dearest instrument asks to move a row by that."""
FLAT = 1e-6
"""An entry below this part of the largest of its row does not count as moving it."""


def search_within_limits(data: ProblemData, max_nodes: int) -> Outcome:
    """Best answer, or the nearest that limits allow; or the reason for none."""
    found = search(data, max_nodes)
    limits = [label for label in found.conflict if label not in data.rows.labels]
    yielding = np.isinf(data.rows.price) & ~data.rows.hard
    in_the_way = [i for i in np.flatnonzero(yielding) if data.rows.labels[i] in found.conflict]
    if not limits or not in_the_way:
        return found
    near = search(_distance_alone(data, yielding), max_nodes)
    if near.verdict is None:
        return near
    moved = evolve(data, rows=_as_near(data.rows, yielding, near.verdict.trades))
    again = search(moved, max_nodes)
    best = near if again.verdict is None else again
    return evolve(best, notes=(*best.notes, _conflict_note(found.conflict)), blocked=tuple(limits))


def _distance_alone(data: ProblemData, yielding: NDArray[np.bool_]) -> ProblemData:
    """Problem of the least distance of the rows that yield, in any amounts."""
    k, trading, risk = len(data.names), data.trading, data.risk
    none = np.zeros(k)
    price = np.where(yielding, _steep(data), data.rows.price)
    return evolve(
        data.relaxation(),
        rows=evolve(data.rows, price=np.where(np.isinf(price), price, price * yielding)),
        trading=evolve(trading, impact=none, fixed=none),
        linear=none,
        risk=evolve(
            risk,
            factor=np.zeros((0, k)),
            offset=np.zeros(0),
            profit=np.zeros((0, k)),
            own=np.zeros(0),
            worst=0.0,
            tails=0.0,
        ),
    )


def _steep(data: ProblemData) -> float:
    matrix = np.abs(data.rows.matrix)
    moving = matrix > FLAT * np.max(matrix, axis=1, initial=0.0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(moving, data.trading.rate / matrix, 0.0)
    return max(1.0, STEEP * float(np.max(each, initial=0.0)))


def _as_near(rows: Rows, yielding: NDArray[np.bool_], x: Array) -> Rows:
    """Rows that yield, with their bounds where the trades `x` leave those that are not met."""
    value = rows.now + rows.matrix @ x
    off = yielding & (rows.beyond(x) > ROUNDING * rows.gross(x))
    return evolve(rows, low=np.where(off, value, rows.low), high=np.where(off, value, rows.high))


def _conflict_note(conflict: tuple[str, ...]) -> str:
    return f"Nearest within the limits, for these cannot be met together: {', '.join(conflict)}."
