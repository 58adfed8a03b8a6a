"""How long pools take: ``python benchmarks/pools.py [--gate]``.

Each beside a bare limit of `limits`, and beside SciPy's root finder.
"""

# ruff: noqa: ANN001, ANN201, ANN202, I001 - a script; ratios before NumPy
import math
import resource
import subprocess
import sys
import warnings
from functools import partial

import limits
from ratios import Line, interleaved, measured

import numpy as np
from attrs import frozen
from hedgecore_balancer_weighted import BalancerWeighted
from hedgecore_bins import LiquidityBins
from hedgecore_curve_stableswap import CurveStableswap
from hedgecore_uniswap_v2 import UniswapV2
from hedgecore_uniswap_v3 import ConcentratedRanges, UniswapV3, UniswapV3Position

import hedgecore as hc
from hedgecore.fast import fast_from

RNG = np.random.default_rng(0)


def fused():
    """Return lines for one range at 1e6 prices beside one compiled loop, in new arrays and old."""
    if (loop := limits.compiled(limits.v3_loop)) is None:
        return []
    price, model = RNG.uniform(2_000, 4_000, 1_000_000), UniswapV3(**UniswapV3.example)
    edges = limits.LIQUIDITY, limits.LOWER, limits.UPPER
    old = np.empty((3, len(price)))
    works = {
        "ours": lambda: model.greeks(price),
        "new arrays": lambda: loop(price, *edges, *np.empty((3, len(price)))),
        "old arrays": lambda: loop(price, *edges, *old),
    }
    taken = interleaved(works)
    ours = taken.pop("ours")
    return [
        Line(f"v3 greeks, 1e6: ours over a loop, {where}", ours / time, 6.0, "x")
        for where, time in taken.items()
    ]


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
            "bare": lambda: limits.v3_array(price),
            "weighted": lambda: weighted.gamma(others),
            "dense": lambda: limits.weighted_gamma(others, weighted.balances),
        }
    )
    return [
        Line("v3 greeks, 1e6: bare over ours", taken["bare"] / taken["v3"], 2.0, "x", most=False),
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
    with fast_from(math.inf):
        taken = interleaved({name: lambda m=m: m.greeks(price) for name, m in models.items()})
    return [
        Line("3000 ranges, 1e5: over one", taken["ranges"] / taken["one"], 3.0, "x"),
        Line("2000 bins, 1e5: over one range", taken["bins"] / taken["one"], 3.0, "x"),
    ]


def scalars():
    """Return lines for one price, in microseconds, and over bare Python."""
    models = [cls(**cls.example) for cls in (UniswapV2, UniswapV3, UniswapV3Position)]
    pairs = [(model, 3_000.0) for model in models]
    works = {(m.kind, "value"): lambda m=m, p=p: m.value(p) for m, p in pairs}
    works |= {(m.kind, "greeks"): lambda m=m, p=p: m.greeks(p) for m, p in pairs}
    taken = interleaved({**works, "bare": lambda: limits.v3_scalar(3_000.0)})
    lines = [
        Line(f"one price, {kind} {what}", 1e6 * taken[kind, what], 3.0, "us")
        for kind, what in works
        if kind.startswith("uniswap")
    ]
    over = taken["uniswap-v3", "greeks"] / taken["bare"]
    return [Line("one price, v3 greeks: over bare Python", over, 3.0, "x"), *lines]


@frozen(kw_only=True)
class Known(hc.PairPool):
    """A kind on arrays whose formulas cost nothing: a call of it is the way to them."""

    kind = "known"
    assets: tuple[str, str] = ("A", "B")

    def _holdings(self, price):
        return price, price

    def _gamma(self, price, holdings):  # noqa: ARG002 - as pools are asked
        return price


def shipped():
    """Yield an example of each kind of pool, and an array of one price."""
    registry = hc.default_registry()
    for kind in registry.kinds("hedgecore_pools"):
        model = registry[kind](**registry[kind].example)
        m = len(model.assets) - 1
        yield model, np.full((1, m) if m > 1 else 1, 0.9 / m)


def batches():
    """Return lines for what a call of an array of one costs beside its formulas."""
    one, known = np.array([0.9]), Known()
    works = {"sqrt": lambda: np.sqrt(one)}
    for name in ("value", "delta", "gamma", "greeks"):
        works[name] = partial(getattr(known, name), one)
    kinds = list(shipped())
    for model, price in kinds:
        formula, rows = model._evaluation.holdings, np.reshape(price, (-1, 1))  # noqa: SLF001
        works[model.kind, "value"] = lambda ask=model.value, p=price: ask(p)
        works[model.kind, "formula"] = lambda ask=formula, p=rows: ask(p)
    warnings.simplefilter("ignore")  # of bare formulas at what is no price of theirs
    taken = interleaved(works)
    sqrt = taken["sqrt"]
    beyond = [taken[m.kind, "value"] - taken[m.kind, "formula"] for m, _ in kinds]
    lines = [("of free formulas, value", taken["value"], 8.0), ("delta", taken["delta"], 8.0),
             ("gamma", taken["gamma"], math.inf), ("greeks", taken["greeks"], math.inf),
             ("value less its formula, the worst shipped kind", max(beyond), 8.0)]  # fmt: skip
    return [
        Line(f"a batch of one over np.sqrt: {what}", time / sqrt, goal, "x")
        for what, time, goal in lines
    ]


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
    each = (limits.v3_array(price, liquidity, lower, upper) for price in prices)
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
    works = {"ours": lambda: pair.delta(few), "scipy": lambda: limits.stableswap_roots(few)}
    taken = interleaved(works, rounds=3)
    ratio = taken["scipy"] / taken["ours"]
    return [*lines, Line("find_root over ours, 2 coins", ratio, 20.0, "x", most=False)]


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


def lines():
    parts = scalars, batches, fused, arrays, ladders, books, stableswap, imports
    return [line for part in parts for line in part()]


def main():
    return measured(lines)


if __name__ == "__main__":
    sys.exit(main())
