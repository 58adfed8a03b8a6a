"""`band`: a band of delta of fixed width."""

from __future__ import annotations

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.decisions.policies import policy_fields
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.interfaces.policy import Observation
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class Band(AbstractBand):
    """Trade once the delta that is not hedged is more than a fixed width: by itself, or in cash.

    The width is in units of the asset, in cash, or a fraction of the positions' worth at the start,
    in cash too.
    """

    kind = "band"
    example = {"half_width": 0.01, "of": "worth"}

    half_width: float = fields.number("half-width of the band", "see `of`")
    of: str = fields.choice("what the width is in", ("units", "cash", "worth"), default="units")
    to: str = policy_fields.to()

    def width(self, now: Observation) -> Array:
        """Half-width in units of each asset."""
        if self.of == "units":
            return np.broadcast_to(self.half_width, now.price.shape)
        cash = self.half_width * (np.abs(now.worth) if self.of == "worth" else 1.0)
        return np.asarray(cash / now.price)
