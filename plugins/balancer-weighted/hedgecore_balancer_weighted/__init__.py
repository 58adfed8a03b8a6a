"""Weighted pools, of Balancer and others: Π xᵢ^wᵢ constant, with weights that sum to 1.

Without arbitrage each asset is its weight's part of the worth, ``pᵢ xᵢ = wᵢ V``, so that

    V = Π (pᵢBᵢ/wᵢ)^wᵢ,    xᵢ = wᵢ V / pᵢ,    Γᵢⱼ = xᵢ (wⱼ − δᵢⱼ) / pⱼ.

The powers are taken relative to one asset, whose worth stands in front: small logarithms, full
accuracy. 1 − wᵢ is the sum of the other weights, since a weight such as 0.8 is no double.

Source: Martinelli, Mushegian, *Balancer whitepaper*, 2019; Evans, *Liquidity provider returns in
geometric mean markets*, 2020.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import Alternative, BasketPool, Kernel, Market, fields, hookimpl
from hedgecore.pools import pool_share
from hedgecore_balancer_weighted import kernels
from hedgecore_balancer_weighted.weights import from_text, weights

LARGEST = 700.0
"""The exponential of more may leave the range of doubles."""


@frozen(kw_only=True)
class BalancerWeighted(BasketPool):
    """A share of a weighted pool; fees earned are in the balances."""

    kind = "balancer-weighted"
    accepts_floats = True
    example = {
        "assets": ["BAL", "WETH"],
        "weights": [0.8, 0.2],
        "balances": [29_401_141.5, 605.0],
        "share": 0.001,
    }

    assets: tuple[str, ...] = fields.names("of the pool")
    weights: tuple[float, ...] = weights()
    balances: tuple[float, ...] = fields.numbers("what the whole pool holds", "whole units")
    share: float = fields.share()
    fee: float | None = fields.fee()

    @classmethod
    def alternatives(cls) -> Mapping[str, Alternative]:
        """Names that a table may hold beside the fields."""
        return pool_share.pool_alternatives("balances")

    @classmethod
    def examples(cls) -> Mapping[str, Mapping[str, Any]]:
        """Title → a table, one for each way to state a position."""
        pair = {"assets": ["BAL", "WETH"], "weights": "80/20"}
        pool = {"balances": [29_401_141.5, 605.0]}
        three = {"assets": ["WBTC", "WETH", "USDC"], "weights": [40, 40, 20]}
        return {
            "a share of a pool": cls.example,
            "worth of a share of a pool": {**pair, **pool, "worth": 3.0},
            "worth at a price": {**pair, "worth": 3.0, "price": 1e-4},
            "worth at prices": {**three, "worth": 1e4, "price": [60_000.0, 3_000.0]},
            "one amount of a share of a pool": {**pair, **pool, "amounts": {"WETH": 0.6}},
            "one amount at a price": {**pair, "amounts": {"BAL": 24_000.0}, "price": 1e-4},
            "all amounts": {**pair, "amounts": {"BAL": 24_000.0, "WETH": 0.6}},
        }

    @classmethod
    def canonical(cls, table: Mapping[str, Any], market: Market | None = None, /) -> dict[str, Any]:
        """Fields alone, of a table that may say `worth` or `amounts`, and weights as a text."""
        table = {**table, "weights": from_text(table["weights"], cls.kind)}
        return pool_share.share_fields(cls, "balances", table, market, _at_prices)

    @cached_property
    def parts(self) -> tuple[float, ...]:
        """The weights, normalised to sum to 1."""
        total = math.fsum(self.weights)
        return tuple(weight / total for weight in self.weights)

    @cached_property
    def others(self) -> tuple[float, ...]:
        """1 − wᵢ, as the sum of the other weights."""
        return tuple(math.fsum(_without(self.parts, i)) for i in range(len(self.parts)))

    @cached_property
    def depths(self) -> tuple[float, ...]:
        """Bᵢ/wᵢ: at the price pᵢ, pᵢBᵢ/wᵢ is the worth of the pool, told by one asset."""
        return tuple(b / w for b, w in zip(self.balances, self.parts, strict=True))

    def _holdings(self, prices: Any) -> Any:
        first, *rest = (price * depth for price, depth in zip(prices, self.depths, strict=True))
        logs = (w * _log(worth / first) for w, worth in zip(self.parts[1:], rest, strict=True))
        value = self.share * first * _exp(sum(logs))
        return [part * value / price for part, price in zip(self.parts, prices, strict=True)]

    def _gamma(self, prices: Any, holdings: Any) -> Any:
        steep = [part / price for part, price in zip(self.parts, prices, strict=True)]
        slopes = [[held * each for each in steep] for held in holdings]
        for i, other in enumerate(self.others):
            slopes[i][i] = -holdings[i] * other / prices[i]
        return slopes

    def _kernel(self) -> Kernel:
        columns = (np.array(each) for each in (self.parts, self.others, self.depths))
        return Kernel(kernels.greeks, (self.share, *columns), kernels.flat)

    def _spot(self) -> Any:
        *depths, quote = self.depths
        return [quote / depth for depth in depths]

    def _current_holdings(self) -> Any:
        return self.share * np.array(self.balances)


def _at_prices(pool: BalancerWeighted, prices: tuple[float, ...]) -> list[float]:
    """Amounts at prices, in proportion: each asset is its weight's part of the worth."""
    return [part / price for part, price in zip(pool.parts, prices, strict=True)]


def _without(numbers: tuple[float, ...], i: int) -> tuple[float, ...]:
    return numbers[:i] + numbers[i + 1 :]


def _log(number: Any) -> Any:
    """Logarithm, NumPy's, of a float as a float."""
    return float(np.log(number)) if isinstance(number, float) else np.log(number)


def _exp(number: Any) -> Any:
    """Exponential, NumPy's; of a float that is too large OverflowError, not ∞."""
    if not isinstance(number, float):
        return np.exp(number)
    return float(np.exp(number)) if abs(number) < LARGEST else math.exp(number)


@hookimpl
def hedgecore_pools() -> list[type[BalancerWeighted]]:
    """Provide `balancer-weighted`."""
    return [BalancerWeighted]
