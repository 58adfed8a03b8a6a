"""How long a backtest takes: ``python benchmarks/backtest.py [--check]``.

One uniswap-v3 position, hedged with a perpetual over 43 200 steps: thirty days of minutes. The
limit is 5 µs of processor time a step, with everything: exposures, decisions, costs, funding, and
the ledger with its attribution. Beside it, in the same run and turn by turn, stands a bare loop in
Python over the same steps that does no more than look at the delta and trade at a band. With
``--check`` it fails where a policy misses the limit.
"""

# ruff: noqa: ANN001, ANN201
import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import math
import sys
import time

import numpy as np

import hedgecore as hc
from hedgecore.simulation import simulate

STEPS, LIMIT, ROUNDS = 43_200, 5.0, 7
LIQUIDITY, LOWER, UPPER, FEE, WIDTH = 5000.0, 1500.0, 3500.0, 5e-4, 0.5
POLICIES = {
    "never": {"kind": "never"},
    "clock, 8 hours": {"kind": "clock", "hours": 8.0},
    "price move, 1 %": {"kind": "price-move", "move": 0.01},
    "band, 0.5 WETH": {"kind": "band", "half_width": WIDTH},
    "whalley-wilmott": {"kind": "whalley-wilmott", "aversion": 300.0},
}


def book():
    """Return a position, what hedges it, and a market."""
    pool = hc.build(
        {"kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": LIQUIDITY, "lower": LOWER,
         "upper": UPPER}
    )  # fmt: skip
    perp = hc.build(
        {"kind": "perp", "name": "ETH-PERP", "underlying": "WETH", "fee": FEE, "funding_rate": 1e-5}
    )
    market = hc.Market(prices={"WETH": 2000.0, "USDC": 1.0}, vols={"WETH": 0.8})
    return pool, perp, market


def run(policy, seed):
    """Return the run of one policy, and its processor time."""
    pool, perp, market = book()
    path = hc.build({"kind": "gbm", "asset": "WETH"})
    start = time.process_time()
    done = simulate(
        pool, path, with_=[perp], market=market, policy=hc.build(policy), days=30, steps=STEPS,
        seed=seed,
    )  # fmt: skip
    return done, time.process_time() - start


def bare(prices):
    """Return the orders of the least loop that could be: the band, and nothing besides."""
    top, held, orders = 1 / math.sqrt(UPPER), 0.0, 0
    start = time.process_time()
    for price in prices:
        delta = LIQUIDITY * (1 / math.sqrt(min(max(price, LOWER), UPPER)) - top) + held
        if abs(delta) > WIDTH:
            held -= math.copysign(abs(delta) - WIDTH, delta)
            orders += 1
    return orders, time.process_time() - start


def main(arguments):
    taken, orders = {name: [] for name in (*POLICIES, "bare")}, {}
    for seed in range(ROUNDS):
        for name, policy in POLICIES.items():
            done, seconds = run(policy, seed)
            taken[name].append(seconds / STEPS * 1e6)
            orders[name] = done.metrics["orders"].value
        prices = 2000 * np.exp(
            np.cumsum(
                0.8 * math.sqrt(1 / 525_600) * np.random.default_rng(seed).standard_normal(STEPS)
            )
        )
        orders["bare"], seconds = bare(prices.tolist())
        taken["bare"].append(seconds / STEPS * 1e6)
    least = {name: min(each) for name, each in taken.items()}
    print(f"{'policy':<18}{'orders':>8}{'µs a step':>11}{'of limit':>10}{'of bare loop':>14}")
    for name, each in least.items():
        ratios = f"{each / LIMIT:>10.2f}{each / least['bare']:>14.1f}"
        print(f"{name:<18}{orders[name]:>8.0f}{each:>11.2f}{ratios}")
    missed = any(least[name] > LIMIT for name in POLICIES)
    return int(missed and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
