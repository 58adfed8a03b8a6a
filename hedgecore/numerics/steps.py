"""Curves made of many steps: which interval a price is in, and what the steps before it sum to.

A binary search of thousands of edges mispredicts half of its branches: 100 ns a price. The bits of
a positive double, read as an integer, rise with it and nearly as its logarithm does; so their first
few say which bucket it is in, and how many edges lie below that is in a table. What is left is
halved for all prices at once, in as many steps as the fullest bucket needs.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

FEW = 256
"""Prices, of which a plain search is the faster."""
PER_EDGE, LEAST_BUCKETS, MOST_BUCKETS = 8, 2**12, 2**17
CROWDED = 8
"""Edges in one bucket, of which more are not gone through one by one."""
SPARSE = 4
"""Buckets for each that has an edge within, from which on prices in those are picked out."""


@frozen(eq=False)
class Intervals:
    """The M + 1 intervals below, between and above M prices in ascending order, each [from, to).

    Example:
        >>> hc.Intervals(np.array([1.0, 2.0])).index(np.array([0.5, 1.0, 3.0])).tolist()
        [0, 1, 2]

    """

    edges: Array = field(repr=False)

    def index(self, price: Any) -> Any:
        """Count of edges at or below `price`: an int for a float, (N,) for an array."""
        if isinstance(price, float):
            return int(self.edges.searchsorted(price, side="right"))
        if price.size < FEW or not self.edges.size:
            return self.edges.searchsorted(price, side="right")
        return _looked_up(price, self._buckets)

    @cached_property
    def lookup(self) -> Lookup | None:
        """The table by which a compiled loop finds an interval; None where it would be a slow one.

        Count of edges at or below a price of these `bits`, an int64: ``at = below[bucket]`` with
        ``bucket = (bits - origin) >> shift`` clipped to the table, then on while
        ``edges[at] <= price``.
        """
        if not self.edges.size or self._buckets.strides[0] > CROWDED:
            return None
        its = self._buckets
        return Lookup(its.origin, its.shift, its.below, its.padded)

    @cached_property
    def _buckets(self) -> _Buckets:
        return _buckets(self.edges)


class Lookup(NamedTuple):
    """Table that finds an interval by the bits of a price: see `Intervals.lookup`."""

    origin: Any
    shift: int
    below: NDArray[np.intp]
    edges: Array
    """The edges, and what no price reaches."""


class _Buckets(NamedTuple):
    """Buckets of prices, each with the number of edges below; the first and the last are open."""

    origin: Any
    """The bits at which the first one would begin."""
    shift: int
    below: NDArray[np.intp]
    strides: tuple[int, ...]
    """Powers of two, descending, that sum to the most edges in one bucket, or more."""
    padded: Array
    """The edges, and what no price reaches."""
    marked: NDArray[np.intp] | None
    """`below`, less than 0, as ~below, where an edge lies within; None where many do."""


def _buckets(edges: Array) -> _Buckets:
    bits = edges.view(np.int64)
    wanted = min(max(PER_EDGE * len(bits), LEAST_BUCKETS), MOST_BUCKETS)
    shift = max(int(bits[-1] - bits[0]).bit_length() - wanted.bit_length(), 0)
    count = np.bincount((bits - bits[0]) >> shift)
    below = np.concatenate([[0, 0], np.cumsum(count)])
    origin = bits[0] - np.int64(1 << shift)
    halvings = int(count.max()).bit_length()
    strides = tuple(1 << power for power in reversed(range(halvings)))
    within = np.concatenate([[0], count, [0]]) > 0
    marked = np.where(within, ~below, below) if SPARSE * within.sum() < len(below) else None
    return _Buckets(origin, shift, below, strides, np.append(edges, np.inf), marked)


def _looked_up(price: Array, its: _Buckets) -> NDArray[np.intp]:
    bucket = price.view(np.int64) - its.origin
    bucket >>= its.shift
    if its.marked is None:
        return _count_by_halves(price, its.below.take(bucket, mode="clip"), its)
    found: NDArray[np.intp] = its.marked.take(bucket, mode="clip")
    within = np.flatnonzero(found < 0)
    found[within] = _count_by_halves(price[within], ~found[within], its)
    return found


def _count_by_halves(price: Array, found: NDArray[np.intp], its: _Buckets) -> NDArray[np.intp]:
    """Counts of edges at or below prices, from those below their buckets, worked on in place."""
    for stride in its.strides:
        passed = its.padded.take(found + (stride - 1), mode="clip") <= price
        found += passed if stride == 1 else stride * passed
    return found


def running_sums(terms: Array) -> Array:
    """Running sums of terms (M,), as if in twice the precision, rounded once.

    The loss of each addition is itself a double (Knuth's two-sum), and is summed beside.

    Example:
        >>> hc.running_sums(np.array([1.0, 1e-17, -1.0])).tolist()
        [1.0, 1.0, 1e-17]

    """
    sums: Array = np.cumsum(terms)
    before, after = sums[:-1], sums[1:]
    added = after - before
    short = terms[1:] - added
    np.subtract(after, added, out=added)
    np.subtract(before, added, out=added)
    short += added
    after += np.cumsum(short, out=added)
    return sums
