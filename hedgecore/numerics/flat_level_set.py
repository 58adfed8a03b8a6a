"""Holdings where a curve is nearly flat, in twice the precision.

A curve that is flat in one point, as x³y + xy³ is at its peg, has prices that differ from that
point's by u³ where its curvature is u²: a price that is known to the last digit says what u is,
but no double resolves the u³ that the formula makes of it. In two doubles it does.

Newton's steps towards such a point are each a third of what is left: dozens of them, of which each
costs as much as ten in doubles. A pair's curve is one line, along which the curvature is nearly a
parabola there; its integral is the residual, and the root of that a start that is right to half of
the digits.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.double_double import double_double, to_double
from hedgecore.numerics.level_set import Level, Local
from hedgecore.numerics.newton import Which, damped_newton, rising_roots

UNIT = 1e13
"""Residuals are told in units of 1e-13: what `newton` takes for rounding is then 1e-27."""
LONGEST = 1.0
"""The largest change of any ln x in one step."""
NEARLY, SURELY = 4e-3, 2e-4
"""A pivot below this part of its asset's share may be told badly, and surely is."""
ROUNDED, SAME = 2.0**-50, 1e-12
"""Rounding of the residual, and the error of gamma that may come of it, relative."""
ZERO = 1e-14
"""A pivot below this part of its asset's share is zero: at Solidly's peg it is 1e-11 at the next
price that a double can hold."""
PAIR = 2
WIDEST, NARROWEST = 0.3, 1e-8
"""Of the distances, in ln x₀/x₁, at which the curvature is asked to fit a parabola."""
FARTHEST = 8.0
"""Of the parabola's root, in those distances."""
NOWHERE = 1e-17
"""A price that is off by no more, relatively, is the same double."""


class PairSearch(Protocol):
    """Search for the holdings of a pair on a level, as a `newton.System` that tells its ρ."""

    @property
    def level(self) -> Level:
        """The level."""
        ...

    def excess(self, local: Local, points: Any, which: Which) -> Array:
        """ρ, (n, N), at points near which the level is `local`."""
        ...

    def move(self, points: Any, steps: Array, which: Which) -> Any:
        """Points that steps of ln x lead to, on the level."""
        ...


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
    search = _Closer(level, prices)
    start: Any = double_double(points)
    if len(points) == PAIR:
        start = by_parabola(search, start, np.arange(points.shape[1]))
    found: Any = damped_newton(search, start).points
    return np.where(np.isfinite(found), found.high, points)


@np.errstate(all="ignore")
def by_parabola(search: PairSearch, points: Any, which: Which) -> Any:
    """Points of a pair, from others, by the parabola that the curvature is beside them.

    With r = ln x₀/x₁, the curvature is d(ρ₀ − ρ₁)/dr, and what is wanted ρ₀ = ρ₁.
    """
    local = search.level.at(points)
    excess = search.excess(local, points, which)
    height = excess[0] - excess[1]
    width = np.clip(np.cbrt(np.abs(height)), NARROWEST, WIDEST)
    worth = to_double(points * local.slopes)
    along = worth[::-1] / worth.sum(axis=0) * np.array([[1.0], [-1.0]])
    either = np.concatenate([width * along, -width * along], axis=1)
    both = np.tile(np.arange(len(which)), 2)
    ends = search.move(points[:, both], either, which[both])
    above, below = np.split(_curvature(search.level.at(ends)), 2)
    cubic = _integral(height / width, below, _curvature(local), above)
    root = np.nan_to_num(rising_roots(lambda u, at: _cubic(cubic[:, at], u), len(which)))
    return search.move(points, np.clip(root, -FARTHEST, FARTHEST) * width * along, which)


@np.errstate(all="ignore")
def local_at(level: Level, prices: Array, points: Array) -> Local:
    """Level near the holdings (n, N) that are `points` but for the rounding of doubles.

    Half the digits of those are left after a Newton step; where it is flat, there is none to take.
    """
    search, start = _Closer(level, prices), double_double(points)
    local, every = level.at(start), np.arange(points.shape[1])
    step = np.where(local.flatter(ZERO), 0.0, search.step(local, start, every)[1])
    return level.at(search.move(start, step, every))


@frozen(eq=False)
class _Closer:
    """The same search as in `invariant`, as a `newton.System` of points that are `DoubleDouble`."""

    level: Level
    prices: Array

    def look(self, points: Any, which: Which) -> tuple[Array, Array]:
        """Size of ρ, (N,), and the step from there, (n, N)."""
        return self.step(self.level.at(points), points, which)

    def step(self, local: Local, points: Any, which: Which) -> tuple[Array, Array]:
        """Size of ρ, (N,), and the step, (n, N), where the level near `points` is `local`."""
        excess = self.excess(local, points, which)
        size = np.ptp(excess, axis=0)
        there = local.flatter(ZERO) & (size < NOWHERE)
        sound = local.up.all(axis=0) & local.convex
        size = np.where(sound, np.where(there, 0.0, size), np.inf)
        step = local.newton_step(excess)
        return size * UNIT, step * np.minimum(1.0, LONGEST / np.abs(step).max(axis=0))

    def excess(self, local: Local, points: Any, which: Which) -> Array:
        """ρ, (n, N)."""
        prices = self.prices[:, which]
        scale = (prices * points).sum(axis=0) / (local.slopes * points).sum(axis=0)
        return np.asarray(np.log1p((prices / (scale * local.slopes) - 1.0).high))

    def move(self, points: Any, steps: Array, which: Which) -> Any:  # noqa: ARG002 - a System
        """``x exp(dy)``, back on the level; the step itself, which is a double, to rounding."""
        return self.level.onto(points + points * np.expm1(steps))


def _curvature(local: Local) -> Array:
    """d(ρ₀ − ρ₁)/d ln(x₀/x₁) of a pair, (N,)."""
    return np.asarray(local.pivots[0] * local.root[-1] ** 2)


def _integral(height: Array, below: Array, here: Array, above: Array) -> Array:
    """Cubics (4, N), from `height` at 0, whose slopes are as at −1, 0 and 1.

    No curvature is negative: a parabola that dips under zero is lifted until it touches that.
    """
    c, d = (above - below) / 4, (above + below - 2 * here) / 6
    return np.stack([height, np.where(d > 0, np.maximum(here, c * c / (3 * d)), here), c, d])


def _cubic(terms: Array, u: Array) -> tuple[Array, Array]:
    """Polynomials of degree 3, the constants first, and their slopes, (N,) each."""
    a, b, c, d = terms
    return a + u * (b + u * (c + u * d)), b + u * (2 * c + u * 3 * d)
