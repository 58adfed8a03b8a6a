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
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import BasketPool, fields, hookimpl


@frozen(kw_only=True)
class SolidlyStable(BasketPool):
    """A share of a stable pool of Solidly's; fees earned are not in the reserves.

    Gamma is −∞ at a price of exactly 1 and finite everywhere else. The volatile pools of the same
    contracts keep x·y: they are of the kind `uniswap-v2`.
    """

    kind = "solidly-stable"
    scalars = True
    example = {
        "assets": ["DAI", "USDC"],
        "reserves": [366_405.4, 285_095.1],
        "share": 0.25,
        "fee": 0.0005,
    }

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("what the whole pool holds", "whole units")
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def depth(self) -> float:
        """The fourth root of k/2, of what is held: at the peg it holds this much of both."""
        x, y = self.reserves
        return self.share * math.sqrt(
            math.sqrt(x) * math.sqrt(y) * math.hypot(x, y) / math.sqrt(2.0)
        )

    def _holdings(self, prices: Any) -> Any:
        skew, lower, upper = _sides(*prices)
        size = self._size(skew, lower, upper)
        return [size * lower, size * upper]

    def _gamma(self, prices: Any, holdings: Any) -> Any:  # noqa: ARG002
        base, quote = prices
        skew, lower, upper = _sides(base, quote)
        square = skew * skew
        fall = 2.0 * quote / (base + quote)
        bend = (1.0 + skew + square) * (fall * fall) / (6.0 * square * upper * (1.0 + square))
        gamma = -self._size(skew, lower, upper) * bend / quote
        ratio = base / quote
        return [[gamma, -gamma * ratio], [-gamma * ratio, gamma * (ratio * ratio)]]

    def _size(self, skew: Any, lower: Any, upper: Any) -> Any:
        """Return c."""
        return self.depth / _root(_root(lower * upper * (1.0 + skew * skew)))

    def _spot(self) -> float:
        """Return the marginal price at the reserves, y(y² + 3x²)/(x(x² + 3y²))."""
        x, y = self.reserves
        q = y / x
        return q * (q * q + 3.0) / (1.0 + 3.0 * (q * q))

    def _breaks(self) -> tuple[float]:
        return (1.0,)

    def _held(self) -> Any:
        return self.share * np.array(self.reserves)


def _sides(base: Any, quote: Any) -> tuple[Any, Any, Any]:
    """Return ρ, 1 − ρ and 1 + ρ at prices in one common unit."""
    total = base + quote
    skew = _cbrt((base - quote) / total)
    square = skew * skew
    lower = 2.0 * (quote / total) / (1.0 + skew + square)
    return skew, lower, 2.0 * (base / total) / (1.0 - skew + square)


def _root(number: Any) -> Any:
    return math.sqrt(number) if isinstance(number, float) else np.sqrt(number)


def _cbrt(number: Any) -> Any:
    return math.cbrt(number) if isinstance(number, float) else np.cbrt(number)


@hookimpl
def hedgecore_pools() -> list[type[SolidlyStable]]:
    """Provide `solidly-stable`."""
    return [SolidlyStable]
