"""What these tests share: things with the Greeks that a test gives them, and a market."""

from collections.abc import Mapping

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc


@frozen(kw_only=True, eq=False)
class Fake:
    """An instrument or a target that is exactly quadratic: its Greeks are what it is given."""

    delta: Mapping[str, float]
    gamma: Mapping[str, float] = {}
    vega: Mapping[str, float] = {}
    at: Mapping[str, float] = {}
    name: str = "target"
    lot: float = 0.0
    min_size: float = 0.0
    fee: float | None = 0.0
    daily: float = 0.0
    contract_size: float = 1.0

    @property
    def hedges(self):
        return tuple(self.delta)

    def worth(self, market):
        total = np.zeros(market.shape)
        for asset, delta in self.delta.items():
            move = market.price(asset) - self.at.get(asset, 0.0)
            total = total + delta * move + 0.5 * self.gamma.get(asset, 0.0) * move**2
        return total

    def exposure(self, market):
        gamma = {(a, a): g for a, g in self.gamma.items()}
        other = {f"vega:{a}": v for a, v in self.vega.items()}
        return hc.Exposure.of(market, self.worth(market), dict(self.delta), gamma, other)

    def carry(self, market):
        return np.asarray(self.daily) * np.ones(market.shape)


@pytest.fixture
def fake():
    return Fake


@pytest.fixture
def market():
    return hc.Market(prices={"WETH": 3000.0, "STETH": 2990.0, "WBTC": 60000.0})


@pytest.fixture
def pool():
    """A real pool of WETH and USD, full range: 2L√p."""
    table = {"kind": "uniswap-v2", "assets": ["WETH", "USD"], "reserves": [100.0, 300000.0]}
    return hc.build(table)
