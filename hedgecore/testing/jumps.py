"""The law that a pair names its breaks: a search for prices where delta or gamma jumps unnamed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgecore.market import Array
from hedgecore.pool import PoolModel
from hedgecore.testing import answers as said
from hedgecore.testing.grids import PAIR, moderate
from hedgecore.testing.law import LawBroken, law, place

SCANNED = 400
"""Prices between the least and the most of those tried."""
SUSPECTS = 8
"""How many of the largest changes are looked into."""
HALVINGS = 60
JUMPED = 1e-2
"""The part of itself by which delta or gamma changes from one double to the next."""
TOLD = 1e-7
"""What is less than this part of the whole worth may be the rounding of a formula."""

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
    for column in range(2):
        low, high = _suspects(numbers, nodes, named, column)
        low, high = _narrowed(numbers, low, high, column)
        here = _jumped(numbers, low, high, column)
        if here.any():
            which = np.flatnonzero(here)[high[here].argmin()]
            at = high[which : which + 1]
            what = ("delta", "gamma")[column]
            got, expected = (numbers(end[which : which + 1])[0, column] for end in (high, low))
            reason = f"{what} jumps here (in cash), and breaks() does not name the price"
            raise LawBroken(reason, price=place(at[:, None], 0), got=got, expected=expected)


def _nodes(model: PoolModel, prices: ArrayLike | None) -> tuple[Array, Array]:
    """Return prices to look between, (K,), and those that are named: each, and the one below."""
    points, named = moderate(model, prices)[:, 0], np.array(model.breaks())
    between = np.geomspace(points.min(), points.max(), SCANNED)
    nodes = np.unique(np.concatenate([points, between, named, np.nextafter(named, 0)]))
    return nodes, named


def _numbers(model: PoolModel) -> Numbers:
    """Return what is compared, as a function of prices (K,): cash delta and gamma, (K, 2)."""

    def numbers(at: Array) -> Array:
        found = said.greeks_at(model, at[:, None])
        total = said.gross(at[:, None], found.holdings)
        cash = np.stack([at * found.delta[:, 0], at**2 * found.gamma[:, 0, 0]], axis=1)
        return np.asarray(cash / total[:, None])

    return numbers


def _suspects(numbers: Numbers, nodes: Array, named: Array, column: int) -> tuple[Array, Array]:
    """Return the ends of the intervals over which most changes, (k,) each; but for those named."""
    change = np.abs(np.diff(numbers(nodes)[:, column]))
    change = np.where(np.isfinite(change) & ~np.isin(nodes[1:], named), change, 0.0)
    most = np.argsort(change)[-SUSPECTS:]
    most = most[change[most] > 0]
    return nodes[most], nodes[most + 1]


def _narrowed(numbers: Numbers, low: Array, high: Array, column: int) -> tuple[Array, Array]:
    """Return the ends, moved together to the two doubles between which most changes."""
    for _ in range(HALVINGS):
        middle = np.sqrt(low) * np.sqrt(high)
        if not np.any((middle > low) & (middle < high)):
            break
        left, centre, right = (numbers(at)[:, column] for at in (low, middle, high))
        first = np.abs(centre - left) > np.abs(right - centre)
        low, high = np.where(first, low, middle), np.where(first, middle, high)
    return low, high


def _jumped(numbers: Numbers, low: Array, high: Array, column: int) -> NDArray[np.bool_]:
    """Return where one double and the next are too far apart, (k,)."""
    if not low.size:
        return np.zeros(0, dtype=bool)
    one, other = (numbers(at)[:, column] for at in (low, high))
    apart, size = np.abs(other - one), np.maximum(np.abs(one), np.abs(other))
    return np.asarray((apart > JUMPED * size) & (apart > TOLD))
