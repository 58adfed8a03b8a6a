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

    @property
    def sizes(self) -> Array:
        """A y↑."""
        return self.amplification * self.above

    def holdings_above(self, low: Prices, top: Prices) -> Array:  # noqa: ARG002 - as the protocol asks
        """Pairs (collateral, borrowed) of each band once the price is above it: (y↑, 0), (2, K)."""
        return np.stack([self.above, np.zeros_like(self.above)])

    def holdings_below(self, low: Prices, top: Prices) -> Array:
        """Borrowed asset below the band, y↑ √(pu pd)."""
        sold = self.above * np.sqrt(low.high) * np.sqrt(top.high)
        return np.stack([np.zeros_like(sold), sold])

    def inside(self, place: Place) -> Held:
        """Holdings of a band at a price in it."""
        end, price, a = place.top.high, place.price, self.amplification
        fall = np.minimum(place.top.less(price) / end, 1.0 / a)  # more of it is between two bands
        rise = price.less(place.low) / end
        whole = 1.0 - a * fall * fall
        gain = place.size / (whole * np.sqrt(whole))
        skew = 3.0 * a * rise * fall / whole
        ratio = price.high / end
        return Held(
            gain * rise,
            gain * end * (ratio * ratio) * fall,
            gain * (1.0 - skew) / end + 0.0,
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
