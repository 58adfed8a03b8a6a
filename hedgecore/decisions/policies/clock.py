"""`clock`: at fixed times, however long the steps are."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore.decisions.policies import policy_fields
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array
from hedgecore.units import HOURS_PER_YEAR

SLACK = 1e-6
"""The part of an interval by which a step may end early, by rounding, and still reach its end."""


@frozen(kw_only=True)
class Clock(AbstractPolicy):
    """Trade all of the way at the first step to end at, or after, each interval's end."""

    kind = "clock"
    example = {"hours": 8.0}

    hours: float = policy_fields.hours("the interval")

    def fraction(self, now: Observation) -> Array:
        """Fraction of 1 where an interval has ended within the step."""
        due = ticks(now.time, self.hours) > ticks(now.time - now.dt, self.hours)
        return np.broadcast_to(due[..., None], now.delta.shape).astype(np.float64)


def ticks(time: Array, hours: float) -> Array:
    """Number of intervals that have ended by a time, years since the start."""
    return np.floor(np.asarray(time) * (HOURS_PER_YEAR / hours) + SLACK)
