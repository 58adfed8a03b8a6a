"""How time and memory grow: ``python benchmarks/growth.py [--gate] [--json] [--once]``.

Time a price at four sizes, each ten times the one before: no cliff. Memory that a call takes beyond
the arrays that it returns, at 1e6 prices: no more than some blocks.
"""

# ruff: noqa: ANN001, ANN201, I001 - a script; ratios before NumPy
import sys
import tracemalloc

from ratios import Line, interleaved, measured

import numpy as np
from hedgecore_balancer_weighted import BalancerWeighted
from hedgecore_curve_stableswap import CurveStableswap
from hedgecore_uniswap_v3 import UniswapV3

RNG = np.random.default_rng(0)
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
STEEPEST, MIB = 2.0, 2.0**20


def time():
    """Return a line for each size but the first: time a price over that at the size before."""
    model = UniswapV3(**UniswapV3.example)
    prices = {size: RNG.uniform(2_000, 4_000, size) for size in SIZES}
    taken = interleaved({size: lambda p=p: model.greeks(p) for size, p in prices.items()})
    each = [taken[size] / size for size in SIZES]
    return [
        Line(f"v3 greeks, a price, {size:.0e} over {size // 10:.0e}", now / before, STEEPEST, "x")
        for size, before, now in zip(SIZES[1:], each, each[1:], strict=False)
    ]


def memory():
    """Return a line for each kind: what a call takes beyond its results."""
    many = RNG.uniform(0.9, 1.1, (1_000_000, 2))
    three = {"assets": list("ABC"), "balances": (1e6,) * 3}
    models = {
        UniswapV3(**UniswapV3.example): RNG.uniform(2_000, 4_000, 1_000_000),
        CurveStableswap(amplification=200.0, **three): many,
        BalancerWeighted(weights=(0.5, 0.25, 0.25), **three): many,
    }
    return [
        Line(f"{model.kind}, 1e6, beyond the results", beyond(model, price) / MIB, 4.0, "MiB")
        for model, price in models.items()
    ]


def beyond(model, price):
    """Return bytes."""
    model.greeks(price[:10])  # what is kept is made
    tracemalloc.start()
    greeks = model.greeks(price)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - sum(part.nbytes for part in (greeks.value, greeks.gamma, greeks.holdings))


def lines():
    return [*time(), *memory()]


def main():
    return measured(lines)


if __name__ == "__main__":
    sys.exit(main())
