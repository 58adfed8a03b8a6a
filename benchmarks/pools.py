"""How long pools take: ``python benchmarks/pools.py [--gate]``.

Each beside a bare limit, frozen here: the shortest plain NumPy or Python that gives the numbers,
without checks, shapes or the accuracy near an edge; and beside SciPy's root finder.
"""

# ruff: noqa: ANN001, ANN201, ANN202, I001 - a script; ratios before NumPy
import math
import resource
import subprocess
import sys

from ratios import Line, interleaved, report

import numpy as np
from hedgecore_balancer_weighted import BalancerWeighted
from hedgecore_bins import LiquidityBins
from hedgecore_curve_stableswap import CurveStableswap
from hedgecore_uniswap_v2 import UniswapV2
from hedgecore_uniswap_v3 import ConcentratedRanges, UniswapV3, UniswapV3Position
from scipy.optimize.elementwise import find_root

RNG = np.random.default_rng(0)
LIQUIDITY, LOWER, UPPER = 5_000.0, 2_500.0, 3_500.0


def bare(price, liquidity=LIQUIDITY, lower=LOWER, upper=UPPER):
    """Return value, delta and gamma of a range at prices (N,), straightforwardly."""
    root = np.sqrt(np.clip(price, lower, upper))
    base = liquidity * (1 / root - 1 / np.sqrt(upper))
    quote = liquidity * (root - np.sqrt(lower))
    inside = (price >= lower) & (price < upper)
    return price * base + quote, base, np.where(inside, -liquidity / (2 * price**1.5), 0.0)


def bare_scalar(price, liquidity=LIQUIDITY, lower=LOWER, upper=UPPER):
    """Return the same at one price, in Python."""
    root = math.sqrt(min(max(price, lower), upper))
    base = liquidity * (1 / root - 1 / math.sqrt(upper))
    quote = liquidity * (root - math.sqrt(lower))
    bend = -liquidity / (2 * price * math.sqrt(price)) if lower <= price < upper else 0.0
    return price * base + quote, base, bend


def arrays():
    """Return lines for one range at 1e6 prices, and eight weighted assets at 1e5."""
    price = RNG.uniform(2_000, 4_000, 1_000_000)
    model = UniswapV3(**UniswapV3.example)
    weighted = BalancerWeighted(
        assets=list("ABCDEFGH"), weights=[0.125] * 8, balances=RNG.uniform(1, 100, 8)
    )
    others = RNG.uniform(0.5, 2.0, (100_000, 7))
    taken = interleaved(
        {
            "v3": lambda: model.greeks(price),
            "bare": lambda: bare(price),
            "weighted": lambda: weighted.gamma(others),
            "dense": lambda: bare_weighted(others, weighted.balances),
        }
    )
    return [
        Line("v3 greeks, 1e6: bare over ours", taken["bare"] / taken["v3"], 2.0, "x", most=False),
        Line("v3 greeks, a price", taken["v3"] * 1e3, 8.0, "ns"),
        Line("weighted gamma, 8 x 1e5: ours over bare", taken["weighted"] / taken["dense"], 1, "x"),
    ]


def ladders():
    """Return lines for thousands of ranges, and of bins, at 1e5 prices in no order."""
    price = RNG.uniform(2_000, 4_000, 100_000)
    lower = 3_000 * np.exp(RNG.normal(0, 0.3, 3_000))
    rows = np.column_stack([RNG.uniform(1, 100, 3_000), lower, lower * 1.05])
    bins = [[i, float(i > 0), float(i <= 0)] for i in range(-1_000, 1_000)]
    models = {
        "one": UniswapV3(**UniswapV3.example),
        "ranges": ConcentratedRanges(assets=["A", "B"], ranges=rows),
        "bins": LiquidityBins(assets=["A", "B"], bin_step=10, bins=bins, zero_id=-8_000),
    }
    taken = interleaved({name: lambda m=m: m.greeks(price) for name, m in models.items()})
    return [
        Line("3000 ranges, 1e5: over one", taken["ranges"] / taken["one"], 3.0, "x"),
        Line("2000 bins, 1e5: over one range", taken["bins"] / taken["one"], 3.0, "x"),
    ]


def bare_weighted(price, balances):
    """Return gamma (8, 8, N) of eight equal weights, straightforwardly."""
    prices = np.concatenate([price.T, np.ones((1, len(price)))])
    held = 0.125 * np.prod((prices * np.array(balances)[:, None] / 0.125) ** 0.125, axis=0) / prices
    slopes = held[:, None] * (0.125 / prices)
    every = np.arange(8)
    slopes[every, every] -= held / prices
    return slopes


def scalars():
    """Return lines for one price, in microseconds; and what the seam adds to a batch of one."""
    models = [cls(**cls.example) for cls in (UniswapV2, UniswapV3, UniswapV3Position)]
    standing = [cls(**cls.example) for cls in (BalancerWeighted, CurveStableswap)]
    pairs = [(model, 3_000.0) for model in models]
    pairs += [(model, model.spot()) for model in standing]
    works = {(m.kind, "value"): lambda m=m, p=p: m.value(p) for m, p in pairs}
    works |= {(m.kind, "greeks"): lambda m=m, p=p: m.greeks(p) for m, p in pairs}
    one, model = np.array([3_000.0]), models[0]
    works |= {
        "bare": lambda: bare_scalar(3_000.0),
        "batch": lambda: model.value(one),
        "formula": lambda: model._holdings(one),  # noqa: SLF001 - what the seam is beside
    }
    taken = {name: 1e6 * each for name, each in interleaved(works).items()}
    lines = [Line("one price, bare Python", taken["bare"], 1.0, "us")]
    for model in models:
        goal = 3.0 if model.kind.startswith("uniswap") else 15.0
        lines += [
            Line(f"one price, {model.kind} {what}", taken[model.kind, what], goal, "us")
            for what in ("value", "greeks")
        ]
    return [*lines, Line("a batch: the seam", taken["batch"] - taken["formula"], 10.0, "us")]


def book(count):
    """Return the columns of `count` ranges of one pool."""
    middle, wide = (np.exp(RNG.normal(m, 0.3, count)) for m in (8.0, 0.0))
    return {
        "assets": [("WETH", "USDC")] * count,
        "liquidity": 10 ** RNG.uniform(0, 6, count),
        "lower": middle / (1 + wide),
        "upper": middle * (1 + wide),
    }


def dense(columns, prices):
    """Return value, delta and gamma of the sum, by one array of all ranges at a time."""
    liquidity, lower, upper = (columns[name] for name in ("liquidity", "lower", "upper"))
    each = (bare(price, liquidity, lower, upper) for price in prices)
    return np.array([[part.sum() for part in parts] for parts in each]).T


def books():
    """Return lines for 1e5 ranges at 1e3 prices, and for twice as many of both."""
    works, apart = {}, 0.0
    for count, points in ((100_000, 1_000), (200_000, 2_000)):
        columns, prices = book(count), np.exp(RNG.normal(8.0, 0.3, points))
        whole = UniswapV3.aggregate(columns, np.ones(count))
        works["made", count] = lambda c=columns, k=count: UniswapV3.aggregate(c, np.ones(k))
        works["asked", count] = lambda w=whole, p=prices: w.greeks(p)
        few = prices[:20]
        works["dense", count] = lambda c=columns, p=few: dense(c, p)
        due = np.array([[math.fsum(x) for x in exact(columns, price)] for price in few]).T
        found = np.array([part[:20] for part in whole.greeks(prices)[:3]])
        apart = max(apart, float(np.max(np.abs(found / due - 1))))
    taken = {name: 1e3 * each for name, each in interleaved(works).items()}
    return [
        Line("1e5 ranges at 1e3 prices, asked", taken["asked", 100_000], 3.5, "ms"),
        Line("made", taken["made", 100_000], 50.0, "ms"),
        Line(
            "dense NumPy over ours, asked",
            50 * taken["dense", 100_000] / taken["asked", 100_000],
            100.0,
            "x",
            most=False,
        ),
        Line("twice of both", taken["asked", 200_000] / taken["asked", 100_000], 2.3, "x"),
        Line("apart from the exact sum", apart, 1e-11, ""),
    ]


def exact(columns, price):
    """Return the terms of value, delta and gamma of each range, in forms that lose nothing."""
    liquidity, lower, upper = (columns[name] for name in ("liquidity", "lower", "upper"))
    at = np.clip(price, lower, upper)
    root, low, high = np.sqrt(at), np.sqrt(lower), np.sqrt(upper)
    base = liquidity * (upper - at) / (root * high * (root + high))
    quote = liquidity * (at - lower) / (root + low)
    inside = (price >= lower) & (price < upper)
    bend = np.where(inside, -liquidity / (2 * price * math.sqrt(price)), 0.0)
    return np.concatenate([price * base, quote]), base, bend


def stableswap():
    """Return lines for the state of two and three coins, beside SciPy's root finder."""
    lines = []
    for n in (2, 3):
        model = CurveStableswap(assets=list("ABC")[:n], amplification=200.0, balances=(1e6,) * n)
        price = 1 + RNG.normal(0, 1e-3, (1_000_000, n - 1))
        price = price[:, 0] if n == 2 else price
        taken = interleaved({"ours": lambda m=model, p=price: m.delta(p)}, rounds=3)
        lines.append(Line(f"stableswap, {n} coins, a price", 1e3 * taken["ours"], 150.0, "ns"))
    few = 1 + RNG.normal(0, 1e-3, 100_000)
    pair = CurveStableswap(assets=("A", "B"), amplification=200.0, balances=(1e6, 1e6))
    works = {"ours": lambda: pair.delta(few), "scipy": lambda: rooted(few)}
    taken = interleaved(works, rounds=3)
    ratio = taken["scipy"] / taken["ours"]
    return [*lines, Line("find_root over ours, 2 coins", ratio, 15.0, "x", most=False)]


def rooted(prices, amplification=200.0):
    """Return the root of the pair's price over its balance x / D, by SciPy."""
    ann = 2 * amplification

    def off(x, price):
        y = other(x, ann)
        steep = 1 / (ann * 4 * x * y)
        return np.log((1 + steep / x) / (1 + steep / y) / price)

    return find_root(off, (np.full_like(prices, 1e-3), np.full_like(prices, 3.0)), args=(prices,)).x


def other(x, ann):
    """Return y / D on the curve at x / D: a quadratic."""
    b = x + 1 / ann - 1
    return (-b + np.sqrt(b * b + 1 / (ann * x))) / 2


def imports():
    """Return a line for the import, beside NumPy's own; processes, the least of nine each."""
    rounds = [(_imported("hedgecore"), _imported("numpy")) for _ in range(9)]
    ours, theirs = map(min, zip(*rounds, strict=True))
    return [Line("import hedgecore over numpy", ours / theirs, 1.4, "x")]


def _imported(name):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", f"import {name}"], check=True)  # noqa: S603 - our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    return report([*scalars(), *arrays(), *ladders(), *books(), *stableswap(), *imports()])


if __name__ == "__main__":
    sys.exit(main())
