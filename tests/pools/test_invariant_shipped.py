"""InvariantPool against the closed forms of StableSwap and of a Uniswap v3 range."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore import fields

COINS = ("DAI", "USDC", "USDT", "GHO")


@frozen(kw_only=True)
class Stable(hc.InvariantPool):
    """Ann Σx − D^(n+1)/(nⁿ Πx), with D as it is at the reserves: constant along the curve."""

    kind = "stable-by-invariant"
    assets: tuple[str, ...] = fields.names("of the pool")
    reserves: tuple[float, ...] = fields.numbers("of the pool", "whole units")
    ann: float = fields.number("A·n", "1")
    d: float = fields.number("the invariant", "scaled")

    def invariant(self, x):
        n = len(self.assets)
        return self.ann * np.sum(x, axis=0) - self.d / np.prod(n * x / self.d, axis=0)


@frozen(kw_only=True)
class Range(hc.InvariantPool):
    """(x + L/√b)(y + L√a): a Uniswap v3 range, inside it."""

    kind = "range-by-invariant"
    assets: tuple[str, ...] = fields.names("base and quote", most=2)
    reserves: tuple[float, ...] = fields.numbers("of the pool", "whole units")
    liquidity: float = fields.number("L", "√(base·quote)")
    lower: float = fields.number("a", "quote per base")
    upper: float = fields.number("b", "quote per base")

    def invariant(self, x):
        base, quote = x
        virtual = self.liquidity / np.sqrt(self.upper), self.liquidity * np.sqrt(self.lower)
        return (base + virtual[0]) * (quote + virtual[1])


def off(got, due, scale):
    return float(np.max(np.abs(got - due) / np.abs(scale)))


def agree(general, closed, prices):
    found, due = general.greeks(prices), closed.greeks(prices)
    assert off(found.value, due.value, due.value) <= 1e-12
    assert off(found.holdings, due.holdings, due.holdings) <= 1e-11
    gamma = due.gamma
    own = np.diagonal(gamma, axis1=-2, axis2=-1) if gamma.ndim == 3 else gamma
    size = np.sqrt(own[..., :, None] * own[..., None, :]) if gamma.ndim == 3 else gamma
    assert off(found.gamma, gamma, size) <= 1e-10


@pytest.mark.parametrize("n", [2, 3, 4])
@pytest.mark.parametrize("amplification", [1.0, 100.0, 2000.0])
@pytest.mark.sample(4)
def test_stableswap_over_twelve_decades(n, amplification):
    pytest.importorskip("hedgecore_curve_stableswap")
    reserves = tuple(1e6 * (1 + 0.3 * i) for i in range(n))
    table = {"kind": "curve-stableswap", "assets": list(COINS[:n]), "balances": list(reserves)}
    closed = hc.build({**table, "amplification": amplification})
    general = Stable(assets=COINS[:n], reserves=reserves, ann=amplification * n, d=closed.invariant)
    logs = np.random.default_rng(n).uniform(-6, 6, (200, n - 1))
    peg = np.random.default_rng(n).uniform(-0.01, 0.01, (200, n - 1))
    prices = 10.0 ** np.concatenate([logs, peg])
    agree(general, closed, prices[:, 0] if n == 2 else prices)


def test_a_uniswap_v3_range_inside_it():
    pytest.importorskip("hedgecore_uniswap_v3")
    own = {"assets": ["WETH", "USDC"], "liquidity": 5000.0, "lower": 2500.0, "upper": 3500.0}
    closed = hc.build({"kind": "uniswap-v3", **own})
    reserves = tuple(closed.greeks(3000.0).holdings)
    agree(Range(reserves=reserves, **own), closed, np.linspace(2501.0, 3499.0, 300))
