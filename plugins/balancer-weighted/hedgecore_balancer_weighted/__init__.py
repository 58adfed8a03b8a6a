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
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, frozen

from hedgecore import BasketPool, fields, hookimpl

TOLERANCE = 1e-9


def _sums_to_one(model: BalancerWeighted, its: Attribute[Any], weights: tuple[float, ...]) -> None:
    if abs(math.fsum(weights) - 1.0) > TOLERANCE:
        raise fields.wrong(model, its.name, f"{weights} must sum to 1, not {math.fsum(weights)!r}")


@frozen(kw_only=True)
class BalancerWeighted(BasketPool):
    """A share of a weighted pool; fees earned are in the balances."""

    kind = "balancer-weighted"
    example = {
        "assets": ["BAL", "WETH"],
        "weights": [0.8, 0.2],
        "balances": [29_401_141.5, 605.0],
        "share": 0.001,
    }

    assets: tuple[str, ...] = fields.names("of the pool")
    weights: tuple[float, ...] = fields.numbers(
        "part of the pool's worth; sum 1", "fraction", validator=_sums_to_one
    )
    balances: tuple[float, ...] = fields.numbers("what the whole pool holds", "whole units")
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def parts(self) -> Any:
        """The weights, normalised to sum to 1: (n, 1)."""
        return np.array(self.weights)[:, None] / math.fsum(self.weights)

    @cached_property
    def others(self) -> Any:
        """1 − wᵢ, as the sum of the other weights: (n, 1)."""
        weights, n = self.parts[:, 0], len(self.assets)
        return np.array([[math.fsum(np.delete(weights, i))] for i in range(n)])

    def _holdings(self, prices: Any) -> Any:
        balances, weights = np.array(self.balances)[:, None], self.parts
        worth = prices * (balances / weights)
        value = worth[0] * np.exp(np.sum(weights[1:] * np.log(worth[1:] / worth[0]), axis=0))
        return self.share * weights * value / prices

    def _gamma(self, prices: Any, holdings: Any) -> Any:
        slopes = holdings[:, None] * (self.parts / prices)
        diagonal = np.arange(len(prices))
        slopes[diagonal, diagonal] = -holdings * self.others / prices
        return slopes

    def _spot(self) -> Any:
        depth = self.parts[:, 0] / np.array(self.balances)
        return depth[:-1] / depth[-1]

    def _held(self) -> Any:
        return self.share * np.array(self.balances)


@hookimpl
def hedgecore_pools() -> list[type[BalancerWeighted]]:
    """Provide `balancer-weighted`."""
    return [BalancerWeighted]
