"""Jets where a formula is not smooth: at zero, at ties, beside infinite slopes."""

import math

import numpy as np
import pytest

from jets import along, at, name

POWERS_OF_ZERO = {
    0: (1, 0, 0),
    1: (0, 1, 0),
    2: (0, 0, 2),
    3: (0, 0, 0),
    2.5: (0, 0, 0),
    1.5: (0, 0, np.inf),
    0.5: (0, np.inf, -np.inf),
}


@pytest.mark.parametrize(("exponent", "exact"), POWERS_OF_ZERO.items())
def test_powers_of_zero_are_exact(exponent, exact):
    assert along(lambda x: x**exponent, 0.0) == exact
    assert along(lambda x: x ** np.array([exponent]), 0.0) == exact


def test_roots_of_zero_are_infinitely_steep_and_bent():
    for root in (np.sqrt, np.cbrt, lambda x: x**0.5, lambda x: np.sqrt(x + x**2)):
        assert along(root, 0.0) == (0, np.inf, -np.inf)


def test_powers_of_a_zero_base_are_flat_in_the_exponent():
    assert along(lambda x: 0.0**x, 1.5) == (0, 0, 0)
    assert at(lambda x, y: x**y, 0.0, 3.0) == (0, [0, 0], [[0, 0], [0, 0]])


def test_what_cannot_depend_on_a_variable_stays_flat_beside_an_infinite_slope():
    exact = (0, [np.inf, 0], [[-np.inf, np.inf], [np.inf, 0]])
    assert at(lambda x, y: np.sqrt(x) * y, 0.0, 3.0) == exact


@pytest.mark.parametrize("root", [np.sqrt, lambda x: x**0.5, lambda x: x**1.5])
@pytest.mark.parametrize("floor", [lambda x: np.maximum(x, 0), lambda x: np.where(x > 0, x, 0)])
def test_a_payoff_is_flat_where_it_is_floored(root, floor):
    assert along(lambda p: root(floor(p - 5)), 3.0) == (0, 0, 0)
    assert along(lambda p: root(floor(5 - p)), 5.0) == (0, 0, 0)


def test_what_is_not_certain_to_be_flat_is_nan_and_never_zero():
    assert np.isnan(along(lambda x: np.sqrt(x**2), 0.0)[1])
    assert np.isnan(along(lambda x: np.sqrt(x**4), 0.0)[2])
    assert np.isnan(along(lambda x: np.sqrt(np.maximum(0, x**4)), 0.0)[2])
    assert np.isnan(along(lambda x: np.sqrt(x) ** 1.5, 0.0)[2])


@pytest.mark.parametrize("point", [[0, 2, 3, 4], [0, 2, 0, 4], [0, 0, 0, 4], [0, 0, 0, 0]])
def test_products_with_zero_factors_are_exact(point):
    def rest(*without):
        return math.prod(x for i, x in enumerate(point) if i not in without)

    second = [[0 if i == j else rest(i, j) for j in range(4)] for i in range(4)]
    exact = (rest(), [rest(i) for i in range(4)], second)
    assert at(lambda *x: np.prod(np.stack(x), axis=0), *point) == exact


TIES = {
    "max(p, 5)": (lambda p: np.maximum(p, 5), (5, 1, 0)),
    "max(5, p)": (lambda p: np.maximum(5, p), (5, 1, 0)),
    "min(p, 5)": (lambda p: np.minimum(p, 5), (5, 0, 0)),
    "min(5, p)": (lambda p: np.minimum(5, p), (5, 0, 0)),
    "max(10 - p, 5)": (lambda p: np.maximum(10 - p, 5), (5, 0, 0)),
    "min(10 - p, 5)": (lambda p: np.minimum(10 - p, 5), (5, -1, 0)),
    "floor of a range": (lambda p: np.clip(p, 5, 8), (5, 1, 0)),
    "cap of a range": (lambda p: np.clip(p, 2, 5), (5, 0, 0)),
    "|p - 5|": (lambda p: abs(p - 5), (0, 1, 0)),
    "|5 - p|": (lambda p: np.abs(5 - p), (0, 1, 0)),
    "|p - 5|(p - 5)": (lambda p: abs(p - 5) * (p - 5), (0, 0, 2)),
    "max of equal slopes": (lambda p: np.maximum(10 * p - 25, p**2), (25, 10, 2)),
    "min of equal slopes": (lambda p: np.minimum(p**2, 10 * p - 25), (25, 10, 0)),
    "max of itself": (lambda p: np.maximum(p, p), (5, 1, 0)),
    "max of a root": (lambda p: np.maximum(np.sqrt(p - 5), p - 5), (0, np.inf, -np.inf)),
}


@pytest.mark.parametrize(("formula", "exact"), TIES.values(), ids=TIES)
def test_ties_take_the_branch_to_the_right(formula, exact):
    assert along(formula, 5.0) == exact
    assert at(formula, 5.0, order=1) == (exact[0], [exact[1]], None)


def test_ties_go_by_the_first_variable_then_by_the_next():
    def slopes(formula):
        return at(formula, 1.0, 1.0)[1]

    assert slopes(np.maximum) == [1, 0]
    assert slopes(np.minimum) == [0, 1]
    assert slopes(lambda x, y: np.maximum(x + 2 * y, x + y + 1)) == [1, 2]
    assert slopes(lambda x, y: np.maximum(2 * y, y + 1 + (x - 1) ** 2)) == [0, 1]
    assert slopes(lambda x, y: np.maximum(y, y + (x - 1) * (y - 1) + (y - 1))) == [0, 2]


@pytest.mark.parametrize("ufunc", [np.minimum, np.maximum], ids=name)
def test_minimum_and_maximum_pass_nan_on(ufunc):
    for x, y in ((np.nan, 1.0), (1.0, np.nan)):
        assert np.isnan(at(ufunc, x, y)[0])
        assert np.isnan(at(lambda x, y=y: ufunc(x, y), x)[0])
        assert np.isnan(at(lambda x, y=y: ufunc(y, x), x)[0])
