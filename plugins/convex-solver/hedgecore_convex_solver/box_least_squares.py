"""Least squares within bounds, for many more rows than columns.

The rows enter once, as their k × k products; the active set is found there, and the answer refined
with the residual of the rows themselves, so that it is good to the rounding of those, not to that
of their products (Björck 1967, corrected seminormal equations).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgecore import ConvergenceError
from hedgecore_convex_solver.problem_data import Array

REFINEMENTS = 3
ROUNDING = 1e-12


def bounded_least_squares(
    matrix: ArrayLike, target: ArrayLike, low: ArrayLike, high: ArrayLike
) -> Array:
    """X (k,) with the least ‖matrix x − target‖ of all low ≤ x ≤ high.

    Args:
        matrix: (S, k), of full column rank.
        target: (S,).
        low: (k,) or one number; −inf where there is none.
        high: likewise, at or above `low`.

    Raises:
        ConvergenceError: the columns are dependent to rounding, or the active set cycles.

    """
    rows, right = np.asarray(matrix, dtype=float), np.asarray(target, dtype=float)
    gram = rows.T @ rows
    size = np.sqrt(np.diagonal(gram))
    if not np.all(size > 0) or np.linalg.cond(gram / np.outer(size, size)) > 1 / ROUNDING:
        raise ConvergenceError("the columns are dependent: there is no one answer")
    k = len(size)
    ends = np.broadcast_to(low, k) * size, np.broadcast_to(high, k) * size
    scaled = gram / np.outer(size, size)
    y = _active_set(scaled, (rows.T @ right) / size, *ends)
    for _ in range(REFINEMENTS):
        slope, before = rows.T @ (right - rows @ (y / size)) / size, y
        y = _active_set(scaled, slope + scaled @ y, *ends)
        if np.max(np.abs(y - before), initial=0.0) <= ROUNDING * np.max(np.abs(y), initial=0.0):
            break
    return np.asarray(np.clip(y / size, low, high))


def _active_set(gram: Array, right: Array, low: Array, high: Array) -> Array:
    """Least of ½ yᵀGy − rᵀy in a box: a primal active set, one bound at a time."""
    y = np.clip(np.zeros_like(right), low, high)
    free = (y > low) & (y < high)
    for _ in range(100 * (1 + len(y))):
        y, blocked = _step(gram, right, y, free, (low, high))
        if blocked:
            continue
        slope = gram @ y - right
        wrong = np.where(y <= low, -slope, np.where(y >= high, slope, 0.0)) * ~free * (low < high)
        if wrong.max(initial=0.0) <= ROUNDING * np.max(np.abs(right), initial=0.0):
            return y
        free[np.argmax(wrong)] = True
    raise ConvergenceError("the active set does not settle", iterations=100 * (1 + len(y)))


def _step(
    gram: Array, right: Array, y: Array, free: NDArray[np.bool_], ends: tuple[Array, Array]
) -> tuple[Array, bool]:
    """Least over the free, or as far towards it as the box goes; `free` is updated."""
    (low, high), goal = ends, y.copy()
    rest = right[free] - gram[np.ix_(free, ~free)] @ y[~free]
    goal[free] = np.linalg.solve(gram[np.ix_(free, free)], rest) if free.any() else goal[free]
    way = goal - y
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(way > 0, (high - y) / way, np.where(way < 0, (low - y) / way, np.inf))
    room = np.where(free, room, np.inf)
    first = int(np.argmin(room))
    if room[first] >= 1:
        return goal, False
    y = y + max(room[first], 0.0) * way
    y[first] = high[first] if way[first] > 0 else low[first]
    free[first] = False
    return y, True
