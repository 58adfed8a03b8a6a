"""`fee-rate`: fees at an explicit rate."""

from __future__ import annotations

from attrs import frozen

import hedgecore.fields as fields
from hedgecore.interfaces.income import AbstractIncome, Earning
from hedgecore.numerics.arrays import Array

SMALL_YIELD = fields.Rule("at most 10 (25 % a year is 0.25)", lambda x: x <= 10)  # noqa: PLR2004


@frozen(kw_only=True)
class FeeRate(AbstractIncome):
    """So much a year of what the position is worth, while it is in range."""

    kind = "fee-rate"
    example = {"per_year": 0.25}

    per_year: float = fields.number(
        "of the worth, in range", "per year", fields.NONNEGATIVE, likely=SMALL_YIELD
    )
    compounding: bool = fields.flag("whether fees are put into the position again")

    def fees(self, earning: Earning) -> Array:
        """Rate · worth · time in range."""
        return self.per_year * earning.worth * earning.dt * earning.active
