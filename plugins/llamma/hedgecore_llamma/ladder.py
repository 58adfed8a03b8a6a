"""Bands in the order of their prices, of which a price is in one at most.

All bands below the price have been left upwards, all above it downwards, and what they hold then
moves no more: two sums that are known beforehand. What the one in between holds is for the kind of
oracle to say.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from attrs import field, frozen

from hedgecore import running_sums
from hedgecore.pools.evaluation import blocks
from hedgecore_llamma.grid import Array, Prices


class Held(NamedTuple):
    """Collateral and borrowed asset in bands at prices (N,), gamma, and m of the oracle's cost."""

    collateral: Array
    borrowed: Array
    gamma: Array
    skew: Array


class Place(NamedTuple):
    """The band that each price is in, and how far from the edges of it."""

    at: Any
    price: Prices
    low: Prices
    top: Prices


class Curve(Protocol):
    """Holdings of a band left upwards or downwards, (2, K), and while the price is in it."""

    def holdings_above(self, low: Prices, top: Prices) -> Array:
        """(collateral, borrowed) of each band once the price is above it."""
        ...

    def holdings_below(self, low: Prices, top: Prices) -> Array:
        """Pairs (collateral, borrowed) of each band once the price is below it, (2, K)."""
        ...

    def inside(self, place: Place) -> Held:
        """Holdings of the band at `place`, while the price is in it."""
        ...


@frozen(eq=False)
class Ladder:
    """K bands, ascending.

    Attributes:
        low: where each begins, (K,).
        top: where each ends, (K,); the next begins there, or above.
        curve: what each holds.

    """

    low: Prices = field(repr=False)
    top: Prices = field(repr=False)
    curve: Curve = field(repr=False)

    def holdings(self, price: Prices) -> Held:
        """Holdings of all bands together at prices (N,), block by block: few arrays at a time."""
        found = Held(*np.empty((4, len(price.high))))
        for block in blocks(len(price.high)):
            for every, part in zip(found, self._block(price.take(block)), strict=True):
                every[block] = part
        return found

    def _block(self, price: Prices) -> Held:
        begun = self._band_count(price)
        at = np.maximum(begun - 1, 0)
        low, top = self.low.take(at), self.top.take(at)
        inside = (begun > 0) & (top.less(price) > 0)
        one = self.curve.inside(Place(at, price, low, top))
        left, ahead = self.sums
        collateral, borrowed = left[:, begun - inside] + ahead[:, begun]
        return Held(
            collateral + np.where(inside, one.collateral, 0.0),
            borrowed + np.where(inside, one.borrowed, 0.0),
            np.where(inside, one.gamma, 0.0),
            np.where(inside, one.skew, 0.0),
        )

    @cached_property
    def sums(self) -> tuple[Array, Array]:
        """Holdings of the first k bands, left upwards, and of the rest, downwards: (2, K + 1)."""
        up, down = (
            self.curve.holdings_above(self.low, self.top),
            self.curve.holdings_below(self.low, self.top),
        )
        below = [np.append(0.0, running_sums(row)) for row in up]
        above = [np.append(running_sums(row[::-1])[::-1], 0.0) for row in down]
        return np.stack(below), np.stack(above)

    def _band_count(self, price: Prices) -> Any:
        """Number of bands that begin at or below each price, by all digits of both."""
        count = np.searchsorted(self.low.high, price.high, side="right")
        last = self.low.take(np.maximum(count - 1, 0))
        return count - ((count > 0) & (price.less(last) < 0))
