"""The formulas of `curve` and `curvature` as loops that the extra `fast` compiles.

A stretch of prices goes through each step together, so that steps are loops without branches, which
become vectors. So logarithms and powers are none there: with ln x ≈ 2 (x − 1)/(x + 1) and
exp s ≈ (2 + s)/(2 − s), Newton's method has the same root and is as fast near it, and 1/a, the
(n + 1)-th root of a product, is followed by a Newton step of its own. Prices that have not settled
so, in a crash, are taken one by one, as `curve` takes them.
"""

from __future__ import annotations

from math import exp, log
from typing import Any, Final

import numpy as np

from hedgecore import compiled

STRETCH: Final = 128
TOGETHER: Final = 8
"""Steps of a stretch; four are usual."""
ALONE: Final = 40
LAST_STEP: Final = 2e-8
LAST_ROOT: Final = 1e-8
"""Of a depth; what is left after it is of its square, n/2 times."""
WIDEST: Final = 1e30
SPLITTER: Final = 2.0**27 + 1.0
EXPONENT: Final = 2.0**52
"""Of a double as an integer, what its binary logarithm is counted in, from `BIAS` on."""
BIAS: Final = 1023.0


@compiled
def greeks(prices: Any, params: Any, value: Any, holdings: Any, gamma: Any) -> int:
    """Fill value, holdings and gamma at prices (n − 1, N), and count those that are not settled."""
    unsettled = flat(prices, params, value, holdings)
    amplification, worth, rates = params
    cash = np.empty(len(rates))
    for i in range(prices.shape[1]):
        unsettled += _bend(amplification, worth, rates, prices, holdings, value[i], gamma, cash, i)
    return unsettled


@compiled
def flat(prices: Any, params: Any, value: Any, holdings: Any) -> int:
    """Fill value and holdings, and count the prices that are not settled."""
    amplification, worth, rates = params
    n, unsettled = len(rates), 0
    at, rise, t = (np.ones((n, STRETCH)), np.empty((n, STRETCH)), np.empty((n, STRETCH)))
    tau, depth = np.empty(STRETCH), np.empty(STRETCH)
    for start in range(0, prices.shape[1], STRETCH):
        size = min(STRETCH, prices.shape[1] - start)
        here = slice(start, start + size)
        at[: n - 1, :size] = prices[:, here]
        unsettled += _rises(at, rates, rise, size)
        _start(amplification * n, rates, rise, tau, depth, t, size)
        unsettled += _solve(amplification * n, rates, rise, tau, depth, t, size)
        _hold(worth, rates, at, depth, t, holdings[:, here], value[here], size)
    return unsettled


@compiled
def _rises(at: Any, rates: Any, rise: Any, size: int) -> int:
    """Fill (p_i − p_m)/p_m of prices over rates, to 1e-32, and count what is too wide."""
    n, wide = len(rates), 0
    for i in range(size):
        least = at[0, i] / rates[0]
        for k in range(1, n):
            least = min(least, at[k, i] / rates[k])
        for k in range(n):
            high, low = at[k, i], 0.0
            if rates[k] != 1.0:
                high = at[k, i] / rates[k]
                low = _remainder(at[k, i], high, rates[k]) / rates[k]
            rise[k, i] = ((high - least) + low) / least
            wide += 0 if rise[k, i] <= WIDEST else 1
    return wide


@compiled
def _remainder(number: float, left: float, right: float) -> float:
    """Excess of a number over the product of two, exactly (Dekker, Veltkamp)."""
    product = left * right
    shifted = SPLITTER * left
    left_high = shifted - (shifted - left)
    left_low = left - left_high
    shifted = SPLITTER * right
    right_high = shifted - (shifted - right)
    right_low = right - right_high
    error = left_high * right_high - product
    error = ((error + left_high * right_low) + left_low * right_high) + left_low * right_low
    return (number - product) - error


@compiled
def _start(ann: float, rates: Any, rise: Any, tau: Any, depth: Any, t: Any, size: int) -> None:
    """Fill guesses of tau and of 1/a there: those of `curve`, the root by a double's exponent."""
    n = len(rates)
    peg, c = n / ann, (ann - 1.0) / ann
    for i in range(size):
        near, product = 0.0, 1.0
        for k in range(n):
            part = peg / (rise[k, i] + peg * (1.0 + rise[k, i]))
            near += part
            product *= part
        tau[i], depth[i] = near, product
    bits = depth.view(np.int64)
    for i in range(size):
        power = (bits[i] / EXPONENT - BIAS) / (n + 1)
        bits[i] = np.int64((power + BIAS) * EXPONENT)
    for i in range(size):
        root = ann * depth[i]
        tau[i] = tau[i] / (1.0 + c * root) if c >= 0.0 else tau[i] - c * root
        depth[i] = root
    _steep(rise, tau, t, size)
    _roots(ann, rates, t, depth, size)
    _roots(ann, rates, t, depth, size)


@compiled
def _steep(rise: Any, tau: Any, t: Any, size: int) -> None:
    """Fill 1 / t_i, t_i = r_i + tau (1 + r_i)."""
    for k in range(len(rise)):
        for i in range(size):
            t[k, i] = 1.0 / (rise[k, i] + tau[i] * (1.0 + rise[k, i]))


@compiled
def _roots(ann: float, rates: Any, t: Any, depth: Any, size: int) -> int:
    """Take depth a step of Newton's method closer to (Ann prod(n / t))^(1 / (n + 1)).

    It answers how many steps were long: of one that is not, rounding alone is left.
    """
    n, long = len(rates), 0
    for i in range(size):
        there, power = ann, depth[i]
        for k in range(n):
            there *= n * t[k, i]
            power *= depth[i]
        step = (there - power) / (power * (n + 1))
        depth[i] += depth[i] * step
        long += 0 if abs(step) <= LAST_ROOT else 1
    return long


@compiled
def _solve(ann: float, rates: Any, rise: Any, tau: Any, depth: Any, t: Any, size: int) -> int:
    """Newton's method for tau of a stretch, and of what is left one by one; count what is not."""
    rough = size
    for _ in range(TOGETHER):
        long = _step(ann, rates, t, tau, depth, size)
        _steep(rise, tau, t, size)
        _roots(ann, rates, t, depth, size)
        if not long and not rough:  # a short step, and from where the depth was right
            return 0
        rough = _roots(ann, rates, t, depth, size)
    unsettled = 0
    for i in range(size):
        unsettled += _settle(ann, rise[:, i], tau, depth, i)
    _steep(rise, tau, t, size)
    return unsettled


@compiled
def _step(ann: float, rates: Any, t: Any, tau: Any, depth: Any, size: int) -> int:
    """Take tau a step, as `curve` says, and count how many steps were long."""
    n, c, long = len(rates), (ann - 1.0) / ann, 0
    for i in range(size):
        q1, q2 = 0.0, 0.0
        for k in range(n):
            q1 += t[k, i]
            q2 += t[k, i] * t[k, i]
        pull = (q1 + n) * (c / (n + 1)) * depth[i]
        right = 1.0 + c * depth[i]
        ratio = q1 / right if c >= 0.0 else q1 - c * depth[i]
        slope = (q1 + q2) / q1 - pull / right if c >= 0.0 else (q1 + q2 - pull) / ratio
        step = 2.0 * (ratio - 1.0) * (1.0 + tau[i]) / ((ratio + 1.0) * tau[i] * slope)
        step = max(-1.0, min(1.0, step))
        tau[i] *= (2.0 + step) / (2.0 - step)
        long += 0 if abs(step) <= LAST_STEP else 1
    return long


@compiled
def _settle(ann: float, rise: Any, tau: Any, depth: Any, i: int) -> int:
    """Solve for one tau, from a guess, and for 1/a there; 1 where that does not end."""
    n, c, done = len(rise), (ann - 1.0) / ann, False
    for _ in range(ALONE):
        q1, q2, product = 0.0, 0.0, ann
        for k in range(n):
            inverse = 1.0 / (rise[k] + tau[i] * (1.0 + rise[k]))
            q1 += inverse
            q2 += inverse * inverse
            product *= n * inverse
        depth[i] = product ** (1.0 / (n + 1))
        if done:
            return 0
        pull, right = (q1 + n) * (c / (n + 1)) * depth[i], 1.0 + c * depth[i]
        ratio = q1 / right if c >= 0.0 else q1 - c * depth[i]
        slope = (q1 + q2) / q1 - pull / right if c >= 0.0 else (q1 + q2 - pull) / ratio
        step = log(ratio) * (1.0 + tau[i]) / (tau[i] * slope)
        tau[i] *= exp(step)
        done = abs(step) <= LAST_STEP
    return 1


@compiled
def _hold(
    worth: float, rates: Any, at: Any, depth: Any, t: Any, holdings: Any, value: Any, size: int
) -> None:
    """Fill what is held, D / rate of each share x_i = a / t_i, and what that is worth."""
    value[:] = 0.0
    for k in range(len(rates)):
        scale = worth / rates[k]
        for i in range(size):
            held = t[k, i] / depth[i] * scale
            holdings[k, i] = held
            value[i] += at[k, i] * held


@compiled
def _bend(
    amplification: float,
    worth: float,
    rates: Any,
    prices: Any,
    holdings: Any,
    value: float,
    gamma: Any,
    cash: Any,
    i: int,
) -> int:
    """Fill gamma at one price as `curvature` says, and tell whether it is not finite."""
    n, m, total, evenness, off = len(rates), len(rates) - 1, 0.0, amplification * len(rates), 0.0
    for k in range(n):
        share = holdings[k, i] * (rates[k] / worth)
        total += share
        evenness *= n * share
        cash[k] = holdings[k, i] * (prices[k, i] if k < m else 1.0) / value
    scale = (n + total * evenness) / (value * _spread(cash, -1))
    for j in range(m):
        held = holdings[j, i] * scale
        bent = -holdings[j, i] * held * _spread(cash, j)
        gamma[j * m + j, i] = bent
        off += bent - bent
        for k in range(j):
            crossed = cash[j] * cash[k]
            for each in cash:
                crossed += (each - cash[j]) * (each - cash[k])
            bent = holdings[k, i] * held * crossed
            gamma[j * m + k, i] = gamma[k * m + j, i] = bent
    return 0 if off == 0.0 else 1


@compiled
def _spread(cash: Any, without: int) -> float:
    """`curvature.spread` of all the cash but one."""
    count, total = 0, 0.0
    for k in range(len(cash)):
        if k != without:
            total += cash[k]
            count += 1
    mean, squares, off = total / count, 0.0, 0.0
    for k in range(len(cash)):
        if k != without:
            squares += cash[k] * cash[k]
            off += (cash[k] - mean) * (cash[k] - mean)
    return squares + count * off
