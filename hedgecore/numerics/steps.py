"""Curves made of many steps: which interval a price is in, and what the steps before it sum to.

A binary search of thousands of edges mispredicts half of its branches: 100 ns a price. The bits of
a positive double, read as an integer, rise with it and nearly as its logarithm does; so their first
few say which bucket it is in, and how many edges lie below that is in a table.
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
PER_EDGE, LEAST_BUCKETS, MOST_BUCKETS = 16, 2**12, 2**17
CROWDED = 8
"""Edges in one bucket: of more, others are tried."""
APART = 64
"""One in so many edges at either end may be far from the rest, as those of a full range are."""


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
        if price.size < FEW or self._buckets is None:
            return self.edges.searchsorted(price, side="right")
        return _look_up(price, self.edges, self._buckets)

    @cached_property
    def _buckets(self) -> _Buckets | None:
        trimmed = len(self.edges) // APART
        each = (_buckets(self.edges, out) for out in dict.fromkeys((0, trimmed)))
        return next((one for one in each if one.sweeps <= CROWDED), None)


class _Buckets(NamedTuple):
    """Buckets of prices, each with the number of edges below; the first and the last are open."""

    origin: Any
    """The bits at which the first one would begin."""
    shift: int
    below: NDArray[np.intp]
    sweeps: int
    """The most edges in one bucket, each of which costs a comparison."""
    padded: Array
    """The edges, and what no price reaches."""
    trimmed: int
    """Edges in each of the open buckets, too many to sweep."""


def _buckets(edges: Array, trimmed: int) -> _Buckets:
    inner = edges[trimmed : len(edges) - trimmed].view(np.int64)
    wanted = min(max(PER_EDGE * len(inner), LEAST_BUCKETS), MOST_BUCKETS)
    shift = max(int(inner[-1] - inner[0]).bit_length() - wanted.bit_length(), 0)
    count = np.bincount((inner - inner[0]) >> shift)
    below = trimmed + np.concatenate([[0, 0], np.cumsum(count)])
    origin = inner[0] - np.int64(1 << shift)
    return _Buckets(origin, shift, below, int(count.max()), np.append(edges, np.inf), trimmed)


def _look_up(price: Array, edges: Array, its: _Buckets) -> NDArray[np.intp]:
    bucket = price.view(np.int64) - its.origin
    bucket >>= its.shift
    found: NDArray[np.intp] = its.below.take(bucket, mode="clip")
    for _ in range(its.sweeps):
        found += its.padded.take(found, mode="clip") <= price
    if its.trimmed:
        outside = (bucket <= 0) | (bucket >= len(its.below) - 1)
        found[outside] = edges.searchsorted(price[outside], side="right")
    return found


def running_sums(terms: Array) -> Array:
    """Running sums of terms (M,), as if in twice the precision, rounded once.

    The loss of each addition is itself a double (Knuth's two-sum), and is summed beside.

    Example:
        >>> hc.running_sums(np.array([1.0, 1e-17, -1.0])).tolist()
        [1.0, 1.0, 1e-17]

    """
    sums = np.cumsum(terms)
    before = np.concatenate([np.zeros(1), sums[:-1]])
    added = sums - before
    lost: Array = (before - (sums - added)) + (terms - added)
    return sums + np.cumsum(lost)
