"""`never`: no hedge at all, or one that is never adjusted."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Never(AbstractPolicy):
    """Nothing is traded after the start; at the start only where asked."""

    kind = "never"
    example = {"at_start": True}

    at_start: bool = fields.flag("whether to hedge once, at the start")

    def fraction(self, now: Observation) -> Array:
        """Fraction of 0, everywhere."""
        return np.zeros(now.delta.shape)

    def initial_fraction(self) -> float:
        """Fraction of 1 where the hedge is opened at the start, else 0."""
        return float(self.at_start)
