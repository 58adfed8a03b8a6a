"""`never`: no hedge at all, or one that is never adjusted."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

import hedgecore.fields as fields
from hedgecore.decisions.policies.abstract_schedule import AbstractSchedule
from hedgecore.interfaces.policy import Observation


@frozen(kw_only=True)
class Never(AbstractSchedule):
    """Nothing is traded after the start; at the start only where asked."""

    kind = "never"
    example = {"at_start": True}

    at_start: bool = fields.flag("whether to hedge once, at the start")

    def due(self, now: Observation) -> NDArray[np.bool_]:
        """No moment."""
        return np.zeros(np.shape(now.step), dtype=np.bool_)

    def initial_fraction(self) -> float:
        """Fraction of 1 where the hedge is opened at the start, else 0."""
        return float(self.at_start)
