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

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

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
NOWHERE = (np.inf, -np.inf)
"""The ends of no log prices."""
ROUNDING = 1e-13
"""Distance from a band's edge within which rounding may decide, of the largest delta."""


@frozen(eq=False)
class Inverse:
    """Of edges, the log prices of each stretch at which one is at least a value; by bucket of it.

    Attributes:
        lowest: (n,), the least value of each stretch.
        scale: (n,), buckets per unit of value.
        most: (n,), how many buckets.
        offset: (n,), where the entries of a stretch begin: one for values below all, the buckets,
            and one for values above all.
        ends: of each entry the first and the last such log price, the first above the last where
            there is none; a row is one place in memory.

    """

    lowest: Array
    scale: Array
    most: Array
    offset: Nodes
    ends: Array

    @classmethod
    def of(cls, stretches: Sequence[Stretch]) -> Inverse:
        """Invert the edges of some stretches."""
        parts = [stretch.entries() for stretch in stretches]
        sizes = [len(ends) for _, _, ends in parts]
        return cls(
            lowest=np.array([lowest for lowest, _, _ in parts]),
            scale=np.array([scale for _, scale, _ in parts]),
            most=np.array(sizes) - 2.0,
            offset=np.cumsum([0, *sizes[:-1]]) + 1,
            ends=np.concatenate([ends for _, _, ends in parts]),
        )

    def __call__(self, stretch: NDArray[Any], values: Array) -> Array:
        """First and last log price of stretches at which the edge is at least `values`, (N, 2)."""
        bucket = values - self.lowest.take(stretch)
        bucket *= self.scale.take(stretch)
        np.minimum(np.maximum(bucket, -1.0, out=bucket), self.most.take(stretch), out=bucket)
        entry = np.floor(bucket, out=bucket).astype(np.intp)
        entry += self.offset.take(stretch)
        return self.ends.take(entry, axis=0)


class Stretch(NamedTuple):
    """An edge at log prices between which it is monotone; nothing is quiet where it is not known.

    Attributes:
        logs: (n,), rising.
        edge: (n,).
        slack: by which values may be wrong.
        known: whether it is monotone.

    """

    logs: Array
    edge: Array
    slack: float
    known: bool

    def entries(self) -> tuple[float, float, Array]:
        """Least value, buckets per unit, and the ends of each entry.

        A bucket has the ends of its largest value, so that it is right for all of its values.
        """
        low, high = float(self.edge.min()), float(self.edge.max())
        if not self.known:
            return 0.0, 0.0, np.full((3, 2), NOWHERE)
        all_of_it = self.logs[[0, -1]]
        if low == high:  # quiet up to this very value
            return low, HUGE, np.array([all_of_it, all_of_it, NOWHERE])
        tops = np.linspace(low, high, BUCKETS + 1)[1:] + self.slack
        ends = np.empty((BUCKETS + 2, 2))
        ends[:] = all_of_it
        if self.edge[0] < self.edge[-1]:
            ends[1:-1, 0] = _beyond(self.logs, np.searchsorted(self.edge, tops), NOWHERE[0])
        else:
            places = np.searchsorted(self.edge[::-1], tops)
            ends[1:-1, 1] = _beyond(self.logs[::-1], places, NOWHERE[1])
        ends[-1] = NOWHERE
        return low, BUCKETS / (high - low), ends


@frozen(eq=False)
class NoTradeRegion:
    """The table: which log prices, relative to the start's, are quiet for a hedge of delta h.

    Attributes:
        origin: log of the first node over the start.
        cell: from node to node.
        which: (M + 2,), the stretch of each cell; of the one before and the one after, one in which
            nothing is known.
        count: of stretches.
        inverse: by stretch, where U is at least h; and after them all, where −L is at least −h.

    """

    origin: float
    cell: float
    which: NDArray[np.uint8]
    count: int
    inverse: Inverse

    @classmethod
    def over(
        cls, reach: float, edges: Callable[[Array], tuple[Array, Array]]
    ) -> NoTradeRegion | None:
        """Tabulate from −reach to reach; None where edges cross, or turn too often.

        Args:
            reach: of log prices from the start.
            edges: from log prices (n,) to L and U, of the same shape.

        """
        nodes = np.linspace(-reach, reach, CELLS + 1)
        lower, upper = edges(nodes)
        if not (np.isfinite(lower) & np.isfinite(upper) & (lower <= upper)).all():
            return None
        bounds, turns = _monotone(upper, lower)
        if len(turns) > MOST:
            return None
        stretches = [
            stretch
            for edge in (upper, -lower)
            for stretch in _stretches(nodes, edge, bounds, turns)
        ]
        which = np.repeat(np.arange(len(turns), dtype=np.uint8), np.diff(bounds))
        return cls(
            origin=-reach,
            cell=float(nodes[1] - nodes[0]),
            which=np.pad(which, 1, constant_values=len(turns)),
            count=len(turns) + 1,
            inverse=Inverse.of(stretches),
        )

    def bounds(self, logs: Array, held: Array) -> tuple[Array, Array]:
        """Bounds of the quiet log prices around `logs`, (N,), for hedges of delta `held`.

        Where nothing is known to be, low is above high.
        """
        place = (logs - self.origin) / self.cell + 1
        np.minimum(np.maximum(place, 0.0, out=place), len(self.which) - 1.0, out=place)
        stretch = self.which.take(place.astype(np.intp))
        sides = np.concatenate([stretch, stretch + self.count])
        ends = self.inverse(sides, np.concatenate([held, -held]))
        upper, lower = ends[: len(logs)], ends[len(logs) :]
        return np.maximum(upper[:, 0], lower[:, 0]), np.minimum(upper[:, 1], lower[:, 1])


def _stretches(
    nodes: Array, edge: Array, bounds: Nodes, turns: Sequence[bool]
) -> Iterator[Stretch]:
    """Stretches of an edge, (M + 1,), between `bounds`, (n + 1,); and one of nothing known."""
    slack = ROUNDING * float(np.abs(edge).max())
    for a, b, turn in zip(bounds[:-1], bounds[1:], turns, strict=True):
        yield Stretch(nodes[a : b + 1], edge[a : b + 1], slack, known=not turn)
    yield Stretch(nodes[:1], edge[:1], slack, known=False)


def _beyond(logs: Array, places: Nodes, none: float) -> Array:
    """Log prices at places, and `none` at those after the last."""
    return np.append(logs, none).take(places)


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
