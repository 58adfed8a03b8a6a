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
PER_EDGE, LEAST_BUCKETS, MOST_BUCKETS = 16, 2**12, 2**17


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
    def _buckets(self) -> _Buckets:
        return _buckets(self.edges)


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


def _buckets(edges: Array) -> _Buckets:
    bits = edges.view(np.int64)
    wanted = min(max(PER_EDGE * len(bits), LEAST_BUCKETS), MOST_BUCKETS)
    shift = max(int(bits[-1] - bits[0]).bit_length() - wanted.bit_length(), 0)
    count = np.bincount((bits - bits[0]) >> shift)
    below = np.concatenate([[0, 0], np.cumsum(count)])
    origin = bits[0] - np.int64(1 << shift)
    halvings = int(count.max()).bit_length()
    strides = tuple(1 << power for power in reversed(range(halvings)))
    return _Buckets(origin, shift, below, strides, np.append(edges, np.inf))


def _looked_up(price: Array, its: _Buckets) -> NDArray[np.intp]:
    bucket = price.view(np.int64) - its.origin
    bucket >>= its.shift
    found: NDArray[np.intp] = its.below.take(bucket, mode="clip")
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
    sums = np.cumsum(terms)
    before = np.concatenate([np.zeros(1), sums[:-1]])
    added = sums - before
    lost: Array = (before - (sums - added)) + (terms - added)
    return sums + np.cumsum(lost)
