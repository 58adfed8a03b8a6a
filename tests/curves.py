"""Right curves, in closed form and from their invariant: what several test files take apart."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

import hedgecore as hc
from hedgecore import fields


@frozen(kw_only=True)
class V2(hc.PairPool):
    """x·y = L²."""

    kind = "mutant-v2"
    example = {"assets": ["WETH", "USDC"], "reserves": [5.0, 15_000.0]}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("of the pool", "whole units")

    @property
    def depth(self):
        return np.sqrt(self.reserves[0] * self.reserves[1])

    def _holdings(self, price):
        root = np.sqrt(price)
        return self.depth / root, self.depth * root

    def _gamma(self, price, holdings):
        return -holdings[0] / (2 * price)

    def _spot(self):
        return self.reserves[1] / self.reserves[0]


@frozen(kw_only=True)
class V3(hc.PairPool):
    """x·y = L² on [lower, upper)."""

    kind = "mutant-v3"
    example = {"assets": ["WETH", "USDC"], "lower": 2500.0, "upper": 3500.0, "price": 3100.0}

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    lower: float = fields.number("from", "quote per base")
    upper: float = fields.number("to", "quote per base")
    price: float = fields.number("own", "quote per base")

    def _holdings(self, price):
        root, low, high = np.sqrt(np.clip(price, self.lower, self.upper)), *self.roots
        return 100 * (high - root) / (high * root), 100 * (root - low)

    def _gamma(self, price, holdings):  # noqa: ARG002
        inside = (price >= self.lower) & (price < self.upper)
        return np.where(inside, -50 / price**1.5, 0.0)

    def _breakpoints(self):
        return self.lower, self.upper

    def _spot(self):
        return self.price

    @property
    def roots(self):
        return np.sqrt(self.lower), np.sqrt(self.upper)


@frozen(kw_only=True)
class Weighted(hc.BasketPool):
    """∏ xᵢ^wᵢ constant."""

    kind = "mutant-weighted"
    example = {
        "assets": ["WBTC", "WETH", "USDC"],
        "weights": [0.5, 0.3, 0.2],
        "balances": [1.0, 18.0, 40_000.0],
    }

    assets: tuple[str, ...] = fields.names("the quote last")
    weights: tuple[float, ...] = fields.numbers("of each", "fraction of the worth")
    balances: tuple[float, ...] = fields.numbers("of the pool", "whole units")

    def worth_at(self, prices):
        weights, balances = (np.array(row)[:, None] for row in (self.weights, self.balances))
        return np.prod((prices * balances / weights) ** weights, axis=0)

    def _holdings(self, prices):
        return np.array(self.weights)[:, None] * self.worth_at(prices) / prices

    def _gamma(self, prices, holdings):
        weights = np.array(self.weights)
        outer = weights - np.eye(len(weights))
        return holdings[:, None] * outer[..., None] / prices

    def _spot(self):
        depth = np.array(self.weights) / np.array(self.balances)
        return depth[:-1] / depth[-1]

    def _current_holdings(self):
        return self.balances


@frozen(kw_only=True)
class Curve(hc.InvariantPool):
    """Any invariant, as a field."""

    kind = "curve"
    assets: tuple[str, ...] = field(converter=tuple)
    reserves: tuple[float, ...] = field(converter=tuple)
    phi: object

    def invariant(self, x):
        return self.phi(x)


@frozen(kw_only=True)
class Solidly(hc.InvariantPool):
    """The whole of a plugin, as the house shows it."""

    kind = "solidly-stable"
    assets: tuple[str, str] = field(converter=tuple)
    reserves: tuple[float, float] = field(converter=tuple)

    def invariant(self, x):
        a, b = x
        return a**3 * b + a * b**3


def curve(phi, *reserves):
    return Curve(assets="ABCDEFGH"[: len(reserves)], reserves=reserves, phi=phi)


def solidly(*reserves):
    return Solidly(assets=("A", "B"), reserves=reserves)


def normwise(gamma, expected):
    """Return |error| / √(Γᵢᵢ Γⱼⱼ), the largest: on the diagonal it is relative."""
    scale = np.sqrt(np.abs(np.diagonal(expected, axis1=-2, axis2=-1)))
    return np.max(np.abs(gamma - expected) / (scale[..., None] * scale[..., None, :]))
