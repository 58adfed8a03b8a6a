"""`fee`: what the venue charges."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore import fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.cost import AbstractCost, Order
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Fee(AbstractCost):
    """The fee of each instrument, as it says itself: a fraction of its notional, or its own rule.

    With a rate of all, that fraction of the notional instead, of all instruments alike.
    """

    kind = "fee"
    example = {"rate_of_all": 0.0005}

    rate_of_all: float | None = fields.number(
        "instead of what the instruments say", "fraction of the notional", fields.FRACTION,
        optional=True,
    )  # fmt: skip

    def of(self, order: Order) -> Array:
        """Return |contracts| · the charge of one; SpecError where a fee is unknown."""
        return np.asarray(np.abs(order.contracts) * self._charge(order))

    def rate(self, order: Order) -> Array:
        """Return the charge per notional."""
        some = order.notional > 0
        return np.where(some, self._charge(order) / np.where(some, order.notional, 1.0), 0.0)

    def _charge(self, order: Order) -> Array:
        if self.rate_of_all is not None:
            return self.rate_of_all * order.notional
        charges = np.moveaxis(order.charge, -1, 0)
        for instrument, charge in zip(order.instruments, charges, strict=True):
            if np.isnan(charge).any():
                reason = f"the fee of {instrument.name!r:.80} is unknown: give it, or a rate of all"
                raise SpecError(reason, kind=self.kind, field="rate_of_all")
        return order.charge
