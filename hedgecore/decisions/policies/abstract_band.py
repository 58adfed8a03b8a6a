"""`AbstractBand`: nothing is traded while the delta is within a band."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array


class AbstractBand(AbstractPolicy):
    """A band of delta around the target: a frozen attrs class with `kind`, `to` and `width`.

    Outside it trades to the band's edge, or to its centre, which is the target.
    """

    to: str

    @abstractmethod
    def width(self, now: Observation) -> Array:
        """Half-width of the band, S+(m,), in units of each asset.

        It depends on prices, gamma, vols and costs alone: not on the delta, nor on time or on the
        last trade.
        """

    def fraction(self, now: Observation) -> Array:
        """Fraction that leads to the edge, or all of the way, wherever the delta is outside."""
        away, width = np.abs(now.delta), self.width(now)
        outside = away > width
        if self.to == "centre":
            return outside.astype(np.float64)
        return np.where(outside, 1.0 - width / np.where(outside, away, 1.0), 0.0)
