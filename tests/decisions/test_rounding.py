"""Rounding is no order: at the edge of a band the last bit of a delta asks for no trade."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.decisions.decide import Reason, decide
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.decisions.problem import DecisionProblem, total_delta
from hedgecore.decisions.rules import Rules
from hedgecore.interfaces.policy import Observation

CASES = 4000
RNG = np.random.default_rng(11)
TARGET = 10.0 ** RNG.uniform(-6, 6, CASES) * RNG.choice([-1.0, 1.0], CASES)
UNIT = 10.0 ** RNG.uniform(-3, 3, CASES)
WIDTH = np.abs(TARGET) * 10.0 ** RNG.uniform(-6, -0.1, CASES)
START = Memory(
    origin=0.0, worth=np.array(0.0), last_time=np.zeros(CASES), last_price=np.ones((CASES, 1))
)


class OwnWidths(AbstractBand):
    """A band with another half-width on each path."""

    kind = "own-widths"
    to = "edge"

    def width(self, now):
        return WIDTH[:, None] + np.zeros_like(now.delta)


def decision(target, held, step):
    delta = total_delta(target[:, None], [(UNIT * held)[:, None]])
    time = np.full(CASES, 0.01 * step)
    seen = Observation(
        step=np.array(step), time=time, dt=np.array(0.01), price=np.ones((CASES, 1)), delta=delta,
        gamma=np.zeros((CASES, 1, 1)), vol=np.ones((CASES, 1)), cost=np.zeros((CASES, 1)),
        last_time=START.last_time, last_price=START.last_price, worth=START.worth,
    )  # fmt: skip
    problem = DecisionProblem(
        places=np.arange(CASES), question=lambda _: pytest.fail("a quotient"),
        solver=hc.LeastSquares(), delta=delta, held=held[:, None],
        unit_delta=UNIT[:, None, None], notional=np.ones((CASES, 1)), min_order=np.zeros(1),
        lots=(0.0,), serves=((0,),), alone=np.ones((), dtype=np.bool_),
    )  # fmt: skip
    return decide(problem, OwnWidths(), Rules(), seen, START)


def test_a_delta_that_stands_still_at_an_edge_is_traded_once():
    first = decision(TARGET, np.zeros(CASES), 1)
    held = first.target[:, 0]
    assert (first.trade != 0).all()
    np.testing.assert_allclose(np.abs(TARGET + UNIT * held), WIDTH, rtol=1e-9)
    again = decision(TARGET, held, 2)
    assert (again.fraction != 0).any(), "the last bit asks for a trade on some paths"
    assert not (again.trade != 0).any()
    assert set(np.unique(again.reason)) == {Reason.POLICY, Reason.SIZE}


@pytest.mark.parametrize("part", [1e-11, 1e-9])
def test_what_is_more_than_rounding_is_an_order(part):
    held = decision(TARGET, np.zeros(CASES), 1).target[:, 0]
    moved = decision(TARGET * (1 + part), held, 2)
    assert (moved.trade != 0).all()
