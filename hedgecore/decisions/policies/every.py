"""`every`: at every n-th step."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

import hedgecore.fields as fields
from hedgecore.decisions.policies.abstract_schedule import AbstractSchedule
from hedgecore.interfaces.policy import Observation


@frozen(kw_only=True)
class Every(AbstractSchedule):
    """Trade all of the way at each n-th step of the path."""

    kind = "every"
    example = {"steps": 24}

    steps: int = fields.integer("trade at each n-th step", "steps", 1, 10**9)

    def due(self, now: Observation) -> NDArray[np.bool_]:
        """Each n-th step."""
        return np.asarray(np.asarray(now.step) % self.steps == 0)
