"""The formulas of `curve` and of `ranges` as loops that the extra `fast` compiles.

Written for vectors: one root and two divisions a price, bounds by selection, one exit. Each counts
the prices at which something is not finite.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

import numpy as np

from hedgecore import compiled

NEXT: Final = np.uint64(1)
"""From a place to the next; of no sign, so that none is taken to count from the end."""


@compiled
def span(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma of one range, by its `curve.Span`."""
    liquidity, depth, _, bend, low, low_rest, high, high_rest = params[:8]
    width, low_root, high_root, _, least, most = params[8:]
    unsettled = 0
    for i in range(prices.shape[1]):
        price = prices[0, i]
        up, down = (high - price) + high_rest, (price - low) - low_rest
        up = 0.0 if up < 0.0 else (width if up > width else up)
        down = 0.0 if down < 0.0 else (width if down > width else down)
        root = sqrt(low if price < low else (high if price > high else price))
        above, below, inverse = root + high_root, root + low_root, 1.0 / root
        both = 1.0 / (above * below)
        base = up * (depth * inverse) * (both * below)
        quote = down * liquidity * (both * above)
        bent = -bend * inverse * inverse * inverse
        bent = bent if (price >= least) & (price < most) else 0.0
        worth = price * base + quote
        holdings[0, i], holdings[1, i], value[i], gamma[0, i] = base, quote, worth, bent
        unsettled += 0 if worth - worth + (bent - bent) == 0.0 else 1
    return unsettled


@compiled
def segments(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma of many ranges, by the table of `ranges.Segments`."""
    rows, origin, shift, starts, edges = params
    bits, last, unsettled = prices.view(np.int64), len(starts) - 1, 0
    for i in range(prices.shape[1]):
        price = prices[0, i]
        bucket = (bits[0, i] - origin) >> shift
        at = np.uint64(starts[0 if bucket < 0 else (last if bucket > last else bucket)])
        while edges[at] <= price:
            at += NEXT
        up, root, depth = at + NEXT, sqrt(price), rows[at, 3]
        high, high_rest, high_root = rows[up, 0], rows[up, 1], rows[up, 2]
        above, below, inverse = root + high_root, root + rows[at, 2], 1.0 / root
        both = depth / (above * below)
        base = ((high - price) + high_rest) * (inverse * rows[up, 7]) * (both * below) + rows[at, 4]
        quote = ((price - rows[at, 0]) - rows[at, 1]) * (both * above) + rows[at, 5]
        bent, worth = rows[at, 6] * inverse * inverse * inverse, price * base + quote
        holdings[0, i], holdings[1, i], value[i], gamma[0, i] = base, quote, worth, bent
        total = worth + bent
        unsettled += 0 if total - total == 0.0 else 1
    return unsettled
