"""The guarantee: whatever the pool and the strip, no price breaks it; and it is not too wide."""

import numpy as np
import pytest
from hedgecore_static_strip import Payoff, band, carr_madan, interpolation, minimax
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hedgecore as hc

WAYS = (carr_madan, interpolation, minimax)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("amount", [1.0, -2.5], ids=["long", "short"])
def test_the_error_is_never_exceeded(case, way, amount, adversarial):
    pool, request = case
    strip = way(amount * Payoff.of(pool), **request)
    special = [*request["strikes"], request["price"], *pool.breakpoints(), *strip.band.prices]
    prices = adversarial(request["low"], request["high"], special)
    assert len(prices) > 10_000
    assert np.max(np.abs(strip.residual(prices))) <= strip.error


@pytest.mark.parametrize("way", WAYS)
def test_the_error_is_reached(case, way):
    """It is the most there is, not a generous bound: a price comes within 1e-6 of it."""
    pool, request = case
    strip = way(pool, **request)
    assert np.max(np.abs(strip.residual(strip.band.prices))) >= strip.error * (1 - 1e-6)


def test_several_positions_of_one_asset_long_and_short(built, asked, adversarial):
    held = (
        Payoff.of(built("range"))
        + 0.3 * Payoff.of(built("v2"))
        + -0.7 * Payoff.of(built("weighted"))
        + -1.0 * Payoff.of(built("narrow range"))
    )
    request = asked("v2")
    for way in WAYS:
        strip = way(held, **request)
        special = [*request["strikes"], *held.breaks, *strip.band.prices]
        prices = adversarial(request["low"], request["high"], special)
        worst = np.max(np.abs(strip.residual(prices)))
        assert strip.error * (1 - 1e-6) <= worst <= strip.error


def test_what_hides_between_the_strikes_is_found(built):
    """A range of two dollars bends at no strike; a bound that samples would pass it by."""
    pool = built("narrow range")
    knots = np.array([1600.0, 2000.0, 2100.0, 2800.0])
    values = -np.interp(knots, knots, pool.value(knots))
    its = band(Payoff.of(pool), knots, values)
    inside = np.linspace(2025.0, 2040.0, 100_001)
    sums = pool.value(inside) + np.interp(inside, knots, values)
    assert its.most >= sums.max() > 0.9 * its.most
    assert its.least <= 0.0


def test_an_inner_kink_that_no_break_tells_of_is_found():
    """A concave function with a corner, and any slope between its sides there."""
    corner = 2034.5678

    def tent(price):
        return np.minimum(price - corner, 0.0), np.where(price < corner, 1.0, 0.3) * (
            price < corner
        )

    knots = np.array([2000.0, 2100.0])
    its = band(Payoff([(1.0, tent)]), knots, -tent(knots)[0])
    exact = (2034.5678 - 2000.0) * (1 - 34.5678 / 100.0)
    assert its.most >= exact
    assert its.most == pytest.approx(exact, rel=1e-8)


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    terms=st.lists(
        st.tuples(
            st.floats(-3, 3),
            st.floats(500, 4000),
            st.floats(1.0001, 3.0),
            st.floats(1e-3, 1e5),
        ),
        min_size=1,
        max_size=4,
    ),
    values=st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=5),
)
def test_any_ranges_against_any_polygon(terms, values, adversarial):
    held = Payoff(())
    for amount, lower, wide, liquidity in terms:
        table = {"kind": "uniswap-v3", "assets": ["A", "B"], "liquidity": liquidity}
        pool = hc.build({**table, "lower": lower, "upper": lower * wide})
        held = held + amount * Payoff.of(pool)
    knots, values = np.array([700.0, 1000.0, 1500.0, 1600.0, 3000.0]), np.array(values)
    its = band(held, knots, values)
    prices = adversarial(700.0, 3000.0, [*knots, *held.breaks, *its.prices], count=2000)
    sums = held.value(prices) + np.interp(prices, knots, values)
    assert its.least <= sums.min()
    assert sums.max() <= its.most
    size = np.max(np.abs(sums)) + np.max(np.abs(held.value(knots)))
    assert its.most - its.sums.max() <= 1e-8 * size
    assert its.sums.min() - its.least <= 1e-8 * size


def test_a_payoff_that_is_not_finite_is_refused():
    def broken(price):
        return np.where(price < 2050, price, np.nan), np.ones_like(price)

    with pytest.raises(hc.HedgeError, match="not finite at a price of 2"):
        band(Payoff([(1.0, broken)]), np.array([2000.0, 2100.0]), np.zeros(2))


def test_a_pool_of_three_assets_is_for_a_book():
    pool = hc.build(
        {"kind": "balancer-weighted", "assets": ["A", "B", "C"], "weights": [0.5, 0.3, 0.2],
         "balances": [1.0, 1.0, 1.0]}
    )  # fmt: skip
    with pytest.raises(hc.HedgeError, match="more than one price"):
        Payoff.of(pool)
