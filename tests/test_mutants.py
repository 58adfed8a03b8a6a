"""Each law catches the mistake that it is there for, and none cries wolf at the right formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import define, field, frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.errors import PriceError
from hedgecore.testing import checks_of, pool_checks, verdicts
from hedgecore.testing.objects import documented, registered


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
        return np.stack([held[0] * 1.0001, held[1] - 0.0001 * held[0] * prices[0] / prices[1], held[2]])


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


@mutant("holdings_at_spot_are_reserves")
class InvertedSpot(V2):
    def _spot(self):
        return self.reserves[0] / self.reserves[1]


@mutant("holdings_at_spot_are_reserves")
class SpotWithoutWeights(Weighted):
    def _spot(self):
        return [self.balances[-1] / each for each in self.balances[:-1]]


@mutant("holdings_at_spot_are_reserves")
class StateOffTheCurve(V3):
    def _held(self):
        base, quote = self._holdings(np.array([self.price]))
        return base[0] * 1.0001, quote[0]


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
    def _gamma(self, price, holdings):
        return np.where(price < self.upper * 1.001, -50 / price**1.5, 0.0)


@mutant("answers")
class RefusesAll(V2):
    def _holdings(self, price):
        raise PriceError(f"not at {price}")


@mutant("answers")
class RefusesItsOwnPrice(V3):
    def _holdings(self, price):
        if np.any(np.abs(price / self.price - 1) < 1e-6):
            raise PriceError("not here")
        return super()._holdings(price)


@mutant("bad_prices_rejected")
class TakesBadPrices(V2):
    def _rows(self, price):
        given = np.nan_to_num(np.abs(np.asarray(price, dtype=float))) + 1e-30
        return super()._rows(given)


@mutant("contract_kept")
class OverridesThePublicMethod(V2):
    def value(self, price):
        return 2 * self.depth * np.sqrt(price)


@mutant("frozen")
@define(kw_only=True, unsafe_hash=True)
class Unfrozen(hc.PairPool):
    kind = "mutant-unfrozen"
    example = V2.example
    assets: tuple[str, str] = field(converter=tuple)
    reserves: tuple[float, float] = field(converter=tuple)
    depth, _holdings, _spot = V2.depth, V2._holdings, V2._spot


@mutant("hashable")
@frozen(kw_only=True)
class Unhashable(V2):
    reserves: list[float] = field(converter=list)


@mutant("hashable")
class ItsTwinIsAnother(V2):
    def __eq__(self, other):
        return self is other

    __hash__ = object.__hash__


@mutant("picklable")
@frozen(kw_only=True)
class NotToBePickled(V2):
    def __reduce__(self):
        raise TypeError("no")


@mutant("spec_round_trip")
@frozen(kw_only=True)
class LosesInItsTable(V2):
    seen: list[int] = field(factory=list, init=False, eq=True, hash=False)

    def __attrs_post_init__(self):
        self.seen.append(len(COUNTER))
        COUNTER.append(1)


COUNTER: list[int] = []


@mutant("spec_round_trip")
@frozen(kw_only=True)
class DoublesInItsTable(V2):
    reserves: tuple[float, float] = field(converter=lambda given: tuple(2 * x for x in given))


@mutant("registered")
class Unregistered(V2):
    pass


@mutant("documented")
class Undocumented(V2):
    __doc__ = ""


@mutant("documented")
@frozen(kw_only=True)
class FieldsWithoutUnits(V2):
    """Its depth says nothing."""

    extra: float = field(default=1.0)


# Formulas that stand in public code and are wrong (hedging.md, 5).


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


@pytest.mark.parametrize("cls", BASES)
def test_the_right_formula_breaks_no_law(cls):
    assert [str(each) for each in verdicts(made(cls)).values() if each] == []


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    model = made(cls)
    found = verdicts(model)
    for check in (registered, documented):
        if check.__name__ == law:
            found[law] = caught(check, model)
    assert found[law] is not None
    assert found[law].law == law


def caught(check, model):
    try:
        check(model)
    except AssertionError as error:
        return error
    return None


def test_each_law_of_pools_has_a_mutant():
    aimed = {each.values[1] for each in MUTANTS}
    assert aimed == {check.__name__ for check in pool_checks(installed=True)}
