"""The answer of one cycle: the decision, by the simulation's own `decide`, and how good it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from hedgecore.books.book import Book
from hedgecore.decisions.decide import Decision
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.observe import observe
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.live.decision_input import DecisionInput
from hedgecore.live.question import problem_of
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import Snapshot
from hedgecore.units import SECONDS_PER_YEAR

GOOD = ("exact", "optimal within the gap")
"""Statuses of a certificate on which orders are placed."""


@frozen(kw_only=True, eq=False)
class Answer:
    """A decision, the problem that it is of, and why its solver's answer is no good.

    Attributes:
        given: what was asked, and of whom.
        decision: what to trade.
        doubt: why it is not to be traded; None where nothing speaks against it.
        minimises_variance: whether rows may rise, since its solver weighs more than those.

    """

    given: DecisionInput
    decision: Decision
    doubt: str | None
    minimises_variance: bool = False


class _Witness(AbstractHedgeSolver):
    """A solver, and the last answer that it has given."""

    kind = "witness"

    def __init__(self, solver: AbstractHedgeSolver) -> None:
        self.own = solver
        self.linear = solver.linear  # type: ignore[misc]
        self.last: Hedge | None = None

    def solve(self, problem: HedgeProblem) -> Hedge:
        self.last = self.own.solve(problem)
        return self.last

    @property
    def doubt(self) -> str | None:
        """Doubt of the answer, a sentence; None where the solver proves it good."""
        if self.linear or self.last is None:
            return None
        proof = self.last.certificate
        if proof is None:
            return "the solver proves nothing of its answer"
        if proof.status not in GOOD:
            return "; ".join([f"the solver's answer is: {proof.status}", *self.last.notes])
        return None

    @property
    def minimises_variance(self) -> bool:
        """True if the answer minimises a variance."""
        proof = None if self.last is None else self.last.certificate
        return proof is not None and proof.effectiveness is not None


def memory_at(book: Book, now: float) -> Memory:
    """Memory of a hedge that begins now, seconds since 1970: nothing was decided before."""
    return Memory(origin=now / SECONDS_PER_YEAR, worth=book.portfolio.worth(book.market))


def answer(
    book: Book,
    snapshot: Snapshot,
    settings: LiveSettings,
    memory: Memory,
    *,
    step: int,
    last: float,
) -> Answer:
    """Answer to a snapshot: pure, whatever the clock says.

    Args:
        book: of the snapshot.
        snapshot: all that was read.
        settings: the policy and its rules.
        memory: of the decisions before.
        step: which look it is, from 1; 0 opens the hedge.
        last: moment of the snapshot before, seconds since 1970.

    """
    problem = problem_of(book, snapshot, settings)
    now = snapshot.time / SECONDS_PER_YEAR - memory.origin
    since = (snapshot.time - last) / SECONDS_PER_YEAR
    seen = observe(problem, settings.costs, memory, step=step, time=now, dt=since)
    given = DecisionInput(
        problem=problem, solver=book.solver, policy=settings.policy, rules=settings.rules,
        observation=seen, memory=memory,
    )  # fmt: skip
    witness = _Witness(book.solver)
    made = evolve(given, solver=witness).decide()
    return Answer(
        given=given,
        decision=made,
        doubt=witness.doubt,
        minimises_variance=witness.minimises_variance,
    )


def row_norms(problem: HedgeProblem, trade: Any) -> list[float]:
    """Norm of each Greek of the request once a trade is done, in cash."""
    greeks = problem.request.neutral
    rows = (problem.open_greeks(g) + problem.unit_greeks(g) @ np.asarray(trade) for g in greeks)
    return [float(np.linalg.norm(row)) for row in rows]


TIE = 1e-9
"""Norms that differ by less than this part are equal."""


def is_lower(after: Sequence[float], before: Sequence[float]) -> bool:
    """True if, of the norms before and after, the first that differs is lower after."""
    for new, old in zip(after, before, strict=True):
        if abs(new - old) > TIE * max(new, old):
            return new < old
    return False
