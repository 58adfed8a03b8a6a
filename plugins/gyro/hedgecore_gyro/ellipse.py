"""The curve of Gyroscope's E-CLP at any price, in forms that lose nothing.

On the ellipse |A (t − rχ)| = r with A = [[c/λ, −s/λ], [s, c]] the worth of the whole arc is −r N,

    N(P) = √((λ (cP − s))² + (sP + c)²),

and a position that ends at the prices α and β is worth r [P N'(β) + N(α) − αN'(α) − N(P)], so that
x = r [N'(β) − N'(P)], y = r [N(α) − αN'(α) − N(P) + P N'(P)] and Γ = −r λ²/N³ inside.

Written so, both cancel: at λ = 4000 by 7e-10. With the vectors w(P) = (λ(cP − s), sP + c) of length
N, their products are w(P)·w(Q) and w(P)×w(Q) = λ (P − Q), and with q = N(P) N(Q) + |w(P)·w(Q)|

    N'(Q) − N'(P) = (N(P) + N(Q))/(N(P) N(Q)) · (λ² (Q − P)/q where w(P)·w(Q) ≥ 0, else q/(Q − P)),

and likewise y, from α, with P N(α) + α N(P) for the sum. Differences of prices are exact, and so is
cP − s as c (P − s/c), with s/c in two doubles. All else is positive.

Rates only stretch the axes: with prices of whole coins p_i = rate_i p_i_scaled the first row of A
is (c/rate₀, s/rate₁), the second (s/rate₀, c/rate₁), and λ in the cross product λ/(rate₀ rate₁).

Source: Gyroscope, *E-CLP mathematics*, and its contract `GyroECLPMath`; derived here once more.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from hedgecore_gyro.edges import Edge, clip, edge, inside, ratio, root


class Arc(NamedTuple):
    """An ellipse between two prices of whole coins: what the formulas need at every price."""

    lower: Edge
    upper: Edge
    peak: Edge
    """s/c, the price where the liquidity is concentrated."""
    steep: float
    """λc/rate₀: the first component of w is this times P less the peak."""
    slope: float
    level: float
    """s/rate₀ and c/rate₁: the second component is slope · P + level."""
    area: float
    """λ/(rate₀ rate₁)."""

    @property
    def width(self) -> float:
        """The distance between the edges."""
        return (self.upper.high - self.lower.high) + (self.upper.low - self.lower.low)

    def beyond_peak(self, edge: Edge) -> float:
        """Distance of an edge above the peak: of a long ellipse all depends on that."""
        return (edge.high - self.peak.high) + (edge.low - self.peak.low)


class At(NamedTuple):
    """The vector w at a price, and its length N."""

    price: Any
    across: Any
    along: Any
    length: Any


def arc(
    lower: float,
    upper: float,
    turn: tuple[float, float],
    stretch: float,
    rates: tuple[float, float],
) -> Arc:
    """Arc from α to β of an ellipse turned by (c, s) and stretched by λ."""
    c, s = turn
    norm, unit = math.hypot(c, s), ratio(rates)
    c_one, s_one = c / norm, s / norm
    return Arc(
        edge(Fraction(lower) * unit),
        edge(Fraction(upper) * unit),
        edge(Fraction(s) / Fraction(c) * unit),
        stretch * (c_one / rates[0]),
        s_one / rates[0],
        c_one / rates[1],
        stretch / (rates[0] * rates[1]),
    )


def at(its: Arc, price: Any) -> At:
    """Vector w at any prices, out of range at the edge itself; worked on in place."""
    low, high = (its.beyond_peak(edge) for edge in (its.lower, its.upper))
    across = price - its.peak.high
    across -= its.peak.low
    across = clip(across, low, high)
    across *= its.steep
    near = clip(price, its.lower.high, its.upper.high)
    along = its.slope * near
    along += its.level
    square = across * across
    square += along * along
    return At(near, across, along, root(square))


def holdings(its: Arc, size: float, price: Any) -> tuple[Any, Any]:
    """(base, quote) on an arc of size r at any prices, floats or arrays."""
    return holdings_at(its, size, price, at(its, price))


def holdings_at(its: Arc, size: float, price: Any, here: At) -> tuple[Any, Any]:
    """(base, quote) at any prices, given w there."""
    low, high = ends(its)
    to_lower, to_upper = _distances(its, price)
    inverse = size / here.length
    base = half_turn(its.area, here, high, to_upper)
    base *= inverse + size / high.length
    inverse *= here.price
    inverse += size * (low.price / low.length)
    inverse *= half_turn(its.area, here, low, to_lower)
    return base, inverse


def _distances(its: Arc, price: Any) -> tuple[Any, Any]:
    """Distances from the lower edge and to the upper one, of prices within."""
    above, below = price - its.lower.high, its.upper.high - price
    above -= its.lower.low
    below += its.upper.low
    return clip(above, 0.0, its.width), clip(below, 0.0, its.width)


@lru_cache(maxsize=256)
def ends(its: Arc) -> tuple[At, At]:
    """Points w at both edges."""
    return at(its, 0.0), at(its, math.inf)


def half_turn(area: float, one: At, other: At, distance: Any) -> Any:
    """λ² (Q − P)/q where w(P)·w(Q) ≥ 0, else q/(Q − P), at a distance Q − P ≥ 0."""
    product = one.across * other.across
    product += one.along * other.along
    q = abs(product)
    q += one.length * other.length
    if isinstance(product, float):
        return area * area * distance / q if product >= 0.0 else q / distance
    q /= distance
    return np.where(product >= 0.0, area * area / q, q)


def gamma(its: Arc, size: float, price: Any) -> Any:
    """Gamma d base / d price: −r area²/N³ in range, 0 outside; the right limit."""
    return gamma_at(its, size, price, at(its, price).length)


def gamma_at(its: Arc, size: float, price: Any, length: Any) -> Any:
    """Gamma at any prices, given N there."""
    cube = length * length
    cube *= length
    bend = size * its.area * its.area / cube
    bend *= inside(price, its.lower, its.upper)
    return 0.0 - bend
