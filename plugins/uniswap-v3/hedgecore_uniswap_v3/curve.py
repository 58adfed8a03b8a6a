"""The holdings of one range, in forms that lose nothing.

With L the liquidity and [a, b) the range, in units of the quote (Uniswap v3 whitepaper, 6.29–6.30),

    x = L (1/√s − 1/√b),    y = L (√s − √a),    s = P clipped to [a, b].

Written so, both cancel near an edge and on narrow ranges: up to 1e-7 of the position. Differences
of prices do not, since P − a is exact for doubles within a factor of two (Sterbenz), and

    x = L (b − s) / (√s √b (√s + √b)),    y = L (s − a) / (√s + √a).

The edges are double-doubles: rounding b itself would cost 1e-12 on a range of one tick. Gamma is
that of what is held, Γ = −L/2 (1/√P)³ with 1/√P = x/L + 1/√b: a sum, and no root is taken twice.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from hedgecore_uniswap_v3.ticks import Edge


class Span(NamedTuple):
    """Liquidity on a range, with what its formulas need of it at every price."""

    depth: float
    """L."""
    depth_high: float
    """L/√b."""
    parts: float
    """1/L, and 0 of none."""
    bend: float
    """L/2."""
    low: float
    low_rest: float
    high: float
    high_rest: float
    width: float
    low_root: float
    high_root: float
    inverse_root: float
    """1/√b."""
    least: float
    """The first double at or above the lower edge; from there on it is in range."""
    most: float
    """The first at or above the upper edge; from there on it is out again."""


def span(liquidity: float, lower: Edge, upper: Edge) -> Span:
    """Liquidity between two edges."""
    high_root = sqrt(upper.high)
    return Span(
        liquidity,
        liquidity / high_root,
        1.0 / liquidity if liquidity else 0.0,
        liquidity / 2.0,
        *lower,
        *upper,
        width=(upper.high - lower.high) + (upper.low - lower.low),
        low_root=sqrt(lower.high),
        high_root=high_root,
        inverse_root=1.0 / high_root,
        least=lower.first_inside,
        most=upper.first_inside,
    )


def holdings(price: Any, its: Span) -> tuple[Any, Any]:
    """(base, quote) of shape (N,) at prices (N,), to a few ulp, in range and out of it.

    At one price, a float, two floats.
    """
    if isinstance(price, float):
        return point(price, its)[:2]
    held = np.empty((2, len(price)))
    _fill_holdings(price, its, *held)
    return held[0], held[1]


def fill(price: Any, its: Span, holdings: Any, gamma: Any) -> None:
    """Fill holdings (2, N) and gamma (N,) in place."""
    base, quote = holdings
    _fill_holdings(price, its, base, quote)
    _fill_gamma(price, base, its, gamma)


def _fill_holdings(price: Any, its: Span, base: Any, quote: Any) -> None:
    """Fill base and quote, (N,)."""
    inside = price.clip(its.low, its.high)
    if its.low_rest or its.high_rest:
        _fill_between(price, its, base, quote)
    else:
        np.subtract(its.high, inside, out=base)
        np.subtract(inside, its.low, out=quote)
    root = np.sqrt(inside, out=inside)
    below = root + its.high_root
    below *= root
    base /= below
    base *= its.depth_high
    root += its.low_root
    quote /= root
    quote *= its.depth


def _fill_between(price: Any, its: Span, above: Any, below: Any) -> None:
    """Fill distances b − s and s − a, (N,), of edges with more digits than a double."""
    np.subtract(its.high, price, out=above)
    np.subtract(price, its.low, out=below)
    above += its.high_rest
    below -= its.low_rest
    above.clip(0.0, its.width, out=above)
    below.clip(0.0, its.width, out=below)


def point(price: float, its: Span) -> tuple[float, float, float]:
    """(base, quote, gamma) at one price, with the array's own bits."""
    (
        depth,
        depth_high,
        parts,
        bend,
        low,
        low_rest,
        high,
        high_rest,
        width,
        low_root,
        high_root,
        inverse_root,
        least,
        most,
    ) = its
    if price >= most:
        return 0.0, width / (high_root + low_root) * depth, 0.0
    if price < least:
        return width / ((low_root + high_root) * low_root) * depth_high, 0.0, 0.0
    root = sqrt(price)
    base = (high - price + high_rest) / ((root + high_root) * root) * depth_high
    inverse = base * parts + inverse_root
    quote = (price - low - low_rest) / (root + low_root) * depth
    return base, quote, -(inverse * inverse * inverse * bend)


def gamma(price: Any, base: Any, its: Span) -> Any:
    """Gamma d base/d price, (N,), of what is held: −L/(2P√P) in range, zero outside."""
    if isinstance(price, float):
        inverse = base * its.parts + its.inverse_root
        return -(inverse * inverse * inverse * its.bend) if its.least <= price < its.most else 0.0
    bend = np.empty(len(price))
    _fill_gamma(price, base, its, bend)
    return bend


def _fill_gamma(price: Any, base: Any, its: Span, bend: Any) -> None:
    """Fill gamma, (N,)."""
    inverse = base * its.parts
    inverse += its.inverse_root
    np.multiply(inverse, inverse, out=bend)
    bend *= inverse
    bend *= its.bend
    bend *= (price >= its.least) & (price < its.most)  # where() is slow on prices in no order
    np.subtract(0.0, bend, out=bend)
