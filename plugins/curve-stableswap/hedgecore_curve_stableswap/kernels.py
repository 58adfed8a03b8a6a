"""The formulas of `curve` and `curvature` as loops that the extra `fast` compiles.

A stretch of prices goes through each loop together, so that loops are without branches, and become
vectors: coin k of price i stands at k · `STRETCH` + i of one array, so that a compiler knows what
does not overlap. Newton's method is in tau and d = 1/a of `curve` at once, on

    Q1 = 1 + c d,    z d^(n+1) = 1,    z = prod(t) / (Ann n^n),

which needs no root, and no logarithm: ln x ≈ 2 (x − 1)/(x + 1) has the same zero and slope. What
has not settled so, in a crash, is taken one by one, as `curve` takes it.
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
LAST_STEP: Final = 1e-8
WIDEST: Final = 1e30
SPLITTER: Final = 2.0**27 + 1.0
EXPONENT: Final = 2.0**52
"""Of a double as an integer, what its binary logarithm is counted in, from `BIAS` on."""
BIAS: Final = 1023.0


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
    amplification, worth, rates = params
    ann, unsettled = amplification * len(rates), 0
    rise, inverse = np.empty(len(rates) * STRETCH), np.empty(len(rates) * STRETCH)
    tau, depth, moved = np.empty(STRETCH), np.empty(STRETCH), np.empty(STRETCH)
    for start in range(0, prices.shape[1], STRETCH):
        end = min(start + STRETCH, prices.shape[1])
        size, total = end - start, value[start:end]
        unsettled += _rises(prices, start, end, rates, rise, inverse, moved)
        unsettled += _solve(ann, rates, rise, tau, depth, moved, size)
        _invert(rates, rise, tau, depth, inverse, size)
        _hold(worth, rates, inverse, depth, prices, start, end, total, holdings)
        if bent:
            unsettled += _bend(rates, inverse, total, start, end, holdings, gamma, moved, depth)
    return unsettled


@compiled
def _rises(
    prices: Any, start: int, end: int, rates: Any, rise: Any, low: Any, least: Any
) -> int:  # fmt: skip
    """Fill (p_i − p_m)/p_m of prices over rates, to 1e-32, and count what is too wide."""
    n, size, wide = len(rates), end - start, 0
    for k in range(n - 1):
        there = slice(k * STRETCH, k * STRETCH + size)
        _quotients(prices[k, start:end], rates[k], rise[there], low[there])
    last = slice((n - 1) * STRETCH, (n - 1) * STRETCH + size)
    _quotients(np.ones(size), rates[n - 1], rise[last], low[last])
    for i in range(size):
        least[i] = rise[i]
        for k in range(1, n):
            each = rise[k * STRETCH + i]
            least[i] = each if each < least[i] else least[i]
    for k in range(n):
        for i in range(size):
            each = ((rise[k * STRETCH + i] - least[i]) + low[k * STRETCH + i]) / least[i]
            rise[k * STRETCH + i] = each
            wide += 0 if each <= WIDEST else 1
    return wide


@compiled
def _quotients(price: Any, rate: float, high: Any, low: Any) -> None:
    """Fill prices over a rate, and what rounding drops of them (Dekker, Veltkamp)."""
    high[:], low[:] = price, 0.0
    if rate == 1.0:
        return
    for i in range(len(price)):
        quotient = price[i] / rate
        product = quotient * rate
        shifted = SPLITTER * quotient
        left_high = shifted - (shifted - quotient)
        left_low = quotient - left_high
        shifted = SPLITTER * rate
        right_high = shifted - (shifted - rate)
        right_low = rate - right_high
        error = left_high * right_high - product
        error = ((error + left_high * right_low) + left_low * right_high) + left_low * right_low
        high[i], low[i] = quotient, ((price[i] - product) - error) / rate


@compiled
def _solve(ann: float, rates: Any, rise: Any, tau: Any, depth: Any, moved: Any, size: int) -> int:
    """Tau and 1/a of a stretch, and of what is left one by one; count what does not end."""
    _start(ann, rates, rise, tau, depth, size)
    moved[:size] = 1.0
    for _ in range(TOGETHER):
        if not _step(ann, rates, rise, tau, depth, moved, size):
            return 0
    unsettled = 0
    for i in range(size):
        if not moved[i] <= LAST_STEP:
            unsettled += _settle(ann, rates, rise, tau, depth, i)
    return unsettled


@compiled
def _start(ann: float, rates: Any, rise: Any, tau: Any, depth: Any, size: int) -> None:
    """Fill guesses of tau, that of `curve`, and of 1/a there, by a double's exponent."""
    n, c, peg = len(rates), (ann - 1.0) / ann, len(rates) / ann
    scale = 1.0 / (ann * float(n) ** n)
    for i in range(size):
        product, parts = 1.0, 0.0
        for k in range(n):
            t = rise[k * STRETCH + i] + peg * (1.0 + rise[k * STRETCH + i])
            parts = parts * t + product
            product *= t
        near, d = peg * parts / product, _inverse_root(product * scale, n + 1.0)
        tau[i] = near / (1.0 + c * d) if c >= 0.0 else near - c * d
    for i in range(size):
        product = scale
        for k in range(n):
            product *= rise[k * STRETCH + i] + tau[i] * (1.0 + rise[k * STRETCH + i])
        depth[i] = _inverse_root(product, n + 1.0)


@compiled
def _inverse_root(number: Any, degree: float) -> Any:
    """One over a root, to a twentieth or so: the logarithm is taken as a line between powers."""
    power = np.float64(number).view(np.int64) / EXPONENT - BIAS
    return np.int64((BIAS - power / degree) * EXPONENT).view(np.float64)


@compiled
def _step(ann: float, rates: Any, rise: Any, tau: Any, depth: Any, moved: Any, size: int) -> int:
    """Take tau and 1/a a step where their last was long, and count how many still are.

    What has settled stays, so that a price has the same numbers whatever stands beside it.
    Sums of 1/t and of products of two are those of products of all t but one, or two, over that of
    all: a division, and no difference. The step in d goes first, then that in tau, and d after it.
    """
    n, c, part, long = len(rates), (ann - 1.0) / ann, 1.0 / (len(rates) + 1.0), 0
    scale = 1.0 / (ann * float(n) ** n)
    for i in range(size):
        here, d, product, ones, twos = tau[i], depth[i], 1.0, 0.0, 0.0
        for k in range(n):
            t = rise[k * STRETCH + i] + here * (1.0 + rise[k * STRETCH + i])
            twos = twos * t + ones
            ones = ones * t + product
            product *= t
        power = product * scale * d
        for _ in range(n):
            power *= d
        inverse = 1.0 / (product * (power + 1.0))
        q1, pairs = ones * (power + 1.0) * inverse, twos * (power + 1.0) * inverse
        deeper = 2.0 * (1.0 - power) * product * inverse * part
        d += d * deeper
        left, right = (q1, 1.0 + c * d) if c >= 0.0 else (q1 - c * d, 1.0)
        pull = (q1 + n) * c * part * d * (q1 if c >= 0.0 else 1.0)
        slope = (q1 + (q1 * q1 - 2.0 * pairs)) * right - pull
        along = 2.0 * (left - right) * (1.0 + here) * (left * right)
        along /= (left + right) * here * slope
        along = along if along < 1.0 else 1.0
        along = along if along > -1.0 else -1.0
        turn = along * (q1 + n) * part * here / (1.0 + here)
        done = moved[i] <= LAST_STEP
        tau[i] = here if done else here + here * along * (1.0 + along * (0.5 + along / 6.0))
        depth[i] = depth[i] if done else d * (1.0 - turn * (1.0 - 0.5 * turn))
        moved[i] = moved[i] if done else max(abs(along), abs(deeper))
        long += 0 if moved[i] <= LAST_STEP else 1
    return long


@compiled
def _settle(ann: float, rates: Any, rise: Any, tau: Any, depth: Any, i: int) -> int:
    """Solve for one tau, from a guess, and for 1/a there; 1 where that does not end."""
    n, c, done = len(rates), (ann - 1.0) / ann, False
    for _ in range(ALONE):
        q1, q2, product = 0.0, 0.0, ann
        for k in range(n):
            each = rise[k * STRETCH + i]
            inverse = 1.0 / (each + tau[i] * (1.0 + each))
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
def _invert(rates: Any, rise: Any, tau: Any, depth: Any, inverse: Any, size: int) -> None:
    """Fill 1/t of each coin, and a in place of 1/a."""
    for i in range(size):
        depth[i] = 1.0 / depth[i]
    for k in range(len(rates)):
        for i in range(size):
            each = rise[k * STRETCH + i]
            inverse[k * STRETCH + i] = 1.0 / (each + tau[i] * (1.0 + each))


@compiled
def _hold(
    worth: float, rates: Any, inverse: Any, a: Any, prices: Any, start: int, end: int, value: Any,
    holdings: Any,
) -> None:  # fmt: skip
    """Fill what is held, D / rate of each share x_i = a / t_i, and what that is worth."""
    n, size = len(rates), end - start
    for k in range(n):
        held, scale = holdings[k, start:end], worth / rates[k]
        for i in range(size):
            held[i] = inverse[k * STRETCH + i] * a[i] * scale
    value[:] = holdings[n - 1, start:end]
    for k in range(n - 1):
        held, price = holdings[k, start:end], prices[k, start:end]
        for i in range(size):
            value[i] += price[i] * held[i]


@compiled
def _bend(
    rates: Any, inverse: Any, value: Any, start: int, end: int, holdings: Any, gamma: Any,
    scale: Any, form: Any,
) -> int:  # fmt: skip
    """Fill gamma as `curvature` says, of cash as 1 + 1/t, and count where that is not finite.

    Of all cash that is as right as of its parts of the value; `scale` and `form` are room.
    """
    m, size, unsettled = len(rates) - 1, end - start, 0
    _spread(rates, inverse, -1, form, size)
    for i in range(size):
        total = 0.0
        for k in range(len(rates)):
            total += inverse[k * STRETCH + i] + 1.0
        scale[i] = total / (value[i] * form[i])
    for j in range(m):
        mine, bend = holdings[j, start:end], gamma[j * m + j, start:end]
        _spread(rates, inverse, j, form, size)
        for i in range(size):
            bent = -mine[i] * (mine[i] * scale[i]) * form[i]
            bend[i] = bent
            unsettled += 0 if bent - bent == 0.0 else 1
        for k in range(j):
            held, bend, twin = holdings[k, start:end], gamma[j * m + k, start:end], gamma[k * m + j]
            _cross(rates, inverse, j, k, form, size)
            for i in range(size):
                bend[i] = held[i] * (mine[i] * scale[i]) * form[i]
            twin[start:end] = bend
    return unsettled


@compiled
def _spread(rates: Any, inverse: Any, without: int, form: Any, size: int) -> None:
    """Fill `curvature.spread` of all the cash but one."""
    count = len(rates) - (1 if without >= 0 else 0)
    for i in range(size):
        total, squares, off = 0.0, 0.0, 0.0
        for k in range(len(rates)):
            total += inverse[k * STRETCH + i] + 1.0 if k != without else 0.0
        mean = total / count
        for k in range(len(rates)):
            cash = inverse[k * STRETCH + i] + 1.0
            squares += cash * cash if k != without else 0.0
            off += (cash - mean) * (cash - mean) if k != without else 0.0
        form[i] = squares + count * off


@compiled
def _cross(rates: Any, inverse: Any, one: int, other: int, form: Any, size: int) -> None:
    """Fill `curvature.crossing` of the cash of two coins."""
    for i in range(size):
        left, right = inverse[one * STRETCH + i], inverse[other * STRETCH + i]
        crossed = (left + 1.0) * (right + 1.0)
        for k in range(len(rates)):
            each = inverse[k * STRETCH + i]
            crossed += (each - left) * (each - right)
        form[i] = crossed
