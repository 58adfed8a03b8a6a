"""`half-spread`: a market order crosses the spread."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore import fields
from hedgecore.interfaces.cost import AbstractCost, Order
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class HalfSpread(AbstractCost):
    """Half of the spread between bid and ask, of the notional."""

    kind = "half-spread"
    example = {"fraction": 0.0001}

    fraction: float = fields.number("half of the spread", "fraction", fields.FRACTION)

    def of(self, order: Order) -> Array:
        """Return the fraction of the cash traded."""
        return self.fraction * order.cash

    def rate(self, order: Order) -> Array:
        """Return the fraction."""
        return np.full(order.notional.shape, self.fraction)
