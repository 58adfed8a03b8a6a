"""`clock`: at fixed times, however long the steps are."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.policies import policy_fields
from hedgecore.decisions.policies.abstract_schedule import AbstractSchedule
from hedgecore.interfaces.policy import Observation
from hedgecore.numerics.arrays import Array
from hedgecore.units import HOURS_PER_YEAR

SLACK = 1e-6
"""The part of an interval by which a step may end early, by rounding, and still reach its end."""


@frozen(kw_only=True)
class Clock(AbstractSchedule):
    """Trade all of the way at the first step to end at, or after, each interval's end."""

    kind = "clock"
    example = {"hours": 8.0}

    hours: float = policy_fields.hours("the interval")

    def due(self, now: Observation) -> NDArray[np.bool_]:
        """Moments at which an interval has ended within the step."""
        return interval_ended(now, self.hours)


def interval_ended(now: Observation, hours: float) -> NDArray[np.bool_]:
    """Flag of an interval that has ended within the step, S or less."""
    return np.asarray(ticks(now.time, hours) > ticks(now.time - now.dt, hours))


def ticks(time: Array, hours: float) -> Array:
    """Number of intervals that have ended by a time, years since the start."""
    return np.floor(np.asarray(time) * (HOURS_PER_YEAR / hours) + SLACK)
