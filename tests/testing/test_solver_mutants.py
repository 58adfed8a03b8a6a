"""The laws of solvers catch their mutants: least squares, with one thing wrong."""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
import numpy as np
import pytest
from attrs import evolve, field, frozen

import hedgecore as hc
from hedgecore.hedging.certificate import Certificate
from hedgecore.testing import (
    CannotBeTold,
    solvers,
    verdicts,
)
from hedgecore.testing.laws import SOLVERS, VALUES
from mutants import mutant_into

MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


class Wrong(hc.AbstractHedgeSolver):
    """Least squares, with one thing wrong."""

    kind = "wrong-solver"
    example: ClassVar[dict] = {}

    def solve(self, problem):
        return hc.Hedge.of(problem, self.amounts(problem))

    def amounts(self, problem):
        return np.stack(
            np.broadcast_arrays(*hc.LeastSquares().solve(problem).quantities.values()), -1
        )


@mutant("solver_answers")
class NotANumber(Wrong):
    def amounts(self, problem):
        return super().amounts(problem) * np.nan


@mutant("solver_answers")
class OfAnother(Wrong):
    def solve(self, problem):
        found = super().solve(problem)
        return evolve(found, quantities={f"{n}!": a for n, a in found.quantities.items()})


@mutant("solver_answers")
class AfterIsElse(Wrong):
    def solve(self, problem):
        found = super().solve(problem)
        return evolve(found, after=found.before)


CALLS: list[int] = []


@mutant("solve_is_pure")
class Drifts(Wrong):
    def amounts(self, problem):
        CALLS.append(1)
        return super().amounts(problem) * (1 + 1e-12 * len(CALLS))


@mutant("solve_is_pure")
class WritesIntoPrices(Wrong):
    def amounts(self, problem):
        found = super().amounts(problem)
        price = problem.market.prices["SOME"]
        price.flags.writeable = True
        price[...] = 1.0
        return found


@mutant("solver_knows_no_units")
class RoundsSmallAmounts(Wrong):
    def amounts(self, problem):
        cash = np.abs(problem.target_exposure.delta).min()
        return super().amounts(problem) * (cash > 1e-9)


@mutant("solver_knows_no_units")
class CountsDollars(Wrong):
    def amounts(self, problem):
        price = float(problem.market.prices["OTHER"])
        return super().amounts(problem) * (1.0 + 1e-5 * (price > 1.0))


@mutant("infeasible_is_a_result")
class Raises(Wrong):
    def amounts(self, problem):
        if len(problem.instruments) < 2:
            raise hc.HedgeError("cannot be met")
        return super().amounts(problem)


@mutant("infeasible_is_a_result")
class CallsItExact(Wrong):
    def solve(self, problem):
        found = hc.Hedge.of(problem, self.amounts(problem) * (len(problem.instruments) > 1))
        return evolve(found, certificate=Certificate(status="exact", gap=0.0))


@mutant("infeasible_is_a_result")
class SaysNothing(Wrong):
    def solve(self, problem):
        return evolve(super().solve(problem), reasons={"OTHER": " "})


class Certified(Wrong):
    certificate: ClassVar[Certificate]

    def solve(self, problem):
        return evolve(super().solve(problem), certificate=self.certificate)


@mutant("only_solved_counts")
class WithoutAGap(Certified):
    certificate = Certificate(status="optimal within the gap", objective=1.0)


@mutant("only_solved_counts")
class OfNoStatus(Certified):
    certificate = Certificate(status="primal infeasible", objective=1.0, gap=0.0)


@mutant("only_solved_counts")
class TradesAndCallsItNone(Certified):
    certificate = Certificate(status="no trade")


@mutant("only_solved_counts")
class ObjectiveIsNoNumber(Certified):
    certificate = Certificate(status="best effort", objective=float("nan"))


@mutant("traded_once")
class ForgetsWhatIsHeld(Wrong):
    def amounts(self, problem):
        alone = hc.HedgeProblem(
            problem.target, problem.instruments, problem.market, problem.request
        )
        return super().amounts(alone)


@mutant("linear_over_arrays")
class SaysThatItIsLinear(Wrong):
    linear: ClassVar[bool] = True

    def amounts(self, problem):
        found = super().amounts(problem)
        return np.sign(found) * np.abs(found) ** 1.01


LAWS = {check.__name__: check for check in SOLVERS}


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    with pytest.raises(AssertionError) as caught:
        LAWS[law](cls(**cls.example))
    assert caught.value.law == law


def test_each_law_has_a_mutant():
    own = {check.__name__ for check in SOLVERS if check not in VALUES}
    assert {each.values[1] for each in MUTANTS} == own


@frozen(kw_only=True)
class Particular(Wrong):
    """For contracts of one name alone."""

    name: str = field(default="MINE")

    def amounts(self, problem):
        if problem.instruments[0].name != self.name:
            raise hc.HedgeError("none of mine")
        return super().amounts(problem)


def test_a_solver_of_other_things_is_judged_by_problems_of_its_own():
    ours = solvers.plain_problem()
    mine = hc.HedgeProblem(
        ours.target, (attrs.evolve(ours.instruments[0], name="MINE"),), ours.market
    )
    without = verdicts(Particular())
    assert isinstance(without["solver_answers"], CannotBeTold)
    assert {name: error for name, error in verdicts(Particular(), mine).items() if error} == {}
    assert verdicts(attrs.evolve(Particular(), name="OTHER"), mine)["solver_answers"]
