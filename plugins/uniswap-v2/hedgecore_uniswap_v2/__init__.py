"""Uniswap v2 and its forks: x·y = L².

At the price P of the base in the quote, no arbitrage leaves ``y/x = P``, so with ``L = √(r₀ r₁)``

    x = L/√P,    y = L√P,    V = 2L√P,    Γ = dx/dP = −x/(2P).

Source: Adams, Zinsmeister, Robinson, *Uniswap v2 Core*, 2020; Angeris et al., 2019.
"""

from __future__ import annotations

from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import PairPool, fields, hookimpl


@frozen(kw_only=True)
class UniswapV2(PairPool):
    """A share of a constant-product pool; fees earned are in the reserves."""

    kind = "uniswap-v2"
    accepts_floats = True
    example = {"assets": ["WETH", "USDC"], "reserves": [5_000.0, 15_000_000.0], "share": 0.01}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("what the whole pool holds", "whole units")
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def liquidity(self) -> float:
        """The share's L: √r₀·√r₁, which does not overflow where r₀·r₁ would."""
        base, quote = self.reserves
        return float(self.share * np.sqrt(base) * np.sqrt(quote))

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        root = sqrt(price) if isinstance(price, float) else np.sqrt(price)
        return self.liquidity / root, self.liquidity * root

    def _gamma(self, price: Any, holdings: Any) -> Any:
        return -holdings[0] / (2 * price)

    def _spot(self) -> float:
        base, quote = self.reserves
        return quote / base

    def _current_holdings(self) -> tuple[float, float]:
        base, quote = self.reserves
        return self.share * base, self.share * quote


@hookimpl
def hedgecore_pools() -> list[type[UniswapV2]]:
    """Provide `uniswap-v2`."""
    return [UniswapV2]
