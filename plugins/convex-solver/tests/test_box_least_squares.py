"""Least squares within bounds, against SciPy's."""

import numpy as np
import pytest
from hedgecore_convex_solver import bounded_least_squares
from scipy.optimize import lsq_linear

import hedgecore as hc


@pytest.mark.parametrize("seed", range(20))
def test_the_same_answer_as_scipy_to_1e9(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 12))
    matrix = rng.normal(size=(2000, k)) * 10.0 ** rng.uniform(-3, 3, k)
    target = rng.normal(size=2000) + matrix @ (rng.normal(size=k) / np.std(matrix, axis=0))
    free = np.linalg.lstsq(matrix, target)[0]
    low, high = free - np.abs(free) * rng.uniform(-0.5, 1, k), free + np.abs(free)
    low, high = (
        np.where(rng.random(k) < 0.2, -np.inf, low),
        np.where(rng.random(k) < 0.2, np.inf, high),
    )
    got = bounded_least_squares(matrix, target, low, high)
    size = np.linalg.norm(matrix, axis=0)
    judge = lsq_linear(matrix / size, target, (low * size, high * size), method="bvls", tol=1e-15)
    np.testing.assert_allclose(got * size, judge.x, rtol=1e-9, atol=1e-9 * np.abs(judge.x).max())
    assert np.all((got >= low) & (got <= high))


def test_dependent_columns_are_no_answer():
    with pytest.raises(hc.ConvergenceError, match="dependent"):
        bounded_least_squares(np.ones((5, 2)), np.ones(5), -1.0, 1.0)


def test_equal_bounds_fix_a_column():
    got = bounded_least_squares(np.eye(3), [1.0, 2.0, 3.0], [0.5, -9.0, 0.0], [0.5, 9.0, 2.5])
    assert got.tolist() == [0.5, 2.0, 2.5]
