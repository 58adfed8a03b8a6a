"""Bands in the order of their prices, of which a price is in one at most.

All bands below the price have been left upwards, all above it downwards, and what they hold then
moves no more: two sums that are known beforehand. What the one in between holds is for the kind of
oracle to say. Between two bands and beyond all is a segment too, of which nothing is held; so no
price is a case of its own.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from attrs import field, frozen

from hedgecore import Intervals, running_sums
from hedgecore.pools.evaluation import blocks
from hedgecore_llamma.grid import Array, Prices

ROW = 8
"""Numbers of one segment in the table, a line of a cache."""


class Held(NamedTuple):
    """Collateral and borrowed asset in bands at prices (N,), gamma, and m of the oracle's cost."""

    collateral: Array
    borrowed: Array
    gamma: Array
    skew: Array


class Place(NamedTuple):
    """Prices, the edges that each is between, and the size of the band there, 0 of none."""

    price: Prices
    low: Prices
    top: Prices
    size: Array


class Curve(Protocol):
    """Holdings of a band left upwards or downwards, (2, K), and while the price is in it."""

    @property
    def sizes(self) -> Array:
        """Sizes of the bands, (K,): what holdings inside are in proportion to."""
        ...

    def holdings_above(self, low: Prices, top: Prices) -> Array:
        """Pairs (collateral, borrowed) of each band once the price is above it, (2, K)."""
        ...

    def holdings_below(self, low: Prices, top: Prices) -> Array:
        """Pairs (collateral, borrowed) of each band once the price is below it, (2, K)."""
        ...

    def inside(self, place: Place) -> Held:
        """Holdings of the band at `place`, while the price is in it; of size 0, zeros."""
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
        at = self._edges_passed(price) * ROW
        low, low_rest, top, top_rest, size, collateral, borrowed = (
            column.take(at, mode="clip") for column in self._columns
        )
        near = np.clip(price.high, self.edges.high[0], self.edges.high[-1])
        place = Place(Prices(near, price.low), Prices(low, low_rest), Prices(top, top_rest), size)
        held = self.curve.inside(place)
        return held._replace(
            collateral=held.collateral + collateral, borrowed=held.borrowed + borrowed
        )

    @cached_property
    def edges(self) -> Prices:
        """Prices at which bands begin and end, (2K,): twice, where one begins as another ends."""
        pairs = (np.stack(parts, axis=1) for parts in zip(self.low, self.top, strict=True))
        return Prices(*map(np.ravel, pairs))

    @cached_property
    def intervals(self) -> Intervals:
        """The edges' nearest doubles."""
        return Intervals(self.edges.high)

    @cached_property
    def _columns(self) -> list[Array]:
        """Columns of 2K + 1 segments, below all edges, between them, and above; `ROW` apart."""
        count = len(self.edges.high) + 1
        at, table = np.arange(count), np.zeros((count, ROW))
        for place, side in ((0, at - 1), (2, at)):
            edge = self.edges.take(np.clip(side, 0, count - 2))
            table[:, place], table[:, place + 1] = edge
        table[1::2, 4] = self.curve.sizes
        left, ahead = self.sums
        table[:, 5:7] = (left[:, at // 2] + ahead[:, (at + 1) // 2]).T
        return [table.ravel()[place:] for place in range(ROW - 1)]

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

    def _edges_passed(self, price: Prices) -> Any:
        """Number of edges at or below each price, by all digits of both."""
        count = self.intervals.index(price.high)
        last = self.edges.take(np.maximum(count - 1, 0))
        below = (price.high == last.high) & (price.low < last.low)
        if not below.any():
            return count
        return np.where(below, self.edges.high.searchsorted(price.high), count)
