"""Stable pools of Solidly and its forks, Aerodrome and Velodrome: x³y + y³x constant.

With ρ = (y − x)/(y + x) the marginal price y(y² + 3x²)/(x(x² + 3y²)) is (1 + ρ³)/(1 − ρ³), which
can be turned round:

    ρ = ∛((P − 1)/(P + 1)),    x = c(1 − ρ),    y = c(1 + ρ),    c⁴ = k/(2(1 − ρ⁴)),

    Γ = −c(1 + ρ + ρ²)(1 − ρ³)²/(6ρ²(1 + ρ)(1 + ρ²)).

1 − ρ = 2/((P + 1)(1 + ρ + ρ²)) and 1 + ρ = 2P/((P + 1)(1 − ρ + ρ²)) keep their digits in a crash,
and P − 1 is the difference of two prices: at no price anything cancels.

At P = 1 delta has a vertical tangent and gamma is −∞, ∝ |P − 1|^(−2/3): its integral is finite, the
rate of LVR there is not. What a hedge needs is the *effective* gamma over the move that it waits
for, [delta(P(1 + h)) − delta(P(1 − h))]/(2hP).

Source: the contract `Pool.sol` of Aerodrome, `_k`; the closed form follows from its derivative.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np


class Skew(NamedTuple):
    """Skew of a pool at a price, and what comes of it for holdings and gamma, floats or arrays."""

    rho: Any
    """ρ = (y − x)/(y + x)."""
    square: Any
    """ρ²."""
    plus: Any
    """1 + ρ + ρ²."""
    lower: Any
    """The quote's part of both prices, twice: 1 − ρ³."""
    upper: Any
    """The base's: 1 + ρ³."""


def skew(base: Any, quote: Any) -> Skew:
    """ρ and what comes of it, at prices in one common unit."""
    total = base + quote
    rho = _cbrt((base - quote) / total)
    square = rho * rho
    return Skew(rho, square, 1.0 + rho + square, 2.0 * quote / total, 2.0 * (base / total))


def holdings(depth: float, its: Skew) -> tuple[Any, Any]:
    """Holdings where depth⁴ = k/2. Floats or arrays."""
    lower = its.lower / its.plus
    upper = its.upper / (1.0 - its.rho + its.square)
    c = depth / _root(_root(lower * upper * (1.0 + its.square)))
    return c * lower, c * upper


def gamma(its: Skew, quote: Any, x: Any, y: Any) -> Any:
    """∂x/∂(base's price), given what is held: −∞ at equal prices.

    c is the mean of both amounts, and c(1 + ρ) is y.
    """
    fall = 0.5 * (x + y) * its.lower
    return -(its.plus * (fall * fall)) / (6.0 * its.square * y * (1.0 + its.square) * quote)


def _root(number: Any) -> Any:
    return math.sqrt(number) if isinstance(number, float) else np.sqrt(number)


def _cbrt(number: Any) -> Any:
    return math.cbrt(number) if isinstance(number, float) else np.cbrt(number)
