"""`interval`: look at each interval, and go where the solver says."""

from __future__ import annotations

from attrs import frozen

from hedgecore.decisions.policies import policy_fields
from hedgecore.decisions.policies.clock import Clock
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Interval(AbstractPolicy):
    """Ask the solver each interval, and trade what it says: nothing, if that is best.

    For a solver that weighs costs against risk, such as `convex` with ``minimise = {cost = 1,
    variance = 1e-6}`` and soft limits: it is asked of the book as it stands, hedges included, so
    that its answer is the trade that is worth its cost. Least squares knows no costs: with it this
    is `clock`.
    """

    kind = "interval"
    example = {"hours": 1.0}

    hours: float = policy_fields.hours("how often to ask")

    def fraction(self, now: Observation) -> Array:
        """Fraction of 1 where an interval has ended within the step."""
        return Clock(hours=self.hours).fraction(now)
