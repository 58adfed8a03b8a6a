"""`fee`: what the venue charges."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import HUGE, is_within


@frozen(kw_only=True)
class Fee(AbstractCost):
    """The fee of each instrument, as it says itself: a fraction of its notional, or its own rule.

    With a rate of all, that fraction of the notional instead, of all instruments alike.
    """

    kind = "fee"
    example = {"rate_of_all": 0.0005}

    rate_of_all: float | None = fields.number(
        "instead of what the instruments say", "fraction of the notional", fields.FRACTION,
        optional=True, likely=fields.SMALL_FEE,
    )  # fmt: skip

    def cost(self, trades: Trades) -> Array:
        """Fee, |contracts| · the charge of one; SpecError where a fee is unknown."""
        return np.asarray(np.abs(trades.contracts) * self._charge(trades))

    def proportional_rate(self, trades: Trades) -> Array:
        """Charge per notional."""
        some, charge = trades.notional > 0, self._charge(trades)
        if some.all():
            return charge / trades.notional
        return np.where(some, charge / np.where(some, trades.notional, 1.0), 0.0)

    def _charge(self, trades: Trades) -> Array:
        if self.rate_of_all is not None:
            return self.rate_of_all * trades.notional
        charges = np.moveaxis(trades.charge, -1, 0)
        for instrument, charge in zip(trades.instruments, charges, strict=True):
            if not is_within(charge, HUGE) and np.isnan(charge).any():
                reason = (
                    f"the fee of {instrument.name!r:.80} is unknown: give `fee` in the book, or "
                    "--fee, or a rate of all"
                )
                raise SpecError(reason, kind=self.kind, field="rate_of_all")
        return trades.charge
