"""The recorded 60-digit cases, and markets of all kinds against adaptive quadrature."""

import os

import numpy as np
import pytest
from attrs import evolve
from hedgecore_pendle import PendleV2

from hedgecore import Market, mispricing
from hedgecore.testing import check_pool_model

GOALS = {"value": 1e-12, "delta": 1e-12, "gamma": 1e-11, "quote_amount": 1e-12}
DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "4"))
EXAMPLE = PendleV2(**PendleV2.example)


def market(**params):
    return PendleV2(assets=("PT", "A"), **params)


def assert_close(oracle, greeks, want):
    got = {"value": greeks.value, "delta": greeks.delta, "gamma": greeks.gamma}
    got["quote_amount"] = greeks.holdings[1]
    errors = {name: oracle.error(number, want[name]) for name, number in got.items()}
    assert all(errors[name] <= goal for name, goal in GOALS.items()), errors


def test_recorded_curve(curve_case, oracle):
    want = curve_case["expected"]
    model = market(**{name: float(text) for name, text in curve_case["params"].items()})
    assert_close(oracle, model.greeks(float(curve_case["price"])), want)
    assert oracle.error(model.spot(), want["spot"]) <= 1e-15


def drawn(rng):
    """Draw a market, steep and flat, young and old, and prices near and far, above 1 as well."""
    pt, asset = (float(10 ** rng.uniform(0, 9)) for _ in range(2))
    model = market(
        total_pt=pt,
        total_asset=asset,
        scalar_root=float(10 ** rng.uniform(1, 2.3)),
        years_to_expiry=float(10 ** rng.uniform(-4, 0.5)),
        last_ln_implied_rate=float(rng.choice([0.0, rng.uniform(0, 0.5)])),
    )
    logits = rng.uniform(-12, 12, 2) / model.rate_scalar
    prices = 1 / (1 / model.spot() + np.clip(logits, -0.5 / model.spot(), None))
    return model, [float(price) for price in prices]


def test_random_markets_agree_with_quadrature(oracle):
    rng = np.random.default_rng(3)
    for _ in range(DRAWS):
        model, prices = drawn(rng)
        for price in prices:
            due = oracle.at(model, price)._asdict()
            want = {"delta": due["base"], "quote_amount": due["quote"], **due}
            assert_close(oracle, model.greeks(price), want)


@pytest.mark.parametrize(("root", "years", "rate"), [(4e5, 4e-6, 0.33), (7e5, 0.1, 0.5)], ids=repr)
def test_a_steep_market_tells_apart_prices_a_few_ulps_away(oracle, root, years, rate):
    """S of one ulp of the price is 1e-5 of the odds, and 1e-9: known to their last digits."""
    params = {"scalar_root": root, "years_to_expiry": years, "last_ln_implied_rate": rate}
    model = market(total_pt=5e4, total_asset=2e5, **params)
    for logit in (-20.0, -1.0, 0.3, 9.0):
        price = 1 / (1 / model.spot() + logit / model.rate_scalar)
        due = oracle.at(model, price)
        found = model.greeks(price)
        got = found.value, *found.holdings, found.gamma
        assert max(map(oracle.error, got, due)) <= 1e-13


def test_far_prices_hold_one_asset_and_are_finite():
    far = EXAMPLE.greeks(np.array([1e-300, 1e-9, 1e9, 1e300]))
    assert far.holdings[:2, 1].tolist() == [0.0, 0.0]
    assert np.all(far.holdings[2:, 0] < 1e-60)
    assert np.ptp(far.holdings[:2, 0]) <= 1e-14 * far.holdings[0, 0]
    assert all(np.isfinite(part).all() for part in far)


@pytest.mark.parametrize("steep", [0.3, 80.0, 5_000.0])
def test_one_price_says_what_the_array_says(steep):
    """Also where a size is infinite, or panels are of a logarithm."""
    model = PendleV2(**{**PendleV2.example, "scalar_root": steep})
    rng = np.random.default_rng(0)
    prices = model.spot() * np.exp(rng.normal(0, 1, 60) * 10 ** rng.uniform(-4, 2, 60))
    many = model.greeks(prices)
    for at, price in enumerate(prices.tolist()):
        for one, whole in zip(model.greeks(price), many, strict=True):
            np.testing.assert_allclose(one, whole[at], rtol=1e-14, atol=0)


def test_charm_is_how_delta_moves_by_time_alone():
    """A day later the same reserves stand for another price; at this one delta has changed."""
    price, step = EXAMPLE.spot(), 1e-6
    later, earlier = (
        evolve(EXAMPLE, years_to_expiry=EXAMPLE.years_to_expiry + way * step) for way in (-1, 1)
    )
    moved = (later.delta(price) - earlier.delta(price)) / (2 * step)
    assert EXAMPLE.charm() == pytest.approx(moved, rel=1e-6)
    assert abs(later.value(price) - earlier.value(price)) <= 1e-9 * EXAMPLE.value(price)


def test_close_to_expiry_a_pt_is_all_but_the_asset():
    old = evolve(EXAMPLE, years_to_expiry=1e-9)
    assert old.spot() == pytest.approx(1.0, abs=1e-10)
    held = old.at_state().exposure(Market(prices={"PT-wstETH": 1.0, "wstETH": 1.0}))
    assert held.delta.tolist() == [40.0, 60.0]
    assert old.value(1.0) == pytest.approx(100.0, rel=1e-9)


def test_the_market_may_have_left_the_fee_band():
    prices = {"PT-wstETH": 0.99, "wstETH": 1.0}
    stands = mispricing(evolve(EXAMPLE, fee=0.0005), Market(prices=prices))
    assert stands.inside is False
    assert stands.distance == pytest.approx(0.99 / EXAMPLE.spot() - 1)


@pytest.mark.parametrize(
    "more",
    [{}, {"years_to_expiry": 1e-3, "last_ln_implied_rate": 0.0}],
    ids=repr,
)
def test_all_laws(more):
    check_pool_model(evolve(EXAMPLE, **more))
