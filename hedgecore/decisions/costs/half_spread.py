"""`half-spread`: a market order crosses the spread."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class HalfSpread(AbstractCost):
    """Half of the spread between bid and ask, of the notional."""

    kind = "half-spread"
    example = {"fraction": 0.0001}

    fraction: float = fields.number(
        "half of the spread", "fraction", fields.FRACTION, likely=fields.SMALL_FEE
    )

    def cost(self, trades: Trades) -> Array:
        """Fraction of the cash traded."""
        return self.fraction * trades.cash

    def proportional_rate(self, trades: Trades) -> Array:
        """Fraction of the notional, one way."""
        return np.full(trades.notional.shape, self.fraction)
