"""Margin: the collateral behind the contracts, and what happens once it is used up."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Margin:
    """One account for all instruments, apart from the positions.

    It holds the collateral, and what the hedge gains, receives and costs. Once that is less than
    the maintenance margin at the end of a step, everything is closed there at the market's price,
    for a penalty, and the hedge is not taken up again.
    """

    kind = "margin"

    collateral: float = fields.number("put in at the start", "numeraire")
    maintenance: float = fields.number(
        "least account", "fraction of the notional", fields.FRACTION, default=0.005
    )
    penalty: float = fields.number(
        "for a liquidation", "fraction of the notional", fields.FRACTION, default=0.005
    )

    def distance(self, account: Array, notional: Array) -> Array:
        """Adverse move, as a part of the notional, that the account still bears.

        It is infinite where nothing is held, and negative once it is too late.
        """
        some = notional > 0
        spare = account - self.maintenance * notional
        return np.where(some, spare / np.where(some, notional, 1.0), np.inf)
