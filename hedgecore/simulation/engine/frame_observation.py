"""Observation by a policy of a frame, before anything is traded in it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from hedgecore.interfaces.policy import Observation
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.inputs import FrameInputs


class FrameObservation(Observation):
    """Observation at all moments of a frame, S = (K, N): what is not asked for is not made.

    What trades within the frame would change, the delta and the last trade, is NaN.
    """

    inputs: FrameInputs

    def __init__(self, inputs: FrameInputs, worth: Array) -> None:
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "worth", worth)

    @property
    def step(self) -> Array:
        """(K, 1)."""
        return self.inputs.step[:, None]

    @property
    def time(self) -> Array:
        """(K, 1)."""
        return self.inputs.view.clock

    @property
    def dt(self) -> Array:
        """(K, 1)."""
        return self.inputs.view.dt

    @property
    def price(self) -> Array:
        """S+(m,)."""
        return self.inputs.price

    @cached_property
    def gamma(self) -> Array:
        """S+(m, m), of the positions: for contracts that have none."""
        return self.inputs.bend

    @cached_property
    def vol(self) -> Array:
        """S+(m,)."""
        return self.inputs.vol

    @cached_property
    def cost(self) -> Array:
        """S+(m,)."""
        return self.inputs.cost

    @property
    def delta(self) -> Array:
        """NaN, S+(m,)."""
        return np.broadcast_to(np.nan, self.price.shape)

    @property
    def last_price(self) -> Array:
        """NaN, S+(m,)."""
        return self.delta

    @property
    def last_time(self) -> Array:
        """NaN, S."""
        return self.delta[..., 0]
