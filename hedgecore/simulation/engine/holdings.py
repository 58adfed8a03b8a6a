"""What is held to hedge, and what was decided over a frame."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import View


@frozen(eq=False, kw_only=True)
class Hedges:
    """What N paths hold in k instruments, and when they last traded.

    Attributes:
        held: (N, k), contracts.
        coins: (N, k), what each has been settled in, where that is not the numeraire.
        last_time: (N,), of the last trade, years since the start.
        last_price: (N, m), of the hedged assets at the last trade.

    """

    held: Array
    coins: Array
    last_time: Array
    last_price: Array


@frozen(eq=False, kw_only=True)
class Decided:
    """What was traded over a frame, S = (K, N), and what is held after each step.

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
    after: Hedges


@frozen(eq=False, kw_only=True)
class Rules:
    """What every policy obeys.

    Attributes:
        cooldown: years after a trade in which there is no other.
        least: the least order, in cash.

    """

    cooldown: float = 0.0
    least: float = 0.0


def nothing(instruments: int, rows: tuple[int, ...], start: View) -> Hedges:
    """Return N paths that hold no contracts, at the start."""
    paths = start.shape[1]
    none = np.zeros((paths, instruments))
    prices = start.prices[0][:, list(rows)]
    return Hedges(held=none, coins=none, last_time=np.zeros(paths), last_price=prices)
