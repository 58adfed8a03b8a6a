"""`price-move`: once the price has moved far enough."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array

SMALL_MOVE = fields.Rule("below 1 (5 % is 0.05)", lambda x: x < 1)


@frozen(kw_only=True)
class PriceMove(AbstractPolicy):
    """Trade all of the way in an asset whose price has moved by a fraction since the last trade."""

    kind = "price-move"
    example = {"move": 0.02}

    move: float = fields.number(
        "the move that is waited for, up or down", "fraction", likely=SMALL_MOVE
    )

    def fraction(self, now: Observation) -> Array:
        """Fraction of 1 where |P/P(last trade) − 1| has reached the move."""
        return (np.abs(now.price / now.last_price - 1.0) >= self.move).astype(np.float64)
