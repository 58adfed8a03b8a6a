"""Each law of a pool's numbers catches the mistake that it is there for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from curves import V2, V3, Weighted
from hedgecore import PayoffPool
from hedgecore.testing import checks, pool_checks, verdicts
from mutants import broken_by, made, mutant_into

BASES = (V2, V3, Weighted)
MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


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
class HoldValueInPlaceOfV(V2, PayoffPool):
    def _value(self, price):
        base, quote = self.reserves
        return base * price + quote


@mutant("delta_is_d_value")
class HoldValueAgain(V3, PayoffPool):
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
    broken = broken_by(made(cls))
    assert law in broken
    assert broken[law].law == law


def test_each_law_of_numbers_has_a_mutant():
    laws = {name for name, it in vars(checks).items() if it in pool_checks()}
    assert {each.values[1] for each in MUTANTS} == laws
