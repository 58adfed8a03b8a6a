"""Two assets with a constant elasticity, xᵗ + yᵗ = k with 0 < t < 1.

From constant product (t → 0) to constant sum (t → 1); YieldSpace is one. Along the curve the price
of the base in the quote is the ratio of the slopes, P = (y/x)^(1−t), so y = x P^(1/(1−t)). Put into
the curve, with s = t/(1−t),

    x = (k / (1 + P^s))^(1/t),    y = (k / (1 + P^−s))^(1/t).

Write your own curve here: say what is held at each price, and derive it for who reads this next.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from attrs import frozen
from hedgecore import PairPool, fields, hookimpl

LEAST, MOST = 0.01, 0.9
"""Of the flatness: beyond, the powers overflow at prices that may be asked for."""
FLATNESS = fields.Rule(f"from {LEAST} to {MOST}", lambda x: LEAST <= x <= MOST)


@frozen(kw_only=True)
class ExampleCurve(PairPool):
    """A pool of two assets with a constant elasticity: xᵗ + yᵗ = k."""

    kind = "example-curve"
    example = {"assets": ["WETH", "USDC"], "reserves": [1_000.0, 7_300_000.0], "flatness": 0.1}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("what the pool holds", "whole units")
    flatness: float = fields.number("t: 0 is constant product, 1 is constant sum", "1", FLATNESS)
    fee: float | None = fields.fee()

    @cached_property
    def size(self) -> float:
        """The curve's k."""
        base, quote = self.reserves
        return float(base**self.flatness + quote**self.flatness)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        power = self.flatness / (1 - self.flatness)
        base = (self.size / (1 + price**power)) ** (1 / self.flatness)
        quote = (self.size / (1 + price**-power)) ** (1 / self.flatness)
        return base, quote

    def _spot(self) -> float:
        base, quote = self.reserves
        return float((quote / base) ** (1 - self.flatness))


@hookimpl
def hedgecore_pools() -> list[type[ExampleCurve]]:
    """Provide `example-curve`."""
    return [ExampleCurve]


@hookimpl
def hedgecore_interface() -> int:
    """Say which interface of hedgecore this is written for."""
    return 1
