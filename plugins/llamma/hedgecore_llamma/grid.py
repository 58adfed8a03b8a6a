"""The prices at which bands begin and end, as double-doubles.

Band n is [pd, pu) of the oracle's price, pu = base_price ((A−1)/A)ⁿ and pd that of band n + 1. With
the oracle frozen at p, it trades between market prices p³/pu² and p³/pd². What is left near an edge
is a difference of prices: the edges are rational numbers, taken exactly, and have 32 digits, since
one rounded to a double would cost as many digits as the price is near.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
DECADES = 100.0
"""Of prices either way: squares and cubes of them are doubles still."""


class Prices(NamedTuple):
    """Prices as unevaluated sums, ``high + low``, arrays of one shape."""

    high: Any
    low: Any

    def less(self, other: Prices) -> Any:
        """Difference of prices: exact where both are within a factor of two."""
        return (self.high - other.high) + (self.low - other.low)

    def take(self, at: Any) -> Prices:
        """Prices at places `at`."""
        return Prices(self.high[at], self.low[at])


def upper_edge(base_price: float, amplification: int, band: int) -> Fraction:
    """Upper edge pu of a band, borrowed per collateral."""
    return Fraction(base_price) * Fraction(amplification - 1, amplification) ** band


def market_price(oracle_price: float, edge: Fraction) -> Fraction:
    """Market price at which a frozen oracle has a band's edge: p³/pu²."""
    return Fraction(oracle_price) ** 3 / edge**2


def decades(price: Fraction) -> float:
    """Decimal logarithm of a price, however far out."""
    return math.log10(price.numerator) - math.log10(price.denominator)


def prices(exact: list[Fraction]) -> Prices:
    """Prices as the double-doubles nearest to exact ones (K,)."""
    high = [float(each) for each in exact]
    low = [float(each - Fraction(h)) for each, h in zip(exact, high, strict=True)]
    return Prices(np.array(high), np.array(low))
