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
LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10
ONE: Final = 0x3FF0000000000000
ROOT: Final = 0x3FE6A09E667F3BCD
"""Bits of 1, and of √½, where significands begin."""


@compiled
def greeks(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (m, N), and count those that are not finite."""
    unsettled, size = flat(prices, params, value, holdings), prices.shape[1]
    _, _, others, _ = params
    for start in range(0, size, STRETCH):
        here = slice(start, min(start + STRETCH, size))
        unsettled += _bend(prices[:, here], others, value[here], holdings[:, here], gamma[:, here])
    return unsettled


@compiled
def flat(prices: Any, params: Any, value: Any, holdings: Any) -> int:
    """Fill value and holdings, x_k = w_k V / p_k, and count the values that are not finite."""
    share, parts, _, depths = params
    m, size, unsettled = len(prices), prices.shape[1], 0
    for start in range(0, size, STRETCH):
        end = min(start + STRETCH, size)
        for i in range(start, end):
            value[i] = parts[m] * _log(depths[m] / (prices[0, i] * depths[0]))
        for k in range(1, m):
            for i in range(start, end):
                value[i] += parts[k] * _log(prices[k, i] * depths[k] / (prices[0, i] * depths[0]))
        for i in range(start, end):
            value[i] = share * prices[0, i] * depths[0] * _exp(value[i])
            unsettled += 0 if value[i] - value[i] == 0.0 else 1
        for k in range(m):
            for i in range(start, end):
                holdings[k, i] = parts[k] * value[i] / prices[k, i]
        for i in range(start, end):
            holdings[m, i] = parts[m] * value[i]
    return unsettled


@compiled
def _bend(prices: Any, others: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill gamma (m·m, N), and count where its diagonal is not finite."""
    m, unsettled = len(prices), 0
    for j in range(m):
        for k in range(j):
            for i in range(len(value)):
                gamma[k * m + j, i] = holdings[j, i] * (holdings[k, i] / value[i])
            gamma[j * m + k] = gamma[k * m + j]
        for i in range(len(value)):
            bent = -holdings[j, i] * others[j] / prices[j, i]
            gamma[j * m + j, i] = bent
            unsettled += 0 if bent - bent == 0.0 else 1
    return unsettled


@compiled
def _log(number: Any) -> Any:
    """Natural logarithm of a positive normal number."""
    bits = np.float64(number).view(np.int64) - ROOT
    power = bits >> 52
    rest = np.int64(bits - (power << 52) + ROOT).view(np.float64) - 1.0
    s = rest / (2.0 + rest)
    z, half = s * s, 0.5 * rest * rest
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = 0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)
    series = even + z * (0.6666666666666735130 + w * odd)
    return power * LN2_HIGH - ((half - (s * (half + series) + power * LN2_LOW)) - rest)


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
