"""Way to the target: the trades, S+(k,), that lead all of it, by the solver."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from hedgecore.decisions.fixed_exposure import FixedContract
from hedgecore.decisions.problem import DecisionProblem, Places
from hedgecore.hedging.lots import OrderSizes
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.rounding import best_steps
from hedgecore.hedging.solvers import least_squares, solution
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import empty_columns


def way_to_target(problem: DecisionProblem) -> Array:
    """Contracts to buy to get to the target, S+(k,), in any amounts where the solver is linear."""
    if problem.alone.all():
        return _quotients(problem)
    if not problem.alone.any():
        return _answers(problem)
    apart = problem.alone
    way = np.empty(problem.held.shape)
    way[apart] = _quotients(problem.at(apart))
    way[~apart] = _answers(problem.at(~apart))
    return way


def orderable(problem: DecisionProblem, amounts: Array) -> Array:
    """Orders that can be placed, S+(k,), of those that leave least of some amounts, S+(k,).

    What is rounded is the point that the amounts lead to: what they leave of the request is meant
    to be left.
    """
    if not any(problem.lots) and not problem.min_order.any():
        return amounts
    least = np.moveaxis(np.broadcast_to(problem.min_order, amounts.shape), -1, 0)
    steps = [OrderSizes(lot, each) for lot, each in zip(problem.lots, least, strict=True)]
    if problem.alone.all() or len(steps) == 1:
        rounded = [step.nearest(amounts[..., k]) for k, step in enumerate(steps)]
        return np.stack(rounded, axis=-1)
    question = problem.question(problem.places)
    matrices = [question.unit_greeks(greek) for greek in question.request.neutral]
    stages = [(matrix, -np.matvec(matrix, amounts)) for matrix in matrices]
    return best_steps(amounts, steps, stages, least_squares)


def _quotients(problem: DecisionProblem) -> Array:
    """Quotients of what each instrument has to offset and the delta of one contract, S+(k,)."""
    way = empty_columns(problem.held.shape[:-1], problem.held.shape[-1])
    for k, (asset,) in enumerate(problem.serves):
        way[..., k] = -problem.delta[..., asset] / problem.unit_delta[..., k, asset]
    return way


def _answers(problem: DecisionProblem) -> Array:
    """Answers of the solver: of one that is linear on all paths together, of any other in turn."""
    if problem.solver.linear:
        return _answer(problem, problem.places)
    each = [_answer(problem, np.asarray(place)) for place in problem.places.ravel()]
    return np.reshape(each, problem.held.shape)


def _answer(problem: DecisionProblem, places: Places) -> Array:
    question = problem.question(places)
    if problem.solver.linear and (any(problem.lots) or problem.min_order.any()):
        question = _in_any_amount(question)
    found = solution(problem.solver, question).quantities
    return np.stack([np.asarray(found[each.name]) for each in question.instruments], axis=-1)


def _in_any_amount(problem: HedgeProblem) -> HedgeProblem:
    """Hedge problem without lots and least orders: the point is rounded, not the way there."""
    pairs = zip(problem.instruments, problem.unit_exposures, strict=True)
    return evolve(
        problem, instruments=tuple(FixedContract(*pair, divisible=True) for pair in pairs)
    )
