"""Thousands of ranges of one pool as one curve, by prefix sums over their edges.

Between two neighbouring edges all ranges together are one range, whose liquidity Λ is what has
begun and not yet ended. So with the edges e in order, in the segment [eᵢ, eᵢ₊₁) that P is in,

    x = Λᵢ (1/√P − 1/√eᵢ₊₁) + Σ_{k>i} Λₖ (1/√eₖ − 1/√eₖ₊₁),
    y = Λᵢ (√P − √eᵢ) + Σ_{k<i} Λₖ (√eₖ₊₁ − √eₖ),

with both sums known beforehand: a price costs a search, however many ranges there are. Each
difference is taken as in `curve`. Λ is summed exactly, since a small range far out must not drown
in what large ones left behind when they ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from hedgecore import Intervals, PairPool, running_sums
from hedgecore_uniswap_v3.ticks import Edge

Array: TypeAlias = NDArray[np.float64]


class Ends(NamedTuple):
    """Many edges as double-doubles, (K,) each: `ticks.Edge` in arrays."""

    high: Array
    low: Array


def ends(edges: Iterable[tuple[Edge, Edge]]) -> tuple[Ends, Ends]:
    """Beginnings and ends of K ranges, of the two edges of each."""
    lower, upper = (Ends(*np.transpose(side)) for side in zip(*edges, strict=True))
    return lower, upper


class Segments(NamedTuple):
    """Columns of a table of M + 1 segments, which the formulas need; its rows are `ROW` wide.

    All that a price asks is in one line of the cache, however many segments there are: a column is
    the table from its own place on, and an element of it stands every `ROW`.
    """

    low: Array
    low_rest: Array
    high: Array
    high_rest: Array
    depth: Array
    """Λ, which is negative where more is short."""
    beyond: Array
    """The base that is held for the segments above."""
    behind: Array
    """The quote that is held for the segments below."""


ROW = 8


@frozen(kw_only=True, eq=False)
class Ranges(PairPool):
    """The sum of many ranges; what is sold short counts negative."""

    kind = "uniswap-v3-ranges"
    may_be_short = True
    accepts_floats = True

    assets: tuple[str, str]
    reached: Array = field(repr=False)
    """(M,) the first doubles at or above the edges, ascending."""
    segments: Segments = field(repr=False)
    """Those below all edges, between them, and above."""

    @cached_property
    def intervals(self) -> Intervals:
        """The segments' own prices."""
        return Intervals(self.reached)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        """Base and quote, worked on in place: few arrays at a time stay in a cache."""
        its, at, root = self.segments, self._row(price), _root(price)
        depth, high = _take(its.depth, at), _take(its.high, at)
        high_root = _root(high)
        base = high - price
        base += _take(its.high_rest, at)
        base *= depth
        base /= high_root
        high_root *= root
        high_root += price
        base /= high_root
        base += _take(its.beyond, at)
        low = _take(its.low, at)
        quote = price - low
        quote -= _take(its.low_rest, at)
        quote *= depth
        root += _root(low)
        quote /= root
        quote += _take(its.behind, at)
        return base, quote

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        bend = _take(self.segments.depth, self._row(price))
        bend *= -0.5
        bend /= price
        bend /= _root(price)
        bend += 0.0
        return bend

    def _row(self, price: Any) -> Any:
        """Places in the columns of the segments that prices are in."""
        at = self.intervals.index(price)
        at *= ROW
        return at

    def _breakpoints(self) -> Any:
        return self.reached[np.diff(self.segments.depth[::ROW]) != 0]


def ranges(
    assets: tuple[str, str], liquidity: Sequence[float], ends: tuple[Ends, Ends], unit: float = 1.0
) -> Ranges:
    """Sum of K ranges.

    Args:
        assets: base and quote.
        liquidity: (K,) floats, or integers of any length; negative where short.
        ends: where they begin, and where they end.
        unit: what the liquidity is multiplied by, once it is summed.

    """
    highs, lows = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    order = np.argsort(highs, kind="stable")
    last = np.flatnonzero(np.append(np.diff(highs[order]) > 0, True))
    begun = [*liquidity, *(-each for each in liquidity)]
    depth = unit * exact_sums(begun[at] for at in order)[last]
    edges = Ends(highs[order][last], lows[order][last])
    return Ranges(
        assets=assets,
        reached=np.where(edges.low > 0, np.nextafter(edges.high, np.inf), edges.high),
        segments=_segments(edges, depth),
    )


def _segments(edges: Ends, depth: Array) -> Segments:
    """M + 1 segments round M edges; depth (M,) is that above each."""
    root = np.sqrt(edges.high)
    width = np.diff(edges.high) + np.diff(edges.low)
    between, zero = depth[:-1], np.zeros(1)
    bases = between * (width / root[:-1] / root[1:] / (root[:-1] + root[1:]))
    quotes = between * (width / (root[:-1] + root[1:]))
    low, low_rest = (np.append(part[:1], part) for part in edges)
    high, high_rest = (np.append(part, part[-1:]) for part in edges)
    beyond = np.concatenate([running_sums(bases[::-1])[::-1], zero, zero])
    behind = np.concatenate([zero, zero, running_sums(quotes)])
    columns = low, low_rest, high, high_rest, np.append(zero, depth), beyond, behind
    table = np.zeros((len(low), ROW))
    table[:, : len(columns)] = np.transpose(columns)
    return Segments(*(table.ravel()[place:] for place in range(len(columns))))


def exact_sums(terms: Iterable[float]) -> Array:
    """Running sums of floats or integers (M,), each rounded once.

    A double is a whole number over a power of two, and whole numbers are summed exactly.
    """
    ratios = [each.as_integer_ratio() for each in terms]
    unit = max(below for _, below in ratios)
    wholes = accumulate(above * (unit // below) for above, below in ratios)
    return np.array([whole / unit for whole in wholes])


def _root(number: Any) -> Any:
    return sqrt(number) if isinstance(number, float) else np.sqrt(number)


def _take(column: Array, at: Any) -> Any:
    return column.item(at) if isinstance(at, int) else column.take(at, mode="clip")
