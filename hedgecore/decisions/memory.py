"""`Memory`: what a decision knows of those before it."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve, frozen

from hedgecore.numerics.arrays import Array


@frozen(eq=False, kw_only=True)
class Memory:
    """What a decision knows of those before it, on paths S: to be kept until the next.

    Attributes:
        origin: moment from which the clock counts, years on the market's own.
        worth: of what is hedged, at the origin, cash; 0 where it has none.
        last_time: S, of the last trade, years since the origin; that of the origin is 0. None
            before the first decision, which opens the hedge.
        last_price: S+(m,), of the hedged assets at the last trade.

    """

    origin: float
    worth: Array
    last_time: Array | None = None
    last_price: Array | None = None

    def after(self, time: Any, price: Array, traded: Array) -> Memory:
        """Memory after a decision at a time, years, and prices S+(m,), that `traded` on some of S.

        The first decision counts as a trade, whether there is one or not.
        """
        if self.last_time is None or self.last_price is None:
            when = np.broadcast_to(time, traded.shape).astype(np.float64)
            return evolve(self, last_time=when, last_price=price)
        if not traded.any():
            return self
        return evolve(
            self,
            last_time=np.where(traded, time, self.last_time),
            last_price=np.where(traded[..., None], price, self.last_price),
        )
