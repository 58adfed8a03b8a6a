"""Carr and Madan's weights, and what interpolation promises."""

import numpy as np
import pytest
from hedgecore_static_strip import carr_madan, density, interpolation, replication_value

import hedgecore as hc


def test_a_range_is_hedged_with_half_its_liquidity_over_the_strike_to_three_halves(built):
    pool = built("range")
    strikes = np.linspace(1800.0, 2599.0, 500)
    assert density(pool, strikes) == pytest.approx(2500.0 * strikes**-1.5, rel=1e-13)
    assert not density(pool, [1700.0, 2700.0]).any()


@pytest.mark.parametrize("name", ["range", "narrow range", "v2", "weighted", "stableswap"])
def test_options_over_all_strikes_are_the_pool(name, built, asked):
    """V(S) = V(κ) + V′(κ)(S − κ) + ∫ V″(K) O(K, S) dK, whatever S: options at expiry."""
    pool, (low, kappa, high) = built(name), [asked(name)[key] for key in ("low", "price", "high")]
    for s in np.linspace(low, high, 7)[1:-1]:

        def options(strikes, s=s):
            return np.where(strikes < kappa, np.maximum(strikes - s, 0), np.maximum(s - strikes, 0))

        linear = pool.delta(kappa) * (s - kappa)
        # the kink at K = S costs accuracy: a panel has to find it
        whole = replication_value(pool, kappa, options, low=low, high=high) + linear
        assert whole == pytest.approx(pool.value(s), rel=1e-6)


@pytest.mark.parametrize("name", ["range", "v2", "weighted"])
@pytest.mark.parametrize("count", [6, 11, 21])
@pytest.mark.sample(3)
def test_interpolation_is_off_by_an_eighth_of_the_step_squared_at_most(name, count, built):
    pool = built(name)
    strikes = np.linspace(1600.0, 2800.0, count)
    strip = interpolation(pool, strikes, price=2086.0, low=1600.0, high=2800.0)
    bend = np.max(density(pool, np.linspace(1600.0, 2800.0, 100_001)))
    assert strip.error <= (strikes[1] - strikes[0]) ** 2 / 8 * bend
    assert strip.residual(strikes) == pytest.approx(0.0, abs=1e-9 * strip.level)


def test_the_strip_of_a_long_pool_buys_options_on_both_sides(case):
    pool, request = case
    for way in (carr_madan, interpolation):
        strip = way(pool, **request)
        assert all(amount >= 0 for _, _, amount in strip.orders)
        rights = {right: [k for r, k, _ in strip.orders if r == right] for right in ("put", "call")}
        assert max(rights["put"], default=0.0) < request["price"]
        assert min(rights["call"], default=np.inf) >= request["price"]


def test_carr_and_madans_cells_hold_the_whole_curvature(built, asked):
    """The options at all strikes are together what the delta falls by, from cell to cell."""
    pool = built("v2")
    strip = carr_madan(pool, **asked("v2"))
    assert strip.options.sum() == pytest.approx(pool.delta(1650.0) - pool.delta(2750.0), rel=1e-12)
    assert strip.residual(2086.0) == pytest.approx(0.0, abs=1e-9)


def test_carr_and_madans_error_falls_with_the_square_of_the_step(built):
    pool = built("v2")
    bend = np.max(density(pool, np.linspace(1600.0, 2800.0, 100_001)))
    for count in (13, 25, 49, 97, 193):
        strikes = np.linspace(1600.0, 2800.0, count)
        strip = carr_madan(pool, strikes, price=2086.0, low=1600.0, high=2800.0)
        assert strip.error <= 0.5 * (strikes[1] - strikes[0]) ** 2 * bend


def test_a_price_at_a_strike_is_no_special_case(built):
    pool = built("v2")
    strikes = np.arange(1700.0, 2701.0, 100.0)
    at = carr_madan(pool, strikes, price=2100.0, low=1600.0, high=2800.0)
    near = interpolation(pool, strikes, price=2100.0, low=1600.0, high=2800.0)
    assert at.error < 3 * near.error
    assert [right for right, strike, _ in at.orders if strike == 2100.0] == ["call"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": 1500.0}, "a price between low and high"),
        ({"low": 0.0}, "a price between low and high"),
        ({"strikes": [100.0, 9000.0]}, "no strike is between 1600 and 2800"),
    ],
)
def test_what_cannot_be_asked(change, said, built, asked):
    with pytest.raises(hc.HedgeError, match=said):
        interpolation(built("v2"), **{**asked("v2"), **change})
