"""Bare limits, frozen: the shortest code that gives the numbers of a pool, and no more.

Without checks, shapes or the accuracy near an edge. What is compiled is so by numba, where that is
there; select form, no checks of divisions. Do not make these better: they are what is measured by.
"""

# ruff: noqa: ANN001, ANN201, ANN202, C901, PLR0917 - scripts; loops as numba takes them
import math
import sys

import numpy as np
from scipy.optimize.elementwise import find_root

LIQUIDITY, LOWER, UPPER = 5_000.0, 2_500.0, 3_500.0


def v3_array(price, liquidity=LIQUIDITY, lower=LOWER, upper=UPPER):
    """Value, delta and gamma of a range at prices (N,), straightforwardly."""
    root = np.sqrt(np.clip(price, lower, upper))
    base = liquidity * (1 / root - 1 / np.sqrt(upper))
    quote = liquidity * (root - np.sqrt(lower))
    inside = (price >= lower) & (price < upper)
    return price * base + quote, base, np.where(inside, -liquidity / (2 * price**1.5), 0.0)


def v3_scalar(price, liquidity=LIQUIDITY, lower=LOWER, upper=UPPER):
    """Value, delta and gamma of a range at one price, in Python."""
    root = math.sqrt(min(max(price, lower), upper))
    base = liquidity * (1 / root - 1 / math.sqrt(upper))
    quote = liquidity * (root - math.sqrt(lower))
    bend = -liquidity / (2 * price * math.sqrt(price)) if lower <= price < upper else 0.0
    return price * base + quote, base, bend


def v3_loop(price, liquidity, lower, upper, value, base, bend):
    """Value, delta and gamma of a range in one loop, to be compiled by `compiled`."""
    low, high = math.sqrt(lower), math.sqrt(upper)
    for i in range(price.size):
        at = price[i]
        root = math.sqrt(min(max(at, lower), upper))
        held = liquidity * (1 / root - 1 / high)
        value[i] = at * held + liquidity * (root - low)
        base[i] = held
        bend[i] = -liquidity / (2 * at * root) if (at >= lower) & (at < upper) else 0.0


def v2_loop(price, liquidity, value, base, bend):
    """Value, delta and gamma of x·y = L², to be compiled."""
    for i in range(price.size):
        at = price[i]
        root = math.sqrt(at)
        held = liquidity / root
        value[i], base[i], bend[i] = 2 * liquidity * root, held, -held / (2 * at)


def weighted_loop(price, weights, depths, value, held, bend):
    """Value, delta (N, m) and gamma (N, m, m) of a weighted pool at prices (N, m)."""
    size, m = price.shape
    for i in range(size):
        logs = weights[m] * math.log(depths[m])
        for k in range(m):
            logs += weights[k] * math.log(price[i, k] * depths[k])
        value[i] = worth = math.exp(logs)
        for k in range(m):
            held[i, k] = weights[k] * worth / price[i, k]
        for j in range(m):
            steep = weights[j] / price[i, j]
            for k in range(m):
                bend[i, j, k] = held[i, k] * steep
            bend[i, j, j] -= held[i, j] / price[i, j]


def stableswap_pair_loop(price, ann, worth, value, held, bend):
    """Value, delta and gamma of a StableSwap pair near its peg, by seven steps in its share x."""
    for i in range(price.size):
        x = 0.5
        for _ in range(7):
            off = x + 1 / ann - 1
            y = (math.sqrt(off * off + 1 / (ann * x)) - off) / 2
            inverse = 1 / (x * y)
            one, other, a = y * inverse, x * inverse, inverse / (4 * ann)
            down = 1 + a * other
            ratio = (1 + a * one) / down
            grown = a * (ratio * other - one)
            slope = (grown - a * one) * one - ratio * (grown + a * ratio * other) * other
            x -= (ratio - price[i]) * down / slope
        value[i], held[i] = worth * (price[i] * x + y), worth * x
        bend[i] = worth * down / slope


def stableswap_loop(price, ann, worth, value, held, bend):
    """Value, delta (N, m) and gamma (N, m, m) of StableSwap near its peg, by steps in tau."""
    size, m = price.shape
    n, c, cash, rise = m + 1, 1 - 1 / ann, np.empty(m + 1), np.empty(m + 1)
    for i in range(size):
        least = min(1.0, price[i].min())
        for k in range(n):
            rise[k] = ((price[i, k] if k < m else 1.0) - least) / least
        tau, step = n / ann, 1.0
        while abs(step) > 1e-10 * tau:
            q1, q2, product = 0.0, 0.0, ann
            for k in range(n):
                cash[k] = 1 / (rise[k] + tau * (1 + rise[k]))
                q1, q2, product = q1 + cash[k], q2 + cash[k] * cash[k], product * n * cash[k]
            depth = product ** (1 / (n + 1))
            pull = (q1 + n) * c * depth / (n + 1)
            step = (q1 - 1 - c * depth) * (1 + tau) / (q1 + q2 - pull)
            tau += step
        value[i] = worth * cash[m] / depth
        for k in range(m):
            held[i, k] = worth * cash[k] / depth
            value[i] += price[i, k] * held[i, k]
            cash[k] += 1
        cash[m] += 1
        spread = 0.0
        for k in range(n):
            spread += cash[k] * cash[k]
            for j in range(k):
                spread += (cash[k] - cash[j]) * (cash[k] - cash[j])
        scale = (q1 + n) / (value[i] * spread)
        for j in range(m):
            for k in range(j + 1):
                cross = cash[j] * cash[k] - (spread if j == k else 0.0)
                for each in cash:
                    cross += (each - cash[j]) * (each - cash[k])
                bend[i, j, k] = bend[i, k, j] = held[i, j] * held[i, k] * scale * cross


def compiled(loop):
    """Compile a loop as numba does at its best; None, and a line that says so, without numba."""
    try:
        from numba import njit  # noqa: PLC0415 - of these benchmarks alone
    except ImportError:
        print(
            "skipped: what is beside a compiled loop, since numba is not installed", file=sys.stderr
        )
        return None
    return njit(error_model="numpy")(loop)


def weighted_gamma(price, balances):
    """Gamma (8, 8, N) of eight equal weights, straightforwardly."""
    prices = np.concatenate([price.T, np.ones((1, len(price)))])
    held = 0.125 * np.prod((prices * np.array(balances)[:, None] / 0.125) ** 0.125, axis=0) / prices
    slopes = held[:, None] * (0.125 / prices)
    every = np.arange(8)
    slopes[every, every] -= held / prices
    return slopes


def stableswap_roots(prices, amplification=200.0):
    """Root of a StableSwap pair's price over its balance x / D, by SciPy."""
    ann = 2 * amplification

    def off(x, price):
        y = _other(x, ann)
        steep = 1 / (ann * 4 * x * y)
        return np.log((1 + steep / x) / (1 + steep / y) / price)

    return find_root(off, (np.full_like(prices, 1e-3), np.full_like(prices, 3.0)), args=(prices,)).x


def _other(x, ann):
    """Balance y / D on the curve at x / D: a quadratic."""
    b = x + 1 / ann - 1
    return (-b + np.sqrt(b * b + 1 / (ann * x))) / 2
