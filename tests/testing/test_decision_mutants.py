"""The laws of solvers, policies and costs hold for what is shipped, and catch their mutants."""

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
    policies,
    solvers,
    verdicts,
)
from hedgecore.testing.laws import COSTS, POLICIES, SOLVERS, VALUES
from mutants import broken_by, mutant_into

REGISTRY = hc.default_registry()
Fee, HalfSpread, Band, Every = (REGISTRY[k] for k in ("fee", "half-spread", "band", "every"))
HOOKS = ("hedgecore_solvers", "hedgecore_policies", "hedgecore_costs")
MUTANTS: list[Any] = []
mutant = mutant_into(MUTANTS)


def shipped():
    kinds = [kind for hook in HOOKS for kind in REGISTRY.kinds(hook) if kind != "strip"]
    return [REGISTRY[kind](**REGISTRY[kind].example) for kind in kinds] + [hc.LeastSquares()]


@pytest.mark.parametrize("model", shipped(), ids=lambda model: model.kind)
def test_what_is_shipped_breaks_no_law(model):
    assert broken_by(model) == {}


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


@mutant("fraction_between_0_and_1")
class TwiceTheWay(Every):
    def fraction(self, now):
        return 2.0 * super().fraction(now)


@mutant("fraction_between_0_and_1")
class OfAllAssets(Every):
    def fraction(self, now):
        return super().fraction(now)[..., 0]


@mutant("fraction_between_0_and_1")
class MoreThanAllAtTheStart(Every):
    def initial_fraction(self):
        return 1.5


@mutant("one_formula")
class LooksAtAllPaths(Every):
    def fraction(self, now):
        return np.full(now.delta.shape, float(np.abs(now.delta).max() > 1.0))


@mutant("no_memory")
class Counts(Every):
    def fraction(self, now):
        CALLS.append(1)
        return np.full(now.delta.shape, float(len(CALLS) % 2))


@mutant("no_memory")
class WritesIntoDeltas(Every):
    def fraction(self, now):
        found = super().fraction(now)
        now.delta.flags.writeable = True
        now.delta[...] = 0.0
        return found


@mutant("policy_knows_no_units")
class ComparesUnitsWithCash(Every):
    def fraction(self, now):
        return (np.abs(now.delta) > now.price).astype(float)


@mutant("prices_stay")
class MovesPrices(Every):
    def pricing_market(self, market):
        return evolve(market, prices={name: 1.01 * p for name, p in market.prices.items()})


@mutant("cost_nonnegative")
class PaysForSelling(HalfSpread):
    def cost(self, trades):
        return self.fraction * trades.contracts * trades.notional


@mutant("no_trade_is_free")
class AlwaysGas(HalfSpread):
    def cost(self, trades):
        return super().cost(trades) + 1.0


@mutant("even_in_sign")
class DearerToSell(HalfSpread):
    def cost(self, trades):
        return super().cost(trades) * np.where(trades.contracts < 0, 1.1, 1.0)


@mutant("rate_is_of_small_trades")
class SaysHalf(HalfSpread):
    def proportional_rate(self, trades):
        return 0.5 * super().proportional_rate(trades)


@mutant("orders_are_alone")
class SharesAllOrders(HalfSpread):
    def cost(self, trades):
        return np.broadcast_to(super().cost(trades).mean(axis=0), trades.contracts.shape)


@mutant("cost_knows_no_contract_size")
class PerContract(HalfSpread):
    def cost(self, trades):
        return self.fraction * np.abs(trades.contracts)


@mutant("unknown_is_refused")
class TakesUnknownForNothing(Fee):
    rate_of_all: float | None = None

    def cost(self, trades):
        return np.abs(trades.contracts) * np.nan_to_num(trades.charge)


LAWS = {check.__name__: check for check in (*SOLVERS, *POLICIES, *COSTS)}


@pytest.mark.parametrize(("cls", "law"), MUTANTS)
def test_the_law_catches_its_mutant(cls, law):
    with pytest.raises(AssertionError) as caught:
        LAWS[law](cls(**cls.example))
    assert caught.value.law == law


def test_each_law_has_a_mutant():
    own = {check.__name__ for check in (*SOLVERS, *POLICIES, *COSTS) if check not in VALUES}
    assert {each.values[1] for each in MUTANTS} == own


def test_bands_in_units_and_in_cash_are_both_right():
    for of in ("units", "cash", "worth"):
        policies.policy_knows_no_units(Band(half_width=3.0, of=of))


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
