"""Size of a Pendle market along its curve.

With N = PT + asset, p = PT/N, u = ln(p/(1−p)) and the rate at which the market exchanges PT for the
asset, E = 1/P, linear in u, a trade without a fee keeps dA = −dPT/E, so that

    d ln N / du = (E − 1) p (1 − p) / (1 + (E − 1)(1 − p)).

Its integral from the market's own state u₀ is a polynomial on each of many panels of u, of as many
numbers as stand in a line of a cache: the integrand's poles are near π away from the real line, so
that seven nodes on a panel of an eighth are exact to a double. Beyond 80 the integrand is nothing.
Where E is less than 1/S, at prices that the contract never has, it bends within a part of E, and
panels are an eighth of ln E wide.
"""

from __future__ import annotations

import math
from functools import cache, cached_property
from sys import float_info
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
WIDTH, NODES, REACH = 1 / 8, 7, 80.0
NOTHING = 1e-20
"""Of S·E, what no more is integrated."""
ROW = NODES + 1
LARGEST = math.log(float_info.max)


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

    def change(self, moved: Any, price: Any) -> Any:
        """Change ln(N/N₀) of the size at u − u₀, infinite ones too, and 1/E, (K,) or floats."""
        if isinstance(price, float):
            near = price > self.scalar
            along = self.bent + float(np.log(self.scalar / price)) if near else moved
            return self._integral_at(along) - self.here
        return self._integral(self._along(moved, price)) - self.here

    @cached_property
    def here(self) -> float:
        """Integral from the first panel to u₀."""
        price = np.array([1.0 / (1.0 + self.growth)])
        return float(self._integral(self._along(np.zeros(1), price))[0])

    @property
    def place(self) -> float:
        """S·E at the state, which rises with u as one."""
        return self.scalar * (1.0 + self.growth)

    @property
    def bent(self) -> float:
        """Distance u − u₀ at which S·E is 1; below it, panels are of its logarithm."""
        return 1.0 - self.place

    def _along(self, moved: Array, price: Array) -> Array:
        """Distances along the panels, (K,): u − u₀, and 1 + ln(S·E) in place of S·E below 1."""
        if price.max(initial=0.0) <= self.scalar:
            return moved
        near = price > self.scalar
        found: Array = moved.copy()
        found[near] = self.bent + np.log(self.scalar / price[near])
        return found

    @cached_property
    def first(self) -> float:
        """Distance at which the first panel begins; some panel begins at `bent`, if any near."""
        low = -REACH - max(self.start, 0.0)
        if low >= self.bent:
            return low
        panels = math.ceil(min(self.bent - low, -math.log(NOTHING)) / WIDTH)
        return self.bent - panels * WIDTH

    @cached_property
    def panels(self) -> Array:
        """Coefficients (M + 1, 8) of the integral on each panel, ascending, and beyond all."""
        last = max(REACH - self.start, 0.0)
        middles = np.arange(math.ceil((last - self.first) / WIDTH)) + 0.5
        slopes = self._slope(self.first + WIDTH * (middles[:, None] + _nodes()))
        table = np.zeros((len(middles) + 1, ROW))
        table[:-1, 1:] = WIDTH * (slopes @ _integrals())
        up, down = (table[:-1, 1:] @ end ** np.arange(1, ROW) for end in (0.5, -0.5))
        table[1:, 0] = np.cumsum(up - down)
        table[:-1, 0] -= down
        return table

    def _integral(self, along: Array) -> Array:
        """Integrals (K,) from the first panel: worked on in place, few arrays at a time."""
        coefficients, count = self.panels.ravel(), len(self.panels) - 1
        part = np.clip(along, self.first, self.first + WIDTH * count)
        part -= self.first
        part *= 1.0 / WIDTH
        at = part.astype(np.intp)
        part -= at
        part -= 0.5
        at *= ROW
        total: Array = coefficients[NODES:].take(at, mode="clip")
        for power in reversed(range(NODES)):
            total *= part
            total += coefficients[power:].take(at, mode="clip")
        return total

    def _integral_at(self, along: float) -> float:
        """Integral at one distance, with the array's own bits."""
        last = self.first + WIDTH * (len(self.panels) - 1)
        place = (min(max(along, self.first), last) - self.first) * (1.0 / WIDTH)
        at = int(place)
        part, row = place - at - 0.5, self.panels[at].tolist()
        total: float = row.pop()
        for coefficient in reversed(row):
            total = total * part + coefficient
        return total

    def _slope(self, along: Array) -> Array:
        """Derivative of ln N at distances along the panels."""
        bent = np.minimum(along - self.bent, 0.0)
        place = np.where(bent < 0, np.exp(bent), self.place + along)
        moved = np.where(bent < 0, place - self.place, along)
        part, rest = shares(self.start + moved)
        exchange = place / self.scalar
        slope: Array = (exchange - 1.0) * part * rest / (part + exchange * rest)
        return np.where(bent < 0, slope * place, slope)


def shares(logit: Any) -> tuple[Any, Any]:
    """Parts p and 1 − p, (K,) or floats, of u = ln(p/(1−p)); neither is a difference."""
    if isinstance(logit, float):
        return 1.0 / (1.0 + exponential(-logit)), 1.0 / (1.0 + exponential(logit))
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-logit)), 1.0 / (1.0 + np.exp(logit))


def exponential(number: float) -> float:
    """Power e^x with the array's own bits, which `math.exp` has not.

    Raises:
        OverflowError: the power is infinite.

    """
    if number > LARGEST:
        raise OverflowError(f"e to the power of {number}")
    return float(np.exp(number))


@cache
def _nodes() -> Array:
    """Nodes of Gauss and Legendre on [−½, ½], (7,)."""
    nodes, _ = np.polynomial.legendre.leggauss(NODES)
    return np.asarray(nodes / 2.0)


@cache
def _integrals() -> Array:
    """Coefficients of t to t⁷ of ∫₀ᵗ of the polynomials that are 1 at one node each, (7, 7)."""
    powers = np.arange(NODES)
    return np.asarray(np.linalg.inv(np.vander(_nodes(), increasing=True)).T / (powers + 1.0))
