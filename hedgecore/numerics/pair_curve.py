"""The curve of a pair as one line, and where on it a price is.

With r = ln x₀/x₁ a pair's level set is a line, along which ln φ₁/φ₀ rises by the curvature. In r it
is smooth, however steep holdings are in the price: a table of it, with its slopes, says to some six
digits where the line has a price. Where it is nearly flat, that is not where Newton's steps are
quick: there the curvature is nearly a parabola, whose integral is the residual.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.double_double import to_double
from hedgecore.numerics.level_set import Level, Local
from hedgecore.numerics.newton import rising_roots

PAIR = 2
NODES, REACH = 513, 40.0
"""Points of the table, and how far it goes from the reserves, in r, to both sides."""
WIDEST, NARROWEST = 0.3, 1e-8
"""Of the distances, in r, at which the curvature is asked to fit a parabola."""
FARTHEST, NEAR = 8.0, 1e-3
"""Of the parabola's root, in those distances; and of Newton's, which is then the better."""


@frozen(eq=False)
class PairTable:
    """Points of a pair's level, as far as it bends the right way, by r; K of them, rising.

    Attributes:
        reserves: (2, 1).
        ratio: r, from the reserves' on, (K,).
        base: ln x₀, from the reserves' on, (K,).
        share: its slope in r, which is the share of the other asset, (K,).
        fall: ln φ₁/φ₀, (K,).
        curvature: its slope in r, (K,).

    """

    reserves: Array = field(repr=False)
    ratio: Array = field(repr=False)
    base: Array = field(repr=False)
    share: Array = field(repr=False)
    fall: Array = field(repr=False)
    curvature: Array = field(repr=False)

    @classmethod
    @np.errstate(all="ignore")
    def of(cls, level: Level) -> PairTable:
        """Table of a level of two assets."""
        reserves, ratio = level.reserves[:, None], np.linspace(-REACH, REACH, NODES)
        tilt = np.stack([ratio, -ratio]) / 2
        points = level.back(reserves * np.exp(tilt))
        points[:, NODES // 2] = level.reserves
        local = level.at(points)
        columns = np.stack(
            [
                ratio,
                np.log(points[0] / reserves[0]),
                tangent(points, local)[0],
                np.log(local.slopes[1] / local.slopes[0]),
                curvature(local),
            ]
        )
        sound = local.up.all(axis=0) & local.convex & np.isfinite(columns).all(axis=0)
        return cls(reserves, *columns[:, _stretch(sound, local.flat, NODES // 2)])

    @np.errstate(all="ignore")
    def near(self, prices: Array) -> Array:
        """Holdings (2, N) near those at prices (2, N); the last ones where the table ends."""
        wanted = np.log(prices[1] / prices[0])
        if len(self.ratio) < PAIR:
            return np.repeat(self.reserves, len(wanted), axis=1)
        at = np.clip(np.searchsorted(self.fall, wanted) - 1, 0, len(self.ratio) - 2)
        cubic = self._cubics(self.fall, self.curvature, at)
        cubic[0] -= wanted
        part = rising_roots(lambda u, which: value_and_slope(cubic[:, which], u), len(wanted))
        part = np.clip(np.nan_to_num(part), 0.0, 1.0)
        base, _ = value_and_slope(self._cubics(self.base, self.share, at), part)
        ratio = self.ratio[at] + part * (self.ratio[at + 1] - self.ratio[at])
        return np.asarray(self.reserves * np.exp(np.stack([base, base - ratio])))

    def _cubics(self, column: Array, slope: Array, at: NDArray[np.intp]) -> Array:
        """Cubics (4, N) over intervals, each 1 wide, that have a column's values and slopes."""
        width = self.ratio[at + 1] - self.ratio[at]
        rise, start, end = column[at + 1] - column[at], width * slope[at], width * slope[at + 1]
        return np.stack([column[at], start, 3 * rise - 2 * start - end, start + end - 2 * rise])


def _stretch(sound: NDArray[np.bool_], flat: NDArray[np.bool_], at: int) -> slice:
    """Longest stretch of what is sound round a place, without flat ends, where no price is told."""
    bad = np.flatnonzero(~sound)
    below, above = bad[bad < at], bad[bad > at]
    start, end = below.max(initial=-1) + 1, above.min(initial=len(sound))
    bent = start + np.flatnonzero(~flat[start:end])
    return slice(bent.min(initial=at), bent.max(initial=at) + 1)


def curvature(local: Local) -> Array:
    """Slope d(ρ₀ − ρ₁)/dr of a pair, (N,), which is that of ln φ₁/φ₀."""
    return np.asarray(local.pivots[0] * local.root[-1] ** 2)


def tangent(points: Any, local: Local) -> Array:
    """Slope d ln x/dr of a pair along the level, (2, N), at points (2, N)."""
    worth = to_double(points) * local.slopes
    return np.asarray(worth[::-1] / worth.sum(axis=0) * np.array([[1.0], [-1.0]]))


@np.errstate(all="ignore")
def parabola_root(level: Level, points: Any, local: Local, excess: Array) -> Array:
    """Change of r, (N,), to where ρ₀ = ρ₁, by the parabola that the curvature is beside points.

    Args:
        level: of a pair.
        points: on the level, (2, N).
        local: the level there, in doubles.
        excess: ρ there, (2, N).

    """
    height, here = excess[0] - excess[1], curvature(local)
    width = np.clip(np.cbrt(np.abs(height)), NARROWEST, WIDEST)
    points, step = to_double(points), width * tangent(points, local)
    ends = np.tile(points, 2) * np.exp(np.concatenate([step, -step], axis=1))
    above, below = np.split(curvature(level.at(level.onto(ends))), 2)
    cubic = _integral(height / width, below, here, above)
    root = rising_roots(lambda u, which: value_and_slope(cubic[:, which], u), len(width))
    newton = -height / (width * here)
    root = np.where(np.abs(newton) <= NEAR, newton, np.nan_to_num(root))
    return np.asarray(np.clip(root, -FARTHEST, FARTHEST) * width)


def _integral(height: Array, below: Array, here: Array, above: Array) -> Array:
    """Cubics (4, N), from `height` at 0, whose slopes are as at −1, 0 and 1.

    No curvature is negative: a parabola that dips under zero is lifted until it touches that.
    """
    c, d = (above - below) / 4, (above + below - 2 * here) / 6
    return np.stack([height, np.where(d > 0, np.maximum(here, c * c / (3 * d)), here), c, d])


def value_and_slope(terms: Array, u: Array) -> tuple[Array, Array]:
    """Polynomials of degree 3, the constants first, and their slopes, (N,) each."""
    a, b, c, d = terms
    return a + u * (b + u * (c + u * d)), b + u * (2 * c + u * 3 * d)
