"""The laws of calling a pool catch their mistakes: shapes, batches, units, refusals, the state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import hedgecore as hc
from curves import V2, Weighted
from hedgecore.errors import PriceError
from hedgecore.testing import agreement, calls, pool_checks
from mutants import broken_by, made, mutant_into

MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


class Scalars(V2):
    """Right on floats and on arrays."""

    accepts_floats = True

    def _gamma(self, price, holdings):
        return -holdings[0] / (2 * price)


def positive(price):
    return np.nan_to_num(np.abs(np.asarray(price, dtype=float))) + 1e-30


@mutant("batch_equals_pointwise")
class ScalarsWithAnotherShare(Scalars):
    def _holdings(self, price):
        base, quote = super()._holdings(price)
        one = isinstance(price, float)
        return (float(base) * 1.0001, float(quote)) if one else (base, quote)


@mutant("answers_agree")
class AggregateThatForgetsTheShort(V2):
    @classmethod
    def aggregate(cls, columns, amounts):
        rows = zip(*columns.values(), strict=True)
        models = [cls(**dict(zip(columns, row, strict=True))) for row in rows]
        return hc.Portfolio(
            (f"{i}", m, abs(k)) for i, (m, k) in enumerate(zip(models, amounts, strict=True))
        )


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
    def _current_holdings(self):
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
        return hc.in_numeraire(
            self.assets, tuple(np.moveaxis(greeks.holdings, -1, 0)), gamma, market
        )


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
    def value(self, price):
        return super().value(positive(price))

    def delta(self, price):
        return super().delta(positive(price))

    def gamma(self, price):
        return super().gamma(positive(price))

    def greeks(self, price):
        return super().greeks(positive(price))


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
@pytest.mark.sample(11)
def test_the_law_catches_its_mutant(cls, law):
    broken = broken_by(made(cls))
    assert law in broken
    assert broken[law].law == law


def test_each_law_of_calls_and_agreement_has_a_mutant():
    both = {**vars(calls), **vars(agreement)}
    laws = {name for name, it in both.items() if it in pool_checks()}
    assert {each.values[1] for each in MUTANTS} >= laws
