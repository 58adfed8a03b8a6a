"""`AbstractBand`: nothing is traded while the delta is within a band."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from hedgecore.errors import SpecError
from hedgecore.hedging.lots import without_dust
from hedgecore.interfaces.policy import AbstractPolicy, NoTradeBand, Observation
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, zero_columns


class AbstractBand(AbstractPolicy):
    """A band of delta around the target: a frozen attrs class with `kind`, `to` and `width`.

    Outside it trades to the band's edge, or to its centre, which is the target.
    """

    to: str

    @abstractmethod
    def width(self, now: Observation) -> Array:
        """Half-width of the band, S+(m,), in units of each asset.

        It depends on prices, gamma, vols and costs alone: not on the delta, nor on the clock or on
        the last trade, since the band engine asks for the width of all steps once, at the start. A
        band that the clock changes is an `AbstractPolicy` with a `no_trade_band` of its own.
        """

    def fraction(self, now: Observation) -> Array:
        """Fraction that leads to the edge, or all of the way, wherever the delta is outside.

        What a trade to the edge left at the edge is not, whatever its last bit says.
        """
        away = np.abs(now.delta)
        width = broadcast(known_width(self.width(now), self.kind), away.shape)
        part = zero_columns(away.shape[:-1], away.shape[-1])
        for i in range(away.shape[-1]):
            room, far, wide = (each[..., i].reshape(-1) for each in (part, away, width))
            (outside,) = (far > wide).nonzero()
            if self.to == "centre":
                room[outside] = 1.0
            else:
                room[outside] = without_dust(1.0 - wide[outside] / far[outside], 1.0)
        return part

    def no_trade_band(self, now: Observation) -> NoTradeBand | None:
        """Band of that width, unless a kind has a fraction of its own."""
        if type(self).fraction is not AbstractBand.fraction:
            return None
        return NoTradeBand(known_width(self.width(now), self.kind), self.to)


def known_width(width: Array, kind: str) -> Array:
    """Half-width as given; SpecError where one is NaN, which would trade nothing in silence."""
    if np.isnan(width).any():
        reason = (
            "is unknown (NaN): of a volatility or cost that the market does not name, most often"
        )
        raise SpecError(reason, kind=kind, field="width")
    return width
