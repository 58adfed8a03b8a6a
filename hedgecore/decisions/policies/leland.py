"""`leland`: on a clock, at a volatility that pays for the costs."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

import hedgecore.fields as fields
from hedgecore.decisions.policies import policy_fields
from hedgecore.decisions.policies.abstract_schedule import AbstractSchedule
from hedgecore.decisions.policies.clock import interval_ended
from hedgecore.interfaces.policy import Observation
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.units import HOURS_PER_YEAR


@frozen(kw_only=True)
class Leland(AbstractSchedule):
    """Trade all of the way each interval δt, to the delta at a volatility that pays for it.

    The volatility is

        σ̂² = σ² (1 ± A),    A = √(2/π) k/(σ√δt),

    with k the cost of a round trip as a fraction: + for a book that is short gamma, whose costs
    raise what it must earn, − for one that is long. It moves the deltas of options alone: those of
    pools know no volatility. Source: Leland, *Option Pricing and Replication with Transactions
    Costs* (1985).
    """

    kind = "leland"
    example = {"hours": 24.0, "round_trip": 0.001}

    hours: float = policy_fields.hours("the interval δt")
    round_trip: float = fields.number(
        "k, what a round trip costs", "fraction", fields.FRACTION, likely=fields.SMALL_FEE
    )
    long_gamma: bool = fields.flag("whether the book is long gamma")

    def due(self, now: Observation) -> NDArray[np.bool_]:
        """Moments at which an interval has ended within the step."""
        return interval_ended(now, self.hours)

    def pricing_market(self, market: Market) -> Market:
        """Market with its volatilities adjusted.

        Raises:
            SpecError: a volatility is so small, for a book long gamma, that A is 1 or more.

        """
        vols: Mapping[str, Array] = {
            asset: np.asarray(self.adjusted_vol(vol)) for asset, vol in market.vols.items()
        }
        return evolve(market, vols=vols)

    def adjusted_vol(self, vol: Array | float) -> Array:
        """Leland's volatility σ̂ for a volatility σ, over arrays."""
        sign = -1.0 if self.long_gamma else 1.0
        squared = np.square(vol) + sign * self._charge() * np.asarray(vol)
        if np.any(squared < 0):
            reason = f"costs more than a volatility of {np.min(vol):g} can pay for: Leland's A > 1"
            raise fields.wrong(self, "round_trip", reason)
        return np.sqrt(squared)

    def number(self, vol: float) -> float:
        """Leland's number A at a volatility."""
        return self._charge() / vol

    def _charge(self) -> float:
        """Leland's charge, A σ = √(2/π) k/√δt."""
        return math.sqrt(2.0 / math.pi) * self.round_trip / math.sqrt(self.hours / HOURS_PER_YEAR)
