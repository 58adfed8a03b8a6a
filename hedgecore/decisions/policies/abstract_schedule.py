"""`AbstractSchedule`: all of the way at some moments, and nothing at others."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgecore.interfaces.policy import ALWAYS, AbstractPolicy, NoTradeBand, Observation
from hedgecore.numerics.arrays import Array


class AbstractSchedule(AbstractPolicy):
    """Trades at moments that the clock says: a frozen attrs class with `kind` and `due`."""

    @abstractmethod
    def due(self, now: Observation) -> NDArray[np.bool_]:
        """Flag of a moment at which to trade, S or less, by its step, time and length alone."""

    def fraction(self, now: Observation) -> Array:
        """Fraction of 1 at each moment that is due."""
        return np.broadcast_to(self.due(now)[..., None], now.delta.shape).astype(np.float64)

    def no_trade_band(self, now: Observation) -> NoTradeBand | None:
        """Band of every delta, or of none where a moment is due."""
        if type(self).fraction is not AbstractSchedule.fraction:
            return None
        due: Any = self.due(now)
        return NoTradeBand(np.where(due, ALWAYS, np.inf)[..., None], "centre")
