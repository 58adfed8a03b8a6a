"""Invariants of pools of ranges: what no contract of any family can say of itself.

Words of the right shape may contradict each other: the price its own tick, a range its ends, fees
what is there to pay them. Such a pool is not read, whosever fault it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hedgecore_evm_readers.v3_pool import MAX_TICK, MIN_TICK

TICK = math.log(1.0001) / 2
"""Logarithm of the √price by which a tick is above the one below."""
SLACK = 1e-3
"""Ticks by which a √price may be off, which is rounded to an integer."""


class UnlikeError(Exception):
    """Error that names the answer that no contract of the layout gives."""


def check_price(state: Mapping[str, Any]) -> None:
    """Refuse a pool whose √price, times 2⁹⁶, is not of its tick.

    A swap that ends at a tick from above is counted to be below, at the very price of the tick.

    Raises:
        UnlikeError: it is of another, or 0.

    """
    root, tick = state["root"], state["tick"]
    if root <= 0:
        raise UnlikeError("its √price is 0: the pool has not been started")
    its = (math.log(root) - 96 * math.log(2)) / TICK
    if not tick - SLACK <= its <= tick + 1 + SLACK:
        raise UnlikeError(
            f"its √price {root} is that of the tick {its:.10g}, and it says the tick {tick}"
        )


def check_range(lower: int, upper: int) -> None:
    """Refuse a range that no pool has.

    Raises:
        UnlikeError: it goes down, or beyond all prices.

    """
    if not MIN_TICK <= lower < upper <= MAX_TICK:
        raise UnlikeError(
            f"its range is from the tick {lower} to {upper}, and one goes up, from {MIN_TICK} to"
            f" {MAX_TICK} at most"
        )


def check_active(state: Mapping[str, Any], ticks: tuple[int, int], liquidity: int) -> None:
    """Refuse a pool with less liquidity at its price than a position that is in range.

    Raises:
        UnlikeError: it has.

    """
    lower, upper = ticks
    if lower <= state["tick"] < upper and state["active"] < liquidity:
        raise UnlikeError(
            f"the pool has a liquidity of {state['active']} at its price, and the position, which"
            f" is in range, {liquidity}"
        )


def check_fees(fees: Sequence[int], held: Sequence[int | None]) -> None:
    """Refuse fees, raw, that are more than the pool holds of a token; None is not known.

    Raises:
        UnlikeError: they are.

    """
    for index, (raw, has) in enumerate(zip(fees, held, strict=True)):
        if has is not None and raw > has:
            raise UnlikeError(
                f"its fees would be {raw} of token{index}, of which the pool holds {has}"
            )
