"""A band whose oracle price stays: a Uniswap v3 range of L = A y₀ √p.

    y = L (b − P)/(√P √b (√P + √b)),    x = L (P − a)/(√P + √a),    Γ = −L/(2 P √P)

between a = p³/pu² and b = p³/pd²; below it holds collateral alone, above it the borrowed asset.
"""

from __future__ import annotations

import attrs
import numpy as np

from hedgecore_llamma.grid import Array, Prices
from hedgecore_llamma.ladder import Held, Place


@attrs.frozen(eq=False)
class Frozen:
    """The bands' L, (K,), which are their sizes."""

    sizes: Array = attrs.field(repr=False)

    def holdings_above(self, low: Prices, top: Prices) -> Array:
        """Borrowed asset that each band is sold for."""
        sold = self.sizes * top.less(low) / (np.sqrt(top.high) + np.sqrt(low.high))
        return np.stack([np.zeros_like(sold), sold])

    def holdings_below(self, low: Prices, top: Prices) -> Array:
        """Collateral that each band is bought with."""
        bought = self.sizes * _apart(top.less(low), np.sqrt(low.high), np.sqrt(top.high))
        return np.stack([bought, np.zeros_like(bought)])

    def inside(self, place: Place) -> Held:
        """Holdings of a range at a price in it."""
        price, liquidity = place.price.high, place.size
        root, begin, end = (np.sqrt(each) for each in (price, place.low.high, place.top.high))
        return Held(
            liquidity * _apart(place.top.less(place.price), root, end),
            liquidity * place.price.less(place.low) / (root + begin),
            -0.5 * liquidity / price / root + 0.0,
            np.zeros_like(price),
        )


def _apart(width: Array, low: Array, high: Array) -> Array:
    """1/low − 1/high of two roots, from the width between their squares."""
    held: Array = width / low / high / (low + high)
    return held
