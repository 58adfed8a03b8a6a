"""Solvers: least squares in the order of importance, of least norm, each row to its rounding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.hedging.solvers import Ladder

SEEDS = st.integers(0, 10**6)


def random(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


@given(seed=SEEDS, rows=st.integers(1, 4), columns=st.integers(1, 5))
def test_one_stage_is_least_squares_of_least_norm(seed, rows, columns):
    matrix, target = random(seed, (rows, columns), rows)
    answer = Ladder([matrix]).fit([target])
    best = -np.linalg.pinv(matrix) @ target
    assert np.allclose(answer, best, rtol=1e-8, atol=1e-10)


@given(seed=SEEDS)
def test_a_stage_takes_only_the_freedom_that_is_left(seed):
    first, second, one, two = random(seed, (2, 4), (3, 4), 2, 3)
    answer = Ladder([first, second]).fit([one, two])
    assert np.allclose(first @ answer + one, 0, atol=1e-12)
    particular = -np.linalg.pinv(first) @ one
    free = np.linalg.svd(first)[2][2:].T
    step = -np.linalg.pinv(second @ free) @ (two + second @ particular)
    best = np.linalg.norm(two + second @ (particular + free @ step))
    assert np.isclose(np.linalg.norm(two + second @ answer), best, rtol=1e-9)


@given(seed=SEEDS)
def test_of_all_solutions_it_is_the_smallest(seed):
    first, second, one, two, other = random(seed, (1, 5), (2, 5), 1, 2, 5)
    answer = Ladder([first, second]).fit([one, two])
    both = np.vstack([first, second])
    along = other - np.linalg.pinv(both) @ (both @ other)
    assert abs(answer @ along) <= 1e-10 * np.linalg.norm(answer) * np.linalg.norm(along)


def test_a_stage_that_nothing_reaches_changes_nothing():
    answer = Ladder([np.eye(2), np.zeros((2, 2))]).fit([np.array([1.0, 2.0]), np.ones(2)])
    assert answer.tolist() == [-1.0, -2.0]


def test_a_matrix_of_zeros_asks_for_nothing():
    assert Ladder([np.zeros((2, 3))]).fit([np.ones(2)]).tolist() == [0.0, 0.0, 0.0]


@given(seed=SEEDS)
def test_batches_equal_their_points(seed):
    first, second, one, two = random(seed, (3, 2, 2, 4), (3, 2, 1, 4), (3, 2, 2), (3, 2, 1))
    batch = Ladder([first, second]).fit([one, two])
    for at in np.ndindex(3, 2):
        single = Ladder([first[at], second[at]]).fit([one[at], two[at]])
        assert np.allclose(batch[at], single, rtol=1e-9, atol=1e-12)


def test_least_squares_is_a_solver_with_a_kind():
    assert hc.LeastSquares.kind == "least-squares"
    assert isinstance(hc.LeastSquares(), hc.AbstractHedgeSolver)
    assert hc.LeastSquares() == hc.LeastSquares()


def test_the_interface_is_abstract():
    with pytest.raises(TypeError, match="abstract"):
        hc.AbstractHedgeSolver()


def test_a_solver_of_ones_own_is_one_class(stake, market):
    class Half(hc.AbstractHedgeSolver):
        kind = "half"

        def solve(self, problem):
            full = problem.target_greeks("delta") / np.diag(problem.unit_greeks("delta"))
            return hc.Hedge.of(problem, -0.5 * full, notes=["half"])

    tool = stake(name="a", delta={"WETH": 1.0}, hedges=("WETH",))
    target = stake(delta={"WETH": 3.0})
    answer = hc.hedge(target, with_=[tool], market=market, solver=Half())
    assert answer.quantities["a"] == -1.5
    assert answer.after.delta.tolist() == [1.5]
    assert answer.notes == ("half",)
