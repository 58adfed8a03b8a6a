"""Jets against mpmath at 50 digits: a judge that shares nothing with them but the formulas."""

import math
import operator

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgecore.jet import derivatives, variable, variables

UNARY = {
    np.positive: lambda x: x,
    np.negative: lambda x: -x,
    np.absolute: mp.fabs,
    np.square: lambda x: x**2,
    np.reciprocal: lambda x: 1 / x,
    np.sqrt: mp.sqrt,
    np.cbrt: mp.cbrt,
    np.exp: mp.exp,
    np.expm1: mp.expm1,
    np.log: mp.log,
    np.log1p: lambda x: mp.log(1 + x),
}
BINARY = {
    np.add: lambda x, y: x + y,
    np.subtract: lambda x, y: x - y,
    np.multiply: lambda x, y: x * y,
    np.divide: lambda x, y: x / y,
    np.power: lambda x, y: x**y,
    np.minimum: min,
    np.maximum: max,
}
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


def name(ufunc):
    return ufunc.__name__


def truth(formula, *point):
    """Return (value, first, second) by mpmath."""
    k = range(len(point))
    with mp.workdps(50):
        x = [mp.mpf(float(xi)) for xi in point]

        def slope(*by):
            return float(mp.diff(formula, tuple(x), tuple(by.count(i) for i in k)))

        second = [[slope(i, j) for j in k] for i in k]
        return float(formula(*x)), [slope(i) for i in k], second


def at(formula, *point, order=2):
    """Return (value, first, second) by jets."""
    k = len(point)
    rows = variables(np.array(point, dtype=float)[:, None], order)
    value, first, second = derivatives(formula(*rows), (1,), k, order)
    return value[0], first[:, 0].tolist(), None if second is None else second[..., 0].tolist()


def along(formula, x):
    """Return (f, f', f'') by jets."""
    value, (first,), ((second,),) = at(formula, x)
    return value, first, second


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


def test_variables_are_rows_with_unit_derivatives():
    x = variables(np.arange(6.0).reshape(2, 3), order=2)
    assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((2, 3), 2, 6, np.float64, 2)
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((2, 3), 2, 6)
    assert x.first.tolist() == [[[1] * 3, [0] * 3], [[0] * 3, [1] * 3]]
    assert (x.second.shape, x.second.any()) == ((2, 2, 2, 3), False)
    assert variables(np.ones((2, 3)), order=1).second is None


def test_one_variable_is_an_array_of_points():
    p = variable([1, 2, 3], order=2)
    assert (p.shape, p.first.shape, p.second.shape) == ((3,), (1, 3), (1, 1, 3))
    assert (np.square(variable(3.0, 2)).shape, variable([], 2).sum().shape) == ((), ())
    with pytest.raises(ValueError, match="order must be 1 or 2, not 3"):
        variable([1.0], order=3)


def parts(jet):
    return jet.value, jet.first, jet.second, jet.depends


def assert_same(jet, other):
    """Assert that two jets hold the same, up to the shape of their points."""
    for mine, theirs in zip(parts(jet), parts(other), strict=True):
        np.testing.assert_array_equal(mine, theirs.reshape(mine.shape))


SHAPES = [((), (3,)), ((1,), (3,)), ((3,), (3,)), ((3,), (2, 1)), ((2, 3), (3,)), ((3,), (4, 2, 3))]


@pytest.mark.parametrize(("left", "right"), [*SHAPES, *((b, a) for a, b in SHAPES)])
@pytest.mark.parametrize("ufunc", BINARY, ids=name)
def test_jets_broadcast_as_arrays_do(ufunc, left, right):
    x, y = np.linspace(0.5, 2, math.prod(left)), np.linspace(0.7, 3, math.prod(right))
    x, y = x.reshape(left), y.reshape(right)
    flat_x, flat_y = (np.ravel(a) for a in np.broadcast_arrays(x, y))
    jet, flat = variable(x, 2), variable(flat_x, 2)
    shape = np.broadcast_shapes(left, right)
    for whole, points in (
        (ufunc(jet, y), ufunc(flat, flat_y)),
        (ufunc(y, jet), ufunc(flat_y, flat)),
        (ufunc(jet, variable(y, 2)), ufunc(flat, variable(flat_y, 2))),
        (np.where(y > 1, jet, 7), np.where(flat_y > 1, flat, 7)),
        (np.where(x > 1, y, jet), np.where(flat_x > 1, flat_y, flat)),
    ):
        assert (whole.shape, whole.first.shape, whole.second.shape) == (
            (shape, (1, *shape), (1, 1, *shape))
        )
        assert_same(whole, points)


def cube():
    """Return a jet of shape (2, 3, 4) in the two variables of its first axis."""
    return variables(np.linspace(0.1, 2.4, 24).reshape(2, 3, 4), 2) ** 3


INDICES = {
    "row": np.s_[0],
    "negative": np.s_[-1],
    "slice": np.s_[:, 1:],
    "ellipsis": np.s_[..., 2],
    "new axis": np.s_[:, None],
    "mask": (np.arange(24) % 3 == 0).reshape(2, 3, 4),
    "list": np.s_[[1, 0, 1]],
    "lists apart": np.s_[[0, 1], :, [3, 2]],
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_indexing_takes_the_derivatives_along(index):
    jet, taken = cube(), cube()[index]
    assert taken.value.tolist() == jet.value[index].tolist()
    assert taken.first.tolist() == [d[index].tolist() for d in jet.first]
    assert taken.second.tolist() == [[d[index].tolist() for d in row] for row in jet.second]


@pytest.mark.parametrize("axis", [None, 0, 1, 2, -1])
@pytest.mark.parametrize("reduction", ["sum", "prod"])
def test_sums_and_products_reduce_any_axis(reduction, axis):
    jet = cube()
    reduced = getattr(np, reduction)(jet, axis=axis)
    rows = np.moveaxis(np.arange(24).reshape(2, 3, 4), axis or 0, 0)
    flat = [jet[np.unravel_index(r, jet.shape)] for r in (rows.ravel() if axis is None else rows)]
    by_hand = (sum if reduction == "sum" else math.prod)(flat)
    for mine, other in zip(parts(reduced), parts(by_hand), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-15)
    assert_same(reduced, getattr(jet, reduction)(axis=axis))


def test_sums_reduce_two_axes_at_once():
    assert cube().sum(axis=(0, -1)).first.shape == (2, 3)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_stacks_join_jets_and_plain_arrays(axis):
    x, plain = variable([2.0, 3.0], 2), np.array([5.0, 7.0])
    stacked = np.stack([x**2, plain], axis=axis)
    assert stacked.value.tolist() == np.stack([[4, 9], plain], axis=axis).tolist()
    assert stacked.first[0].tolist() == np.stack([[4, 6], [0, 0]], axis=axis).tolist()
    assert stacked.second[0, 0].tolist() == np.stack([[2, 2], [0, 0]], axis=axis).tolist()


def test_comparisons_are_plain_and_of_the_values():
    x, plain = variable([1.0, 2.0, 3.0], 2), np.array([3.0, 2.0, 1.0])
    for jet in (x, x * 1.0):
        assert (jet < 2).tolist() == np.less(jet, 2).tolist() == [True, False, False]
        assert (jet <= plain).tolist() == (plain >= jet).tolist() == [True, True, False]
        assert (jet == x).tolist() == np.equal(x, jet).tolist() == [True] * 3
        assert (jet != plain).tolist() == [True, False, True]


def test_constants_like_a_jet_are_plain_arrays():
    x = variable([1.0, 2.0], 2)
    for like in (np.zeros_like(x), np.ones_like(x) - 1, np.full_like(x, 3) - 3):
        assert type(like) is np.ndarray
        assert like.tolist() == [0, 0]


@pytest.mark.parametrize("constant", [3, 3.0, np.float32(3), [3, 3], np.full((2, 2), 3)])
def test_constant_results_have_zero_derivatives(constant):
    value, first, second = derivatives(constant, (2, 2), 3, 2)
    assert value.tolist() == [[3, 3], [3, 3]]
    assert (first.shape, first.any()) == ((3, 2, 2), False)
    assert (second.shape, second.any()) == ((3, 3, 2, 2), False)
    assert derivatives(constant, (2, 2), 3, 1)[2] is None


def test_results_spread_over_the_shape_and_are_the_callers_own():
    prices = np.array([1.0, 2.0])
    value, first, second = derivatives(variable(prices, 2), (3, 2), 1, 2)
    assert (value.shape, first.shape, second.shape) == ((3, 2), (1, 3, 2), (1, 1, 3, 2))
    for own in derivatives(variable(prices, 2), (2,), 1, 2):
        own[...] = 7
    assert prices.tolist() == [1, 2]
    with pytest.raises(ValueError, match="broadcast"):
        derivatives(variable(prices, 2), (3,), 1, 2)


UNSUPPORTED = {
    "numpy.sin": np.sin,
    "numpy.sign": np.sign,
    "numpy.floor_divide": lambda x: x // 2,
    "numpy.matmul": lambda x: np.eye(3) @ x,
    "numpy.dot": lambda x: np.dot(np.eye(3), x),
    "numpy.linalg.norm": np.linalg.norm,
    "numpy.max": np.max,
    "numpy.mean": np.mean,
    "numpy.cumsum": np.cumsum,
    "numpy.copy": np.copy,
    "numpy.concatenate": lambda x: np.concatenate([x, x]),
    "numpy.einsum": lambda x: np.einsum("i,i", x, x),
    "numpy.isclose": lambda x: np.isclose(x, 1),
    "numpy.copyto": lambda x: np.full_like(x, x),
    "numpy.add.reduce": np.add.reduce,
    "numpy.multiply.accumulate": np.multiply.accumulate,
    "numpy.add: out=": lambda x: np.add(x, 1, out=np.zeros(3)),
    "numpy.exp: where=": lambda x: np.exp(x, where=[True, False, True]),
    "numpy.sum: where=": lambda x: np.sum(x, where=[True, False, True]),
    "numpy.prod: initial=": lambda x: np.prod(x, initial=2.0),
    "x \\+= y": lambda x: x.__iadd__(1),
    "use numpy, as in numpy.exp": math.exp,
    "cannot use math or float": float,
    "cannot branch on its values": bool,
    "numpy.array or asarray": np.array,
    "numpy.asarray|asarray": np.asarray,
    "use numpy.stack": lambda x: np.array([x, x]),
    "cannot use numpy.array": lambda x: np.zeros((2, 3)).__setitem__(0, x),
    "formula cannot use numpy.array": lambda x: np.where(x, 1, 2),
    "does not support item assignment": lambda x: operator.setitem(x, 0, 1.0),
    "works on real numbers, not on 1j": lambda x: x + 1j,
    "works on real numbers, not on None": lambda x: np.maximum(x, None),
    "works on real numbers, not on 'a'": lambda x: x == "a",
    "different variables": lambda x: x + variables(np.ones((2, 3)), 2)[0],
    "of different orders": lambda x: x * variable(np.ones(3), 1),
}


@pytest.mark.parametrize(("message", "use"), UNSUPPORTED.items(), ids=UNSUPPORTED)
def test_what_is_not_supported_raises_naming_itself(message, use):
    with pytest.raises(TypeError, match=message):
        use(variable([1.0, 2.0, 3.0], 2))


def test_what_is_not_supported_lists_what_is():
    with pytest.raises(TypeError) as refusal:
        np.sin(variable([1.0], 2))
    listed = str(refusal.value)
    for function in (*UNARY, *BINARY, np.where, np.clip, np.sum, np.prod, np.stack):
        assert function.__name__ in listed


def test_results_of_another_order_or_of_other_variables_are_refused():
    for result in (variable([1.0], 1), variables(np.ones((2, 1)), 2)[0], [variable([1.0], 2)], "a"):
        with pytest.raises(TypeError):
            derivatives(result, (1,), 1, 2)
