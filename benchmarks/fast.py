"""What the extra `fast` is worth: ``python benchmarks/fast.py [--gate]``.

Greeks of one range through the public call, beside the barest fused loop that numba makes of them
(three results of a price, by selection, no division checked), with its results in new arrays as
ours are; and beside the formulas. Then each kind that has a loop, formulas over loop.
"""

# ruff: noqa: ANN001, ANN201, I001 - a script; ratios before NumPy
import sys
from functools import partial
from math import inf, sqrt

from ratios import Line, interleaved, report

import numpy as np
from numba import njit

import hedgecore as hc
from hedgecore.fast import fast_from

RNG = np.random.default_rng(0)
LIQUIDITY, LOWER, UPPER = 5_000.0, 2_500.0, 3_500.0


@njit(error_model="numpy")
def bare(price, value, delta, gamma):
    low, high = sqrt(LOWER), sqrt(UPPER)
    for i in range(price.size):
        p = price[i]
        root = sqrt(LOWER if p < LOWER else (UPPER if p > UPPER else p))  # noqa: FURB136
        base = LIQUIDITY * (1 / root - 1 / high)
        value[i] = p * base + LIQUIDITY * (root - low)
        delta[i] = base
        gamma[i] = -0.5 * LIQUIDITY / (p * root) if (p >= LOWER) & (p < UPPER) else 0.0


def bare_greeks(price):
    """Return the three, in arrays of their own."""
    results = [np.empty(price.size) for _ in range(3)]
    bare(price, *results)
    return results


def plain(function):
    """Call a function without compiled loops."""
    with fast_from(inf):
        function()


def span_lines():
    pool = hc.build({"kind": "uniswap-v3", "assets": ["A", "B"], "liquidity": LIQUIDITY,
                     "lower": LOWER, "upper": UPPER})  # fmt: skip
    lines = []
    for size in (10_000, 100_000, 1_000_000):
        price = RNG.uniform(2_000, 4_000, size)
        room = [np.empty(size) for _ in range(3)]
        call = partial(pool.greeks, price)
        taken = interleaved(
            {
                "fast": call,
                "formulas": partial(plain, call),
                "bare": partial(bare_greeks, price),
                "in place": partial(bare, price, *room),
            }
        )
        what = f"v3 greeks, {size:g}"
        lines += [
            Line(f"{what}: ours over bare", taken["fast"] / taken["bare"], 1.5, "x"),
            Line(f"{what}: over bare in place", taken["fast"] / taken["in place"], inf, "x"),
            Line(f"{what}: formulas over bare", taken["formulas"] / taken["bare"], inf, "x"),
        ]
    return lines


def kinds(size=100_000):
    """Yield a name, a pool and prices, of each kind that has a loop."""
    lower = 3_000 * np.exp(RNG.normal(0, 0.3, 3_000))
    near, wide = RNG.uniform(2_000, 4_000, size), RNG.uniform(0.5, 2.0, (size, 7))
    peg = 1 + RNG.normal(0, 1e-3, (size, 3))
    pair = {"assets": ["A", "B"]}
    yield "uniswap-v2", {**pair, "reserves": [5e3, 1.5e7]}, near
    ranges = np.column_stack([RNG.uniform(1, 100, 3_000), lower, lower * 1.05]).tolist()
    yield "concentrated-ranges", {**pair, "ranges": ranges}, near
    bins = [[i, float(i > 0), float(i <= 0)] for i in range(-1_000, 1_000)]
    yield "liquidity-bins", {**pair, "bin_step": 10, "bins": bins, "zero_id": -8_000}, near
    for n in (2, 3, 8):
        held = {"assets": list("ABCDEFGH")[:n], "balances": RNG.uniform(1, 100, n).tolist()}
        price = wide[:, 0] if n == 2 else wide[:, : n - 1]
        yield "balancer-weighted", {**held, "weights": [1 / n] * n}, price
    for n in (2, 3, 4):
        held = {"assets": list("ABCD")[:n], "balances": [1e6] * n}
        price = peg[:, 0] if n == 2 else peg[:, : n - 1]
        yield "curve-stableswap", {**held, "amplification": 200.0}, price
    for scale in ([3_000.0], [60_000.0, 3_000.0]):
        held = [1.8e6, *(6e5 / each for each in scale)]
        crypto = {"coins": list("CAB")[: len(held)], "balances": held, "price_scale": scale}
        near = np.array(scale) * np.exp(RNG.normal(0, 0.3, (size, len(scale))))
        price = near[:, 0] if len(scale) == 1 else near
        yield "curve-cryptoswap", {**crypto, "amplification": 1e6, "gamma": 1e-4}, price


def kind_lines():
    lines = []
    for kind, table, price in kinds():
        pool = hc.build({"kind": kind, **table})
        for name in ("greeks", "delta"):
            call = partial(getattr(pool, name), price)
            taken = interleaved({"fast": call, "formulas": partial(plain, call)})
            took = f"{1e4 * taken['fast']:.1f} ns; formulas over ours"
            what = f"{kind} of {len(pool.assets)}, {name}: {took}"
            lines.append(Line(what, taken["formulas"] / taken["fast"], 0.0, "x", most=False))
    return lines


if __name__ == "__main__":
    sys.exit(report([*span_lines(), *kind_lines()]))
