"""The laws of solvers: an answer to every problem that can be put, and the same one each time."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np

from hedgecore.errors import HedgeError
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeProblem, HedgeRequest
from hedgecore.hedging.result import Hedge
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Balance, Portfolio
from hedgecore.numerics.arrays import Array
from hedgecore.registry.specs import spec_of
from hedgecore.testing.answers import UNIT
from hedgecore.testing.contracts import LinearContract
from hedgecore.testing.law import CannotBeTold, law, require

SAME = 1e-6
"""The part of the largest trade by which two answers to one problem may differ."""
UNITS = (1e-12, 1e-6, 1e6, 1e12)
SOLVED = ("exact", "optimal within the gap")
STATUSES = (*SOLVED, "best effort", "no trade")


@law
def solver_answers(solver: Any, at: Any = None) -> None:
    """Each instrument of the problem has one finite number of contracts, and Greeks add up.

    Source: `AbstractHedgeSolver.solve`: an imperfect hedge is a result, after is before and hedge.
    """
    for problem in _problems(solver, at):
        found = solver.solve(problem)
        names = [each.name for each in problem.instruments]
        require(list(found.quantities) == names, "it answers for other instruments",
                got=list(found.quantities), expected=names)  # fmt: skip
        require(np.isfinite(_trade(found)).all(), "a number of contracts is not finite",
                got=dict(found.quantities))  # fmt: skip
        before, hedge = found.before.delta_cash, found.hedge.delta_cash
        off = np.abs(found.after.delta_cash - before - hedge)
        adds = np.all(off <= SAME * (np.abs(before) + np.abs(hedge)))
        require(adds, "what is left is not what there was and the trade",
                got=found.after.delta_cash.tolist(), expected=before + hedge)  # fmt: skip


@law
def solve_is_pure(solver: Any, at: Any = None) -> None:
    """The same problem has the same answer to the last bit, and is as it was.

    Source: a decision depends on what it sees alone, not on when it is asked.
    """
    for problem in _problems(solver, at):
        prices = copy.deepcopy(dict(problem.market.prices))
        parts = copy.deepcopy((problem.instruments, problem.request))
        first, again = _trade(solver.solve(problem)), _trade(solver.solve(_anew(problem)))
        require(np.array_equal(first, again), "asked twice it says something else",
                got=again, expected=first)  # fmt: skip
        require((problem.instruments, problem.request) == parts, "it changes the problem")
        same = all(np.array_equal(prices[name], price)
                   for name, price in problem.market.prices.items())  # fmt: skip
        require(same, "it changes the prices", got=dict(problem.market.prices), expected=prices)


@law
def solver_knows_no_units(solver: Any, at: Any = None) -> None:
    """In other units of an asset, and of money, the same contracts are traded.

    From 1e-12 to 1e12. A limit in cash is in one unit of money: that is changed only where all
    settings are those of a plain solver. Source: a change of unit changes no contract.
    """
    if not _answers_ours(solver, at):
        return
    expected = _trade(solver.solve(plain_problem()))
    plain = len(spec_of(solver)) == 1 or solver == type(solver)(**_required_fields(solver))
    for unit in UNITS:
        for name, problem in (("asset", plain_problem(unit)), ("money", plain_problem(1.0, unit))):
            if name == "asset" or plain:
                found = _trade(solver.solve(problem))
                _same(found, expected, f"a unit of {name} of {unit:g} changes the trade")


@law
def infeasible_is_a_result(solver: Any, at: Any = None) -> None:
    """An exposure that no trade can offset gives a hedge that says why, for each asset.

    Source: `AbstractHedgeSolver.solve`.
    """
    if not _answers_ours(solver, at):
        return
    found = solver.solve(infeasible_problem())
    require(np.isfinite(_trade(found)).all(), "it trades what is no number",
            got=dict(found.quantities))  # fmt: skip
    require("OTHER" in found.unhedged, "it says that OTHER, which nothing trades, is hedged",
            got=dict(found.unhedged))  # fmt: skip
    require(found.unhedged["OTHER"].strip(), "it does not say why OTHER stays")
    certificate = found.certificate
    traded = bool(np.any(_trade(found)))
    lies = certificate is not None and certificate.status == SOLVED[0] and not traded
    require(not lies, "it calls exact what it could not do", got=certificate)


@law
def only_solved_counts(solver: Any, at: Any = None) -> None:
    """A number is called solved only with a bound on its error, and no trade is none.

    Source: `Certificate`: a status that is known; a gap where it says that one is kept.
    """
    problems = [*_problems(solver, at), *([infeasible_problem()] if at is None else [])]
    for problem in problems:
        found = solver.solve(problem)
        if found.certificate is None:
            continue
        its = found.certificate
        require(its.status in STATUSES, "its status is none that is known", got=its.status,
                expected=STATUSES)  # fmt: skip
        numbers = [x for x in (its.objective, its.gap, *its.breakdown.values()) if x is not None]
        require(all(map(math.isfinite, numbers)), "a number of it is not finite", got=its)
        bounded = its.gap is not None and its.gap >= 0
        require(bounded or its.status not in SOLVED, "it is called solved without a gap", got=its)
        idle = its.status != "no trade" or not np.any(_trade(found))
        require(idle, "it trades and calls it no trade", got=dict(found.quantities))


@law
def traded_once(solver: Any, at: Any = None) -> None:
    """A hedge that holds the answer already trades nothing again.

    Source: `HedgeProblem.held`; an order that is filled is not given twice.
    """
    for problem in _problems(solver, at):
        found = solver.solve(problem)
        contracts = zip(problem.instruments, found.target.values(), strict=True)
        held = {each.name: HeldContracts(number, each) for each, number in contracts}
        again = solver.solve(attrs.evolve(_anew(problem), held=held))
        size = max(1e-300, float(np.abs(_trade(found)).max()))
        require(np.all(np.abs(_trade(again)) <= SAME * size), "it trades what is held again",
                got=dict(again.quantities), expected="nothing")  # fmt: skip


@law
def linear_over_arrays(solver: Any, at: Any = None) -> None:
    """A linear solver answers an array of prices as each alone, and twice the target by twice.

    Source: `AbstractHedgeSolver.linear`; others need not take arrays.
    """
    if not type(solver).linear or not _answers_ours(solver, at):
        return
    moved = np.array([0.5, 1.0, 3.0])
    together = _trade(solver.solve(plain_problem(1.0, moved)))
    alone = [_trade(solver.solve(plain_problem(1.0, float(each)))) for each in moved]
    _same(together, np.stack(alone), "in an array it says something else than alone")
    twice = _trade(solver.solve(plain_problem(times=2.0)))
    _same(twice, 2.0 * _trade(solver.solve(plain_problem())), "twice the target is not twice")


def plain_problem(unit: float = 1.0, money: Any = 1.0, times: float = 1.0) -> HedgeProblem:
    """Problem of two assets and a contract on each, in other units of the first, or of money."""
    prices = {"SOME": 2000.0 * np.asarray(money) / unit, "OTHER": 0.3 * np.asarray(money)}
    book = [
        ("some", Balance("SOME"), 7.3 * unit * times),
        ("other", Balance("OTHER"), -4e4 * times),
    ]
    contracts = (
        LinearContract(name="SOME-1", underlying="SOME", contract_size=0.1 * unit, fee=0.0005),
        LinearContract(name="OTHER-1", underlying="OTHER", contract_size=100.0, fee=0.0002),
    )
    return HedgeProblem(Portfolio(book), contracts, Market(prices=prices, numeraire=UNIT))


def infeasible_problem() -> HedgeProblem:
    """Problem of two assets, and a contract on one of them."""
    plain = plain_problem()
    request = HedgeRequest(assets=("SOME", "OTHER"))
    return HedgeProblem(plain.target, plain.instruments[:1], plain.market, request)


def _problems(solver: Any, at: Any) -> Iterator[HedgeProblem]:
    """Problems to try: those that are given, or the kit's."""
    if at is not None:
        yield from at if isinstance(at, Sequence) else (at,)
    elif _answers_ours(solver, at):
        yield plain_problem()


def _answers_ours(solver: Any, at: Any) -> bool:
    """True if the solver takes what the kit asks; some are for options alone, say."""
    try:
        solver.solve(plain_problem())
    except HedgeError as error:
        if at is None:
            reason = f"it takes none of the kit's problems ({error}): give one of yours, as `at`"
            raise CannotBeTold(reason) from error
        return False
    return True


def _anew(problem: HedgeProblem) -> HedgeProblem:
    """Problem with nothing of it computed."""
    return HedgeProblem(
        problem.target, problem.instruments, problem.market, problem.request, problem.held
    )


def _required_fields(solver: Any) -> dict[str, Any]:
    fields = attrs.fields(type(solver))
    return {f.name: getattr(solver, f.name) for f in fields if f.default is attrs.NOTHING}


def _trade(found: Hedge) -> Array:
    """Contracts traded, S+(k,), in the order of the instruments."""
    return np.stack(np.broadcast_arrays(*found.quantities.values()), axis=-1)


def _same(got: Array, expected: Array, reason: str) -> None:
    size = float(np.abs(expected).max(initial=0.0))
    close = np.all(np.abs(got - expected) <= SAME * size)
    require(close, reason, got=np.asarray(got).tolist(), expected=np.asarray(expected).tolist())
