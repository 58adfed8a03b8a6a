"""The delta of a book along one price: tabulated, and certified cell by cell.

Between two nodes the delta is the cubic with its values and slopes at both; over a cell of 1e-4 in
the log price that is good to rounding wherever the delta is smooth. Where it is not, as at the edge
of a range, the cubic is wrong at the middle of the cell, where its error is the largest: such cells
are marked when the table is made, and there the book itself is asked.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

CELLS = 2**16
SPLIT = 2**10
"""Into which a cell is divided where the cubic is wrong."""
ROUGH = 64
"""More such cells than this are not divided: the book is rough all over."""
CHUNK = 2**13
"""Prices asked at a time: making the table takes no more memory than the table."""
SMOOTH = 1e-13
"""The error of a cubic, relatively to the largest delta, up to which it stands for the book."""


@frozen(eq=False)
class DeltaTable:
    """A book along the log price x of one asset, all else as at the start.

    Attributes:
        book: what is tabulated.
        start: the market; x = log(price / its price there).
        asset: whose price moves.
        reach: of the table, from −reach to reach.
        parts: (M,), into how many each of M cells is divided.
        begin: (M,), the node at which each begins.
        delta: (n + 1,), at the nodes, in units of the asset.
        slope: (n + 1,), ∂delta/∂x.
        smooth: (n,), whether the cubic stands for the book after a node.

    """

    book: Priced
    start: Market
    asset: str
    reach: float
    parts: Array
    begin: NDArray[np.intp]
    delta: Array
    slope: Array
    smooth: NDArray[np.bool_]

    @classmethod
    def over(cls, book: Priced, start: Market, asset: str, reach: float) -> DeltaTable | None:
        """Tabulate from x = −reach to reach; None where a delta or gamma there is not finite."""
        none = np.zeros(0)
        bare = cls(book, start, asset, reach, none, none.astype(np.intp), none, none, none == 0)
        parts = np.ones(CELLS)
        found = bare.subdivision(parts)
        if found is None:
            return None
        rough = np.flatnonzero(~found.smooth)
        if not 0 < len(rough) <= ROUGH:
            return found
        parts[rough] = SPLIT
        return bare.subdivision(parts)

    def __call__(self, logs: Array) -> tuple[Array, Array]:
        """Delta and ∂delta/∂x at some log prices, (N,) each."""
        place = (logs + self.reach) * (len(self.parts) / (2 * self.reach))
        cell = np.minimum(np.maximum(place, 0.0), len(self.parts) - 1.0).astype(np.intp)
        delta, slope = self.cubic(self.begin[cell], place - cell, 1.0)
        divided = np.flatnonzero((self.parts[cell] > 1) | (place < 0) | (place >= len(self.parts)))
        if divided.size:
            delta[divided], slope[divided] = self._fine(logs[divided])
        return delta, slope

    def _fine(self, logs: Array) -> tuple[Array, Array]:
        """Delta and slope of a few prices, by the parts of their cells or the book itself."""
        place = (logs + self.reach) * (len(self.parts) / (2 * self.reach))
        inside = (place >= 0) & (place < len(self.parts))
        place = np.where(inside, place, 0.0)
        cell = place.astype(np.intp)
        count = self.parts[cell]
        t = (place - cell) * count
        part = np.minimum(np.floor(t), count - 1)
        node = self.begin[cell] + part.astype(np.intp)
        delta, slope = self.cubic(node, t - part, count)
        rough = np.flatnonzero(~(inside & self.smooth[node]))
        if rough.size:
            delta[rough], slope[rough] = self.exact(logs[rough])
        return delta, slope

    def exact(self, logs: Array) -> tuple[Array, Array]:
        """Delta and gamma times the price, of the book itself."""
        price = self.start.price(self.asset) * np.exp(logs)
        market = evolve(self.start, prices={**self.start.prices, self.asset: price})
        there = self.book.exposure(market)
        if self.asset not in there.assets:
            return np.zeros_like(logs), np.zeros_like(logs)
        i = there.assets.index(self.asset)
        return there.delta[..., i] + np.zeros_like(logs), price * there.gamma[..., i, i]

    def cubic(self, node: NDArray[np.intp], t: Array, parts: Array | float) -> tuple[Array, Array]:
        """Cubic after a node, and its slope, at the part t of the way to the next."""
        width = 2 * self.reach / len(self.parts) / parts
        before = self.delta[node]
        rise = self.delta[node + 1] - before
        left, right = self.slope[node] * width, self.slope[node + 1] * width
        bend, twist = 3 * rise - 2 * left - right, left + right - 2 * rise
        delta = before + t * (left + t * (bend + t * twist))
        return delta, (left + t * (2 * bend + 3 * t * twist)) / width

    def subdivision(self, parts: Array) -> DeltaTable | None:
        """Table with each cell divided into so many parts, each tried in its middle."""
        ends = np.cumsum(parts).astype(np.intp)
        count = np.repeat(parts, parts.astype(np.intp))
        begin = ends - parts.astype(np.intp)
        width = 2 * self.reach / len(parts) / count
        within = np.arange(ends[-1]) - np.repeat(begin, parts.astype(np.intp))
        cell = np.repeat(np.arange(len(parts)), parts.astype(np.intp))
        nodes = (cell + within / count) * (2 * self.reach / len(parts)) - self.reach
        delta, slope = self._deltas(np.append(nodes, self.reach))
        if not (np.isfinite(delta).all() and np.isfinite(slope).all()):
            return None
        table = evolve(self, parts=parts, begin=begin, delta=delta, slope=slope)
        middle, _ = table.cubic(np.arange(len(nodes)), np.full(len(nodes), 0.5), count)
        wrong = np.abs(middle - self._deltas(nodes + width / 2)[0])
        return evolve(table, smooth=wrong <= SMOOTH * np.abs(delta).max())

    def _deltas(self, logs: Array) -> tuple[Array, Array]:
        chunks = [self.exact(part) for part in np.split(logs, range(CHUNK, len(logs), CHUNK))]
        return np.concatenate([d for d, _ in chunks]), np.concatenate([s for _, s in chunks])
