"""The formulas of a weighted pool as loops that the extra `fast` compiles.

With w_k / p_k = x_k / V the mixed gammas are x_j x_k / V: no division in the m² loops. A stretch of
prices goes through each loop at a time, so that it is a vector and stays in the cache. A logarithm
or an exponential of the C library would end the vector; those here are straight lines, good to an
ulp, after FreeBSD's msun (e_log.c, e_exp.c, Sun Microsystems, 1993).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from hedgecore import compiled

STRETCH: Final = 128
LARGEST: Final = 700.0
"""Logarithm of the greatest number that is asked for; beyond it the formulas answer."""
WIDEST: Final = 1e250
"""Worth of the depth of the first asset, or one over it, beyond which products may lose digits."""
NORMAL: Final = 2.0**-1022
MOST: Final = 1.7976931348623157e308
"""The least and the greatest number of all digits."""
LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10
ONE: Final = 0x3FF0000000000000
ROOT: Final = 0x3FE6A09E667F3BCD
"""Bits of 1, and of √½, where significands begin."""


@compiled
def greeks(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (m, N), and count those that are not finite."""
    _, parts, others, _ = params
    size, unsettled, room = prices.shape[1], 0, np.empty((2, STRETCH))
    for start in range(0, size, STRETCH):
        end = min(start + STRETCH, size)
        unsettled += _hold(prices, params, room, start, end, value, holdings)
        unsettled += _bend(prices, parts, others, room[0], start, end, holdings, gamma)
    return unsettled


@compiled
def flat(prices: Any, params: Any, value: Any, holdings: Any) -> int:
    """Fill value and holdings, and count the values that are not finite."""
    size, unsettled, room = prices.shape[1], 0, np.empty((2, STRETCH))
    for start in range(0, size, STRETCH):
        end = min(start + STRETCH, size)
        unsettled += _hold(prices, params, room, start, end, value, holdings)
    return unsettled


@compiled
def _hold(
    prices: Any, params: Any, room: Any, start: int, end: int, value: Any, holdings: Any
) -> int:
    """Fill value and holdings, x_k = w_k V / p_k, of a stretch, and count what is not finite."""
    share, parts, _, depths = params
    m, size, unsettled, logs, inverses = len(prices), end - start, 0, room[0], room[1]
    one, worth, scale = prices[0, start:end], value[start:end], share * depths[0]
    first, depth, part = depths[0], depths[m], parts[m]
    for i in range(size):
        inverse = 1.0 / (one[i] * first)
        inverses[i] = inverse if 1.0 / WIDEST < inverse < WIDEST else np.nan
        logs[i] = part * _log(depth * inverses[i])
    for k in range(1, m):
        price, depth, part = prices[k, start:end], depths[k], parts[k]
        for i in range(size):
            logs[i] += part * _log(price[i] * depth * inverses[i])
    for i in range(size):
        worth[i] = logs[i] = scale * one[i] * _exp(logs[i])
        unsettled += 0 if logs[i] - logs[i] == 0.0 else 1
    for k in range(m):
        price, held, part = prices[k, start:end], holdings[k, start:end], parts[k]
        for i in range(size):
            held[i] = part * logs[i] / price[i]
    held, part = holdings[m, start:end], parts[m]
    for i in range(size):
        held[i] = part * logs[i]
    return unsettled


@compiled
def _bend(
    prices: Any, parts: Any, others: Any, steep: Any, start: int, end: int, holdings: Any,
    gamma: Any,
) -> int:  # fmt: skip
    """Fill gamma of a stretch, and count where its diagonal is not finite; `steep` is room."""
    m, size, unsettled = len(prices), end - start, 0
    for k in range(m):
        price, held, bend = (
            prices[k, start:end],
            holdings[k, start:end],
            gamma[k * m + k, start:end],
        )
        part, other = parts[k], others[k]
        for i in range(size):
            bent = -held[i] * other / price[i]
            bend[i] = bent
            unsettled += 0 if bent - bent == 0.0 else 1
        for i in range(size):
            steep[i] = part / price[i]
        for j in range(k + 1, m):
            held, bend = holdings[j, start:end], gamma[j * m + k, start:end]
            twin = gamma[k * m + j, start:end]
            for i in range(size):
                bend[i] = twin[i] = held[i] * steep[i]
    return unsettled


@compiled
def _log(number: Any) -> Any:
    """Natural logarithm of a positive normal number; NaN of another."""
    bits = np.float64(number).view(np.int64) - ROOT
    power = bits >> 52
    rest = np.int64(bits - (power << 52) + ROOT).view(np.float64) - 1.0
    s = rest / (2.0 + rest)
    z, half = s * s, 0.5 * rest * rest
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = 0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)
    series = even + z * (0.6666666666666735130 + w * odd)
    near = power * LN2_HIGH - ((half - (s * (half + series) + power * LN2_LOW)) - rest)
    return near if NORMAL <= number <= MOST else np.nan


@compiled
def _exp(number: Any) -> Any:
    """Exponential of a number of size `LARGEST` at most; NaN of another."""
    power = np.floor(number * 1.44269504088896338700 + 0.5)
    high, low = number - power * LN2_HIGH, power * LN2_LOW
    rest = high - low
    z = rest * rest
    series = -1.65339022054652515390e-06 + z * 4.13813679705723846039e-08
    series = 6.61375632143793436117e-05 + z * series
    c = rest - z * (0.166666666666666019037 + z * (-2.77777777770155933842e-03 + z * series))
    grown = 1.0 - ((low - rest * c / (2.0 - c)) - high)
    scale = np.int64((np.int64(power) << 52) + ONE).view(np.float64)
    return grown * scale if abs(number) < LARGEST else np.nan
