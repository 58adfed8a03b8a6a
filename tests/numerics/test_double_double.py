"""Twice the precision: every function to 30 digits, against mpmath."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from hedgecore.numerics.double_double import double_double, to_double
from hedgecore.numerics.jet import variables

RANDOM = np.random.default_rng(1)
LARGE = double_double(10.0 ** RANDOM.uniform(-8, 8, 100)) / 3.0
SMALL = double_double(RANDOM.uniform(-1, 1, 100) * 10.0 ** RANDOM.uniform(-12, 1.5, 100)) / 7.0


def exact(numbers):
    parts = zip(np.ravel(numbers.high), np.ravel(numbers.low), strict=True)
    return [mp.mpf(float(high)) + mp.mpf(float(low)) for high, low in parts]


def error(got, function, *arguments):
    """Return the largest relative error of `got`."""
    with mp.workdps(60):
        due = [function(*each) for each in zip(*map(exact, arguments), strict=True)]
        return max(abs(a - b) / abs(b) for a, b in zip(exact(got), due, strict=True))


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("sqrt", LARGE),
        ("cbrt", LARGE),
        ("log", LARGE),
        ("exp", SMALL),
        ("expm1", SMALL),
        ("log1p", abs(SMALL)),
    ],
)
def test_functions_are_good_to_thirty_digits(name, numbers):
    assert error(getattr(np, name)(numbers), getattr(mp, name), numbers) < 1e-30


def test_a_logarithm_beside_one_keeps_its_digits():
    near = 1.0 + SMALL * 1e-3
    assert error(np.log(near), mp.log, near) < 1e-30


@pytest.mark.parametrize("power", [-3, 2, 7, 0.3, -1.5])
def test_powers_are_good_to_thirty_digits(power):
    assert error(LARGE**power, lambda x: x ** mp.mpf(power), LARGE) < 1e-29


def test_arithmetic_is_good_to_thirty_digits():
    other = SMALL + 1e-3
    assert error(LARGE + other, lambda x, y: x + y, LARGE, other) < 1e-30
    assert error(LARGE - other, lambda x, y: x - y, LARGE, other) < 1e-30
    assert error(LARGE * other, lambda x, y: x * y, LARGE, other) < 1e-30
    assert error(LARGE / other, lambda x, y: x / y, LARGE, other) < 1e-30


def test_what_doubles_lose_is_kept():
    one = double_double(np.array([1.0]))
    tiny = (one + 1e-25) - 1.0
    assert to_double(tiny) == pytest.approx([1e-25], rel=1e-6, abs=0)
    assert (one + 1e-25 > one).all()
    assert (np.maximum(one, one + 1e-25) > 1.0).all()


def test_sums_stacks_and_places_are_those_of_arrays():
    plain = RANDOM.uniform(1, 2, (3, 4, 5))
    number = double_double(plain)
    assert to_double(number.sum(axis=1)) == pytest.approx(plain.sum(axis=1), rel=1e-15)
    assert to_double(number.sum()) == pytest.approx(plain.sum(), rel=1e-15)
    assert np.array_equal(to_double(np.stack([number, plain], axis=1)), np.stack([plain, plain], 1))
    assert np.array_equal(to_double(number.swapaxes(0, 2)), plain.swapaxes(0, 2))
    assert np.array_equal(
        to_double(np.where(plain > 1.5, number, 0.0)), np.where(plain > 1.5, plain, 0)
    )


def test_what_overflows_is_nan_and_never_a_number():
    huge = double_double(np.array([1e200]))
    assert not np.isfinite(huge * huge).any()
    assert np.isnan(np.log(double_double(np.array([-1.0])))).all()


def test_derivatives_of_a_formula_have_the_same_digits():
    x = double_double(np.array([[1.1], [0.7]])) / 3.0
    a, b = variables(x, order=2)
    found = np.exp(a * b) + np.sqrt(a / b)
    with mp.workdps(60):
        at = tuple(exact(x))

        def formula(u, v):
            return mp.exp(u * v) + mp.sqrt(u / v)

        for places in ((1, 0), (0, 1)):
            due = mp.diff(formula, at, places)
            assert abs(exact(found.first[places.index(1)])[0] / due - 1) < 1e-28
        for places, got in (((2, 0), found.second[0, 0]), ((1, 1), found.second[0, 1])):
            assert abs(exact(got)[0] / mp.diff(formula, at, places) - 1) < 1e-25


def test_a_function_that_is_not_known_is_refused():
    with pytest.raises(TypeError):
        np.sin(LARGE)
