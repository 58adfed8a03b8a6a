"""How long the convex solver takes: ``python benchmarks/convex.py [--check]``.

Ten assets and fifty instruments with limits, certified, warm; and least squares within bounds over
ten instruments and 1e5 scenarios beside SciPy's `lsq_linear`, both in this run, turn by turn. With
``--check`` it fails where a number misses its limit.
"""

# ruff: noqa: ANN001, ANN003, ANN201, S101 - a script that is read and run
import sys
import time
from statistics import median

import numpy as np
from attrs import frozen
from hedgecore_convex_solver import Convex, bounded_least_squares
from scipy.optimize import lsq_linear

import hedgecore as hc

CERTIFIED_MS, FASTER, SAME = 8.0, 5.0, 1e-9


@frozen(kw_only=True)
class Linear:
    """An instrument with a constant delta in one asset."""

    name: str
    asset: str
    units: float
    fee: float
    lot: float = 0.0
    min_size: float = 0.0
    contract_size: float = 1.0

    @property
    def hedges(self):
        return (self.asset,)

    def worth(self, market):
        return self.units * market.price(self.asset)

    def exposure(self, market):
        return hc.Exposure.of(market, self.worth(market), {self.asset: self.units})


def book(seed):
    """Return a target, fifty instruments on ten assets, and limits that bind."""
    rng = np.random.default_rng(seed)
    assets = [f"A{i}" for i in range(10)]
    prices = 10.0 ** rng.uniform(-3, 5, 10)
    market = hc.Market(prices=dict(zip(assets, prices, strict=True)))
    cash = rng.normal(size=10) * 1e6
    held = hc.Portfolio(
        (a, hc.Balance(a), c / p) for a, c, p in zip(assets, cash, prices, strict=True)
    )
    traded = [
        Linear(
            name=f"I{i}",
            asset=assets[i % 10],
            units=rng.uniform(0.1, 10),
            fee=rng.uniform(1e-4, 1e-3),
        )
        for i in range(50)
    ]
    most = {
        each.name: abs(cash[i % 10]) / (prices[i % 10] * each.units) * rng.uniform(0.3, 0.9)
        for i, each in enumerate(traded)
    }
    return held, traded, market, {"position": most, "gross": 3 * float(np.abs(cash).sum())}


def certified(**extra):
    """Return milliseconds of each of 60 certified hedges, exposures included."""
    taken = []
    for seed in range(65):
        held, traded, market, limits = book(seed)
        start = time.perf_counter()
        answer = hc.hedge(held, with_=traded, market=market, solver=Convex(**limits, **extra))
        taken.append(1e3 * (time.perf_counter() - start))
        assert answer.certificate.tier == "exact", answer.notes
    return taken[5:]


def bounded():
    """Return seconds of ours and of SciPy's, and the largest difference of the answers."""
    ours, theirs, apart = [], [], 0.0
    for seed in range(7):
        rng = np.random.default_rng(seed)
        matrix = rng.normal(size=(100_000, 10))
        target = matrix @ rng.normal(size=10) + rng.normal(size=100_000)
        start = time.perf_counter()
        got = bounded_least_squares(matrix, target, -0.5, 0.5)
        between = time.perf_counter()
        judge = lsq_linear(matrix, target, (-0.5, 0.5), method="bvls", tol=1e-14).x
        theirs.append(time.perf_counter() - between)
        ours.append(between - start)
        apart = max(apart, float(np.max(np.abs(got - judge))))
    return median(ours), median(theirs), apart


def main(arguments):
    sigma = {f"A{i}:A{j}": 0.04 * (i == j) + 0.01 for i in range(10) for j in range(i, 10)}
    linear = certified()
    curved = certified(
        minimise={"cost": 1.0, "variance": 1e-7}, covariance=sigma, soft={"delta": 0.0}
    )
    for name, taken in (("cost, 10 x 50", linear), ("cost + variance, 10 x 50", curved)):
        took = f"median {median(taken):.2f} ms, worst {max(taken):.2f} ms"
        print(f"{name}: {took} (limit {CERTIFIED_MS} ms)")
    ours, theirs, apart = bounded()
    took = f"{1e3 * ours:.1f} ms, SciPy {1e3 * theirs:.1f} ms, {theirs / ours:.1f} times"
    print(f"bounded least squares: {took} (limit {FASTER}), apart {apart:.1e} (limit {SAME})")
    missed = median(linear) > CERTIFIED_MS or median(curved) > CERTIFIED_MS
    missed |= theirs / ours < FASTER or apart > SAME
    return int(missed and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
