"""Newton's method for batches: it arrives, it says so where it does not, and nobody waits."""

import numpy as np
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from hedgecore.numerics.newton import (
    backward,
    damped_newton,
    factorize,
    forward,
    rising_roots,
    usable,
)

TINY = float(np.finfo(float).tiny)


@frozen(eq=False)
class Scalar:
    """One equation f(x) = target each, with its own slope."""

    f: object
    slope: object
    target: np.ndarray

    def look(self, points, which):
        error = self.f(points[0]) - self.target[which]
        return np.abs(error), -(error / self.slope(points[0]))[None]

    def move(self, points, steps, _):
        return points + steps


def arctan(target):
    return Scalar(np.arctan, lambda x: 1 / (1 + x * x), np.atleast_1d(np.asarray(target)))


def test_damping_arrives_where_full_steps_diverge():
    found = damped_newton(arctan([-1.5, 0.3, 1.5]), np.full((1, 3), 30.0))
    assert found.converged.all()
    assert found.points[0] == pytest.approx(np.tan([-1.5, 0.3, 1.5]), rel=1e-13)


def test_a_residual_of_zero_is_an_answer_before_any_step_is_asked_for():
    broken = Scalar(lambda x: x, lambda x: x * np.nan, np.array([3.0]))
    found = damped_newton(broken, np.array([[3.0]]))
    assert (found.points[0, 0], found.iterations[0], found.converged[0]) == (3.0, 0, True)


def test_what_has_no_answer_is_reported_and_disturbs_nobody():
    found = damped_newton(arctan([2.0, 0.5, np.nan]), np.zeros((1, 3)))
    assert found.converged.tolist() == [False, True, False]
    assert found.points[0, 1] == pytest.approx(np.tan(0.5), rel=1e-14)


def test_each_goes_its_own_way_in_a_batch():
    targets = np.linspace(-1.5, 1.5, 41)
    alone = [damped_newton(arctan(t), np.full((1, 1), 9.0)).points[0, 0] for t in targets]
    together = damped_newton(arctan(targets), np.full((1, 41), 9.0)).points[0]
    assert together == pytest.approx(alone, rel=1e-14)


def test_the_start_is_left_as_it_was():
    start = np.full((1, 3), 2.0)
    damped_newton(arctan([0.1, 0.2, 0.3]), start)
    assert (start == 2.0).all()


def test_a_flat_spot_in_the_way_is_crossed():
    cube = Scalar(lambda x: x**3, lambda x: 3 * x**2 + TINY, np.array([8.0, -1e-9]))
    found = damped_newton(cube, np.array([[-1.0, 1.0]]))
    assert found.points[0] == pytest.approx([2.0, -1e-3], rel=1e-8)


RISING = {
    "line": (lambda s: s - 5.0, np.ones_like, 5.0),
    "exp": (lambda s: np.exp(s) - 1e6, np.exp, np.log(1e6)),
    "exp from above": (
        lambda s: np.exp(40 * s) - 1e-30,
        lambda s: 40 * np.exp(40 * s),
        -1.72693881,
    ),
    "cube": (lambda s: (s - 1) ** 3, lambda s: 3 * (s - 1) ** 2, 1.0),
    "log, infinite below": (
        lambda s: np.log(np.maximum(s + 2, 0)),
        lambda s: 1 / np.maximum(s + 2, 0),
        -1.0,
    ),
    "steep then flat": (lambda s: np.tanh(s - 60), lambda s: 1 - np.tanh(s - 60) ** 2, 60.0),
}


@pytest.mark.parametrize("name", RISING)
def test_rising_functions_have_their_root_found(name):
    f, slope, root = RISING[name]
    assert rising_roots(lambda s, _: (f(s), slope(s)), 1)[0] == pytest.approx(root, rel=1e-6)


def test_a_root_at_the_start_is_found_before_slopes_are_divided_by():
    assert rising_roots(lambda s, _: (0 * s, 0 * s), 2).tolist() == [0.0, 0.0]


def test_no_root_is_nan_and_leaves_the_others_alone():
    def lines_and_one_without(s, which):
        lines = s - 3.0
        return np.where(which == 1, np.exp(s) + 1, lines), np.where(which == 1, np.exp(s), 1.0)

    roots = rising_roots(lines_and_one_without, 3)
    assert np.isnan(roots).tolist() == [False, True, False]
    assert roots[[0, 2]].tolist() == [3.0, 3.0]


@given(st.integers(1, 7), st.integers(0, 10_000))
def test_factors_solve_definite_systems(k, seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(5, k, k + 2))
    matrices = np.einsum("nij,nkj->ikn", root, root)
    right = rng.normal(size=(k, 5))
    lower, pivots = factorize(matrices)
    solved = backward(lower, forward(lower, right) / usable(pivots))
    assert (pivots > 0).all()
    assert np.einsum("ijn,jn->in", matrices, solved) == pytest.approx(right, rel=1e-6, abs=1e-6)


@given(st.integers(1, 7), st.integers(0, 10_000))
def test_pivots_are_positive_exactly_where_the_matrix_is(k, seed):
    half = np.random.default_rng(seed).normal(size=(k, k))
    matrix = half + half.T + 3 * np.eye(k)
    _, pivots = factorize(matrix[:, :, None])
    assert (pivots > 0).all() == (np.linalg.eigvalsh(matrix) > 0).all()


def test_singular_matrices_have_pivots_of_zero_and_finite_steps():
    lower, pivots = factorize(np.ones((2, 2, 1)))
    assert pivots[:, 0].tolist() == [1.0, 0.0]
    assert np.isfinite(backward(lower, forward(lower, np.ones((2, 1))) / usable(pivots))).all()
