"""Thousands of ranges of one pool as one curve, by prefix sums over their edges.

Between two neighbouring edges all ranges together are one range, whose liquidity Λ is what has
begun and not yet ended. So with the edges e in order, in the segment [eᵢ, eᵢ₊₁) that P is in,

    x = Λᵢ (1/√P − 1/√eᵢ₊₁) + Σ_{k>i} Λₖ (1/√eₖ − 1/√eₖ₊₁),
    y = Λᵢ (√P − √eᵢ) + Σ_{k<i} Λₖ (√eₖ₊₁ − √eₖ),

with both sums known beforehand: a price costs a search, however many ranges there are. Each
difference is taken as in `curve`, and the running sums are compensated, since a small position
far out must not drown in what large ones left behind when they ended.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from hedgecore import PairPool

Array: TypeAlias = NDArray[np.float64]


class Ends(NamedTuple):
    """Many edges as double-doubles, (K,) each: `ticks.Edge` in arrays."""

    high: Array
    low: Array


@frozen(kw_only=True, eq=False)
class Ranges(PairPool):
    """The sum of many ranges; what is sold short counts negative."""

    kind = "uniswap-v3-ranges"
    may_be_short = True

    assets: tuple[str, str]
    reached: Array = field(repr=False)
    """(M,) the first doubles at or above the edges, ascending."""
    depth: Array = field(repr=False)
    """(M + 1,) liquidity below, between and above them."""
    lower: Ends = field(repr=False)
    """(M + 1,) where each segment begins; below all edges the first."""
    upper: Ends = field(repr=False)
    """(M + 1,) where it ends; above all edges the last."""
    beyond: Array = field(repr=False)
    """(M + 1,) the base that is held for the segments above it."""
    behind: Array = field(repr=False)
    """(M + 1,) the quote that is held for the segments below it."""

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        at = np.searchsorted(self.reached, price, side="right")
        depth, root = self.depth[at], np.sqrt(price)
        end, begin = (Ends(ends.high[at], ends.low[at]) for ends in (self.upper, self.lower))
        base = _base((end.high - price) + end.low, root, np.sqrt(end.high))
        quote = ((price - begin.high) - begin.low) / (root + np.sqrt(begin.high))
        return (
            self.beyond[at] + np.where(depth, depth * base, 0.0),
            self.behind[at] + np.where(depth, depth * quote, 0.0),
        )

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        depth = self.depth[np.searchsorted(self.reached, price, side="right")]
        return np.where(depth, depth / (-2.0 * price * np.sqrt(price)), 0.0)

    def _breakpoints(self) -> Any:
        return self.reached


def ranges(assets: tuple[str, str], liquidity: Array, lower: Ends, upper: Ends) -> Ranges:
    """Return the sum of K ranges with `liquidity` (K,), negative where short."""
    highs, lows = (np.concatenate(parts) for parts in zip(lower, upper, strict=True))
    count = len(liquidity)
    order = np.argsort(highs)
    last = np.flatnonzero(np.append(np.diff(highs[order]) > 0, True))
    begun = running(np.concatenate([liquidity, -liquidity])[order])[last]
    still = np.cumsum(np.where(order < count, 1, -1))[last]
    edges = Ends(highs[order][last], lows[order][last])
    depth = np.where(still > 0, begun, 0.0)
    between = depth[:-1]
    width = np.diff(edges.high) + np.diff(edges.low)
    root = np.sqrt(edges.high)
    bases = between * _base(width, root[:-1], root[1:])
    quotes = between * width / (root[:-1] + root[1:])
    zero = np.zeros(1)
    return Ranges(
        assets=assets,
        reached=np.where(edges.low > 0, np.nextafter(edges.high, np.inf), edges.high),
        depth=np.concatenate([zero, depth]),
        lower=Ends(*(np.append(part[:1], part) for part in edges)),
        upper=Ends(*(np.append(part, part[-1:]) for part in edges)),
        beyond=np.concatenate([running(bases[::-1])[::-1], zero, zero]),
        behind=np.concatenate([zero, zero, running(quotes)]),
    )


def running(terms: Array) -> Array:
    """Return the running sums of terms (M,), as if in twice the precision, rounded once.

    What each addition loses is itself a double (Knuth's two-sum), and is summed beside.
    """
    sums = np.cumsum(terms)
    before = np.concatenate([np.zeros(1), sums[:-1]])
    added = sums - before
    lost: Array = (before - (sums - added)) + (terms - added)
    return sums + np.cumsum(lost)


def _base(width: Array, low: Array, high: Array) -> Array:
    """Return 1/low − 1/high of two roots, from the width between their squares."""
    held: Array = width / low / high / (low + high)
    return held
