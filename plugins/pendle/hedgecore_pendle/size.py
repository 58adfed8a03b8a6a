"""Size of a Pendle market along its curve.

With N = PT + asset, p = PT/N, u = ln(p/(1−p)) and the rate at which the market exchanges PT for the
asset, E = 1/P, linear in u, a trade without a fee keeps dA = −dPT/E, so that

    d ln N / du = (E − 1) p (1 − p) / (1 + (E − 1)(1 − p)).

The integral from the market's own state u₀ is summed over panels of u by Gauss and Legendre, the
sums known beforehand: the integrand's poles are near π away from the real line, so that three nodes
a panel of a 32nd are exact to a double. Beyond 80 the integrand is nothing. Where E is less than
1/S, at prices that the contract never has, it bends within a part of E, and so panels are a 32nd
of S·E wide.
"""

from __future__ import annotations

import math
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore import Intervals

Array: TypeAlias = NDArray[np.float64]
WIDTH, NODES, REACH = 1 / 32, 3, 80.0
NOTHING = 1e-20
"""Of S·E, what no more is integrated."""


@frozen
class Size:
    """ln N along the curve, less that at the state.

    Attributes:
        start: u₀.
        growth: E − 1 at the state.
        scalar: du/dE, the contract's rateScalar.

    """

    start: float
    growth: float
    scalar: float

    def change(self, logit: Array, place: Array) -> Array:
        """Change ln(N/N₀) of the size at u and S·E, (K,) each, infinite ones too."""
        return self._integral_to(logit - self.start, place) - self.here

    @cached_property
    def here(self) -> float:
        """The integral from the first of the panels' ends to u₀."""
        return float(self._integral_to(np.zeros(1), np.array([self.place]))[0])

    @property
    def place(self) -> float:
        """S·E at the state, which rises with u as one."""
        return self.scalar * (1.0 + self.growth)

    @cached_property
    def panels(self) -> Intervals:
        """The panels' ends, places S·E ascending, (M,)."""
        first, last = self.place - self.start - REACH, self.place + max(REACH - self.start, 0.0)
        wide = np.arange(min(max(first, 1.0), self.place), last + WIDTH, WIDTH)
        narrow = wide[0] * np.exp(-WIDTH * np.arange(1.0, -math.log(NOTHING) / WIDTH))
        return Intervals(np.concatenate([narrow[narrow > first][::-1], wide]))

    @cached_property
    def sums(self) -> Array:
        """The integrals from the first of the panels' ends to each, (M,)."""
        ends = self.panels.edges
        panels = self._integral(ends[:-1] - self.place, ends[:-1], np.diff(ends))
        return np.append(0.0, np.cumsum(panels))

    def _integral_to(self, moved: Array, place: Array) -> Array:
        """Integrals from the first end to what is so far from u₀, (K,)."""
        ends = self.panels.edges
        until = np.clip(place, ends[0], ends[-1])
        at = self.panels.index(until) - 1
        begin = ends[at] - self.place
        near = (until == place) & (place > 1.0)  # there the distance from u₀ is the better known
        width = np.where(near, moved - begin, until - ends[at])
        return np.asarray(self.sums[at] + self._integral(begin, ends[at], width))

    def _integral(self, moved: Array, place: Array, width: Array) -> Array:
        """Integrals (K,) over panels that begin so far from u₀, and are so wide."""
        total: Array = np.zeros(len(width))
        for node, weight in _gauss():
            total += weight * self._slope(moved + node * width, place + node * width)
        return total * width

    def _slope(self, moved: Array, place: Array) -> Array:
        """Derivative d ln N/du so far from u₀, (K,)."""
        odds, exchange = np.exp(-self.start - moved), place / self.scalar
        slope = odds * (exchange - 1.0)
        exchange *= odds
        exchange += 1.0
        odds += 1.0
        slope /= odds
        slope /= exchange
        return np.asarray(slope)


def shares(logit: Any) -> tuple[Array, Array]:
    """Parts p and 1 − p, (K,), of u = ln(p/(1−p)); neither is a difference."""
    return 1.0 / (1.0 + np.exp(-logit)), 1.0 / (1.0 + np.exp(logit))


@cache
def _gauss() -> tuple[tuple[float, float], ...]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    halves = ((nodes + 1.0) / 2.0).tolist(), (weights / 2.0).tolist()
    return tuple(zip(*halves, strict=True))
