"""A band whose oracle price is the market's: what is left of many small steps of both.

With q = (pu − P)/pu, d = (P − pd)/pu, w = 1 − A q² and y↑ what the band holds above pu,

    y = y↑ A d/w^(3/2),    x = y↑ A pu (P/pu)² q/w^(3/2),    V = y↑ P/√w,
    Γ = y↑ A (1 − m)/(pu w^(3/2)),    m = 3 A d q/w:

collateral is sold as it falls, and gamma is positive. At fixed x and y the band's own price moves
by 3 − 2m as much as the oracle's, so that each step dP of it, arbitraged back, costs
(3/2 − m) Γ dP² against V(P): that is what the convexity is paid with.
"""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from hedgecore_llamma.grid import Array, Prices
from hedgecore_llamma.ladder import Held, Place


@frozen(eq=False)
class Tracking:
    """The bands' y↑, (K,), and A."""

    above: Array = field(repr=False)
    amplification: float

    def holdings_above(self, low: Prices, top: Prices) -> Array:  # noqa: ARG002 - as the protocol asks
        """Pairs (collateral, borrowed) of each band once the price is above it: (y↑, 0), (2, K)."""
        return np.stack([self.above, np.zeros_like(self.above)])

    def holdings_below(self, low: Prices, top: Prices) -> Array:
        """Borrowed asset below the band, y↑ √(pu pd)."""
        sold = self.above * np.sqrt(low.high) * np.sqrt(top.high)
        return np.stack([np.zeros_like(sold), sold])

    def inside(self, place: Place) -> Held:
        """Holdings of a band at a price in it."""
        end, gain = place.top.high, self.above[place.at] * self.amplification
        fall, rise = place.top.less(place.price) / end, place.price.less(place.low) / end
        whole = 1.0 - self.amplification * fall * fall
        power = whole * np.sqrt(whole)
        skew = 3.0 * self.amplification * rise * fall / whole
        return Held(
            gain * rise / power,
            gain * end * (place.price.high / end) ** 2 * fall / power,
            gain * (1.0 - skew) / end / power,
            skew,
        )


def settle_bands(
    y0: Array, oracle: Prices, low: Prices, top: Prices, amplification: float
) -> Array:
    """Collateral y↑ of bands (K,), each traded to the oracle's price at that price first."""
    above, end, begin = oracle.less(top) >= 0, top.high, low.high
    price = oracle.high
    fall = top.less(oracle) / end
    whole = 1.0 - amplification * fall * fall
    with np.errstate(invalid="ignore"):
        within = y0 * whole * np.sqrt(whole) * (end / price)
    under = y0 * (price / begin) * (price / np.sqrt(end) / np.sqrt(begin))
    below = oracle.less(low) <= 0
    return np.asarray(np.where(above, y0 * (end / price), np.where(below, under, within)))
