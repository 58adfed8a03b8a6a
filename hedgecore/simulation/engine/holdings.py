"""Holdings of the hedge, and the decisions over a frame."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.memory import Memory
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import empty_columns


@frozen(eq=False, kw_only=True)
class Holdings:
    """Holdings of N paths in k instruments, with the memory of their decisions.

    Attributes:
        held: (N, k), contracts.
        coins: (N, k), what each has been settled in, where that is not the numeraire.
        memory: of the decisions so far.

    """

    held: Array
    coins: Array
    memory: Memory


@frozen(eq=False, kw_only=True)
class FrameDecision:
    """Decisions over a frame, S = (K, N): the trades, and what is held after each step.

    Attributes:
        orders: S+(k,), contracts bought.
        begun: S+(k,), contracts held as each step begins.
        held: S+(k,).
        coins: S+(k,).
        outside: S, whether the policy asked for a trade.
        after: what is held at the end.

    """

    orders: Array
    begun: Array
    held: Array
    coins: Array
    outside: NDArray[np.bool_]
    after: Holdings


def empty_holdings(before: Array, steps: int) -> tuple[Array, Array]:
    """Contracts as each of so many steps begins, and after each, which are to be filled, S+(k,).

    They are views of one array, whose first row is what is held before, (N, k).
    """
    paths, count = before.shape
    whole = empty_columns((steps + 1, paths), count)
    whole[0] = before
    return whole[:-1], whole[1:]
