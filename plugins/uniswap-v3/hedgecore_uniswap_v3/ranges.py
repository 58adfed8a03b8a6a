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
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from hedgecore import Intervals, Kernel, PairPool, running_sums
from hedgecore_uniswap_v3 import kernels
from hedgecore_uniswap_v3.exact_sums import exact_sums, numbers
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


ROW = 8
"""Numbers of one segment, a line of a cache."""


@frozen(eq=False)
class Segments:
    """Segments below M edges, between them and above, as a table of which a line is one of them.

    Row k is the edge at which segment k begins, and what is on it: all that a price asks stands in
    that line and the next, however many segments there are. The first and the last edge stand
    twice, since no edge is beyond them.

    Attributes:
        table: (M + 2, `ROW`).
        is_double: whether no edge has more digits than a double.

    """

    table: Array = field(repr=False)
    is_double: bool

    @cached_property
    def columns(self) -> tuple[Array, ...]:
        """Edge, rest, root, Λ, base and quote held beside it, and −Λ/2, `ROW` apart.

        The eighth, 1/root, is the compiled loop's alone.
        """
        flat = self.table.ravel()
        return tuple(flat[place:] for place in range(7))

    @cached_property
    def tops(self) -> tuple[Array, ...]:
        """Edge at which segment k ends, its rest and root."""
        flat = self.table.ravel()
        return tuple(flat[ROW + place :] for place in range(3))


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
        return self._amounts(price, self._row(price), _root(price))

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        return self._bend(price, self._row(price), _root(price))

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        price = prices[0]
        at, root = self._row(price), np.sqrt(price)
        gamma[0] = self._bend(price, at, root)
        holdings[0], holdings[1] = self._amounts(price, at, root)
        return True

    def _amounts(self, price: Any, at: Any, root: Any) -> tuple[Any, Any]:
        """Base and quote in rows of segments, worked on in place, the roots of the prices too."""
        low, low_rest, low_root, depths, beyond, behind, _ = self.segments.columns
        high, high_rest, high_root = self.segments.tops
        depth, far = _take(depths, at), _take(high_root, at)
        base = _take(high, at)
        base -= price
        quote = price - _take(low, at)
        if not self.segments.is_double:
            base += _take(high_rest, at)
            quote -= _take(low_rest, at)
        base *= depth
        base /= far
        far *= root
        far += price
        base /= far
        base += _take(beyond, at)
        quote *= depth
        root += _take(low_root, at)
        quote /= root
        quote += _take(behind, at)
        return base, quote

    def _bend(self, price: Any, at: Any, root: Any) -> Any:
        """Gamma in rows of segments, (N,)."""
        bend = _take(self.segments.columns[6], at)
        bend /= price
        bend /= root
        return bend

    def _row(self, price: Any) -> Any:
        """Places in the columns of the segments that prices are in."""
        at = self.intervals.index(price)
        at *= ROW
        return at

    def _kernel(self) -> Kernel | None:
        found = self.intervals.lookup
        return None if found is None else Kernel(kernels.segments, (self.segments.table, *found))

    def _breakpoints(self) -> Any:
        return self.reached[np.diff(self.segments.table[:-1, 3]) != 0]


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
    order, begun = np.argsort(highs), numbers(liquidity)
    highs, lows, changes = (each[order] for each in (highs, lows, np.append(begun, -begun)))
    last = np.flatnonzero(np.append(np.diff(highs) > 0, True))
    depth = unit * exact_sums(changes)[last]
    edges = Ends(highs[last], lows[last])
    is_above = edges.low > 0
    reached = edges.high.copy()
    reached[is_above] = np.nextafter(reached[is_above], np.inf)
    return Ranges(assets=assets, reached=reached, segments=_segments(edges, depth))


def _segments(edges: Ends, depth: Array) -> Segments:
    """Segments round M edges; depth (M,) is that above each."""
    root = np.sqrt(edges.high)
    width = np.diff(edges.high) + np.diff(edges.low)
    both, between = root[:-1] + root[1:], depth[:-1]
    bases = between * (width / root[:-1] / root[1:] / both)
    quotes = between * (width / both)
    columns = np.zeros((ROW, len(root) + 2))
    columns[:3, 1:-1] = *edges, root
    columns[:3, 0], columns[:3, -1] = columns[:3, 1], columns[:3, -2]
    columns[3, 1:-1] = depth
    columns[4, :-3] = running_sums(bases[::-1])[::-1]
    columns[5, 2:-1] = running_sums(quotes)
    columns[6] -= columns[3] / 2.0
    columns[7] = 1.0 / columns[2]
    return Segments(np.ascontiguousarray(columns.T), is_double=not edges.low.any())


def _root(number: Any) -> Any:
    return sqrt(number) if isinstance(number, float) else np.sqrt(number)


def _take(column: Array, at: Any) -> Any:
    return column.item(at) if isinstance(at, int) else column.take(at, mode="clip")
