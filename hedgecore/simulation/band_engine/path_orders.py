"""Orders of paths at a step, one instrument for one asset: of a band alone, or of every rule."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from hedgecore.decisions.band_orders import BandPaths, orders_to_band, outside_band
from hedgecore.decisions.decide import decide
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.decisions.problem import DecisionProblem, Places
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.solvers import LeastSquares
from hedgecore.interfaces.policy import Observation
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.band_engine.one_price import OnePrice


class StepOrders(Protocol):
    """Contracts to buy, (N,), of paths at a step."""

    def __call__(
        self, problem: OnePrice, step: int, logs: Array, held: Array, since: Array
    ) -> Array:
        """Contracts, at log prices, by contracts held and the time of the last trade, years."""
        ...


def orders_of(problem: OnePrice) -> StepOrders:
    """StepOrders by the band alone, where no rule says more and any amount can be ordered."""
    rules, policy = problem.rules, problem.policy
    limited = rules.cooldown or rules.min_order_value or problem.instrument.lot or problem.fewest
    own = type(policy).fraction is not AbstractBand.fraction
    return orders_by_rules if limited or problem.fewest is None or own else orders_by_band


def opening_order(problem: OnePrice, held: Array) -> Array:
    """Contracts to buy at the start, (1,), which opens the hedge."""
    memory, start = Memory(origin=0.0, worth=problem.worth), np.zeros(1)
    now = problem.moments(start, 0, problem.unit * held, start, exact=True)
    return _decide(problem, now, held, memory)


def orders_by_band(
    problem: OnePrice,
    step: int,  # noqa: ARG001 - a band does not ask
    logs: Array,
    held: Array,
    since: Array,  # noqa: ARG001 - nor this
) -> Array:
    """Contracts to buy, (N,), as `decide` says where they are quotients."""
    base, width = problem.curve.delta(logs), problem.widths(logs)
    delta = problem.unit * held
    delta += base
    which = outside_band(delta, width)
    bought = np.zeros(len(logs))
    paths = BandPaths(delta, base, np.array([problem.unit]), width, held)
    _, bought[which] = orders_to_band(paths.at(which), problem.policy.to)
    return bought


def orders_by_rules(problem: OnePrice, step: int, logs: Array, held: Array, since: Array) -> Array:
    """Contracts to buy, (N,), as `decide` says."""
    now = problem.moments(logs, step, problem.unit * held, since)
    memory = Memory(origin=0.0, worth=problem.worth, last_time=since, last_price=now.last_price)
    return _decide(problem, now, held, memory)


def _decide(problem: OnePrice, now: Observation, held: Array, memory: Memory) -> Array:
    here = _decision_problem(problem, held, now)
    return decide(here, problem.policy, problem.rules, now, memory).trade[:, 0]


def _decision_problem(problem: OnePrice, held: Array, now: Observation) -> DecisionProblem:
    """Decision problem of paths that hold so many contracts, (N,), where they are seen."""
    price, count = now.price[:, 0], len(held)
    fewest = np.zeros(1) if problem.fewest == 0 else problem.min_order(price)[:, None]
    return DecisionProblem(
        places=np.arange(count), question=_no_question, solver=LeastSquares(),
        delta=now.delta, held=held[:, None], unit_delta=np.full((count, 1, 1), problem.unit),
        notional=problem.notional * now.price, min_order=fewest, lots=(problem.instrument.lot,),
        serves=((0,),), alone=np.ones((), dtype=np.bool_),
    )  # fmt: skip


def _no_question(places: Places) -> HedgeProblem:  # noqa: ARG001 - its trades are quotients
    raise AssertionError("one instrument that stands alone is no question for a solver")
