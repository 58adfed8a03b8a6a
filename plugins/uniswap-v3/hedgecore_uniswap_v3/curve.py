"""The holdings of one range, in forms that lose nothing.

With L the liquidity and [a, b) the range, in units of the quote (Uniswap v3 whitepaper, 6.29–6.30),

    x = L (1/√s − 1/√b),    y = L (√s − √a),    s = P clipped to [a, b].

Written so, both cancel near an edge and on narrow ranges: up to 1e-7 of the position. Differences
of prices do not, since P − a is exact for doubles within a factor of two (Sterbenz), and

    x = L (b − s) / (√s √b (√s + √b)),    y = L (s − a) / (√s + √a).

The edges are double-doubles: rounding b itself would cost 1e-12 on a range of one tick.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore_uniswap_v3.ticks import Edge


def holdings(price: Any, liquidity: float, lower: Edge, upper: Edge) -> tuple[Any, Any]:
    """Return (base, quote) of shape (N,) at prices (N,), to a few ulp, in range and out of it."""
    width = (upper.high - lower.high) + (upper.low - lower.low)
    above = np.clip((price - lower.high) - lower.low, 0.0, width)
    below = np.clip((upper.high - price) + upper.low, 0.0, width)
    root = np.sqrt(np.clip(price, lower.high, upper.high))
    low, high = np.sqrt(lower.high), np.sqrt(upper.high)
    base = liquidity / root * (below / high / (root + high))
    return base, liquidity * (above / (root + low))


def gamma(price: Any, liquidity: float, lower: Edge, upper: Edge) -> Any:
    """Return d base/d price, (N,): −L/(2P√P) on [a, b), zero outside; the right limit."""
    inside = ((price - lower.high) - lower.low >= 0) & ((upper.high - price) + upper.low > 0)
    return np.where(inside, -(liquidity / np.sqrt(price)) / (2 * price), 0.0)
