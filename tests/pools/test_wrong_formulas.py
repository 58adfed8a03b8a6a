"""Wrong formulas that stand in public code, as pool models: each is caught.

They are those of hedging.md, section 5, that a pool model can make.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import hedgecore as hc
from curves import V2, V3
from hedgecore.errors import PriceError
from mutants import broken_by, made, mutant_into

MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


@mutant("holdings_nonnegative")
class LossTimesConcentration(V3, hc.PayoffPool):
    """The v2 loss times a factor: −3491 % where −16.68 % is exact, and negative values."""

    def _holdings(self, price):
        return hc.PayoffPool._holdings(self, price)

    def _value(self, price):
        ratio, held = price / self.price, V3._holdings(self, np.array([self.price]))
        loss = 2 * np.sqrt(ratio) / (1 + ratio) - 1
        factor = 1 / (1 - (self.lower / self.upper) ** 0.25)
        return (held[0] * price + held[1]) * (1 + factor * loss)

    _gamma = hc.PayoffPool._gamma


@mutant("refusals_are_unreachable")
class CalledUnreachable(V2):
    """A stable curve that refuses prices past 5 %, though it still holds both coins there."""

    def _holdings(self, price):
        if np.any(np.abs(np.log(price * self.reserves[0] / self.reserves[1])) > 0.05):
            raise PriceError("this price is unreachable")
        return super()._holdings(price)


@mutant("gamma_is_d_delta")
class GammaTimesWhereDivided(V3):
    """Γ = −L/(2p^1.5), which that code has from the range's worth, times (r − 1) for divided."""

    def _gamma(self, price, holdings):
        return super()._gamma(price, holdings) * (np.sqrt(self.upper / self.lower) - 1) ** 2


@mutant("delta_is_d_value")
class DeltaLessTheOtherToken(V2):
    """token0 − token1/price: zero, for a balanced position."""

    def _holdings(self, price):
        base, quote = super()._holdings(price)
        return base - quote / price, 2 * quote


@mutant("delta_is_d_value")
class HedgeRatioShort(V3):
    """A hedge 6.8 % short of the delta."""

    def _holdings(self, price):
        base, quote = super()._holdings(price)
        return 0.932 * base, quote + 0.068 * price * base


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    broken = broken_by(made(cls))
    assert law in broken
    assert broken[law].law == law
