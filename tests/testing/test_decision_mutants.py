"""The laws of solvers, policies and costs hold for what is shipped; mutants of the latter two."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.interfaces.policy import NoTradeBand
from hedgecore.testing import (
    policies,
)
from hedgecore.testing.laws import COSTS, POLICIES, VALUES
from mutants import broken_by, mutant_into

REGISTRY = hc.default_registry()
Fee, HalfSpread, Band, Every = (REGISTRY[k] for k in ("fee", "half-spread", "band", "every"))
HOOKS = ("hedgecore_solvers", "hedgecore_policies", "hedgecore_costs")
MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


def shipped():
    kinds = [kind for hook in HOOKS for kind in REGISTRY.kinds(hook) if kind != "strip"]
    return [REGISTRY[kind](**REGISTRY[kind].example) for kind in kinds] + [hc.LeastSquares()]


@pytest.mark.parametrize("model", shipped(), ids=lambda model: model.kind)
def test_what_is_shipped_breaks_no_law(model):
    assert broken_by(model) == {}


CALLS: list[int] = []


@mutant("fraction_between_0_and_1")
class TwiceTheWay(Every):
    def fraction(self, now):
        return 2.0 * super().fraction(now)


@mutant("fraction_between_0_and_1")
class OfAllAssets(Every):
    def fraction(self, now):
        return super().fraction(now)[..., 0]


@mutant("fraction_between_0_and_1")
class MoreThanAllAtTheStart(Every):
    def initial_fraction(self):
        return 1.5


@mutant("one_formula")
class LooksAtAllPaths(Every):
    def fraction(self, now):
        return np.full(now.delta.shape, float(np.abs(now.delta).max() > 1.0))


@mutant("no_memory")
class Counts(Every):
    def fraction(self, now):
        CALLS.append(1)
        return np.full(now.delta.shape, float(len(CALLS) % 2))


@mutant("no_memory")
class WritesIntoDeltas(Every):
    def fraction(self, now):
        found = super().fraction(now)
        now.delta.flags.writeable = True
        now.delta[...] = 0.0
        return found


@mutant("policy_knows_no_units")
class ComparesUnitsWithCash(Every):
    def fraction(self, now):
        return (np.abs(now.delta) > now.price).astype(float)


@mutant("policy_knows_no_units")
class WidestOfAll(Band):
    example: ClassVar[dict[str, Any]] = {"half_width": 800.0, "of": "cash"}

    def width(self, now):
        return np.max(self.half_width / now.price, axis=-1, keepdims=True)


@mutant("policy_knows_no_units")
class AddsUpAssets(Band):
    def width(self, now):
        return np.sqrt(800.0 * np.abs(now.gamma.sum(axis=-1)))


@mutant("fraction_between_0_and_1")
class UnknownWidth(Band):
    def width(self, now):
        return np.full_like(now.price, np.nan)


@mutant("band_is_the_fraction")
class HalfOfItsWidth(Band):
    def no_trade_band(self, now):
        return NoTradeBand(0.5 * self.width(now), self.to)


@mutant("band_is_the_fraction")
class BandOfTheLastPrice(Band):
    def width(self, now):
        return 0.01 * now.last_price


@mutant("width_knows_no_clock")
class WidensWithTime(Band):
    def width(self, now):
        return super().width(now) * (1.0 + now.time[..., None])


@mutant("width_knows_no_clock")
class WideOnTheFirstStep(Band):
    def width(self, now):
        return super().width(now) * np.where(now.step[..., None] < 2, 2.0, 1.0)


@mutant("prices_stay")
class MovesPrices(Every):
    def pricing_market(self, market):
        return evolve(market, prices={name: 1.01 * p for name, p in market.prices.items()})


@mutant("cost_nonnegative")
class PaysForSelling(HalfSpread):
    def cost(self, trades):
        return self.fraction * trades.contracts * trades.notional


@mutant("no_trade_is_free")
class AlwaysGas(HalfSpread):
    def cost(self, trades):
        return super().cost(trades) + 1.0


@mutant("even_in_sign")
class LeastForSales(HalfSpread):
    def cost(self, trades):
        bought = self.fraction * trades.contracts * trades.notional
        return np.where(trades.cash > 0, np.maximum(2.0, bought), 0.0)


@mutant("even_in_sign")
class DearerToSell(HalfSpread):
    def cost(self, trades):
        return super().cost(trades) * np.where(trades.contracts < 0, 1.1, 1.0)


@mutant("rate_is_of_small_trades")
class SaysHalf(HalfSpread):
    def proportional_rate(self, trades):
        return 0.5 * super().proportional_rate(trades)


@mutant("orders_are_alone")
class SharesAllOrders(HalfSpread):
    def cost(self, trades):
        return np.broadcast_to(super().cost(trades).mean(axis=0), trades.contracts.shape)


@mutant("cost_knows_no_contract_size")
class PerContract(HalfSpread):
    def cost(self, trades):
        return self.fraction * np.abs(trades.contracts)


@mutant("unknown_is_refused")
class TakesUnknownForNothing(Fee):
    rate_of_all: float | None = None

    def cost(self, trades):
        return np.abs(trades.contracts) * np.nan_to_num(trades.charge)


LAWS = {check.__name__: check for check in (*POLICIES, *COSTS)}


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    with pytest.raises(AssertionError) as caught:
        LAWS[law](cls(**cls.example))
    assert caught.value.law == law


def test_each_law_has_a_mutant():
    own = {check.__name__ for check in (*POLICIES, *COSTS) if check not in VALUES}
    assert {each.values[1] for each in MUTANTS} == own


def test_bands_in_units_and_in_cash_are_both_right():
    for of in ("units", "cash", "worth"):
        policies.policy_knows_no_units(Band(half_width=3.0, of=of))
