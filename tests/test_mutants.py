"""Each law of a pool's numbers catches the mistake that it is there for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.testing import checks, pool_checks, verdicts


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

    def _breaks(self):
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

    def _held(self):
        return self.balances


BASES = (V2, V3, Weighted)
MUTANTS: list[Any] = []


def mutant(law):
    """Put a class into the table, with the law that has to catch it."""

    def into(cls):
        if "__attrs_attrs__" not in vars(cls):
            cls = frozen(kw_only=True)(cls)
        MUTANTS.append(pytest.param(cls, law, id=f"{cls.__name__}-{law}"))
        return cls

    return into


def made(cls):
    return cls(**cls.example)


@mutant("delta_is_d_value")
class DeltaOffByATenThousandth(V2):
    def _holdings(self, price):
        base, quote = super()._holdings(price)
        return base * 1.0001, quote - price * base * 0.0001


@mutant("delta_is_d_value")
class DeltaOffInTheRange(V3):
    def _holdings(self, price):
        base, quote = super()._holdings(price)
        return base * 1.0001, quote - price * base * 0.0001


@mutant("delta_is_d_value")
class DeltaOfOneAssetOff(Weighted):
    def _holdings(self, prices):
        held = super()._holdings(prices)
        return np.stack(
            [held[0] * 1.0001, held[1] - 0.0001 * held[0] * prices[0] / prices[1], held[2]]
        )


@mutant("gamma_nonpositive")
class GammaOfTheWrongSign(V2):
    def _gamma(self, price, holdings):
        return -super()._gamma(price, holdings)


@mutant("gamma_is_d_delta")
class HalfGamma(V3):
    def _gamma(self, price, holdings):
        return super()._gamma(price, holdings) / 2


@mutant("gamma_is_d_delta")
class GammaOffByATenThousandth(Weighted):
    def _gamma(self, prices, holdings):
        return super()._gamma(prices, holdings) * 1.0001


@mutant("gamma_is_d_delta")
class GammaPerPercent(V2):
    def _gamma(self, price, holdings):
        return super()._gamma(price, holdings) * price**2 / 100


@mutant("euler")
class HoldValueInPlaceOfV(V2):
    def _value(self, price):
        base, quote = self.reserves
        return base * price + quote


@mutant("delta_is_d_value")
class HoldValueAgain(V3):
    def _value(self, price):
        base, quote = self._holdings(np.full_like(price, self.price))
        return base * price + quote


@mutant("delta_is_d_value")
class InvertedPrice(V2):
    def _holdings(self, price):
        return super()._holdings(1 / price)


@mutant("gamma_symmetric")
class GammaNotSymmetric(Weighted):
    def _gamma(self, prices, holdings):
        return np.swapaxes(holdings[:, None] / prices, 0, 1) * super()._gamma(prices, holdings)


@mutant("gamma_annihilates_prices")
class GammaOfTheDiagonalAlone(Weighted):
    def _gamma(self, prices, holdings):
        return super()._gamma(prices, holdings) * np.eye(len(prices))[..., None]


@mutant("holdings_nonnegative")
class SoldShort(V2):
    def _holdings(self, price):
        base, quote = super()._holdings(price)
        return base - 1.0, quote


@mutant("holdings_nonnegative")
class SomeSoldShort(Weighted):
    def _holdings(self, prices):
        held = super()._holdings(prices)
        return held - np.array([0.0, 5.0, 0.0])[:, None]


@mutant("finite")
class NaNAtExtremes(V2):
    def _holdings(self, price):
        return super()._holdings(np.where(price > 1e12, np.nan, price))


@mutant("finite")
class InfinityAtALoneBreak(V3):
    def _gamma(self, price, holdings):
        return np.where(price == self.price, -np.inf, super()._gamma(price, holdings))


@mutant("gamma_is_d_delta")
class GammaOnTheWrongSideOfABreak(V3):
    def _gamma(self, price, holdings):  # noqa: ARG002
        return np.where(price < self.upper * 1.001, -50 / price**1.5, 0.0)


@pytest.mark.parametrize("cls", BASES)
def test_the_right_formula_breaks_no_law(cls):
    assert [str(each) for each in verdicts(made(cls)).values() if each] == []


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    broken = {name: error for name, error in verdicts(made(cls)).items() if error}
    assert law in broken
    assert broken[law].law == law


def test_each_law_of_numbers_has_a_mutant():
    laws = {name for name, it in vars(checks).items() if it in pool_checks()}
    assert {each.values[1] for each in MUTANTS} == laws
