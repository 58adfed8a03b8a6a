"""The ladder of bins as a loop that the extra `fast` compiles."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hedgecore import compiled

NEXT: Final = np.uint64(1)
"""From a place to the next; of no sign, so that none is taken to count from the end."""


@compiled
def greeks(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (1, N), and count those that are not finite."""
    rows, origin, shift, starts, edges = params
    bits, last, unsettled = prices.view(np.int64), len(starts) - 1, 0
    for i in range(prices.shape[1]):
        price = prices[0, i]
        bucket = (bits[0, i] - origin) >> shift
        at = np.uint64(starts[0 if bucket < 0 else (last if bucket > last else bucket)])
        while edges[at] <= price:
            at += NEXT
        base, quote = rows[at, 0], rows[at, 1]
        worth = price * base + quote
        holdings[0, i], holdings[1, i], value[i], gamma[0, i] = base, quote, worth, 0.0
        unsettled += 0 if worth - worth == 0.0 else 1
    return unsettled
