"""The markets that an instrument is tried in are those in which it bends, wherever that is."""

from __future__ import annotations

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.testing import instruments
from hedgecore.testing.bends import course
from hedgecore.testing.law import LawBroken
from hedgecore.testing.markets import LEFT, setting
from powered import Powered

SHIPPED = pytest.mark.skipif("option" not in hc.default_registry(), reason="no options installed")


def built(kind, **fields):
    return hc.build({"kind": kind, "name": "X", "underlying": "WETH"} | fields)


@pytest.mark.parametrize("width", [0.3, 1e-2, 1e-4])
@pytest.mark.parametrize("strike", [1e-12, 1.0, 3e9])
def test_a_step_of_any_width_is_found_anywhere(strike, width):
    def gauge(points):
        moneyness = np.log(points[:, 0] / strike) / width
        delta = 0.5 * (1 + np.tanh(moneyness))
        return points[:, 0] * delta, delta[:, None]

    found = np.log(course(gauge, np.array([2000.0]), 0).spread(9) / strike) / width
    assert found.min() > -60
    assert found.max() < 10
    assert np.sum(np.abs(found) < 3) >= 3


def test_what_does_not_bend_has_no_such_prices():
    found = course(lambda points: (points[:, 0], np.ones_like(points)), np.array([1.0]), 0)
    assert found.spread(9).size == 0
    assert found.moves


def test_what_does_not_depend_on_a_price_does_not_move():
    found = course(lambda at: (np.ones(len(at)), np.zeros_like(at)), np.array([1.0]), 0)
    assert not found.moves


@SHIPPED
@pytest.mark.parametrize("strike", [1e-12, 0.03, 1e12])
@pytest.mark.parametrize("years", [2e-6, 0.1, 3.0])
@pytest.mark.parametrize("word", ["call", "put"])
@pytest.mark.sample(6)
def test_an_option_is_tried_about_its_strike(strike, years, word):
    option = built("option", strike=strike, expiry_years=years, vol=0.5, option_type=word)
    there = setting(option)
    price = there.points[:, there.assets.index("WETH")]
    away = np.abs(np.log(price / strike)) / (0.5 * np.sqrt(years))
    assert np.sum(away < 3) >= 5


@SHIPPED
@pytest.mark.parametrize("expiry", [0.5, 56.3, 2026.3])
def test_the_clock_stands_shortly_before_an_expiry(expiry):
    there = setting(built("option", strike=30.0, expiry=expiry, vol=0.5))
    assert there.base.time == pytest.approx(expiry - LEFT)


def test_prices_that_do_not_matter_are_left_out():
    assert setting(Powered()).assets == ("WETH", "USDC")


TABLES = [
    {"strike": strike, "expiry_years": years, "vol": vol, "option_type": word}
    for strike, years, vol in [(1e-9, 2e-6, 0.01), (2000.0, 0.25, 0.8), (1e11, 5.0, 2.0)]
    for word in ("call", "put")
]


def deltas(exposure):
    return {asset: exposure.delta[..., at] for at, asset in enumerate(exposure.assets)}


def gammas(exposure):
    pairs = np.ndindex(len(exposure.assets), len(exposure.assets))
    return {tuple(exposure.assets[i] for i in at): exposure.gamma[(..., *at)] for at in pairs}


def mistaken(kind, delta=1.0, gamma=1.0, value=0.0):
    """Return the class of a kind with wrong numbers: delta and gamma times, value plus delta's."""
    right = hc.default_registry()[kind]

    class Wrong(right):
        __slots__ = ()

        def exposure(self, market):
            found = super().exposure(market)
            held = {asset: units * delta for asset, units in deltas(found).items()}
            bent = {pair: units * gamma for pair, units in gammas(found).items()}
            worth = found.value + value * found.delta_cash.sum(axis=-1)
            return hc.Exposure.of(market, worth, held, bent, dict(found.other))

    return Wrong


MISTAKES = [
    ("delta_is_d_worth", {"delta": 1.0001}),
    ("delta_is_d_worth", {"delta": -1.0}),
    ("exposure_gamma_is_d_delta", {"gamma": 0.5}),
    ("exposure_gamma_is_d_delta", {"gamma": 1.0001}),
    ("exposure_gamma_is_d_delta", {"gamma": 0.0}),
    ("worth_is_value", {"value": 1e-6}),
]


@SHIPPED
@pytest.mark.parametrize("entry", [None, 0.0])
@pytest.mark.parametrize("kind", ["option", "inverse-option"])
@pytest.mark.parametrize(("law", "mistake"), MISTAKES)
@pytest.mark.parametrize("table", TABLES, ids=str)
@pytest.mark.sample(12)
def test_a_mistake_in_any_option_is_caught_with_no_market_given(kind, law, mistake, table, entry):
    wrong = mistaken(kind, **mistake)(
        name="X", underlying="WETH", quote="USDC", entry_price=entry, **table
    )
    with pytest.raises(LawBroken):
        getattr(instruments, law)(wrong)
