"""Holdings of the hedge, and the decisions over a frame."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.decisions.memory import Memory
from hedgecore.numerics.arrays import Array


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
        held: S+(k,).
        coins: S+(k,).
        outside: S, whether the policy asked for a trade.
        after: what is held at the end.

    """

    orders: Array
    held: Array
    coins: Array
    outside: NDArray[np.bool_]
    after: Holdings
