"""Bare limits, frozen: the shortest code that gives the numbers of a pool, and no more.

Without checks, shapes or the accuracy near an edge. What is compiled is so by numba, where that is
there; select form, no checks of divisions. Do not make these better: they are what is measured by.
"""

# ruff: noqa: ANN001, ANN201, ANN202 - scripts
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


def v3_loop(price, liquidity, lower, upper, value, base, bend):  # noqa: PLR0917 - as numba takes them
    """Value, delta and gamma of a range in one loop, to be compiled by `compiled`."""
    low, high = math.sqrt(lower), math.sqrt(upper)
    for i in range(price.size):
        at = price[i]
        root = math.sqrt(min(max(at, lower), upper))
        held = liquidity * (1 / root - 1 / high)
        value[i] = at * held + liquidity * (root - low)
        base[i] = held
        bend[i] = -liquidity / (2 * at * root) if (at >= lower) & (at < upper) else 0.0


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
