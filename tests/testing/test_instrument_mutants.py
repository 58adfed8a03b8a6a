"""Each law of instruments catches the mistake that it is there for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.testing import instrument_checks, instruments, verdicts
from mutants import broken_by, mutant_into
from powered import Powered

MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


def changed(exposure, **numbers):
    return evolve(exposure, **{name: by(getattr(exposure, name)) for name, by in numbers.items()})


@mutant("terms_sensible")
class HedgesAnother(Powered):
    @property
    def hedges(self):
        return ("WBTC",)


@mutant("terms_sensible")
class HedgesNothing(Powered):
    @property
    def hedges(self):
        return ()


@mutant("terms_sensible")
class SizeOfZero(Powered):
    contract_size: float = 0.0


@mutant("terms_sensible")
class FeeInPercent(Powered):
    fee: float = 5.0


@mutant("exposure_finite")
class NaNFarAway(Powered):
    def exposure(self, market):
        far = np.where(market.price(self.underlying) > 2200, np.nan, 1.0)
        return changed(super().exposure(market), value=lambda value: value * far)


@mutant("worth_is_value")
class WorthWithoutEntry(Powered):
    def worth(self, market):
        _, unit, mark, _ = self.terms(market)
        return unit * mark


@mutant("entering_keeps_risk")
class EnteredUpsideDown(Powered):
    def enter(self, market):
        return evolve(super().enter(market), contract_size=2.0)

    def exposure(self, market):
        return self.contract_size * super().exposure(market)

    def worth(self, market):
        return self.exposure(market).value


@mutant("entering_keeps_risk")
class EnteredEachTime(Powered):
    def enter(self, market):
        return evolve(self, entry=float(self.terms(market)[2]))


@mutant("delta_is_d_worth")
class DeltaOffByATenThousandth(Powered):
    def exposure(self, market):
        return changed(super().exposure(market), delta=lambda delta: delta * 1.0001)


@mutant("delta_is_d_worth")
class CoinLeftOut(Powered):
    def exposure(self, market):
        whole = super().exposure(market)
        delta = {self.underlying: whole.delta[..., 0]}
        return hc.Exposure.of(market, whole.value, delta)


@mutant("delta_is_d_worth")
class ShortForLong(Powered):
    def exposure(self, market):
        return changed(super().exposure(market), delta=np.negative)


@mutant("exposure_gamma_is_d_delta")
class HalfGamma(Powered):
    def exposure(self, market):
        return changed(super().exposure(market), gamma=lambda gamma: gamma / 2)


@mutant("exposure_gamma_symmetric")
class GammaNotSymmetric(Powered):
    def exposure(self, market):
        return changed(super().exposure(market), gamma=np.tril)


@mutant("arrays_equal_pointwise")
class BatchLeak(Powered):
    def exposure(self, market):
        spot = market.price(self.underlying)
        return (1.0 + 1e-6 * (spot - spot.mean())) * super().exposure(market)


@mutant("arrays_equal_pointwise")
class ScalarOnly(Powered):
    def exposure(self, market):
        return super().exposure(market) if market.price(self.underlying) > 0 else None


@mutant("linear")
class PricesOfAnotherMarket(Powered):
    def exposure(self, market):
        made = super().exposure(market)
        MADE.append(1)
        return evolve(made, prices=made.prices * len(MADE))


MADE: list[int] = []


@mutant("market_untouched")
class ItsNumbersChange(Powered):
    def exposure(self, market):
        made = super().exposure(market)
        for old in KEPT:
            old.delta[...] += 1.0
        KEPT[:] = [made]
        return made


KEPT: list[Any] = []


def test_the_right_formula_breaks_no_law():
    for instrument in (Powered(), Powered(entry=3.0)):
        assert [str(each) for each in verdicts(instrument).values() if each] == []


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
@pytest.mark.sample(9)
def test_the_law_catches_its_mutant(cls, law):
    broken = broken_by(cls())
    assert law in broken
    assert broken[law].law == law


def test_each_law_of_instruments_has_a_mutant():
    laws = {name for name, it in vars(instruments).items() if it in instrument_checks()}
    assert {each.values[1] for each in MUTANTS} == laws
