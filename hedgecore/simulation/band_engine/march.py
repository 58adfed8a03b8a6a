"""The fast engine: paths run on by themselves until one leaves the prices that are quiet for it.

Where one price moves a book, its hedge has a constant delta, and the policy has a band, nothing can
happen while the log price is between two barriers (`no_trade_region.py`). So a step costs its
random number, an addition and two comparisons; deltas are computed only at the steps at which a
path is outside, and prices and costs of a frame's orders at once. What is traded is what the
general engine trades. Between trades the profit telescopes, and memory does not grow with the
number of steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.price_models.diffusion import Moved

Which = NDArray[np.intp]
ELEMENTS = 32_768
"""Numbers in a block's frame, which stays in a processor's cache."""
TOGETHER = 25
"""Blocks that are looked at together: the more, the fewer looks, and the more memory."""


class Outside(Protocol):
    """Action where paths are outside, and the barriers from then on.

    Attributes:
        low: (N,), the log price under which each path is outside.
        high: (N,), above which.

    """

    low: Array
    high: Array

    def trade(self, first: int, logs: Array, which: Which) -> None:
        """Let some paths trade wherever they are outside in a frame, and set their barriers.

        Args:
            first: the index of the frame's first step.
            logs: (K, n), of these paths alone.
            which: (n,), the paths.

        """
        ...


def rows(count: int) -> int:
    """Number of steps in a frame of this engine, for a block of `count` paths."""
    return max(1, ELEMENTS // count)


def march(blocks: Sequence[Iterator[tuple[int, Moved]]], outside: Outside) -> Array:
    """Take the paths of some blocks through all frames, and return their last log prices, (N,).

    Args:
        blocks: the frames of each block, of the same steps; N paths in all. A frame is done with
            before the next block's is asked for, so that they may stand in the same place.
        outside: what is done.

    """
    last, first = np.zeros(len(outside.low)), 1
    while (found := _crossings(blocks, outside, last)) is not None:
        outside.trade(first, *found)
        first += len(found[0])
    return last


def _crossings(
    blocks: Sequence[Iterator[tuple[int, Moved]]], outside: Outside, last: Array
) -> tuple[Array, Which] | None:
    """Take one frame of each block: the logs of the paths that are outside in it, and which.

    Where the paths are at its end is left in `last`. None where there is no further frame.
    """
    logs, which, place = [], [], 0
    for block in blocks:
        _, moved = next(block, (0, None))
        if moved is None:
            return None
        end = place + moved.logs.shape[1]
        last[place:end] = moved.logs[-1]
        crossing = _crossing_paths(moved.logs, outside.low[place:end], outside.high[place:end])
        logs.append(moved.logs[:, crossing])
        which.append(crossing + place)
        place = end
    return np.concatenate(logs, axis=1), np.concatenate(which)


def _crossing_paths(logs: Array, low: Array, high: Array) -> Which:
    """Paths that are outside at some step of a frame, as the barriers stand before."""
    return np.flatnonzero((logs.min(axis=0) < low) | (logs.max(axis=0) > high))
