"""`gas`: so much for each order, however large."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Gas(AbstractCost):
    """A fixed amount for each order in an instrument."""

    kind = "gas"
    column: ClassVar[str] = "gas"
    example = {"amount": 2.0}

    amount: float = fields.number("of each order", "numeraire", fields.NONNEGATIVE)

    def cost(self, trades: Trades) -> Array:
        """Amount of each order."""
        return np.where(trades.contracts != 0, self.amount, 0.0)
