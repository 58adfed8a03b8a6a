"""`interval`: look at each interval, and go where the solver says."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.policies import policy_fields
from hedgecore.decisions.policies.abstract_schedule import AbstractSchedule
from hedgecore.decisions.policies.clock import interval_ended
from hedgecore.interfaces.policy import Observation


@frozen(kw_only=True)
class Interval(AbstractSchedule):
    """Ask the solver each interval, and trade what it says: nothing, if that is best.

    For a solver that weighs costs against risk, such as `convex` with ``minimise = {cost = 1,
    variance = 1e-6}`` and soft limits: it is asked of the book as it stands, hedges included, so
    that its answer is the trade that is worth its cost. Least squares knows no costs: with it this
    is `clock`.
    """

    kind = "interval"
    example = {"hours": 1.0}

    hours: float = policy_fields.hours("how often to ask")

    def due(self, now: Observation) -> NDArray[np.bool_]:
        """Moments at which an interval has ended within the step."""
        return interval_ended(now, self.hours)
