"""The search for the holdings of an invariant at given prices, in doubles.

A pair's begins where the table of its curve says, and goes on by parabolas where that is nearly
flat; a basket's begins at its reserves.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.level_set import Level, Local
from hedgecore.numerics.newton import FLOOR, Which
from hedgecore.numerics.pair_curve import parabola_root, tangent

CRAWLS = 0.3
"""A pivot below so much of its asset's share is of a curve on which Newton's steps are each a part
of what is left; it is 4 of that on x·y."""
PARABOLAS = 5
"""Of a search on such a curve, before Newton's steps, the most."""
LONGEST = 40.0
"""The largest change of any ln x in one step."""


@frozen(eq=False)
class Search:
    """The search for x(p) on a level at prices (n, N): a `newton.System`."""

    level: Level
    prices: Array

    def look(self, points: Array, which: Which) -> tuple[Array, Array]:
        """Size of ρ, (N,), infinite where φ is not as it must be; and dy, (n, N)."""
        local = self._local(points)
        excess = self.excess(local, points, which)
        sound = local.up.all(axis=0) & local.convex
        size = np.where(sound, excess.max(axis=0) - excess.min(axis=0), np.inf)
        step = local.newton_step(excess)
        return size, step * np.minimum(1.0, LONGEST / np.abs(step).max(axis=0))

    def _local(self, points: Array) -> Local:
        """Level near points: near the reserves, where every basket's search begins, it is known."""
        if (points == self.level.reserves[:, None]).all():
            return self.level.home.take(np.zeros(points.shape[1], dtype=np.intp))
        return self.level.at(points)

    def excess(self, local: Local, points: Array, which: Which) -> Array:
        """ρ, (n, N)."""
        prices = self.prices[:, which]
        scale = (prices * points).sum(axis=0) / (local.slopes * points).sum(axis=0)
        return np.asarray(np.log(prices / (scale * local.slopes)))

    def nearer(self, points: Array) -> Array:
        """Points of a pair by the parabola of its curvature, again where that is small there.

        Each is kept where it is nearer indeed.
        """
        found, which = points.copy(), np.arange(points.shape[1])
        local = self.level.at(found)
        for _ in range(PARABOLAS):
            excess = self.excess(local, found[:, which], which)
            size = np.ptp(excess, axis=0)
            crawls = local.flatter(CRAWLS) & (size > FLOOR)
            if not crawls.any():
                break
            which, local = which[crawls], local.take(crawls)
            here = found[:, which]
            root = parabola_root(self.level, here, local, excess[:, crawls])
            there = self.move(here, root * tangent(here, local), which)
            local = self.level.at(there)
            better = np.ptp(self.excess(local, there, which), axis=0) < size[crawls]
            which, local = which[better], local.take(better)
            found[:, which] = there[:, better]
        return found

    def move(self, points: Array, steps: Array, which: Which) -> Array:  # noqa: ARG002 - a System
        """``x exp(dy)``, back on the level."""
        return self.level.back(points * np.exp(steps))
