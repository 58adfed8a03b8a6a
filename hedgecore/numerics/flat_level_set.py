"""Holdings where a curve is nearly flat, in twice the precision.

A curve that is flat in one point, as x³y + xy³ is at its peg, has prices that differ from that
point's by u³ where its curvature is u²: a price that is known to the last digit says what u is,
but no double resolves the u³ that the formula makes of it. In two doubles it does.

Only the residual asks for them: a search needs slopes of φ in twice the precision, and its second
derivatives in doubles, since a step that is a millionth off is off by a millionth of what is left.
A step goes straight in x, not in ln x: near a flat point the level itself is straight, so that what
a step leaves of φ is as small, beside the residual, as the step; the next one takes it back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.double_double import double_double, to_double
from hedgecore.numerics.level_set import Level, Local
from hedgecore.numerics.newton import Which, damped_newton
from hedgecore.numerics.pair_curve import PAIR, parabola_root, tangent

UNIT = 1e13
"""Residuals are told in units of 1e-13: what `newton` takes for rounding is then 1e-27."""
LONGEST = 0.5
"""The largest part of any x that one step adds or takes."""
NEARLY, SURELY = 4e-3, 2e-4
"""A pivot below this part of its asset's share may be told badly, and surely is."""
ROUNDED, SAME = 2.0**-50, 1e-12
"""Rounding of the residual, and the error of gamma that may come of it, relative."""
ZERO = 1e-14
"""A pivot below this part of its asset's share is zero: at Solidly's peg it is 1e-11 at the next
price that a double can hold."""
NOWHERE = 1e-17
"""A price that is off by no more, relatively, is the same double."""


@np.errstate(all="ignore")
def near_flat(level: Level, local: Local, points: Array) -> NDArray[np.bool_]:
    """Mask, (N,), of where gamma would be another if prices were rounded as the search's are."""
    near: NDArray[np.bool_] = local.flatter(NEARLY)
    if not near.any():
        return near
    here = level.at(points[:, near])
    nudge = ROUNDED * (-1.0) ** np.arange(len(points))[:, None]
    moved = level.at(points[:, near] * np.exp(here.newton_step(nudge + 0.0 * points[:, near])))
    one, other = here.response(), moved.response()
    same = np.abs(one - other) <= SAME * np.abs(one).max(axis=(0, 1))
    near[near] = ~(same.all(axis=(0, 1)) & ~here.flatter(SURELY))
    return near


@np.errstate(all="ignore")
def refine(level: Level, prices: Array, points: Array) -> Array:
    """Holdings (n, N) at prices (n, N), from `points` (n, N), where doubles led to."""
    start: Any = double_double(points)
    found: Any = damped_newton(_Closer(level, prices), start).points
    return np.where(np.isfinite(found), found.high, points)


@np.errstate(all="ignore")
def local_at(level: Level, prices: Array, points: Array) -> Local:
    """Level near the holdings (n, N) that are `points` but for the rounding of doubles.

    Half the digits of those are left after a Newton step; where it is flat, there is none to take.
    """
    search, start = _Closer(level, prices), double_double(points)
    local, every = level.at(points), np.arange(points.shape[1])
    excess, height = search.residual(start, every)
    step = np.where(local.flatter(ZERO), 0.0, local.newton_step(excess)) - height
    return level.at(search.move(start, step, every))


@frozen(eq=False)
class _Closer:
    """The same search as in `invariant`, as a `newton.System` of points that are `DoubleDouble`."""

    level: Level
    prices: Array

    def look(self, points: Any, which: Which) -> tuple[Array, Array]:
        """Size of ρ, (N,), and the step from there, (n, N)."""
        local = self.level.at(to_double(points))
        excess, height = self.residual(points, which)
        size = np.ptp(excess, axis=0)
        there = local.flatter(ZERO) & (size < NOWHERE)
        sound = local.up.all(axis=0) & local.convex
        size = np.where(sound, np.where(there, 0.0, size), np.inf)
        pair = len(points) == PAIR
        step = self._by_parabola(points, local, excess) if pair else local.newton_step(excess)
        return size * UNIT, step * np.minimum(1.0, LONGEST / np.abs(step).max(axis=0)) - height

    def _by_parabola(self, points: Any, local: Local, excess: Array) -> Array:
        """Step dx/x of a pair, (2, N), which changes r as the parabola has it."""
        along = tangent(points, local)
        grown = np.expm1(parabola_root(self.level, points, local, excess))
        return np.asarray(along * (grown / (1.0 - along[1] * grown)))

    def residual(self, points: Any, which: Which) -> tuple[Array, Array]:
        """ρ, (n, N), and how far φ is above its level, as a part of x·∇φ, (N,)."""
        value, slopes = self.level.slopes(points)
        prices, along = self.prices[:, which], (slopes * points).sum(axis=0)
        ratio = prices * along / ((prices * points).sum(axis=0) * slopes)
        height = (value - self.level.exact_height) / along
        return np.asarray(np.log1p((ratio - 1.0).high)), np.asarray(height.high)

    def move(self, points: Any, steps: Array, which: Which) -> Any:  # noqa: ARG002 - a System
        """``x + x dy``, which stays on the level."""
        return points + points * steps
