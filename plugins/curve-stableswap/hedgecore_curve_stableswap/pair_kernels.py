"""Two coins as loops that the extra `fast` compiles: `pair_table`, and a step of Newton's method.

What the step leaves is its square, so 1/t and a are taken along to first order. Loops are without
branches, and become vectors, stretch by stretch. Where the table ends, in a crash of a factor of a
million, or a step was long, prices are taken one by one, as `curve` takes them.
"""

from __future__ import annotations

from math import exp, log
from typing import Any, Final

import numpy as np

from hedgecore import compiled

STRETCH: Final = 128
ALONE: Final = 40
LAST_STEP: Final = 1e-8
WIDEST: Final = 1e30
SHIFT: Final = 47
"""Bits of a double below those that name one of 32 parts of an octave."""
FIRST: Final = 1023 * 32
BELOW: Final = (1 << 47) - 1
ONE: Final = 0x3FF0000000000000


@compiled
def greeks(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (1, N), and count those that are not settled."""
    return _run(prices, params, value, holdings, gamma, 1)


@compiled
def flat(prices: Any, params: Any, value: Any, holdings: Any) -> int:
    """Fill value and holdings, and count the prices that are not settled."""
    return _run(prices, params, value, holdings, holdings, 0)


@compiled
def _run(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any, bent: int) -> int:
    ann, fair, rest, cubics, base, quote = params
    unsettled, room = 0, np.empty((5, STRETCH))
    rise, low, high, a, moved = room[0], room[1], room[2], room[3], room[4]
    for start in range(0, prices.shape[1], STRETCH):
        end = min(start + STRETCH, prices.shape[1])
        price, worth = prices[0, start:end], value[start:end]
        one, other = holdings[0, start:end], holdings[1, start:end]
        _near(max(ann, 1.0), fair, rest, cubics, price, rise, low, a)
        if _step(ann, rise, low, high, a, moved, end - start):
            unsettled += _settle(ann, rise, low, high, a, moved, end - start)
        _order(price, fair, rest, low, high)
        _hold(price, low, high, a, base, quote, worth, one, other)
        if bent:
            unsettled += _bend(low, high, worth, one, gamma[0, start:end])
    return unsettled


@compiled
def _near(
    many: float, fair: float, rest: float, cubics: Any, price: Any, rise: Any, tau: Any, depth: Any
) -> None:
    """Fill the rise of the dearer coin over the other, and tau and 1/a there by the table."""
    most = len(cubics)
    for i in range(len(price)):
        rise[i] = abs((price[i] - fair) - rest) / (price[i] if price[i] < fair else fair)
    for i in range(len(price)):
        bits = np.float64(1.0 + many * rise[i]).view(np.int64)
        node = (bits >> SHIFT) - FIRST
        row = cubics[node if node < most else 0]
        part = np.int64((bits & BELOW) | ONE).view(np.float64) - 1.0
        near = row[0] + part * (row[1] + part * (row[2] + part * row[3]))
        tau[i] = near if node < most else np.nan
        depth[i] = row[4] + part * (row[5] + part * (row[6] + part * row[7]))


@compiled
def _step(ann: float, rise: Any, low: Any, high: Any, a: Any, moved: Any, size: int) -> int:
    """Take tau (in `low`) and 1/a a step, leave 1/t of both coins and a, and count long steps."""
    c, scale, long = (ann - 1.0) / ann, 0.25 / ann, 0
    for i in range(size):
        tau, d, grown = low[i], a[i], 1.0 + rise[i]
        t = rise[i] + tau * grown
        inverse = 1.0 / (tau * t)
        cheap, dear, cube = t * inverse, tau * inverse, tau * t * scale
        d += d * (1.0 - cube * d * d * d) * (1.0 / 3.0)
        q1, q2 = cheap + dear, cheap * cheap + dear * dear
        along = ((q1 - 1.0) - c * d) * (1.0 + tau)
        along /= (q1 + q2) - (q1 + 2.0) * (c / 3.0) * d
        mine, other = along * cheap, along * grown * dear
        low[i], high[i] = cheap - cheap * mine, dear - dear * other
        a[i] = cube * d * d * (1.0 + (mine + other) * (1.0 / 3.0))
        moved[i] = abs(mine)
        long += 0 if moved[i] <= LAST_STEP else 1
    return long


@compiled
def _settle(ann: float, rise: Any, low: Any, high: Any, a: Any, moved: Any, size: int) -> int:
    """Solve one by one where the step was long or the table ends; count what does not end."""
    unsettled = 0
    for i in range(size):
        if not moved[i] <= LAST_STEP:
            low[i], high[i], a[i], done = _alone(ann, rise[i])
            unsettled += 0 if done and rise[i] <= WIDEST else 1
    return unsettled


@compiled
def _alone(ann: float, rise: float) -> Any:
    """1/t of the cheaper and of the dearer coin, a, and whether they are found, as `curve` does."""
    c, peg, done = (ann - 1.0) / ann, 2.0 / ann, False
    cheap, dear = 1.0 / peg, 1.0 / (rise + peg * (1.0 + rise))
    d, near = (4.0 * ann * cheap * dear) ** (1.0 / 3.0), peg * (cheap + dear)
    tau = near / (1.0 + c * d) if c >= 0.0 else near - c * d
    for _ in range(ALONE):
        cheap, dear = 1.0 / tau, 1.0 / (rise + tau * (1.0 + rise))
        d = (4.0 * ann * cheap * dear) ** (1.0 / 3.0)
        if done:
            break
        q1, q2 = cheap + dear, cheap * cheap + dear * dear
        pull, right = (q1 + 2.0) * (c / 3.0) * d, 1.0 + c * d
        ratio = q1 / right if c >= 0.0 else q1 - c * d
        slope = (q1 + q2) / q1 - pull / right if c >= 0.0 else (q1 + q2 - pull) / ratio
        step = log(ratio) * (1.0 + tau) / (tau * slope)
        tau *= exp(step)
        done = abs(step) <= LAST_STEP
    return cheap, dear, 1.0 / d, done


@compiled
def _order(price: Any, fair: float, rest: float, low: Any, high: Any) -> None:
    """Exchange 1/t of the cheaper and the dearer coin for those of base and quote."""
    for i in range(len(price)):
        cheap, dear, is_cheap = low[i], high[i], price[i] - fair < rest
        low[i], high[i] = (cheap if is_cheap else dear), (dear if is_cheap else cheap)


@compiled
def _hold(
    price: Any, one: Any, other: Any, a: Any, base: float, quote: float, value: Any, held: Any,
    cash: Any,
) -> None:  # fmt: skip
    """Fill what is held, D / rate of each share a / t, and what that is worth."""
    for i in range(len(price)):
        held[i], cash[i] = one[i] * a[i] * base, other[i] * a[i] * quote
        value[i] = price[i] * held[i] + cash[i]


@compiled
def _bend(one: Any, other: Any, value: Any, held: Any, gamma: Any) -> int:
    """Fill gamma as `curvature` says, of cash as 1 + 1/t, and count where that is not finite."""
    unsettled = 0
    for i in range(len(value)):
        mine, rest = one[i] + 1.0, other[i] + 1.0
        moved, off = held[i] * rest, mine - rest
        bent = -moved * moved * (mine + rest)
        bent /= value[i] * (mine * mine + rest * rest + off * off)
        gamma[i] = bent
        unsettled += 0 if bent - bent == 0.0 else 1
    return unsettled
