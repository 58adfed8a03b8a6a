"""Uniswap v2 and its forks: x·y = L².

At the price P of the base in the quote, no arbitrage leaves ``y/x = P``, so with ``L = √(r₀ r₁)``

    x = L/√P,    y = L√P,    V = 2L√P,    Γ = dx/dP = −x/(2P).

Source: Adams, Zinsmeister, Robinson, *Uniswap v2 Core*, 2020; Angeris et al., 2019.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import sqrt
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import Alternative, Kernel, Market, PairPool, compiled, fields, hookimpl
from hedgecore.pools import pool_share


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

    @classmethod
    def alternatives(cls) -> Mapping[str, Alternative]:
        """Names that a table may hold beside the fields."""
        return pool_share.pool_alternatives("reserves")

    @classmethod
    def examples(cls) -> Mapping[str, Mapping[str, Any]]:
        """Title → a table, one for each way to state a position."""
        pair, pool = {"assets": ["WETH", "USDC"]}, {"reserves": [5_000.0, 15_000_000.0]}
        return {
            "a share of a pool": cls.example,
            "worth of a share of a pool": {**pair, **pool, "worth": 30_000.0},
            "worth at a price": {**pair, "worth": 30_000.0, "price": 3_000.0},
            "one amount of a share of a pool": {**pair, **pool, "amounts": {"WETH": 5.0}},
            "one amount at a price": {**pair, "amounts": {"WETH": 5.0}, "price": 3_000.0},
            "both amounts": {**pair, "amounts": {"WETH": 5.0, "USDC": 15_000.0}},
        }

    @classmethod
    def canonical(cls, table: Mapping[str, Any], market: Market | None = None, /) -> dict[str, Any]:
        """Fields alone, of a table that may state the position by `worth` or `amounts`."""
        return pool_share.share_fields(cls, "reserves", table, market, _at_prices)

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

    def _kernel(self) -> Kernel:
        return Kernel(_greeks, (self.liquidity,), _flat)

    def _spot(self) -> float:
        base, quote = self.reserves
        return quote / base

    def _current_holdings(self) -> tuple[float, float]:
        base, quote = self.reserves
        return self.share * base, self.share * quote


@compiled
def _greeks(prices: Any, params: tuple[float], value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (1, N), and count those that are not finite."""
    (liquidity,) = params
    unsettled = 0
    for i in range(prices.shape[1]):
        price = prices[0, i]
        root = sqrt(price)
        base, quote = liquidity / root, liquidity * root
        worth, bend = price * base + quote, -base / (2 * price)
        holdings[0, i], holdings[1, i], value[i], gamma[0, i] = base, quote, worth, bend
        unsettled += 0 if worth - worth + (bend - bend) == 0.0 else 1
    return unsettled


@compiled
def _flat(prices: Any, params: tuple[float], value: Any, holdings: Any) -> int:
    """Fill value and holdings, and count the prices at which the value is not finite."""
    (liquidity,) = params
    unsettled = 0
    for i in range(prices.shape[1]):
        root = sqrt(prices[0, i])
        base, quote = liquidity / root, liquidity * root
        worth = prices[0, i] * base + quote
        holdings[0, i], holdings[1, i], value[i] = base, quote, worth
        unsettled += 0 if worth - worth == 0.0 else 1
    return unsettled


def _at_prices(_: UniswapV2, prices: tuple[float, ...]) -> tuple[float, float]:
    """Amounts at prices, in proportion: each side is half of the worth."""
    base, quote = prices
    return 1.0, base / quote


@hookimpl
def hedgecore_pools() -> list[type[UniswapV2]]:
    """Provide `uniswap-v2`."""
    return [UniswapV2]
