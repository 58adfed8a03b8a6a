"""Wrong formulas that stand in public code, as pool models: each is caught.

They are those of hedging.md, section 5, that a pool model can make.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.errors import PriceError
from hedgecore.testing import verdicts


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


@mutant("holdings_nonnegative")
class LossTimesConcentration(V3):
    """The v2 loss times a factor: −3491 % where −16.68 % is exact, and negative values."""

    def _holdings(self, price):
        return hc.PairPool._holdings(self, price)

    def _value(self, price):
        ratio, held = price / self.price, V3._holdings(self, np.array([self.price]))
        loss = 2 * np.sqrt(ratio) / (1 + ratio) - 1
        factor = 1 / (1 - (self.lower / self.upper) ** 0.25)
        return (held[0] * price + held[1]) * (1 + factor * loss)

    _gamma = hc.PairPool._gamma


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
    broken = {name: error for name, error in verdicts(made(cls)).items() if error}
    assert law in broken
    assert broken[law].law == law
