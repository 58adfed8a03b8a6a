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


def buckets(edges):
    """Edges (K,) and one beyond all; how many are below each of 16 K even buckets; their places."""
    low, scale = edges[0], 16 * len(edges) / (edges[-1] - edges[0])
    first = np.searchsorted(edges, low + np.arange(16 * len(edges) + 1) / scale)
    return np.append(edges, np.inf), first, low, scale


def ranges_given(ranges):
    """Buckets of the edges of ranges (K, 3), and what the segments between them hold (2 K + 1, 3).

    Of each Λ, b and q as `ranges_loop` has them: running sums of what begins and what ends.
    """
    depth, lower, upper = np.transpose(ranges)
    edges, change = np.append(lower, upper), np.append(depth, -depth)
    root, order = np.sqrt(edges), np.argsort(edges)
    changes = np.column_stack([change, -change / root, -change * root])[order]
    rows = np.vstack([np.zeros(3), changes]).cumsum(axis=0)
    rows[:, 1] -= rows[-1, 1]
    return *buckets(edges[order]), rows


def ranges_loop(price, edges, first, low, scale, rows, value, base, bend):
    """Value, delta and gamma of many ranges: in segment k they are Λ/√p + b and Λ √p + q."""
    for i in range(price.size):
        at = price[i]
        k = first[int(min(max((at - low) * scale, 0.0), first.size - 1.0))]
        while edges[k] <= at:
            k += 1
        root, depth = math.sqrt(at), rows[k, 0]
        held = depth / root + rows[k, 1]
        value[i] = at * held + depth * root + rows[k, 2]
        base[i], bend[i] = held, -depth / (2 * at * root)


def bins_loop(price, edges, first, low, scale, rows, value, base, bend):
    """Value, delta and gamma of bins: between two of them nothing is traded."""
    for i in range(price.size):
        at = price[i]
        k = first[int(min(max((at - low) * scale, 0.0), first.size - 1.0))]
        while edges[k] <= at:
            k += 1
        value[i], base[i], bend[i] = at * rows[k, 0] + rows[k, 1], rows[k, 0], 0.0


def cryptoswap_pair_loop(price, ann, steep, scale, worth, value, held, bend):
    """Value, delta and gamma of two coins, by Newton's steps in ln v, v = 1/(4 x y) - 1.

    From the v of a constant product; the sum and the product of the balances x < y follow from v.
    """
    unit = 1 / (ann * steep * steep)
    for i in range(price.size):
        p = price[i] / scale
        rise = p - 1 if p > 1 else 1 / p - 1
        v, step = rise * rise / (4 * (1 + rise)), 1.0
        while abs(step) > 1e-10:
            whole, e = 1 + v, v / (1 + v)
            w, product = steep + e, 0.25 / whole
            h, a = unit * v * w * w, unit * w * (w * whole + 2 * e)
            b = unit * (w * (2 + w * whole) + 2 * (w + e) / whole)
            apart = math.sqrt(h * (2 + h) + e)
            x, widening = (1 + h - apart) / 2, ((1 + h) * a + 2 * product) / apart
            thinning, down = (a - widening) / 2, product + a * x
            slope = b / a + widening / apart - (b * x + a * thinning - product) / down
            step = math.log(a * apart / (down * rise)) / (slope * e)
            v *= math.exp(-step)
        y, by = x + apart, thinning / (rise * slope)
        if p > 1:
            value[i], held[i], bend[i] = worth * (p * x + y), worth * x / scale, by
        else:
            value[i], held[i], bend[i] = worth * (p * y + x), worth * y / scale, by / (p * p * p)
        bend[i] *= worth / (scale * scale)


def cryptoswap_loop(price, ann, steep, scales, worth, value, held, bend):
    """Value, delta (N, 2) and gamma (N, 2, 2) of three coins, by Newton's steps in ln tau, ln v.

    The balances are a / (rise + tau (1 + rise)); from tau and v of a constant product.
    """
    unit = 1 / (ann * steep * steep)
    for i in range(len(price)):
        p0, p1 = price[i, 0] / scales[0], price[i, 1] / scales[1]
        least = min(1.0, p0, p1)
        g0, g1, g2 = p0 / least, p1 / least, 1 / least
        q1 = 1 / g0 + 1 / g1 + 1 / g2
        v = q1 * q1 * q1 * g0 * g1 * g2 / 27 - 1
        e = v / (1 + v)
        w = steep + e
        tau = unit * w * (w * (1 + v) + 2 * e) * q1 / (1 + unit * v * w * w)
        worst = 1.0
        while worst > 1e-10:
            u0, u1 = 1 / (g0 - 1 + tau * g0), 1 / (g1 - 1 + tau * g1)
            u2 = 1 / (g2 - 1 + tau * g2)
            q1, q2 = u0 + u1 + u2, u0 * u0 + u1 * u1 + u2 * u2
            ratio = q1 * q1 * q1 / (27 * u0 * u1 * u2)
            e = v / (1 + v)
            w = steep + e
            h, a = unit * v * w * w, unit * w * (w * (1 + v) + 2 * e)
            b = unit * (w * (2 + w * (1 + v)) + 2 * (w + e) / (1 + v))
            y, due = a / (1 + h), v + (1 + v) * h * (3 + h * (3 + h))
            one, other = math.log(y * q1), math.log(due / (ratio - 1))
            pull, push = 1 + q2 / q1, (3 * q2 - q1 * q1) * ratio / (q1 * (ratio - 1))
            bow, rise = b / a - y, (1 + 1 / due) * (1 + 3 * y)
            scale = 1 / (pull * rise + bow * push)
            along = (one * rise - bow * other) * scale * (1 + tau) / tau
            across = (pull * other + push * one) * scale / e
            tau, v = tau * math.exp(along), v * math.exp(-across)
            worst = max(abs(along), abs(across))
        x0, x1, x2 = a * u0, a * u1, a * u2
        z0, z1, z2, k = x0 + a, x1 + a, x2 + a, b / a
        d0, d1, d2 = z2 - z1, z0 - z2, z1 - z0
        form = z0 * z0 + z1 * z1 + z2 * z2 + k * (d0 * d0 + d1 * d1 + d2 * d2)
        value[i] = worth * (p0 * x0 + p1 * x1 + x2)
        held[i, 0], held[i, 1] = h0, h1 = worth * x0 / scales[0], worth * x1 / scales[1]
        scale = (a * q1 + 3 * a) / (a * value[i] * form)
        bend[i, 0, 0] = -h0 * h0 * scale * (z1 * z1 + z2 * z2 + k * d0 * d0)
        bend[i, 1, 1] = -h1 * h1 * scale * (z0 * z0 + z2 * z2 + k * d1 * d1)
        bend[i, 0, 1] = bend[i, 1, 0] = h0 * h1 * scale * (z0 * z1 - k * d0 * d1)


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
