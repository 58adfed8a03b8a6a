"""The law that a pair names its breaks: a search for prices where delta or gamma jumps unnamed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.testing import answers as said
from hedgecore.testing.grids import PAIR, moderate
from hedgecore.testing.law import LawBroken, law

SCANNED = 400
"""Prices between the least and the most of those tried."""
SUSPECTS = 8
"""Number of the largest changes that are looked into."""
PARTS = 16
"""Into which an interval is cut."""
JUMPED = 1e-2
"""The part of itself by which delta or gamma changes from one double to the next."""
BESIDE = 1e-13
"""Of a price that is named: so near to a vertical tangent, each double has a gamma of its own."""
TOLD = 1e-7
"""Part of the whole worth below which a change may be the rounding of a formula."""
WHAT = ("delta", "gamma")

Numbers = Callable[[Array], Array]


@law
def breaks_named(model: PoolModel, prices: ArrayLike | None = None) -> None:
    """Neither delta nor gamma jumps at a price that `breaks()` does not name.

    Source: the interface; a price path that crosses a break unnamed is hedged with the gamma of
    its other side, and differentiated across.
    """
    if len(model.assets) != PAIR:
        return
    nodes, named = _nodes(model, prices)
    numbers = _numbers(model)
    there = numbers(nodes)
    suspects = [_suspects(nodes, there[:, column], named) for column in range(len(WHAT))]
    for what, found in zip(WHAT, _narrow(numbers, suspects), strict=True):
        if found is not None:
            price, got, expected = found
            reason = f"{what} jumps here (in cash, of the worth), and breaks() does not name it"
            raise LawBroken(reason, price=price, got=got, expected=expected)


def _nodes(model: PoolModel, prices: ArrayLike | None) -> tuple[Array, Array]:
    """Prices to look between, (K,), and those that are named."""
    points, named = moderate(model, prices)[:, 0], np.array(model.breakpoints())
    between = np.geomspace(points.min(), points.max(), SCANNED)
    sides = [named * (1 - BESIDE), named * (1 + BESIDE)]
    nodes = np.unique(np.concatenate([points, between, *sides]))
    return nodes, named


def _numbers(model: PoolModel) -> Numbers:
    """Cash delta and gamma, (K, 2), as a function of prices (K,)."""

    def numbers(at: Array) -> Array:
        found = said.greeks_at(model, at[:, None])
        total = said.gross(at[:, None], found.holdings)
        cash = np.stack([at * found.delta[:, 0], at**2 * found.gamma[:, 0, 0]], axis=1)
        return np.asarray(cash / total[:, None])

    return numbers


def _suspects(nodes: Array, numbers: Array, named: Array) -> tuple[Array, Array]:
    """Ends of the intervals over which most changes, (2, k), and the numbers there."""
    beside = np.isclose(nodes[:, None], named, rtol=2 * BESIDE, atol=0.0)
    told = (beside[1:] & beside[:-1]).any(axis=1)
    changed = np.where(told, 0.0, _changes(numbers[:-1], numbers[1:]))
    most = np.argsort(changed, kind="stable")[-SUSPECTS:]
    most = most[changed[most] > 0]
    ends = np.stack([most, most + 1])
    return nodes[ends], numbers[ends]


def _narrow(
    numbers: Numbers, suspects: Sequence[tuple[Array, Array]]
) -> list[tuple[float, float, float] | None]:
    """Of each column of numbers, the least price at which it jumps, and the number there and below.

    Each interval is cut into parts, and gives way to the one over which most changes, down to two
    doubles; where too little does, there is no jump, and None where there is none in a column. The
    intervals of all columns are asked about at once: a call costs more than its prices.
    """
    column = np.repeat(np.arange(len(suspects)), [len(ends.T) for ends, _ in suspects])
    prices, found = (np.concatenate(parts, axis=1) for parts in zip(*suspects, strict=True))
    while prices.size:
        cuts = prices[0] + (prices[1] - prices[0]) * np.linspace(0.0, 1.0, PARTS + 1)[:, None]
        below, above = cuts <= prices[0], cuts >= prices[1]
        if (below | above).all():
            break
        told = numbers(cuts.ravel()).reshape(*cuts.shape, -1)[:, np.arange(column.size), column]
        told = np.where(below, found[0], np.where(above, found[1], told))
        at = _apart(told[:-1], told[1:]).argmax(axis=0) + np.array([[0], [1]])
        prices, found = (np.take_along_axis(each, at, axis=0) for each in (cuts, told))
        kept = _changes(*found) > 0
        prices, found, column = prices[:, kept], found[:, kept], column[kept]
    masks = [column == each for each in range(len(suspects))]
    return [_least(prices[:, own], found[:, own]) for own in masks]


def _least(prices: Array, found: Array) -> tuple[float, float, float] | None:
    """Least upper end of some intervals, and the numbers at it and below; None of none."""
    if not prices.size:
        return None
    it = int(prices[1].argmin())
    return float(prices[1, it]), float(found[1, it]), float(found[0, it])


def _apart(one: Array, other: Array) -> Array:
    """Distance of numbers from each other; 0 where either is no number."""
    return np.nan_to_num(np.abs(one - other), nan=0.0)


def _changes(low: Array, high: Array) -> Array:
    """Excess of differences over the least jump; 0 where they are less."""
    apart, size = _apart(low, high), np.maximum(np.abs(low), np.abs(high))
    return np.where((apart > JUMPED * size) & (apart > TOLD), apart, 0.0)
