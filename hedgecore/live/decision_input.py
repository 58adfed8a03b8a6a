"""The input of a decision: all that it is made from, so that it can be made again."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from hedgecore.decisions.decide import Decision, decide
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.problem import DecisionProblem
from hedgecore.decisions.rules import Rules
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.interfaces.policy import AbstractPolicy, Observation

NUMBERS = ("fraction", "allowed", "trade")
"""Numbers of a decision that are written down and compared."""


@frozen(eq=False, kw_only=True)
class DecisionInput:
    """All that a decision is made from, and nothing else is: it can be written down and made again.

    Attributes:
        problem: what is to be offset, what is held and what may be traded, exposures as they were.
        solver: of it.
        policy: when, and how far.
        rules: what every policy obeys.
        observation: what the policy sees.
        memory: of the decisions before.

    """

    problem: HedgeProblem
    solver: AbstractHedgeSolver
    policy: AbstractPolicy
    rules: Rules
    observation: Observation
    memory: Memory

    def decide(self) -> Decision:
        """Decision from this alone."""
        problem = DecisionProblem.of(self.problem, self.solver)
        return decide(problem, self.policy, self.rules, self.observation, self.memory)


def decision_body(given: DecisionInput, made: Decision) -> dict[str, Any]:
    """Body of the event of a decision: its input and its numbers; others may be added."""
    return {"input": given, "made": {name: getattr(made, name) for name in NUMBERS}}
