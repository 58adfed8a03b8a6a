"""How long simulations take: ``python benchmarks/simulation.py [--gate]``.

Monte Carlo of a delta band on a Uniswap v3 position, 1e5 paths of 8760 hours, against drawing its
random numbers and doing nothing with them; what it holds in memory per path, for a month and for a
year; and a backtest of one path, per step. More of the paths' time is spent in the range, and on
trades, the narrower the band is: the goal is for the wider one, the narrower is shown beside it.
"""

# ruff: noqa: ANN001, ANN201, I001 - a script; ratios before NumPy
import sys
import time
from functools import partial
import tracemalloc

from ratios import Line, interleaved, report

import numpy as np

import hedgecore as hc
from hedgecore.simulation.band_engine import eligibility
from hedgecore.simulation.price_models.gbm import GBM
from hedgecore.decisions.policies.band import Band
from hedgecore.simulation import Simulation, simulate
from hedgecore.simulation.blocks import blocks

PATHS, STEPS, YEAR = 100_000, 8760, 365.0
RATIO, BYTES, BACKTEST = 2.2, 200.0, 5.0
ROUNDS = 2
MARKET = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, vols={"WETH": 0.8})
RANGE = {"assets": ["WETH", "USDC"], "liquidity": 5000.0, "lower": 2000.0, "upper": 4500.0}
POOL = hc.build({"kind": "uniswap-v3", **RANGE})
PERP = hc.build(
    {"kind": "perp", "name": "ETH-PERP", "underlying": "WETH", "fee": 0.0005, "funding_rate": 0.0}
)
MOST = float(POOL.delta(RANGE["lower"]))
"""The position's largest delta: bands are parts of it."""


def band_run(part, to="edge", steps=STEPS, paths=PATHS):
    """Return a run of a band whose half-width is a part of the largest delta."""
    return Simulation(
        book=POOL, price_model=GBM(asset="WETH"), policy=Band(half_width=part * MOST, to=to),
        instruments=[PERP], market=MARKET, days=YEAR * steps / STEPS, steps=steps, paths=paths,
    )  # fmt: skip


def done(settings):
    """Return the outcomes of all blocks, as `simulate` has them with one worker."""
    return [
        o
        for group in eligibility.group_blocks(blocks(settings.paths))
        for o in eligibility.simulate_blocks(settings, group)
    ]


def floor():
    """Return the seconds that a year's random numbers take, from a twentieth of them."""
    rng, room = np.random.default_rng(0), np.empty((8, 4096))
    count = PATHS * STEPS // (20 * room.size)
    start = time.process_time()
    for _ in range(count):
        rng.standard_normal(out=room)
    return (time.process_time() - start) * PATHS * STEPS / (count * room.size)


def ratio(settings):
    """Return our seconds over the floor's, each the least of some rounds, and orders a path."""
    ours, bare, outcomes = [], [], []
    for _ in range(ROUNDS):
        bare.append(floor())
        start = time.process_time()
        outcomes = done(settings)
        ours.append(time.process_time() - start)
    orders = np.concatenate([each.tallies["orders"] for each in outcomes]).mean()
    return min(ours) / min(bare), orders


def held(settings):
    """Return the most bytes held at once, per path."""
    tracemalloc.start()
    done(settings)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / settings.paths


def backtest(steps=43_200):
    """Return microseconds a step of one path, ledger and all."""
    settings = band_run(0.1, steps=steps, paths=1)
    return 1e6 * interleaved({"one": partial(simulate, settings)}, rounds=3)["one"] / steps


def main():
    lines = []
    for part, to, goal in ((0.1, "edge", RATIO), (0.1, "centre", RATIO), (0.05, "edge", np.inf)):
        times, orders = ratio(band_run(part, to))
        what = f"band of {part:.0%} of the range's delta to its {to}, {orders:.0f} orders a path"
        lines.append(Line(what, times, goal, "× the generator"))
    for steps in (STEPS // 12, STEPS):
        what = f"memory, {steps} steps"
        lines.append(Line(what, held(band_run(0.1, steps=steps)), BYTES, "bytes a path"))
    lines.append(Line("backtest of one position", backtest(), BACKTEST, "µs a step"))
    return report(lines)


if __name__ == "__main__":
    sys.exit(main())
