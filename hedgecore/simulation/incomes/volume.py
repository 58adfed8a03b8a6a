"""`fee-volume`: fees from what is traded in the pool."""

from __future__ import annotations

import numpy as np
from attrs import Attribute, frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.income import AbstractIncome, Earning
from hedgecore.numerics.arrays import Array


def _one(model: FeeVolume, its: Attribute[float | None], share: float | None) -> None:
    if (share is None) == (model.liquidity is None):
        raise fields.wrong(model, its.name, "or liquidity: give one of the two")


@frozen(kw_only=True)
class FeeVolume(AbstractIncome):
    """The fee of all that is traded, times the position's share of the liquidity, in range.

    The volume of each step is the path's row "volume:BASE", in the numeraire. The share is given,
    or it is ours/(ours + the others'), with the others' the row "liquidity:BASE": a history is of a
    pool in which the position was not.
    """

    kind = "fee-volume"
    example = {"fee": 0.0005, "share": 0.01}

    fee: float | None = fields.fee("swap fee; the pool's own unless given")
    liquidity: float | None = fields.number(
        "the position's L; the share follows from the path's", "√(base·quote)", optional=True
    )
    share: float | None = fields.number(
        "of the fees, while in range", "fraction", fields.PART, optional=True, validator=_one
    )
    compounding: bool = fields.flag("whether fees are put into the position again")

    def fees(self, earning: Earning) -> Array:
        """Fee · volume · share, while in range."""
        fee = earning.model.fee if self.fee is None else self.fee
        if fee is None:
            raise SpecError("the pool's fee is unknown: give it", kind=self.kind, field="fee")
        volume = self._row(earning, "volume")
        return np.asarray(fee * volume * self._share(earning) * earning.active)

    def _share(self, earning: Earning) -> Array | float:
        if self.share is not None:
            return self.share
        ours = self.liquidity or 0.0
        return np.asarray(ours / (ours + self._row(earning, "liquidity")))

    def _row(self, earning: Earning, name: str) -> Array:
        row = f"{name}:{earning.model.assets[0]}"
        if row not in earning.rows:
            known = ", ".join(earning.rows) or "none"
            raise SpecError(f"the path has no row {row!r:.80} (it has {known})", kind=self.kind)
        return earning.rows[row]
