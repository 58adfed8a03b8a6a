"""The formulas of `state` and `curvature` as a loop that the extra `fast` compiles.

Two or three coins stand as three numbers, of which the third is 0 where there are two. A stretch of
prices starts from `start.cubics`, whose parts the bits of S name, and takes the steps of
`newton.step` together, so that all are loops without branches, which become vectors. So logarithms
and exponentials are none there: with ln x ≈ 2 (x − 1)/(x + 1) and exp s ≈ (2 + s)/(2 − s), Newton's
method has the same root and is as fast near it. Of two coins one step is the last, of three the
third or so. What has not settled is taken price by price, as `newton` takes it.
"""

from __future__ import annotations

from math import exp, log
from typing import Any, Final

import numpy as np

from hedgecore import compiled

LAST_STEP: Final = 1e-8
LONGEST_STEP: Final = 4.0
MAX_STEPS: Final = 60
TINY: Final = 1e-300
WIDEST: Final = 1e30
STRETCH: Final = 128
TOGETHER: Final = 6
SHIFT: Final = 47
"""Bits of a double below those that name one of 32 parts of an octave."""
FIRST: Final = (1023 - 70) * 32
"""The part with which the table begins, as `start` has it."""
BELOW: Final = (1 << 47) - 1
ONE: Final = 0x3FF0000000000000
PAIR: Final = 2
SPLITTER: Final = 2.0**27 + 1.0


@compiled
def greeks(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (n − 1, N), and count those that are not settled."""
    return _run(prices, params, value, holdings, gamma, 1)


@compiled
def flat(prices: Any, params: Any, value: Any, holdings: Any) -> int:
    """Fill value and holdings, and count the prices that are not settled."""
    return _run(prices, params, value, holdings, holdings, 0)


@compiled
def _run(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any, bent: int) -> int:
    ann, steep, worths, table = params
    n, unsettled = len(worths), 0
    r, u, room = np.zeros((3, STRETCH)), np.zeros((3, STRETCH)), np.empty((3, STRETCH))
    tau, v, moved = room[0], room[1], room[2]
    for start in range(0, prices.shape[1], STRETCH):
        end = min(start + STRETCH, prices.shape[1])
        size, worth = end - start, value[start:end]
        unsettled += _rises(prices, start, worths, r, u, moved, size)
        _starts(n, table, r, tau, v, size)
        unsettled += _solve(ann, steep, n, r, tau, v, moved, size)
        _hold(prices, params, r, tau, v, u, moved, start, worth, holdings)
        if bent:
            _spread(n, r, u, tau, v, moved, worth)
            _bend(n - 1, r, u, tau, moved, start, end, holdings, gamma)
    return unsettled


@compiled
def _rises(prices: Any, start: int, worths: Any, r: Any, low: Any, least: Any, size: int) -> int:
    """Fill rises (p_i − p_m) / p_m of prices over scales, to the last digit; count the too wide."""
    n, wide = len(worths), 0
    for k in range(n - 1):
        _quotients(prices[k, start : start + size], worths[k, 1], r[k], low[k])
    _quotients(np.ones(size), worths[n - 1, 1], r[n - 1], low[n - 1])
    for i in range(size):
        first = r[0, i] if r[0, i] < r[1, i] else r[1, i]
        least[i] = r[2, i] if (n > PAIR) & (r[2, i] < first) else first
    for k in range(n):
        for i in range(size):
            rise = ((r[k, i] - least[i]) + low[k, i]) / least[i]
            wide += 0 if rise <= WIDEST else 1
            r[k, i] = rise if rise <= WIDEST else 0.0
    return wide


@compiled
def _quotients(price: Any, scale: float, high: Any, low: Any) -> None:
    """Fill quotients and what rounding leaves of them, by an exact product (Dekker, Veltkamp)."""
    for i in range(len(price)):
        quotient = price[i] / scale
        product = quotient * scale
        shifted = SPLITTER * quotient
        left_high = shifted - (shifted - quotient)
        left_low = quotient - left_high
        shifted = SPLITTER * scale
        right_high = shifted - (shifted - scale)
        right_low = scale - right_high
        error = left_high * right_high - product
        error = ((error + left_high * right_low) + left_low * right_high) + left_low * right_low
        high[i], low[i] = quotient, ((price[i] - product) - error) / scale


@compiled
def _starts(n: int, table: Any, r: Any, tau: Any, v: Any, size: int) -> None:
    """Fill guesses of tau and v, by `start.cubics`; the bits of S name the part of the table."""
    last = len(table) - 1
    for i in range(size):
        here = r[0, i], r[1, i], r[2, i]
        g = 1.0 + here[0], 1.0 + here[1], 1.0 + here[2]
        far = 1.0 / g[0], 1.0 / g[1], 1.0 / g[2] if n > PAIR else 0.0
        tau[i], _ = _unevenness(n, here, far, g, 1.0)
    for i in range(size):
        bits = np.float64(tau[i]).view(np.int64)
        node = (bits >> SHIFT) - FIRST
        row = table[max(0, min(node, last))]
        part = np.int64((bits & BELOW) | ONE).view(np.float64) - 1.0
        v[i] = tau[i] * (row[4] + part * (row[5] + part * (row[6] + part * row[7])))
        tau[i] = row[0] + part * (row[1] + part * (row[2] + part * row[3]))


@compiled
def _terms(ann: float, steep: float, v: float) -> Any:
    """`invariant.terms` h, a and b at v."""
    scale = 1.0 / (ann * steep * steep)
    whole = 1.0 + v
    e = v / whole
    w = steep + e
    a = (scale * w) * (w * whole + 2.0 * e)
    b = scale * (w * (2.0 + w * whole) + (2.0 * w + 2.0 * e) / whole)
    return (scale * v) * (w * w), a, b


@compiled
def _inverses(n: int, r: Any, tau: float) -> Any:
    """1 / t_i, t_i = r_i + tau (1 + r_i); 0 of a coin that is not there."""
    t = _rises_at(r, tau)
    return 1.0 / t[0], 1.0 / t[1], 1.0 / t[2] if n > PAIR else 0.0


@compiled
def _rises_at(r: Any, tau: float) -> Any:
    """Rises t_i = r_i + tau (1 + r_i)."""
    return r[0] + tau * (1.0 + r[0]), r[1] + tau * (1.0 + r[1]), r[2] + tau * (1.0 + r[2])


@compiled
def _unevenness(n: int, r: Any, u: Any, t: Any, grown: float) -> Any:
    """`newton.s_of`: how uneven the u = 1 / t are, and how that moves; `grown` is (1 + tau)²."""
    q1 = u[0] + u[1] + u[2]
    if n == PAIR:
        return (r[0] - r[1]) ** 2 * grown * (u[0] * u[1]) * 0.25 + TINY, q1
    uneven, squared = 0.0, 0.0
    for k in range(3):
        one, other = (k + 1) % 3, (k + 2) % 3
        pair = u[one] * u[other]
        apart = (r[one] - r[other]) ** 2 * pair
        uneven += apart * (q1 * t[k] + 6.0)
        squared += apart * pair
    uneven = uneven * (grown / 54.0) + TINY
    return uneven, squared * grown * (1.0 + 1.0 / uneven) / q1


@compiled
def _solve(
    ann: float, steep: float, n: int, r: Any, tau: Any, v: Any, moved: Any, size: int
) -> int:  # fmt: skip
    """Tau and v of a stretch by `newton.refine`, those left over one by one; count what is not."""
    moved[:size] = 1.0
    for _ in range(TOGETHER):
        long = _steps(ann, steep, n, r, tau, v, moved, size)
        if not long:
            return 0
    unsettled = 0
    for i in range(size):
        if not moved[i] <= LAST_STEP:
            here = r[0, i], r[1, i], r[2, i]
            tau[i], v[i], settled = _settle(ann, steep, n, here, tau[i], v[i])
            unsettled += 0 if settled else 1
    return unsettled


@compiled
def _steps(
    ann: float, steep: float, n: int, r: Any, tau: Any, v: Any, moved: Any, size: int
) -> int:  # fmt: skip
    """Take tau and v a step where their last was long, and count how many still are.

    What has settled stays, so that a price has the same numbers whatever stands beside it.
    """
    long = 0
    for i in range(size):
        here = r[0, i], r[1, i], r[2, i]
        first, second, slopes = _off(ann, steep, n, here, tau[i], v[i])
        first = 2.0 * (first - 1.0) / (first + 1.0)
        second = 2.0 * (second - 1.0) / (second + 1.0)
        along_tau, along_v = _step(first, second, slopes, tau[i], v[i])
        along_tau = max(-1.0, min(1.0, along_tau))
        along_v = max(-1.0, min(1.0, along_v))
        done = moved[i] <= LAST_STEP
        tau[i] *= 1.0 if done else (2.0 + along_tau) / (2.0 - along_tau)
        v[i] *= 1.0 if done else (2.0 + along_v) / (2.0 - along_v)
        moved[i] = moved[i] if done else max(abs(along_tau), abs(along_v))
        long += 0 if moved[i] <= LAST_STEP else 1
    return long


@compiled
def _settle(ann: float, steep: float, n: int, r: Any, tau: float, v: float) -> Any:
    """Tau and v of one price, and whether they are settled."""
    for _ in range(MAX_STEPS):
        first, second, slopes = _off(ann, steep, n, r, tau, v)
        along_tau, along_v = _step(log(first), log(second), slopes, tau, v)
        worst = max(abs(along_tau), abs(along_v))
        tau *= exp(max(-LONGEST_STEP, min(LONGEST_STEP, along_tau)))
        v *= exp(max(-LONGEST_STEP, min(LONGEST_STEP, along_v)))
        if worst <= LAST_STEP:
            return tau, v, True
    return tau, v, False


@compiled
def _off(ann: float, steep: float, n: int, r: Any, tau: float, v: float) -> Any:
    """Exponentials of G1 and G2 of `newton`, and the slopes of both."""
    u = _inverses(n, r, tau)
    q1 = u[0] + u[1] + u[2]
    pull = 1.0 + (u[0] * u[0] + u[1] * u[1] + u[2] * u[2]) / q1
    uneven, push = _unevenness(n, r, u, _rises_at(r, tau), (1.0 + tau) ** 2)
    h, a, b = _terms(ann, steep, v)
    y, grown = a / (1.0 + h), 1.0 + h
    due = v + (1.0 + v) * h * (1.0 + grown if n == PAIR else 1.0 + grown * (1.0 + grown))
    return y * q1, due / uneven, (pull, push, b / a - y, (1.0 + 1.0 / due) * (1.0 + n * y))


@compiled
def _step(first: float, second: float, slopes: Any, tau: float, v: float) -> Any:
    """`newton.step` of the logarithms of tau and v."""
    pull, push, bend, rise = slopes
    scale = 1.0 / (pull * rise + bend * push)
    along_tau = (first * rise - bend * second) * scale * ((1.0 + tau) / tau)
    return along_tau, -(pull * second + push * first) * scale * ((1.0 + v) / v)


@compiled
def _hold(
    prices: Any, params: Any, r: Any, tau: Any, v: Any, u: Any, slope: Any, start: int, value: Any,
    holdings: Any,
) -> None:  # fmt: skip
    """Fill holdings and value, u = 1 / t, and a and b / a of `invariant.terms` in place of v."""
    (ann, steep, worths, _), size, end = params, len(value), start + len(value)
    for i in range(size):
        _, a, b = _terms(ann, steep, v[i])
        v[i], slope[i] = a, b / a
    value[:] = 0.0
    for k in range(len(worths)):
        held, scale = holdings[k, start:end], worths[k, 0]
        price = prices[k, start:end] if k < len(prices) else np.ones(size)
        for i in range(size):
            u[k, i] = 1.0 / (r[k, i] + tau[i] * (1.0 + r[k, i]))
            held[i] = v[i] * u[k, i] * scale
        for i in range(size):
            value[i] += price[i] * held[i]


@compiled
def _spread(n: int, r: Any, u: Any, tau: Any, a: Any, slope: Any, value: Any) -> None:
    """Fill what `curvature.gamma` is made of: z in u, apart in r, and a factor of all in tau."""
    for i in range(len(value)):
        u0, u1, u2, scale = u[0, i], u[1, i], u[2, i], -a[i] * (1.0 + tau[i])
        z0, z1, z2 = a[i] * u0 + a[i], a[i] * u1 + a[i], a[i] * u2 + a[i] if n > PAIR else 0.0
        one = scale * (u2 * u1 * (r[2, i] - r[1, i]))
        other = scale * (u0 * u2 * (r[0, i] - r[2, i]))
        last = scale * (u1 * u0 * (r[1, i] - r[0, i]))
        form = z0 * z0 + z1 * z1 + z2 * z2 + slope[i] * (one * one + other * other + last * last)
        tau[i] = (a[i] * (u0 + u1 + u2) + n * a[i]) / (a[i] * value[i] * form)
        u[0, i], u[1, i], u[2, i], r[0, i], r[1, i] = z0, z1, z2, one, other


@compiled
def _bend(
    m: int, apart: Any, z: Any, whole: Any, slope: Any, start: int, end: int, holdings: Any,
    gamma: Any,
) -> None:  # fmt: skip
    """Fill gamma of a stretch as `curvature.gamma` says; apart is 0 where there are two coins."""
    for j in range(m):
        mine, bend, one, other = holdings[j, start:end], gamma[j * m + j], (j + 1) % 3, (j + 2) % 3
        for i in range(end - start):
            others = z[one, i] * z[one, i] + z[other, i] * z[other, i]
            others += slope[i] * (apart[j, i] * apart[j, i])
            bend[start + i] = -mine[i] * (mine[i] * whole[i]) * others
        for k in range(j):
            held, bend, twin = holdings[k, start:end], gamma[j * m + k], gamma[k * m + j]
            for i in range(end - start):
                both = z[j, i] * z[k, i] - slope[i] * (apart[j, i] * apart[k, i])
                bend[start + i] = twin[start + i] = held[i] * (mine[i] * whole[i]) * both
