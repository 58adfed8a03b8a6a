"""Newton's method for many small systems at once, with the safeguards that make it dependable.

A batch is N systems side by side, the last axis of every array. Each goes its own way: it has its
own damping and its own bracket, and what has settled is not looked at again. Nothing here raises
or warns: a system without an answer is reported as such, and the caller knows what it means.

Two habits hold everywhere. A residual of zero is an answer before any safeguard is asked, since
safeguards throw iterations off roots that they stand on. And nan is never better than a number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

Which = NDArray[np.intp]
"""The places, in the batch, of the systems that are asked about."""

LIMIT = 200
"""Iterations after which a system is given up."""
FLOOR = 1e-11
"""A residual no larger is an answer, once it cannot be made smaller."""
ARMIJO = 1e-4
"""The part of the decrease that a full step promises which a step must bring."""
FINE = 1e-14
"""A residual no larger is rounding, unless the next step halves it."""
LEAST = 4.0**-24
"""A damping below this is no step at all; among residuals below `FLOOR`, `4**-6` is."""
REACH = 32.0
"""The longest step towards a scalar root."""
QUADRATIC = 1e-9
"""After a Newton step no longer than this, what is left is its square: below rounding."""
STEEP = 16.0
"""The step, of the residual, above which rounding of that matters: then the better of several
looks is taken."""

TINY = 1e-100
"""Divisor in place of a pivot of zero."""


class System(Protocol):
    """N systems of equations: what to do at a point, and how to go from one to the next."""

    def look(self, points: Array, which: Which) -> tuple[Array, Array]:
        """Error of `points` (n, N), (N,), and the full step from there, (n, N).

        A point that must not be accepted has a residual of infinity, or nan.
        """
        ...

    def move(self, points: Array, steps: Array, which: Which) -> Array:
        """Points that `steps` (n, N) lead to from `points`: their sum, or what takes its place."""
        ...


class Solution(NamedTuple):
    """Solution of N systems: `points` and their last full `steps` (n, N); the rest (N,)."""

    points: Array
    steps: Array
    residual: Array
    iterations: NDArray[np.intp]

    @property
    def converged(self) -> NDArray[np.bool_]:
        """True where the residual is at the floor of rounding: the points are an answer, (N,)."""
        return np.asarray(self.residual <= FLOOR)


@np.errstate(all="ignore")
def damped_newton(system: System, start: Array) -> Solution:
    """Point that Newton's method leads to from `start` (n, N): each step taken as far as it helps.

    A step that does not lessen the residual is cut to a quarter, one that does is followed by one
    up to four times as long. An iteration is one look at each system that has not settled; near an
    answer it goes on until rounding stops it, or until one short step is left, which is taken.
    """
    every = np.arange(start.shape[1])
    at = Solution(start.copy(), *_look(system, start, every), np.zeros_like(every))
    damping = np.ones(start.shape[1])
    active, last = every[at.residual != 0], np.zeros(len(every), dtype=bool)
    for _ in range(LIMIT):
        last[active] = _is_last(at, active)
        active = active[~last[active]]
        if not active.size:
            break
        active = _advance(system, at, damping, active)
    _finish(system, at, every[last])
    return at


def _is_last(at: Solution, active: Which) -> NDArray[np.bool_]:
    """True of answers that are one step from rounding, and whose rounding no step makes larger."""
    step, residual = np.abs(at.steps[:, active]).max(axis=0), at.residual[active]
    return np.asarray((residual <= FLOOR) & (step <= np.minimum(QUADRATIC, STEEP * residual)))


def _finish(system: System, at: Solution, which: Which) -> None:
    if which.size:
        at.points[:, which] = system.move(at.points[:, which], at.steps[:, which], which)


def _look(system: System, points: Array, which: Which) -> tuple[Array, Array]:
    residual, steps = system.look(points, which)
    return steps.copy(), residual.copy()


def _advance(system: System, at: Solution, damping: Array, active: Which) -> Which:
    """Try one step of each active system; return which of them have further to go."""
    before = at.residual[active]
    trial = system.move(at.points[:, active], damping[active] * at.steps[:, active], active)
    residual, steps = system.look(trial, active)
    better = residual < before * (1 - ARMIJO * damping[active])
    won = active[better]
    at.points[:, won], at.steps[:, won] = trial[:, better], steps[:, better]
    at.residual[won] = residual[better]
    at.iterations[active] += 1
    damping[active] = np.where(better, np.minimum(1.0, damping[active] * 4), damping[active] / 4)
    fine = (before <= FINE) & ~(residual < before / 2)
    stuck = damping[active] < np.where(before <= FLOOR, 4.0**-6, LEAST)
    further: Which = active[~((at.residual[active] == 0) | fine | stuck)]
    return further


@np.errstate(all="ignore")
def rising_roots(function: Callable[[Array, Which], tuple[Array, Array]], count: int) -> Array:
    """Roots of `count` rising functions of one number, (count,).

    ``function(s, which)`` gives values and slopes at s, for the functions named by `which`. From
    s = 0, by Newton's method; a step that leaves the bracket, or that is not half as long as the
    one before, gives way to bisection, or to a step of `REACH` while a side of the bracket is
    still open. Values may be infinite. nan where there is no root to be found.
    """
    root, low, high = np.zeros(count), np.full(count, -np.inf), np.full(count, np.inf)
    last, active = np.full(count, np.inf), np.arange(count)
    for _ in range(LIMIT):
        if not active.size:
            return root
        s = root[active]
        value, slope = function(s, active)
        low[active] = np.where(value < 0, s, low[active])
        high[active] = np.where(value > 0, s, high[active])
        moved, sure = _probe(s, value, slope, (low[active], high[active]), last[active])
        root[active], last[active] = moved, np.abs(moved - s)
        active = active[~(sure | np.isnan(value))]
    root[active] = np.nan
    return root


def _probe(
    s: Array, value: Array, slope: Array, bracket: tuple[Array, Array], last: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Next place to look, (N,), and whether that is the root already, (N,)."""
    low, high = bracket
    newton, width = s - value / slope, high - low
    step = np.abs(newton - s)
    sure = (value == 0) | (step <= QUADRATIC)
    trusted = (newton > low) & (newton < high) & (step <= np.minimum(REACH, last / 2))
    guarded = np.where(np.isfinite(width), low + width / 2, s - np.copysign(REACH, value))
    moved = np.where(sure | trusted, newton, guarded)
    settled = sure | (width <= 4 * np.spacing(np.abs(s)))
    return np.where(value == 0, s, np.where(np.isnan(value), np.nan, moved)), settled


def factorize(matrices: Array) -> tuple[Array, Array]:
    """L, unit lower triangular (k, k, N), and pivots d (k, N), of symmetric ``A = L D Lᵀ``.

    Unrolled over k, so that a batch of small matrices costs k³/3 array operations and not N calls
    of LAPACK. Stable without interchanges where A is positive definite, which is where every d is
    positive; dividing by `usable` pivots keeps a Newton step downhill even where some are not, and
    finite where they are zero (Gill, Murray, *Newton-type methods*, 1974).
    """
    rest, lower = matrices.copy(), np.zeros_like(matrices)
    for j in range(len(rest)):
        lower[j:, j] = rest[j:, j] / usable(rest[j, j])
        lower[j, j] = 1.0
        less = lower[j + 1 :, None, j] * rest[None, j, j + 1 :]
        rest[j + 1 :, j + 1 :] = rest[j + 1 :, j + 1 :] - less
    return lower, np.stack([rest[j, j] for j in range(len(rest))])


def usable(pivots: Array) -> Array:
    """Sizes of `pivots`, none of them zero."""
    return np.maximum(np.abs(pivots), TINY)


def forward(lower: Array, right: Array) -> Array:
    """L⁻¹b for unit lower triangular L (k, k, N), b of shape (k, …, N)."""
    solved = right.copy()
    for j in range(len(lower)):
        for i in range(j + 1, len(lower)):
            solved[i] -= lower[i, j] * solved[j]
    return solved


def backward(lower: Array, right: Array) -> Array:
    """L⁻ᵀb for unit lower triangular L (k, k, N), b of shape (k, …, N)."""
    solved = right.copy()
    for j in reversed(range(len(lower))):
        for i in range(j):
            solved[i] -= lower[j, i] * solved[j]
    return solved
