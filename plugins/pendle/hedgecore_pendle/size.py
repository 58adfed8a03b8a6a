"""How the size of a Pendle market changes along its curve.

With N = PT + asset, p = PT/N, u = ln(p/(1−p)) and the rate at which the market exchanges PT for the
asset, E = 1/P, linear in u, a trade without a fee keeps dA = −dPT/E, so that

    d ln N / du = (E − 1) p (1 − p) / (1 + (E − 1)(1 − p)).

The integral from the market's own state u₀ is summed over panels of u by Gauss and Legendre, the
sums known beforehand: the integrand's poles are near π away from the real line, so that three nodes
a panel of a 32nd are exact to a double. Beyond 80 the integrand is nothing.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
WIDTH, NODES, REACH = 1 / 32, 3, 80.0


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

    def change(self, logit: Array) -> Array:
        """Return ln(N/N₀) at u (K,), infinite ones too."""
        count, sums = self.sums
        moved = np.clip(logit - self.start, -WIDTH * count, WIDTH * (len(sums) - 1 - count))
        panels = np.trunc(moved / WIDTH)
        begin = WIDTH * panels
        known = sums[panels.astype(np.intp) + count]
        return np.asarray(known + self._integral(begin, moved - begin))

    @cached_property
    def sums(self) -> tuple[int, Array]:
        """How many panels are below u₀, and the integrals from there to each panel's far end."""
        up, down = self._sums(WIDTH, REACH - self.start), self._sums(-WIDTH, REACH + self.start)
        return len(down), np.concatenate([down[::-1], np.zeros(1), up])

    @np.errstate(all="ignore")
    def _sums(self, width: float, reach: float) -> Array:
        count = max(int(np.ceil(reach / WIDTH)), 0)
        panels = self._integral(width * np.arange(float(count)), np.full(count, width))
        return np.cumsum(panels)

    def _integral(self, begin: Array, width: Array) -> Array:
        """Return the integrals (K,) over panels that begin so far from u₀, and are so wide."""
        total: Array = np.zeros(len(begin))
        for node, weight in _gauss():
            total += weight * self._slope(begin + node * width)
        return total * width

    def _slope(self, moved: Array) -> Array:
        """Return d ln N/du so far from u₀, (K,)."""
        logit = self.start + moved
        small = np.exp(-np.abs(logit))
        rate, whole = self.growth + moved / self.scalar, 1.0 + small
        rest = np.where(logit >= 0, small, 1.0)
        return np.asarray(rate * small / (whole * (whole + rate * rest)))


def shares(logit: Any) -> tuple[Array, Array]:
    """Return p and 1 − p, (K,), of u = ln(p/(1−p)); neither is a difference."""
    small = np.exp(-np.abs(logit))
    large, less = 1.0 / (1.0 + small), small / (1.0 + small)
    return np.where(logit >= 0, large, less), np.where(logit >= 0, less, large)


@cache
def _gauss() -> tuple[tuple[float, float], ...]:
    """Return nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    halves = ((nodes + 1.0) / 2.0).tolist(), (weights / 2.0).tolist()
    return tuple(zip(*halves, strict=True))
