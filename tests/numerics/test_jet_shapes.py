"""Jets as arrays: variables, broadcasting, indexing, reductions, plain results."""

import math

import numpy as np
import pytest

from hedgecore.numerics.jet import derivatives, variable, variables
from jets import BINARY, name


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
