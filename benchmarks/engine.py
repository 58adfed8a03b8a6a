"""What the general engine costs: ``python benchmarks/engine.py [--peer PYTHON] [--plain] [sizes]``.

Three workloads, ledger on: one position with a band; three correlated assets with three perpetuals
and Whalley and Wilmott's band; and a trade in every step. Each run is a process of its own, ours
and the peer's turn by turn: PYTHON is an interpreter with another build of hedgecore, as the one of
commit 0d3c934. With --plain, ours without compiled loops is one more: it differs in long runs, as
of 8192 × 8760, where numba is installed. Printed are the least CPU times over that of the same
normal numbers drawn and thrown away, the memory beyond that of the imports, and each over ours.
"""

# ruff: noqa: ANN001, ANN201, I001, S603 - a script; ratios before NumPy; it starts itself
import argparse
import json
import os
import resource
import subprocess
import sys
import time
import tracemalloc

import ratios  # noqa: F401 - one thread

import numpy as np

import hedgecore as hc
from hedgecore.simulation import simulate

PRICES = {"WETH": 3000.0, "WBTC": 60_000.0, "SOL": 150.0}
VOLS = {"WETH": 0.8, "WBTC": 0.6, "SOL": 1.0}
CORRELATIONS = {"WETH:WBTC": 0.8, "WETH:SOL": 0.7, "WBTC:SOL": 0.6}
LIQUIDITY = {"WETH": 5000.0, "WBTC": 1200.0, "SOL": 20_000.0}
KINDS = {
    "band": (("WETH",), {"kind": "band", "half_width": 2.0}),
    "three": (tuple(PRICES), {"kind": "whalley-wilmott", "aversion": 300.0}),
    "every": (("WETH",), {"kind": "every", "steps": 1}),
}
SUMS = ("pnl", "orders", "turnover", "residual", "funding", "costs")


def position(asset):
    """Return a Uniswap v3 position from two thirds to one and a half of the price."""
    lower, upper = PRICES[asset] / 1.5, PRICES[asset] * 1.5
    return hc.build(
        {"kind": "uniswap-v3", "assets": [asset, "USDC"], "liquidity": LIQUIDITY[asset],
         "lower": lower, "upper": upper}
    )  # fmt: skip


def perp(asset):
    """Return a perpetual with funding."""
    return hc.build(
        {"kind": "perp", "name": f"{asset}-PERP", "underlying": asset, "fee": 0.0005,
         "funding_rate": 1e-4}
    )  # fmt: skip


def run(kind, paths, steps):
    """Return the result of a workload."""
    assets, policy = KINDS[kind]
    parts = [{"kind": "gbm", "asset": asset} for asset in assets]
    model = {"kind": "correlated", "parts": parts, "correlations": CORRELATIONS}
    return simulate(
        hc.Portfolio([(f"{asset}-LP", position(asset), 1.0) for asset in assets]),
        hc.build(model if len(parts) > 1 else parts[0]),
        with_=[perp(asset) for asset in assets],
        market=hc.Market(prices={**PRICES, "USDC": 1.0}, vols=VOLS),
        policy=hc.build(policy), days=steps / 24.0, steps=steps, paths=paths, ledger=True,
    )  # fmt: skip


def floor(kind, paths, steps):
    """Return the seconds of drawing a workload's normal numbers and nothing else."""
    rng, room = np.random.default_rng(0), np.empty(32_768)
    start = time.process_time()
    for _ in range(len(KINDS[kind][0]) * paths * steps // room.size):
        rng.standard_normal(out=room)
    return time.process_time() - start


def measure(kind, paths, steps, *, traced):
    """Return what one run took and gave; a traced one tells its memory, the others their time."""
    run(kind, 64, 8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if traced:
        tracemalloc.start()
    start = time.process_time()
    tallies = run(kind, paths, steps).outcome.tallies
    seconds = time.process_time() - start
    most = tracemalloc.get_traced_memory()[1] if traced else 0
    return {
        "seconds": seconds,
        "floor": floor(kind, paths, steps),
        "traced": most / 2**20,
        "resident": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 2**10,
        "sums": {name: float(tallies[name].sum()) for name in SUMS},
    }


def child(name, python, kind, args, *, traced):
    """Return what `measure` says in a process of its own."""
    env = {**os.environ, "HEDGECORE_FAST": "0"} if name == "plain" else None
    command = [python, __file__, "--child", kind, "--paths", str(args.paths), "--steps",
               str(args.steps)]  # fmt: skip
    out = subprocess.run(
        command + ["--traced"] * traced, capture_output=True, text=True, check=True, env=env
    ).stdout
    return json.loads(out)


def compare(kind, args):
    """Print the line of a workload: ours, and those of its peers."""
    pythons = {"ours": sys.executable} | ({"plain": sys.executable} if args.plain else {})
    pythons |= {"peer": args.peer} if args.peer else {}
    found = {name: [] for name in pythons}
    for _ in range(args.rounds):
        for name, python in pythons.items():
            found[name].append(child(name, python, kind, args, traced=False))
    memory = {n: child(n, python, kind, args, traced=True) for n, python in pythons.items()}
    best = {name: min(each["seconds"] for each in runs) for name, runs in found.items()}
    bare = min(each["floor"] for runs in found.values() for each in runs)
    for name in pythons:
        resident = min(each["resident"] for each in found[name])
        print(
            f"{kind:6} {name}: {best[name]:7.2f} s, {best[name] / bare:5.1f} x the generator, "
            f"{memory[name]['traced']:6.1f} MiB traced, {resident:6.1f} MiB resident"
        )
    for name in [*pythons][1:]:
        ours, peer = found["ours"][0]["sums"], found[name][0]["sums"]
        apart = max(abs(ours[n] - peer[n]) / max(1.0, abs(peer[n])) for n in SUMS)
        print(
            f"{kind:6} {name}/ours: {best[name] / best['ours']:.2f} in time, "
            f"{memory[name]['traced'] / memory['ours']['traced']:.2f} in memory; "
            f"sums differ by {apart:.1e}, orders by {ours['orders'] - peer['orders']:g}",
            flush=True,
        )


def main():
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=[*KINDS])
    parser.add_argument("--peer", help="the Python of another build")
    parser.add_argument("--plain", action="store_true", help="ours without compiled loops, too")
    parser.add_argument("--paths", type=int, default=8192)
    parser.add_argument("--steps", type=int, default=720)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--traced", action="store_true", help="of a child: its memory")
    parser.add_argument("--child", choices=[*KINDS], help="measure one run here, print JSON")
    args = parser.parse_args()
    if args.child:
        print(json.dumps(measure(args.child, args.paths, args.steps, traced=args.traced)))
        return
    for kind in args.kinds:
        compare(kind, args)


if __name__ == "__main__":
    main()
