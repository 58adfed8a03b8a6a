"""Edges of a range as sums of two doubles, and what floats and arrays do by other names."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nextafter, sqrt
from typing import Any, NamedTuple

import numpy as np


class Edge(NamedTuple):
    """A price as an unevaluated sum ``high + low``: rounded, an edge costs all that is left."""

    high: float
    low: float

    @property
    def first_inside(self) -> float:
        """The first double at or above the edge: from there on, the right limit is."""
        return self.high if self.low <= 0 else nextafter(self.high, inf)


def edge(exact: Fraction) -> Edge:
    """Edge as the two doubles nearest to an exact price."""
    high = float(exact)
    return Edge(high, float(exact - Fraction(high)))


def ratio(rates: tuple[float, float]) -> Fraction:
    """Price in whole coins of a scaled price of 1: rate of the base over the quote's."""
    return Fraction(rates[0]) / Fraction(rates[1])


def clip(given: Any, least: float, most: float) -> Any:
    """`given` between two bounds."""
    if isinstance(given, float):
        return most if given > most else max(given, least)
    return given.clip(least, most)


def root(number: Any) -> Any:
    """Square root."""
    return sqrt(number) if isinstance(number, float) else np.sqrt(number)


def inside(price: Any, lower: Edge, upper: Edge) -> Any:
    """1 where the price is in [lower, upper), else 0: to multiply by, faster than where()."""
    return (price >= lower.first_inside) & (price < upper.first_inside)
