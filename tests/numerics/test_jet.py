"""Jets against mpmath at 50 digits: a judge that shares nothing with them but the formulas."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgecore.numerics.jet import derivatives, variable
from jets import BINARY, UNARY, along, at, name

OPERATORS = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "x ** y": lambda x, y: x**y,
    "-x": lambda x, _: -x,
    "+x": lambda x, _: +x,
    "abs(x)": lambda x, _: abs(x),
    "x * x": lambda x, _: x * x,
    "x / x": lambda x, _: x / x,
    "x ** x": lambda x, _: x**x,
    "3 - x": lambda x, _: 3 - x,
    "3 / x": lambda x, _: 3 / x,
    "3 ** x": lambda x, _: 3**x,
    "x³y + xy³": lambda x, y: x**3 * y + x * y**3,
    "(x + y)(x - y)/(xy)": lambda x, y: (x + y) * (x - y) / (x * y),
    "1/(1/x + 1/y)": lambda x, y: 1 / (1 / x + 1 / y),
}


HESSIANS = {
    "balancer": (
        lambda x, y, z: (x * y * z) ** 0.25 + x * z**0.75,
        lambda x, y, z: (x * y * z) ** mp.mpf(0.25) + x * z ** mp.mpf(0.75),
    ),
    "cube root": (lambda x, y, z: np.cbrt(x * y * z), lambda x, y, z: mp.cbrt(x * y * z)),
    "third power": (
        lambda x, y, z: (x * y * z) ** (1 / 3),
        lambda x, y, z: (x * y * z) ** mp.mpf(1 / 3),
    ),
    "prod": (lambda *x: np.prod(np.stack(x), axis=0) ** 0.5, lambda *x: mp.sqrt(mp.fprod(x))),
    "sum": (lambda *x: np.sum(np.stack(x), axis=0) ** 0.5, lambda *x: mp.sqrt(mp.fsum(x))),
    "log of sum": (
        lambda *x: np.log(sum(np.exp(xi) for xi in x)),
        lambda *x: mp.log(mp.fsum(mp.exp(xi) for xi in x)),
    ),
    "norm": (
        lambda *x: np.sqrt(np.square(np.stack(x)).sum(axis=0)),
        lambda *x: mp.sqrt(mp.fsum(xi**2 for xi in x)),
    ),
}


def truth(formula, *point):
    """Return (value, first, second) by mpmath."""
    k = range(len(point))
    with mp.workdps(50):
        x = [mp.mpf(float(xi)) for xi in point]

        def slope(*by):
            return float(mp.diff(formula, tuple(x), tuple(by.count(i) for i in k)))

        second = [[slope(i, j) for j in k] for i in k]
        return float(formula(*x)), [slope(i) for i in k], second


def assert_exact(ours, theirs, rtol=4e-15):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=rtol, atol=1e-30)


@pytest.mark.parametrize("x", [1e-9, 0.03, 0.7, 1.3, 4.0, 19.5, 700.0])
@pytest.mark.parametrize("ufunc", UNARY, ids=name)
def test_functions_of_one_argument_are_exact(ufunc, x):
    assert_exact(at(ufunc, x), truth(UNARY[ufunc], x))


@pytest.mark.parametrize("x", [-0.4, -1.7, -30.0])
@pytest.mark.parametrize("ufunc", [np.absolute, np.square, np.reciprocal, np.exp, np.expm1])
def test_functions_of_a_negative_argument_are_exact(ufunc, x):
    assert_exact(at(ufunc, x), truth(UNARY[ufunc], x))
    assert_exact(along(np.cbrt, -8.0), (-2.0, 1 / 12, 1 / 144))


def test_log1p_and_expm1_keep_their_digits_near_zero():
    assert_exact(at(np.log1p, -1e-12), truth(UNARY[np.log1p], -1e-12))
    assert_exact(at(np.expm1, 1e-18), truth(UNARY[np.expm1], 1e-18))


@pytest.mark.parametrize("y", [0.3, 1.0, 2.0, 3.7])
@pytest.mark.parametrize("x", [0.03, 0.7, 1.3, 19.5])
@pytest.mark.parametrize("ufunc", BINARY, ids=name)
def test_functions_of_two_arguments_are_exact_beside_jets_and_plain_numbers(ufunc, x, y):
    exact, plain = BINARY[ufunc], np.array([y])
    assert_exact(at(ufunc, x, y), truth(exact, x, y), rtol=1e-14)
    assert_exact(at(lambda x: ufunc(x, y), x), truth(lambda x: exact(x, mp.mpf(y)), x), rtol=1e-14)
    assert_exact(at(lambda x: ufunc(y, x), x), truth(lambda x: exact(mp.mpf(y), x), x), rtol=1e-14)
    assert at(lambda x: ufunc(plain, x), x) == at(lambda x: ufunc(y, x), x)


@pytest.mark.parametrize("exponent", [-3, -0.5, 0, 1 / 3, 1, 1.5, 2, 7, 31.4])
@pytest.mark.parametrize("x", [0.03, 1.3, 4.0])
def test_powers_are_exact(x, exponent):
    exact = truth(lambda x: x ** mp.mpf(exponent), x)
    assert_exact(at(lambda x: x**exponent, x), exact, rtol=1e-14)


@pytest.mark.parametrize("exponent", [-3, -2, -1, 0, 1, 2, 3, 4])
def test_whole_powers_of_a_negative_base_are_exact(exponent):
    assert_exact(at(lambda x: x**exponent, -1.7), truth(lambda x: x**exponent, -1.7))


@pytest.mark.parametrize("formula", OPERATORS.values(), ids=OPERATORS)
def test_operators_are_exact(formula):
    assert_exact(at(formula, 1.7, 0.6), truth(formula, 1.7, 0.6), rtol=1e-14)


@pytest.mark.parametrize("inner", UNARY, ids=name)
@pytest.mark.parametrize("outer", UNARY, ids=name)
def test_functions_of_functions_are_exact(outer, inner):
    ours = at(lambda x, y: outer(9 + inner(x * y) * y**3 / 9), 1.7, 1.3)
    exact = truth(lambda x, y: UNARY[outer](9 + UNARY[inner](x * y) * y**3 / 9), 1.7, 1.3)
    assert_exact(ours, exact, rtol=1e-12)


@pytest.mark.parametrize(("formula", "exact"), HESSIANS.values(), ids=HESSIANS)
def test_hessians_are_exact_and_symmetric(formula, exact):
    ours = at(formula, 2.5, 0.75, 1.25)
    assert_exact(ours, truth(exact, 2.5, 0.75, 1.25), rtol=1e-14)
    assert ours[2] == np.transpose(ours[2]).tolist()
    assert at(formula, 2.5, 0.75, 1.25, order=1) == (*ours[:2], None)


@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0), st.floats(0.05, 0.95))
def test_a_weighted_mean_is_exact_anywhere(x, y, weight):
    value, first, second = at(lambda x, y: x**weight * y ** (1 - weight), x, y)
    bend = weight * (weight - 1) * value
    assert first == pytest.approx([weight * value / x, (1 - weight) * value / y], rel=1e-13)
    exact = [bend / x / x, -bend / x / y, -bend / x / y, bend / y / y]
    assert np.ravel(second) == pytest.approx(exact, rel=1e-12)


def test_a_derivative_that_is_zero_has_no_sign():
    flat = 1 / np.minimum(variable(np.array([4.0, 9.0]), 2), 2.0)
    _, first, second = derivatives(flat - 0.5, (2,), 1, 2)
    assert not np.signbit(first).any()
    assert not np.signbit(second).any()
    assert np.all(first == 0.0)
