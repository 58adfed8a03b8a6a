"""`Memory`: what a decision knows of those before it."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import empty_columns


@frozen(eq=False, kw_only=True)
class Memory:
    """Memory of the decisions so far, on paths S: to be kept until the next.

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

    def after(self, time: Any, price: Array, traded: NDArray[np.bool_]) -> Memory:
        """Memory after a decision at a time, years, and prices S+(m,), that `traded` on some of S.

        The first decision counts as a trade, whether there is one or not.
        """
        last_time, last_price = self.last_time, self.last_price
        if last_time is None or last_price is None:
            when = np.broadcast_to(time, traded.shape).astype(np.float64)
            return self._with(when, np.asarray(price))
        some = np.count_nonzero(traded)
        if not some:
            return self
        if some == traded.size:
            return self._with(np.full(traded.shape, time), price)
        which, m = traded.nonzero(), price.shape[-1]
        when, where = last_time.copy(), empty_columns(traded.shape, m)
        when[which] = time[which] if np.ndim(time) else time
        for i in range(m):
            where[..., i] = last_price[..., i]
            where[..., i][which] = price[..., i][which]
        return self._with(when, where)

    def last_trade(self, time: Any, price: Array) -> tuple[Array, Array]:
        """Time and prices of the last trade, S and S+(m,); those of now before the first."""
        if self.last_time is None or self.last_price is None:
            return np.asarray(time), price
        return self.last_time, self.last_price

    def of(self, some: Any) -> Memory:
        """Memory of some of the paths, by any index into S."""
        if self.last_time is None or self.last_price is None:
            return self
        return self._with(self.last_time[some], self.last_price[some])

    def _with(self, time: Array, price: Array) -> Memory:
        return Memory(origin=self.origin, worth=self.worth, last_time=time, last_price=price)
