"""Where a curve is nearly flat: gamma of just the price that a double is."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from curves import curve, solidly
from hedgecore.numerics.double_double import DoubleDouble

UPS = [np.nextafter(1.0, 2.0), 1 + 1e-15, 1 + 7e-13, 1 + 1e-9, 1 + 3e-6, 1 + 4e-5, 1.001]
DOWNS = [np.nextafter(1.0, 0.0), 1 - 1e-15, 1 - 7e-13, 1 - 1e-9, 1 - 3e-6, 1 - 4e-5, 0.999]


def truth(price, base, quote):
    """Return value, delta, gamma of x³y + xy³ = k by its closed form, to 60 digits.

    With c the mean of x and y, x = c(1 − r), y = c(1 + r): r³ = (P − 1)/(P + 1), and
    2c⁴(1 − r⁴) = k.
    """
    with mp.workdps(60):
        x, y = mp.mpf(base), mp.mpf(quote)
        level = x**3 * y + x * y**3

        def held(p):
            ratio = (p - 1) / (p + 1)
            r = mp.sign(ratio) * mp.cbrt(abs(ratio))
            c = (level / (2 * (1 - r**4))) ** mp.mpf("0.25")
            return c * (1 - r), c * (1 + r)

        p = mp.mpf(float(price))
        a, b = held(p)
        step = abs(p - 1) * mp.mpf("1e-12")
        gamma = (held(p + step)[0] - held(p - step)[0]) / (2 * step)
        return float(p * a + b), float(a), float(gamma)


@pytest.mark.parametrize("reserves", [(6e5, 4e5), (1.0, 1.0), (3e-3, 8e9)])
@pytest.mark.parametrize("price", [*UPS, *DOWNS])
@pytest.mark.sample(8)
def test_solidly_to_the_last_price_beside_its_peg(price, reserves):
    value, delta, gamma = truth(price, *reserves)
    got = solidly(*reserves).greeks(price)
    assert got.value == pytest.approx(value, rel=1e-14)
    assert got.delta == pytest.approx(delta, rel=1e-13)
    assert got.gamma == pytest.approx(gamma, rel=2e-11)


def looks_of(model):
    """Return a list that grows by each look at the formula: its precision and its order."""
    looks, formula = [], model._level.invariant

    def counted(x):
        looks.append((isinstance(x[0].value, DoubleDouble), 1 if x.second is None else 2))
        return formula(x)

    model._level.invariant = counted
    return looks


@pytest.mark.parametrize("reserves", [(6e5, 4e5), (1.0, 1.0), (1e6, 1.1e6), (3e-3, 8e9)])
@pytest.mark.sample(2)
def test_beside_its_peg_a_price_takes_few_looks_in_twice_the_precision(reserves):
    """Of its own steps Newton's method needs two dozen, and a look in it costs as ten in doubles.

    Second derivatives in twice the precision cost three of the first: gamma alone needs them, once.
    A batch costs as many looks as its slowest price, and not as many as all of them.
    """
    model, prices = solidly(*reserves), [*UPS, 1.0, *DOWNS]
    model.greeks(1.3)  # the table of the curve is made once
    looks = looks_of(model)
    for price in [*prices, np.array(prices)]:
        looks.clear()
        model.greeks(price)
        assert looks.count((True, 2)) <= 1
        assert looks.count((True, 1)) <= 6
        assert len(looks) <= 80


CURVES = {
    "product": (lambda x: x[0] * x[1], (10.0, 3e4), 8),
    "weighted": (lambda x: 0.8 * np.log(x[0]) + 0.2 * np.log(x[1]), (10.0, 3e4), 8),
    "stableswap": (lambda x: 200 * (x[0] + x[1]) - 1 / (x[0] * x[1]), (1.0, 1.2), 24),
    "a basket": (lambda x: np.log(x[0] * x[1] * x[2]) + x[0] ** 0.5, (10.0, 20.0, 30.0), 24),
}


@pytest.mark.parametrize("name", CURVES)
def test_a_price_takes_few_looks_where_a_table_says_where_it_is(name):
    """From the reserves a steep pair took ten steps, each a look and the way back to the level."""
    phi, reserves, most = CURVES[name]
    model = curve(phi, *reserves)
    spot = np.atleast_1d(model.spot())
    model.greeks(spot[0] if len(spot) == 1 else spot)
    looks = looks_of(model)
    for moved in (1e-6, 0.01, 0.9999, 1.0001, 3.0, 1e3):
        looks.clear()
        price = moved * spot
        model.greeks(price[0] if len(spot) == 1 else price)
        assert 0 < len(looks) <= most


def test_at_the_peg_itself_gamma_is_minus_infinity_and_value_and_delta_are_numbers():
    model = solidly(6e5, 4e5)
    got = model.greeks(1.0)
    assert got.gamma == -np.inf
    level = 6e5**3 * 4e5 + 6e5 * 4e5**3
    assert got.value == pytest.approx(2 * (level / 2) ** 0.25, rel=1e-14)
    assert got.delta == pytest.approx((level / 2) ** 0.25, rel=1e-6)


def test_a_batch_of_near_and_far_is_answered_as_each_alone():
    model, prices = solidly(6e5, 4e5), np.array([0.5, *DOWNS, *UPS, 2.0])
    whole = model.greeks(prices)
    for at, price in enumerate(prices):
        alone = model.greeks(price)
        assert whole.gamma[at] == pytest.approx(alone.gamma, rel=1e-13)
        assert whole.delta[at] == pytest.approx(alone.delta, rel=1e-14)


@pytest.mark.parametrize("amplification", [1e3, 1e5, 1e7])
def test_a_steep_stableswap_is_as_good_as_its_price(amplification):
    """Curve's invariant of two assets at D = 2: 4A(x + y) + 2·... solved by hand to 60 digits."""
    ann = 4.0 * amplification

    def phi(x):
        a, b = x
        # with D fixed: ann (x + y) + D = ann D + D³/(4xy), D = 2
        return ann * (a + b - 2.0) - 2.0 / (a * b) + 2.0

    model = curve(phi, 1.0, 1.0)
    for price in (1.0, 1 + 1e-9, 1 - 1e-7, 1 + 1 / ann):
        got = model.greeks(price)
        with mp.workdps(50):
            k, p = mp.mpf(ann), mp.mpf(price)

            def conditions(x, y, k=k, p=p):
                slopes = k + 2 / (x**2 * y), k + 2 / (x * y**2)
                return [k * (x + y - 2) - 2 / (x * y) + 2, slopes[0] - p * slopes[1]]

            def held(at, k=k, start=(got.holdings[0], got.holdings[1])):
                def off(a, b):
                    return conditions(a, b, k, at)

                return mp.findroot(off, start, tol=1e-80)

            x = held(p)[0]
            step = mp.mpf("1e-18")
            gamma = (held(p + step)[0] - held(p - step)[0]) / (2 * step)
        assert got.delta == pytest.approx(float(x), rel=1e-14)
        assert got.gamma == pytest.approx(float(gamma), rel=1e-12)
