"""`every`: at every n-th step."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Every(AbstractPolicy):
    """Trade all of the way at each n-th step of the path."""

    kind = "every"
    example = {"steps": 24}

    steps: int = fields.integer("trade at each n-th step", "steps", 1, 10**9)

    def fraction(self, now: Observation) -> Array:
        """Fraction of 1 at each n-th step."""
        due = np.asarray(now.step) % self.steps == 0
        return np.broadcast_to(due[..., None], now.delta.shape).astype(np.float64)
