"""The kit as an author meets it: run, reported, excused, with pytest and without."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from attrs import field, frozen

import hedgecore as hc
from hedgecore import fields
from hedgecore.errors import ConvergenceError, PriceError, SpecError
from hedgecore.testing import (
    LawBroken,
    check_instrument,
    check_pool_model,
    checks_of,
    instrument_checks,
    parametrize_with_checks,
    pool_checks,
    verdicts,
)
from hedgecore.testing.checks import delta_is_d_value, gamma_is_d_delta


@frozen(kw_only=True)
class Range(hc.PairPool):
    """A v3 range; its delta is `off` by so much of itself."""

    kind = "kit-range"
    assets: tuple[str, str] = field(default=("WETH", "USDC"), converter=tuple)
    lower: float = 2500.0
    upper: float = 3500.0
    off: float = 0.0

    def _holdings(self, price):
        at = np.clip(price, self.lower, self.upper)
        base = (self.upper - at) / np.sqrt(at * self.upper) / (np.sqrt(at) + np.sqrt(self.upper))
        quote = (at - self.lower) / (np.sqrt(at) + np.sqrt(self.lower))
        return base * (1 + self.off), quote - price * base * self.off

    def _gamma(self, price, holdings):  # noqa: ARG002
        inside = (price >= self.lower) & (price < self.upper)
        return np.where(inside, -0.5 / price**1.5, 0.0)

    def _breakpoints(self):
        return self.lower, self.upper


@frozen(kw_only=True)
class Solidly(hc.PairPool):
    """x³y + xy³ = k, as README has it; its gamma is −∞ at 1, where jets have no number."""

    kind = "kit-solidly"
    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("of the pool", "whole units")
    breaks_known: bool = True
    off: float = 0.0

    def _holdings(self, price):
        x, y = self.reserves
        r = np.cbrt((price - 1) / (price + 1))
        c = ((x**3 * y + x * y**3) / (2 - 2 * r**4)) ** 0.25
        base = c * (1 - r)
        return base * (1 + self.off), c * (1 + r) - price * base * self.off

    def _gamma(self, price, holdings):
        return np.where(price == 1, -np.inf, super()._gamma(price, holdings))

    def _breakpoints(self):
        return (1.0,) if self.breaks_known else ()


@frozen(kw_only=True)
class Peg(hc.PairPool):
    """Swaps one for the other within a relative `width` of 1: x = ½ − atan((p − 1)/w)/π."""

    kind = "kit-peg"
    assets: tuple[str, str] = field(default=("USDT", "USDC"), converter=tuple)
    width: float = 1e-6
    off: float = 0.0

    def _holdings(self, price):
        z = (price - 1) / self.width
        base = np.arctan2(1, z) / np.pi
        quote = np.arctan2(1, -z) / np.pi + self.width * np.log1p(z**2) / (2 * np.pi) + 0.1
        return base * (1 + self.off), quote - price * base * self.off

    def _gamma(self, price, holdings):  # noqa: ARG002
        z = (price - 1) / self.width
        return -(1 + self.off) / (np.pi * self.width * (1 + z**2))

    def _spot(self):
        return 1.0


STEEP = [
    *(Range(upper=2500.0 * (1 + width)) for width in (1.0, 1e-4, 1e-6, 1e-7)),
    *(Solidly(assets=("USDT", "USDC"), reserves=held) for held in ((6e5, 4e5), (1.0, 1.0))),
    *(Peg(width=width) for width in (1e-2, 1e-4, 1e-6)),
]


@pytest.mark.parametrize("model", STEEP, ids=repr)
def test_the_judge_does_not_reject_what_is_steep(model):
    delta_is_d_value(model)
    gamma_is_d_delta(model)


@pytest.mark.parametrize("kind", [Range, Peg])
@pytest.mark.parametrize("off", [1e-4, -1e-4, 1e-5])
def test_the_judge_finds_a_delta_off_by_a_ten_thousandth(kind, off):
    with pytest.raises(LawBroken, match="d value"):
        delta_is_d_value(kind(off=off))


def test_it_finds_one_on_a_curve_with_a_vertical_tangent():
    model = Solidly(assets=("USDT", "USDC"), reserves=(6e5, 4e5), off=1e-4)
    with pytest.raises(LawBroken, match="d value"):
        delta_is_d_value(model)


@pytest.mark.parametrize("balances", [[1e6, 1e6], [9e5, 1.1e6], [1e6, 2e6]])
def test_stableswap_at_the_peg_with_an_amplification_of_a_million_is_judged(balances):
    if "curve-stableswap" not in hc.default_registry():
        pytest.skip("curve-stableswap is not installed")
    pool = hc.build(
        {
            "kind": "curve-stableswap",
            "assets": ["USDT", "USDC"],
            "amplification": 1e6,
            "balances": balances,
        }
    )
    check_pool_model(pool)
    check_pool_model(pool, [1.0, 1 - 1e-6, 1 + 1e-6, 1 - 1e-7, 1.0001])


def test_a_singular_gamma_must_be_among_the_breaks():
    check_pool_model(Solidly(assets=("USDT", "USDC"), reserves=(6e5, 4e5)))
    model = Solidly(assets=("USDT", "USDC"), reserves=(6e5, 4e5), breaks_known=False)
    assert verdicts(model)["finite"].price == 1.0


def test_all_laws_that_are_broken_come_in_one_group():
    with pytest.raises(ExceptionGroup, match=r"breaks 2 laws: delta_is_d_value, .*") as caught:
        check_pool_model(Range(off=0.01), [2600.0, 2900.0, 3100.0])
    first = caught.value.exceptions[0]
    assert isinstance(first, LawBroken)
    assert isinstance(first, AssertionError)
    assert (first.law, first.price) == ("delta_is_d_value", 2600.0)
    assert first.got == pytest.approx(1.01 * first.expected, rel=1e-6)
    assert "at price 2600.0" in str(first)


def test_what_a_model_raises_is_the_cause_of_what_is_broken():
    @frozen
    class Broken(Range):
        def _breakpoints(self):
            raise KeyError("tick")

    with pytest.raises(LawBroken, match="KeyError: 'tick'") as caught:
        delta_is_d_value(Broken())
    assert isinstance(caught.value.__cause__, KeyError)


def test_refusing_prices_outside_of_a_domain_is_legal():
    @frozen
    class Sold(Range):
        def _holdings(self, price):
            if np.any(price > self.upper):
                raise PriceError("all is sold")
            if np.any(price < 1.0):
                raise ConvergenceError("too far")
            return super()._holdings(price)

    found = verdicts(Sold())
    assert {name for name, error in found.items() if error} == {"picklable"}  # a local class


def test_a_failure_may_be_expected_by_name_or_function():
    by_name = {"delta_is_d_value": "known", "gamma_is_d_delta": "so is this"}
    at = [2600.0, 2900.0, 3100.0]
    check_pool_model(Range(off=0.01), at, expected_failures=by_name)
    by_function = {delta_is_d_value: "known", gamma_is_d_delta: "so is this"}
    check_pool_model(Range(off=0.01), at, expected_failures=by_function)


def test_an_expected_failure_that_does_not_happen_is_one():
    with pytest.raises(ExceptionGroup) as caught:
        check_pool_model(Range(), expected_failures={"euler": "once upon a time"})
    (only,) = caught.value.exceptions
    assert only.law == "euler"
    assert "expected to fail (once upon a time) and holds" in str(only)


def test_a_check_that_there_is_not_is_named():
    with pytest.raises(SpecError, match="no check 'eulers'; did you mean 'euler'"):
        check_pool_model(Range(), expected_failures={"eulers": "typo"})


def test_parametrize_gives_each_model_each_of_its_laws():
    mark = parametrize_with_checks([Range(), hc.Balance("WETH")][:1]).args
    assert mark[0] == ("model", "check")
    assert [case.id for case in mark[1]] == [f"kit-range-{c.__name__}" for c in pool_checks()]


@parametrize_with_checks(
    [Range(off=0.01), Range(off=0.02)],
    expected_failures={
        "delta_is_d_value": "off by a hundredth",
        gamma_is_d_delta: "likewise",
        "holdings_nonnegative": "likewise",
    },
)
def test_contract(model, check):
    check(model)


def test_instruments_are_checked_in_a_market_of_ones_own_too():
    if "perp" not in hc.default_registry():
        pytest.skip("perp is not installed")
    perp = hc.build({"kind": "perp", "name": "X", "underlying": "WETH", "entry_price": 2900.0})
    check_instrument(perp)
    market = hc.Market(prices={"WETH": 3000.0, "USD": 1.0}, numeraire="USD")
    check_instrument(perp, market)
    assert checks_of(perp) == instrument_checks(installed=True)


def test_each_check_says_its_law_and_its_source():
    for check in {*pool_checks(installed=True), *instrument_checks(installed=True)}:
        first, *rest = check.__doc__.splitlines()
        assert first.endswith((".", "?", ":", "."))
        assert "Source: " in "\n".join(rest), check.__name__


def test_importing_hedgecore_imports_no_kit_and_the_kit_no_pytest():
    code = (
        "import sys, hedgecore; assert 'hedgecore.testing' not in sys.modules; "
        "import hedgecore.testing; assert 'pytest' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
