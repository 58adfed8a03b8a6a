"""The formulas of `state` and `curvature` as a loop that the extra `fast` compiles.

Two or three coins stand as three numbers, of which the third is 0 where there are two. Prices start
from the table of `start`; a stretch of them goes through the steps of `newton.step` together, so
that steps are loops without branches, which become vectors. So logarithms and exponentials are none
there: with ln x ≈ 2 (x − 1)/(x + 1) and exp s ≈ (2 + s)/(2 − s), Newton's method has the same root
and is as fast near it. What has not settled so is taken price by price, as `newton` takes it.
"""

from __future__ import annotations

from math import exp, log
from typing import Any, Final

import numpy as np

from hedgecore import compiled

LAST_STEP: Final = 1e-7
LONGEST_STEP: Final = 4.0
MAX_STEPS: Final = 60
TINY: Final = 1e-300
WIDEST: Final = 1e30
STRETCH: Final = 128
TOGETHER: Final = 6
LOWEST: Final = log(1e-34)
HIGHEST: Final = log(1e58)
"""Ends of ln S in the table, as `start` has them."""
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
    r, tau, v = np.zeros((3, STRETCH)), np.empty(STRETCH), np.empty(STRETCH)
    moved = np.empty(STRETCH)
    for begin in range(0, prices.shape[1], STRETCH):
        size = min(STRETCH, prices.shape[1] - begin)
        unsettled += _starts(prices[:, begin : begin + size], worths, table, r, tau, v)
        unsettled += _solve(ann, steep, n, r, tau, v, moved, size)
        for i in range(size):
            at = begin + i
            here = r[0, i], r[1, i], r[2, i]
            _, a, b = _terms(ann, steep, v[i])
            u = _inverses(n, here, tau[i])
            value[at] = 0.0
            for k in range(n):
                holdings[k, at] = a * u[k] * worths[k, 0]
                value[at] += (prices[k, at] if k < n - 1 else 1.0) * holdings[k, at]
            if bent:
                _bend(n, a, b, tau[i], here, u, holdings, value[at], gamma, at)
    return unsettled


@compiled
def _starts(prices: Any, worths: Any, table: Any, r: Any, tau: Any, v: Any) -> int:
    """Fill rises, and guesses of tau and v, of a stretch; count what is too wide."""
    n, wide = len(worths), 0
    for i in range(prices.shape[1]):
        p = prices[0, i], prices[1, i] if n > PAIR else 1.0, 1.0
        here = _rises(n, p, worths)
        if not max(here[0], here[1], here[2]) <= WIDEST:
            wide += 1
            here = 0.0, 0.0, 0.0
        r[0, i], r[1, i], r[2, i] = here
        tau[i], v[i] = _start(n, here, table)
    return wide


@compiled
def _rises(n: int, p: Any, worths: Any) -> Any:
    """Rises r_i = (p_i − p_m) / p_m of prices over their scales, to the last digit."""
    h0, l0 = _quotient(p[0], worths[0, 1])
    h1, l1 = _quotient(p[1], worths[1, 1])
    h2, l2 = _quotient(p[2], worths[2, 1]) if n > PAIR else (h1, l1)
    least = min(h0, h1, h2)
    return ((h0 - least) + l0) / least, ((h1 - least) + l1) / least, ((h2 - least) + l2) / least


@compiled
def _quotient(number: float, scale: float) -> Any:
    """Quotient and what rounding leaves of it, by an exact product (Dekker, Veltkamp)."""
    if scale == 1.0:
        return number, 0.0
    high = number / scale
    product = high * scale
    shifted = SPLITTER * high
    left_high = shifted - (shifted - high)
    left_low = high - left_high
    shifted = SPLITTER * scale
    right_high = shifted - (shifted - scale)
    right_low = scale - right_high
    error = left_high * right_high - product
    error = ((error + left_high * right_low) + left_low * right_high) + left_low * right_low
    return high, ((number - product) - error) / scale


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
def _start(n: int, r: Any, table: Any) -> Any:
    """Guess of tau and v, from a table of their logarithms at even steps of ln S."""
    nodes = table.shape[1]
    g = 1.0 + r[0], 1.0 + r[1], 1.0 + r[2]
    far = 1.0 / g[0], 1.0 / g[1], 1.0 / g[2] if n > PAIR else 0.0
    limit, _ = _unevenness(n, r, far, g, 1.0)
    place = (log(limit) - LOWEST) * ((nodes - 1) / (HIGHEST - LOWEST))
    node = min(max(int(place), 0), nodes - 2)
    part = place - node
    tau = table[0, node] + part * (table[0, node + 1] - table[0, node])
    return exp(tau), exp(table[1, node] + part * (table[1, node + 1] - table[1, node]))


@compiled
def _solve(
    ann: float, steep: float, n: int, r: Any, tau: Any, v: Any, moved: Any, size: int
) -> int:  # fmt: skip
    """Tau and v of a stretch by `newton.refine`, those left over one by one; count what is not."""
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
    """Take tau and v of a stretch a step, without a logarithm, and count how many were long."""
    long = 0
    for i in range(size):
        here = r[0, i], r[1, i], r[2, i]
        first, second, slopes = _off(ann, steep, n, here, tau[i], v[i])
        first = 2.0 * (first - 1.0) / (first + 1.0)
        second = 2.0 * (second - 1.0) / (second + 1.0)
        along_tau, along_v = _step(first, second, slopes, tau[i], v[i])
        along_tau = max(-1.0, min(1.0, along_tau))
        along_v = max(-1.0, min(1.0, along_v))
        tau[i] *= (2.0 + along_tau) / (2.0 - along_tau)
        v[i] *= (2.0 + along_v) / (2.0 - along_v)
        moved[i] = max(abs(along_tau), abs(along_v))
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
def _bend(
    n: int, a: float, b: float, tau: float, r: Any, u: Any, holdings: Any, value: float,
    gamma: Any, i: int,
) -> None:  # fmt: skip
    """Fill gamma at one price as `curvature.gamma` says."""
    m, k, scale = n - 1, b / a, -a * (1.0 + tau)
    z = a * u[0] + a, a * u[1] + a, a * u[2] + a if n > PAIR else 0.0
    apart0 = scale * (u[2] * u[1] * (r[2] - r[1])) if n > PAIR else 0.0
    apart1 = scale * (u[0] * u[2] * (r[0] - r[2])) if n > PAIR else 0.0
    apart = apart0, apart1, scale * (u[1] * u[0] * (r[1] - r[0]))
    squares = z[0] * z[0] + z[1] * z[1] + z[2] * z[2]
    bends = k * (apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2])
    total = a * (u[0] + u[1] + u[2])
    whole = (total + n * a) / (a * value * (squares + bends))
    for j in range(m):
        held = holdings[j, i] * whole
        others = 0.0
        for other in range(n):
            others += z[other] * z[other] if other != j else 0.0
        others += k * (apart[j] * apart[j]) if n > PAIR else 0.0
        gamma[j * m + j, i] = -holdings[j, i] * held * others
        for left in range(j):
            both = z[j] * z[left] - (k * (apart[j] * apart[left]) if n > PAIR else 0.0)
            gamma[j * m + left, i] = gamma[left * m + j, i] = holdings[left, i] * held * both
