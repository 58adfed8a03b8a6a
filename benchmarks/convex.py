"""How long the convex solver takes: ``python benchmarks/convex.py [--gate]``.

Ten assets and fifty instruments with limits, certified, warm, exposures included: the median over
books of the least of some rounds. And least squares within bounds over ten instruments and 1e5
scenarios, against SciPy's `lsq_linear` in both its ways.
"""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, I001 - a script; ratios before NumPy
import sys
from statistics import median

from ratios import Line, interleaved, report

import numpy as np
from attrs import frozen
from hedgecore_convex_solver import Convex, bounded_least_squares
from scipy.optimize import lsq_linear

import hedgecore as hc

CERTIFIED_MS, FASTER, SAME = 8.0, 5.0, 1e-9
BOOKS = 15


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
    """Return a target, fifty instruments on ten assets, a market, and limits that bind."""
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
    gross = 3 * float(np.abs(cash).sum())
    return held, traded, market, {"position_limits": most, "max_gross": gross}


def certified(**extra):
    """Return milliseconds of the hedge of each of some books; each is certified as exact."""
    workloads = {}
    for seed in range(BOOKS):
        held, traded, market, limits = book(seed)
        solver = Convex(**limits, **extra)

        def work(held=held, traded=traded, market=market, solver=solver):
            return hc.hedge(held, with_=traded, market=market, solver=solver)

        if work().certificate.status != "exact":
            raise AssertionError(work().notes)
        workloads[seed] = work
    return [1e3 * each for each in interleaved(workloads).values()]


def bounded():
    """Return seconds of one fit: ours, and SciPy's two ways; and how far apart the answers are."""
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(100_000, 10))
    target = matrix @ rng.normal(size=10) + rng.normal(size=100_000)
    ways = {
        "ours": lambda: bounded_least_squares(matrix, target, -0.5, 0.5),
        "trf": lambda: lsq_linear(matrix, target, (-0.5, 0.5)).x,
        "bvls": lambda: lsq_linear(matrix, target, (-0.5, 0.5), method="bvls", tol=1e-14).x,
    }
    apart = float(np.max(np.abs(ways["ours"]() - ways["bvls"]())))
    return interleaved(ways), apart


def main():
    sigma = {f"A{i}:A{j}": 0.04 * (i == j) + 0.01 for i in range(10) for j in range(i, 10)}
    curved = {"minimise": {"cost": 1.0, "variance": 1e-7}, "covariance": sigma}
    taken, apart = bounded()
    return report(
        [
            Line("cost, 10 assets x 50", median(certified()), CERTIFIED_MS, "ms"),
            Line(
                "cost and variance, 10 x 50",
                median(certified(**curved, soft={"delta": 0.0})),
                CERTIFIED_MS,
                "ms",
            ),
            Line(
                "lsq_linear over ours, 10 x 1e5",
                taken["trf"] / taken["ours"],
                FASTER,
                "x",
                most=False,
            ),
            Line("its bvls over ours", taken["bvls"] / taken["ours"], FASTER, "x", most=False),
            Line("apart from bvls", apart, SAME, ""),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
