"""What the extra `fast` is worth: ``python benchmarks/fast.py [--gate]``.

Greeks of one range through the public call, beside the barest fused loop that numba makes of them
(three results of a price, by selection, no division checked), with its results in new arrays as
ours are; and beside the formulas. Then other kinds beside the bare loops of `limits`; each kind
that has a loop, formulas over loop, of all four calls, none of which may be slower; and SciPy's
root finder over StableSwap.
"""

# ruff: noqa: ANN001, ANN201, I001 - a script; ratios before NumPy
import sys
from functools import partial
from math import inf, sqrt

import limits
from ratios import Line, interleaved, measured

import numpy as np
from numba import njit

import hedgecore as hc
from hedgecore.fast import MANY, fast_from

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


def weighted(n):
    """Return a pool of n assets, with weights that differ."""
    parts = np.arange(n, 2 * n) / np.arange(n, 2 * n).sum()
    held = {"assets": list("ABCDEFGH")[:n], "balances": RNG.uniform(1, 100, n).tolist()}
    return hc.build({"kind": "balancer-weighted", **held, "weights": parts.tolist()})


def stableswap(n):
    held = {"assets": list("ABCD")[:n], "balances": [1e6] * n}
    return hc.build({"kind": "curve-stableswap", **held, "amplification": 200.0})


def uneven(n, size):
    """Return prices (N,) or (N, m) that are anywhere."""
    return RNG.uniform(0.5, 2.0, size if n == 2 else (size, n - 1))


def pegged(n, size):
    """Return prices (N,) or (N, m) of coins about one."""
    return 1 + RNG.normal(0, 1e-3, size if n == 2 else (size, n - 1))


def bare_kinds(size=100_000):
    """Yield a pool, prices, the bare loop of its greeks, and what that is given."""
    pool = hc.build({"kind": "uniswap-v2", "assets": ["A", "B"], "reserves": [5e3, 1.5e7]})
    yield pool, RNG.uniform(2_000, 4_000, size), limits.v2_loop, (pool.liquidity,)
    for n in (2, 3, 8):
        pool = weighted(n)
        given = np.array(pool.parts), np.array(pool.depths)
        yield pool, uneven(n, size), limits.weighted_loop, given
    for n in (2, 3, 4):
        loop = limits.stableswap_pair_loop if n == 2 else limits.stableswap_loop
        yield stableswap(n), pegged(n, size), loop, (200.0 * n, 1e6 * n)
    yield from bare_steps(size)
    for pool, price in cryptoswaps(size):
        scales = np.array(pool.price_scale)
        pair = len(scales) == 1
        loop = limits.cryptoswap_pair_loop if pair else limits.cryptoswap_loop
        yield pool, price, loop, (*pool.curve, scales[0] if pair else scales, pool.invariant)


def bare_steps(size):
    """Yield what `bare_kinds` does, of ranges and of bins."""
    for pool in steps():
        price = RNG.uniform(2_000, 4_000, size)
        if pool.kind == "liquidity-bins":
            _, edges, _, *held = pool.ladder
            given = *limits.buckets(edges), np.column_stack(held)
            yield pool, price, limits.bins_loop, given
        else:
            yield pool, price, limits.ranges_loop, limits.ranges_given(pool.ranges)


def bare_lines():
    """Return a line for each of these, whose numbers must be ours."""
    lines = []
    for pool, price, loop, given in bare_kinds():
        rows = price[:, None] if loop is limits.weighted_loop and price.ndim == 1 else price
        shapes = [price.shape[:1], rows.shape, (*rows.shape, *rows.shape[1:])]
        call = partial(filled, limits.compiled(loop), rows, given, shapes)
        greeks = pool.greeks(price)
        for got, due in zip(call(), greeks[:3], strict=True):
            np.testing.assert_allclose(got.ravel(), due.ravel(), rtol=1e-9)
        taken = interleaved({"ours": partial(pool.greeks, price), "bare": call})
        what = f"{pool.kind} of {len(pool.assets)}, greeks, {1e9 * taken['bare'] / len(price):.1f}"
        ratio = taken["ours"] / taken["bare"]
        lines.append(Line(f"{what} ns a price bare: ours over bare", ratio, 1.5, "x"))
    return lines


def filled(loop, price, given, shapes):
    """Return new arrays that a bare loop fills."""
    results = [np.empty(shape) for shape in shapes]
    loop(price, *given, *results)
    return results


def steps():
    """Return pools of 3000 ranges and of 2000 bins."""
    lower, pair = 3_000 * np.exp(RNG.normal(0, 0.3, 3_000)), {"assets": ["A", "B"]}
    ranges = np.column_stack([RNG.uniform(1, 100, 3_000), lower, lower * 1.05]).tolist()
    bins = [[i, float(i > 0), float(i <= 0)] for i in range(-1_000, 1_000)]
    ladder = {"bin_step": 10, "bins": bins, "zero_id": -8_000}
    return [hc.build({"kind": "concentrated-ranges", **pair, "ranges": ranges}),
            hc.build({"kind": "liquidity-bins", **pair, **ladder})]  # fmt: skip


def cryptoswaps(size):
    """Yield CryptoSwap pools of 2 and of 3 coins, and prices about their scales."""
    for scale in ([3_000.0], [60_000.0, 3_000.0]):
        held = [1.8e6, *(6e5 / each for each in scale)]
        crypto = {"coins": list("CAB")[: len(held)], "balances": held, "price_scale": scale}
        price = np.array(scale) * np.exp(RNG.normal(0, 0.3, (size, len(scale))))
        table = {"kind": "curve-cryptoswap", **crypto, "amplification": 1e6, "gamma": 1e-4}
        yield hc.build(table), price[:, 0] if len(scale) == 1 else price


def kinds(size):
    """Yield a pool and prices, of each kind that has a loop."""
    near, pair = RNG.uniform(2_000, 4_000, size), {"assets": ["A", "B"]}
    span = {"liquidity": LIQUIDITY, "lower": LOWER, "upper": UPPER}
    yield hc.build({"kind": "uniswap-v2", **pair, "reserves": [5e3, 1.5e7]}), near
    yield hc.build({"kind": "uniswap-v3", **pair, **span}), near
    yield from ((pool, near) for pool in steps())
    for n in (2, 3, 8):
        yield weighted(n), uneven(n, size)
    for n in (2, 3, 4):
        yield stableswap(n), pegged(n, size)
    yield from cryptoswaps(size)


def kind_lines():
    """Return a line for each kind and call: no loop is slower than the formulas it stands for."""
    lines = []
    for size in (MANY, 100_000):
        for pool, price in kinds(size):
            for name in ("value", "delta", "gamma", "greeks"):
                call = partial(getattr(pool, name), price)
                taken = interleaved({"fast": call, "formulas": partial(plain, call)})
                took = f"{1e9 * taken['fast'] / size:.1f} ns; formulas over ours"
                what = f"{pool.kind} of {len(pool.assets)}, {name}, {size}: {took}"
                ratio = taken["formulas"] / taken["fast"]
                lines.append(Line(what, ratio, 1.0, "x", most=False))
    return lines


def root_lines():
    pool, price = stableswap(2), pegged(2, 100_000)
    works = {"ours": partial(pool.delta, price), "scipy": partial(limits.stableswap_roots, price)}
    taken = interleaved(works, rounds=3)
    ratio = taken["scipy"] / taken["ours"]
    return [Line("stableswap of 2: find_root over ours", ratio, 60.0, "x", most=False)]


def lines():
    return [*span_lines(), *bare_lines(), *root_lines(), *kind_lines()]


if __name__ == "__main__":
    sys.exit(measured(lines))
