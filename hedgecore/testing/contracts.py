"""Contracts that the kit tries solvers and costs on: one delta each, and nothing else."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True)
class LinearContract:
    """So much of one asset, whose worth is 0 where it is entered."""

    kind = "linear-contract"
    name: str
    underlying: str
    contract_size: float = 1.0
    lot: float = 0.0
    min_size: float = 0.0
    fee: float | None = 0.0

    @property
    def hedges(self) -> tuple[str, ...]:
        """The asset."""
        return (self.underlying,)

    def worth(self, market: Market) -> Array:  # noqa: ARG002 - as every instrument
        """Worth of one contract, in the numeraire: 0, as it is new."""
        return np.zeros(())

    def exposure(self, market: Market) -> Exposure:
        """Delta of one contract: its size, in units of the asset."""
        return Exposure.of(market, 0.0, {self.underlying: self.contract_size})
