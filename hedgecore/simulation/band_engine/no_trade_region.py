"""Between which prices a policy with a band cannot trade, for a book that one price moves.

Let D(S) be the delta of what is hedged, h that of the hedge, and w(S) the half-width of the band:
nothing is traded while ``|D(S) + h| ≤ w(S)``, that is while

    L(S) = −w(S) − D(S)  ≤  h  ≤  U(S) = w(S) − D(S).

L and U depend on the price alone, so they are tabulated once, over a grid of log prices. Where both
are monotone, the prices at which h is between them are an interval, and it is found by bisection in
the table. An end is taken at the node inside it: the interval is never too wide, and what is
narrower by a cell is looked at for nothing, now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

Nodes = NDArray[np.intp]

CELLS = 2**16
BUCKETS = 2**14
"""Into which the range of an edge is divided, so that the node for a value is looked up."""
MOST = 32
"""More stretches than this are rounding, or no book that a table is made for."""
HUGE = 1e250
"""Buckets per unit of an edge that is flat: any value above it is above them all."""
ROUNDING = 1e-13
"""Distance from a band's edge within which rounding may decide, of the largest delta."""


@frozen(eq=False)
class Inverse:
    """Of one edge, the nodes of each stretch at which it is at least a value; by bucket of values.

    Attributes:
        lowest: (n,), the least value of each stretch.
        scale: (n,), buckets per unit of value.
        most: (n,), how many buckets.
        offset: (n,), where the entries of a stretch begin: one for values below all, the buckets,
            and one for values above all.
        first: the first such node, of each entry; above `last` where there is none.
        last: the last.

    """

    lowest: Array
    scale: Array
    most: Array
    offset: Nodes
    first: NDArray[np.int32]
    last: NDArray[np.int32]

    @classmethod
    def of(cls, edge: Array, bounds: Nodes, turns: Sequence[bool]) -> Inverse:
        """Invert an edge, (M + 1,), over stretches between `bounds`, (n + 1,)."""
        slack = ROUNDING * np.abs(edge).max()
        parts = [
            _inverse(edge[a : b + 1], a, slack, known=not turn)
            for a, b, turn in zip(bounds[:-1], bounds[1:], turns, strict=True)
        ]
        sizes = [len(first) for _, _, first, _ in parts]
        return cls(
            lowest=np.array([lowest for lowest, _, _, _ in parts]),
            scale=np.array([scale for _, scale, _, _ in parts]),
            most=np.array(sizes) - 2.0,
            offset=np.cumsum([0, *sizes[:-1]]) + 1,
            first=np.concatenate([first for _, _, first, _ in parts]).astype(np.int32),
            last=np.concatenate([last for _, _, _, last in parts]).astype(np.int32),
        )

    def nodes(self, stretch: NDArray[np.uint8], values: Array) -> tuple[NDArray[np.int32], ...]:
        """First and last node of stretches at which the edge is at least `values`."""
        bucket = values - self.lowest[stretch]
        bucket *= self.scale[stretch]
        np.minimum(np.maximum(bucket, -1.0, out=bucket), self.most[stretch], out=bucket)
        entry = self.offset[stretch] + np.floor(bucket, out=bucket).astype(np.intp)
        return self.first.take(entry), self.last.take(entry)


@frozen(eq=False)
class NoTradeRegion:
    """The table: which log prices, relative to the start's, are quiet for a hedge of delta h.

    Attributes:
        origin: log of the first node over the start.
        cell: from node to node.
        which: (M,), the stretch of each cell.
        upper: where U is at least h.
        lower: where −L is at least −h.

    """

    origin: float
    cell: float
    which: NDArray[np.uint8]
    upper: Inverse
    lower: Inverse

    @classmethod
    def over(
        cls, reach: float, edges: Callable[[Array], tuple[Array, Array]]
    ) -> NoTradeRegion | None:
        """Tabulate from −reach to reach; None where the edges are not made of a few stretches.

        Args:
            reach: of log prices from the start.
            edges: from log prices (n,) to L and U, of the same shape.

        """
        nodes = np.linspace(-reach, reach, CELLS + 1)
        lower, upper = edges(nodes)
        if not (np.isfinite(lower).all() and np.isfinite(upper).all()):
            return None
        bounds, turns = _monotone(upper, lower)
        if len(turns) > MOST:
            return None
        return cls(
            -reach,
            float(nodes[1] - nodes[0]),
            np.repeat(np.arange(len(turns), dtype=np.uint8), np.diff(bounds)),
            Inverse.of(upper, bounds, turns),
            Inverse.of(-lower, bounds, turns),
        )

    def bounds(self, logs: Array, held: Array) -> tuple[Array, Array]:
        """Bounds of the quiet log prices around `logs`, (N,), for hedges of delta `held`.

        Where nothing is known to be, low is above high.
        """
        place = ((logs - self.origin) / self.cell).astype(np.intp)
        known = (logs >= self.origin) & (place < len(self.which))
        stretch = self.which[np.minimum(np.maximum(place, 0), len(self.which) - 1)]
        first, last = self.upper.nodes(stretch, held)
        above, below = self.lower.nodes(stretch, -held)
        low, high = np.maximum(first, above), np.minimum(last, below)
        none = (low > high) | ~known
        low, high = self.origin + low * self.cell, self.origin + high * self.cell
        low[none], high[none] = np.inf, -np.inf
        return low, high


def _inverse(
    edge: Array, start: int, slack: float, *, known: bool
) -> tuple[float, float, Nodes, Nodes]:
    """Least value, buckets per unit, and the entries of one stretch from node `start`.

    A bucket has the nodes of its largest value, so that it is right for all of its values.
    """
    end, none = start + len(edge) - 1, 2**30
    low, high = float(edge.min()), float(edge.max())
    if not known:
        return 0.0, 0.0, np.full(3, none), np.full(3, -1)
    if low == high:  # quiet up to this very value
        return low, HUGE, np.array([start, start, none]), np.array([end, end, -1])
    tops = np.linspace(low, high, BUCKETS + 1)[1:] + slack
    if edge[0] < edge[-1]:
        places = np.searchsorted(edge, tops)
        first = start + np.concatenate([[0], np.where(places < len(edge), places, none), [none]])
        return low, BUCKETS / (high - low), first, np.full(len(first), end)
    places = len(edge) - 1 - np.searchsorted(edge[::-1], tops)
    last = np.concatenate([[end], np.where(places >= 0, start + places, -1), [-1]])
    return low, BUCKETS / (high - low), np.full(len(last), start), last


def _monotone(upper: Array, lower: Array) -> tuple[Nodes, list[bool]]:
    """Bounds of the stretches, as nodes, and of each whether an edge turns back in it.

    Where an edge turns from rising to falling, the turn is in one of the two cells beside: each of
    them is a stretch in which nothing is known to be quiet.
    """
    signs = np.stack([np.sign(np.diff(upper)), np.sign(np.diff(lower))], axis=-1)
    turns = np.zeros((len(signs), 1))
    back = np.flatnonzero((signs[1:] * signs[:-1] < 0).any(axis=-1))
    turns[back] = turns[back + 1] = 1
    cells = np.concatenate([signs, turns], axis=-1)
    changes = np.flatnonzero((cells[1:] != cells[:-1]).any(axis=-1)) + 1
    bounds = np.concatenate([[0], changes, [len(cells)]])
    return bounds, [bool(turn) for turn in turns[bounds[:-1], 0]]
