"""The laws of calling a pool catch their mistakes: shapes, batches, units, refusals, the state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.errors import PriceError
from hedgecore.testing import agreement, calls, pool_checks, verdicts


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


@mutant("holdings_at_spot_are_reserves")
class InvertedSpot(V2):
    def _spot(self):
        return self.reserves[0] / self.reserves[1]


@mutant("holdings_at_spot_are_reserves")
class SpotWithoutWeights(Weighted):
    def _spot(self):
        return [self.balances[-1] / each for each in self.balances[:-1]]


@mutant("holdings_at_spot_are_reserves")
class StateOffTheCurve(V2):
    def _held(self):
        base, quote = self.reserves
        return base * 1.0001, quote


@mutant("batch_equals_pointwise")
class ScalarOnly(V2):
    def _holdings(self, price):
        return super()._holdings(price) if price > 0 else (0.0, 0.0)


@mutant("shapes")
class NotForEmptyArrays(V2):
    def _holdings(self, price):
        return super()._holdings(price * (price.max() > 0))


@mutant("batch_equals_pointwise")
class BatchLeak(V2):
    def _holdings(self, price):
        return super()._holdings(np.maximum(price, price.max(initial=0.0) * 1e-6))


@mutant("batch_equals_pointwise")
class OrderLeak(Weighted):
    def _holdings(self, prices):
        return super()._holdings(np.maximum.accumulate(prices, axis=1))


@mutant("inputs_untouched")
class WritesIntoPrices(V2):
    def _holdings(self, price):
        price *= 1.0
        return super()._holdings(price)


@mutant("inputs_untouched")
class WritesByStealth(V2):
    def _holdings(self, price):
        price.flags.writeable = True
        held = super()._holdings(price)
        price *= 1.01
        return held


@mutant("answers_agree")
class GammaWritesIntoHoldings(V2):
    def _gamma(self, price, holdings):
        gamma = -holdings[0] / (2 * price)
        holdings *= 1.01
        return gamma


@mutant("homogeneous")
class WrongHomogeneity(Weighted):
    def _holdings(self, prices):
        return super()._holdings(prices) * prices[-1] ** 0.1


@mutant("homogeneous")
class PricesUsedAsIfDivided(Weighted):
    def _holdings(self, prices):
        in_quote = np.stack([prices[0], prices[1], np.ones_like(prices[2])])
        return super()._holdings(in_quote)


@mutant("numeraire_does_not_matter")
class PriceNotDivided(V2):
    def _exposure(self, market):
        greeks = self.greeks(market.price(self.assets[0]))
        gamma = np.asarray(greeks.gamma)[None, None]
        return hc.lift(self.assets, tuple(np.moveaxis(greeks.holdings, -1, 0)), gamma, market)


@mutant("numeraire_does_not_matter")
class WorthInTheQuote(V2):
    def _worth(self, market):
        return super()._worth(market) / market.price(self.assets[1])


@mutant("answers_agree")
class WorthOfAnotherShare(Weighted):
    def _worth(self, market):
        return super()._worth(market) * 1.001


@mutant("refusals_are_unreachable")
class RefusesACrash(Weighted):
    def _holdings(self, prices):
        if np.any(prices[0] < 0.1 * prices[1]):
            raise PriceError("never")
        return super()._holdings(prices)


@mutant("answers")
class RefusesAll(V2):
    def _holdings(self, price):
        raise PriceError(f"not at {price}")


@mutant("answers")
class RefusesItsOwnPrice(V2):
    def _holdings(self, price):
        if np.any(np.abs(price / self._spot() - 1) < 1e-6):
            raise PriceError("not here")
        return super()._holdings(price)


@mutant("bad_prices_rejected")
class TakesBadPrices(V2):
    def _rows(self, price):
        given = np.nan_to_num(np.abs(np.asarray(price, dtype=float))) + 1e-30
        return super()._rows(given)


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    broken = {name: error for name, error in verdicts(made(cls)).items() if error}
    assert law in broken
    assert broken[law].law == law


def test_each_law_of_calls_and_agreement_has_a_mutant():
    both = {**vars(calls), **vars(agreement)}
    laws = {name for name, it in both.items() if it in pool_checks()}
    assert {each.values[1] for each in MUTANTS} >= laws
