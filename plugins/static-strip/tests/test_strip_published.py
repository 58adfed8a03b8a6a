"""Published numbers, each by a closed form, by quadrature, and by the strip of options.

Everywhere r = 0, the price is lognormal with E[S_T] = κ, and "by the strip" means Carr's and
Madan's formula with the options of `hedgecore-derivatives` (Black 1976), which know nothing of
pools.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hedgecore_static_strip import interpolation, replication_value
from scipy.integrate import quad
from scipy.special import ndtr

import hedgecore as hc

YEAR = 365.0


def ranged(lower, upper, liquidity=1.0):
    table = {"kind": "uniswap-v3", "assets": ["A", "USD"], "liquidity": liquidity}
    return hc.build({**table, "lower": lower, "upper": upper})


def full(x, y):
    return hc.build({"kind": "uniswap-v2", "assets": ["A", "USD"], "reserves": [x, y]})


def black(price, years, vol):
    """Return strikes → prices of out-of-the-money options at `price`, as instruments price them."""

    def one(strike):
        right = "put" if strike < price else "call"
        option = hc.build(
            {
                "kind": "option",
                "name": "O",
                "underlying": "A",
                "option_type": right,
                "strike": float(strike),
                "expiry_years": years,
                "vol": vol,
                "entry_price": 0.0,
            }
        )
        return float(option.worth(hc.Market(prices={"A": price})))

    return lambda strikes: np.array([one(strike) for strike in strikes])


def black_formula(price, years, vol):
    """Return the same from Black's formula at once, for strips of thousands of options."""
    s = vol * math.sqrt(years)

    def options(strikes):
        sign = np.where(strikes < price, -1.0, 1.0)
        d1 = np.log(price / strikes) / s + s / 2
        return sign * (price * ndtr(sign * d1) - strikes * ndtr(sign * (d1 - s)))

    return options


def by_strip(pool, price, years, vol, width=12.0):
    reach = math.exp(width * vol * math.sqrt(years))
    options = black_formula(price, years, vol)
    return replication_value(pool, price, options, low=price / reach, high=price * reach)


def by_quadrature(pool, price, years, vol):
    """E[V(S_T)] by adaptive quadrature over the normal density."""
    s = vol * math.sqrt(years)

    def integrand(z):
        density = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        return pool.value(price * math.exp(s * z - s * s / 2)) * density

    edges = [(math.log(each / price) + s * s / 2) / s for each in pool.breakpoints()]
    inside = sorted({-12.0, 12.0, *(each for each in edges if abs(each) < 12)})
    parts = pairwise(inside)
    return sum(quad(integrand, a, b, epsabs=0, epsrel=1e-13)[0] for a, b in parts)


def by_closed_form(lower, upper, price, years, vol):
    """E[V(S_T)] of a range of L = 1 by truncated lognormal moments of 1, √S and S."""
    s = vol * math.sqrt(years)

    def moment(power, low, high):
        """E[S^power; low < S < high]."""
        mean = math.log(price) - s * s / 2 + power * s * s
        whole = price**power * math.exp(0.5 * power * (power - 1) * s * s)
        return whole * (ndtr((math.log(high) - mean) / s) - ndtr((math.log(low) - mean) / s))

    a, b = math.sqrt(lower), math.sqrt(upper)
    below = (1 / a - 1 / b) * moment(1, 1e-300, lower)
    inside = (
        2 * moment(0.5, lower, upper) - moment(1, lower, upper) / b - a * moment(0, lower, upper)
    )
    return below + inside + (b - a) * moment(0, upper, 1e300)


def test_the_options_of_a_strip_are_those_of_the_plugin():
    strikes = np.array([0.7, 0.95, 1.0, 1.2, 2.0])
    plugin, formula = black(1.0, 0.25, 0.6)(strikes), black_formula(1.0, 0.25, 0.6)(strikes)
    assert plugin == pytest.approx(formula, rel=1e-12)


class TestFukasawaMaireWunsch:
    """Weighted variance swaps hedge against impermanent loss (2023), their example.

    x₀ = y₀ = 100 at S = 1, so L = 100; worth and hold in units of y. σ = ln 1.25, T = 1.
    """

    SIGMA = math.log(1.25)

    @pytest.mark.parametrize(
        ("price", "worth", "hold"), [(5 / 4, 223.606798, 225.0), (4 / 5, 178.885438, 180.0)]
    )
    def test_worth_and_hold(self, price, worth, hold):
        pool = full(100.0, 100.0)
        assert pool.value(price) == pytest.approx(worth, abs=5e-7)
        assert pool.delta(1.0) * (price - 1.0) + pool.value(1.0) == pytest.approx(hold, rel=1e-15)

    def test_the_expected_loss_is_the_price_of_the_strip(self):
        """The loss hold − V is +(L/2) K^(−3/2) dK of options: its fair premium."""
        pool, expected = full(100.0, 100.0), 1.240960157
        closed = 2 * 100.0 * (1 - math.exp(-(self.SIGMA**2) / 8))
        assert closed == pytest.approx(expected, abs=5e-10)
        assert pool.value(1.0) - by_quadrature(pool, 1.0, 1.0, self.SIGMA) == pytest.approx(
            closed, rel=1e-9
        )
        assert pool.value(1.0) - by_strip(pool, 1.0, 1.0, self.SIGMA) == pytest.approx(
            closed, rel=1e-10
        )

    def test_listed_strikes_cost_it_to_the_error_of_the_strip(self):
        """What the pool is worth with 99 options is certain, to the error: so their price is too.

        E[V] + premium = level ± error. The range is five deviations to each side.
        """
        pool, strikes = full(100.0, 100.0), np.linspace(0.3, 3.0, 101)
        strip = interpolation(pool, strikes, price=1.0, low=0.3, high=3.0)
        premium = float(strip.options @ black(1.0, 1.0, self.SIGMA)(strip.strikes))
        assert strip.level - premium == pytest.approx(200.0 - 1.240960157, abs=strip.error)
        assert strip.error < 0.03


class TestDengZongWang:
    """Static replication of impermanent loss for concentrated liquidity (2023).

    E[V − hold] per unit of liquidity, L = 1: P₀ = 10, σ = 0.7, T = 30/365, the ranges out of the
    money at P₀, so that the holding is the base alone, or the quote alone.
    """

    @pytest.mark.parametrize(
        ("lower", "upper", "expected"),
        [(11.0, 12.0, -0.0040569647060701), (8.0, 9.0, -0.0044879823417897)],
    )
    def test_expected_loss(self, lower, upper, expected):
        pool, years, vol = ranged(lower, upper), 30 / YEAR, 0.7
        hold = pool.value(10.0)  # E[S_T] = P₀, and what is held does not change
        for found in (
            by_closed_form(lower, upper, 10.0, years, vol),
            by_quadrature(pool, 10.0, years, vol),
            by_strip(pool, 10.0, years, vol),
        ):
            assert found - hold == pytest.approx(expected, abs=2e-15)


class TestLiptonLucicSepp:
    """Unified approach for hedging impermanent loss of liquidity provision (2024), its set-up.

    Under Black and Scholes: 1e6 (E[V]/V₀ − 1), V₀ the worth at F = 2200, range [2000, 2400],
    T = 10/365.
    """

    @pytest.mark.parametrize(
        ("vol", "expected"), [(0.4, -11520.491), (0.6, -22652.626), (0.8, -34841.495)]
    )
    def test_expected_loss(self, vol, expected):
        pool, years = ranged(2000.0, 2400.0), 10 / YEAR
        first = pool.value(2200.0)
        for found in (
            by_closed_form(2000.0, 2400.0, 2200.0, years, vol),
            by_quadrature(pool, 2200.0, years, vol),
            by_strip(pool, 2200.0, years, vol),
        ):
            assert 1e6 * (found / first - 1) == pytest.approx(expected, abs=5e-4)
