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
from typing import Any

import numpy as np


def holdings(depth: float, base: Any, quote: Any) -> tuple[Any, Any]:
    """Holdings at prices in one common unit; depth⁴ = k/2. Floats or arrays."""
    rho = skew(base, quote)
    total, square = base + quote, rho * rho
    lower = 2.0 * (quote / total) / (1.0 + rho + square)
    upper = 2.0 * (base / total) / (1.0 - rho + square)
    c = depth / _root(_root(lower * upper * (1.0 + square)))
    return c * lower, c * upper


def gamma(base: Any, quote: Any, x: Any, y: Any) -> tuple[Any, Any, Any]:
    """∂x/∂p₀, ∂x/∂p₁ and ∂y/∂p₁ at prices in one common unit, and what is held there.

    c is the mean of both amounts, and c(1 + ρ) is y. −∞ and ∞ at equal prices.
    """
    rho, c = skew(base, quote), 0.5 * (x + y)
    square, fall = rho * rho, c * (2.0 * quote / (base + quote))
    bend = (1.0 + rho + square) * (fall * fall)
    own = -bend / (6.0 * square * y * (1.0 + square) * quote)
    ratio = base / quote
    cross = -own * ratio
    return own, cross, -cross * ratio


def skew(base: Any, quote: Any) -> Any:
    """ρ = (y − x)/(y + x) at prices in one common unit."""
    return _cbrt((base - quote) / (base + quote))


def _root(number: Any) -> Any:
    return math.sqrt(number) if isinstance(number, float) else np.sqrt(number)


def _cbrt(number: Any) -> Any:
    return math.cbrt(number) if isinstance(number, float) else np.cbrt(number)
