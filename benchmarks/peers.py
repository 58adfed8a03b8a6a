"""Ours beside public packages: ``python benchmarks/peers.py [--only NAME]``.

Each peer is pinned, and installed by uv into an environment of its own, where an adapter of a few
lines (adapters/) asks it what we are asked here. Printed are the CPU time of one answer, ours from
arrays as a user would ask, and how far the numbers are apart. A peer that cannot be installed or
imported is skipped, and the reason printed.
"""

# ruff: noqa: ANN001, ANN003, ANN201, ANN202, S603, I001 - a script; ratios before NumPy; it starts uv and peers
import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ratios import interleaved

import numpy as np
from hedgecore_balancer_weighted import BalancerWeighted
from hedgecore_curve_stableswap import CurveStableswap
from hedgecore_uniswap_v2 import UniswapV2
from hedgecore_uniswap_v3 import UniswapV3

import hedgecore as hc
from hedgecore.fast import fast_from

ADAPTERS = Path(__file__).with_name("adapters")
TURNS, LONGEST = 3, 300
COMMIT = "0d3c934"
"""This package as it stood when the goals were set: the peer `before`."""
Q96 = 2.0**96
RNG = np.random.default_rng(0)


class Peer(NamedTuple):
    """A package: its pin, its Python, what both are asked, its workload, and our answer, (N, 2)."""

    pin: str
    python: str
    asked: str
    workload: dict[str, Any]
    ours: Callable[[], np.ndarray]


def demeter():
    """Return the peer that knows delta and gamma of a v3 range."""
    lower, upper, prices = 0.8, 1.25, RNG.uniform(0.7, 1.3, 1000)
    one = 1 / (2 - np.sqrt(lower) - 1 / np.sqrt(upper))
    pool = UniswapV3(assets=("A", "B"), liquidity=one, lower=lower, upper=upper)

    def ours():
        found = pool.greeks(prices)
        return np.stack([found.delta, found.gamma], axis=1)

    workload = {"prices": prices.tolist(), "lower": lower, "upper": upper}
    return Peer("zelos-demeter==1.3.0", "3.11", "delta and gamma of a v3 range", workload, ours)


def degenbot():
    """Return the peer that knows what a v3 range holds, in the contract's integers."""
    ends, liquidity = [int(np.sqrt(each) * Q96) for each in (0.8, 1.25)], 10**21
    roots = [int(each) for each in np.sqrt(RNG.uniform(0.7, 1.3, 1000)) * Q96]
    lower, upper = ((each / Q96) ** 2 for each in ends)
    pool = UniswapV3(assets=("A", "B"), liquidity=float(liquidity), lower=lower, upper=upper)
    prices = np.array([(root / Q96) ** 2 for root in roots])
    workload = {"roots": roots, "lower": ends[0], "upper": ends[1], "liquidity": liquidity}
    asked = "what a v3 range holds"
    return Peer("degenbot==0.5.0", "3.12", asked, workload, lambda: pool.greeks(prices).holdings)


def curvesim():
    """Return the peer that knows StableSwap, of whose few prices we are asked over and over."""
    prices, balances = 1 + RNG.normal(0, 2e-3, 50), (1_000_000, 1_200_000)
    pool = CurveStableswap(assets=("A", "B"), amplification=200.0, balances=balances)
    workload = {"prices": prices.tolist(), "amplification": 200, "balances": balances}
    asked = "balances of a StableSwap pair at a price"
    every = np.tile(prices, 2_000)
    return Peer("curvesim==0.5.0", "3.11", asked, workload, lambda: pool.greeks(every).holdings)


def balancer_maths():
    """Return the peer that knows a weighted pool, in the contract's integers."""
    held, weights = np.array([1000.0, 5e5]), np.array([0.8, 0.2])
    amounts = RNG.uniform(1, 250, 1000)
    after = held[0] + amounts
    left = held[1] * (held[0] / after) ** (weights[0] / weights[1])
    prices = (weights[0] / after) / (weights[1] / left)
    pool = BalancerWeighted(assets=("A", "B"), weights=(0.8, 0.2), balances=tuple(held))
    workload = {"amounts": amounts.tolist(), "balances": held.tolist(), "weights": [0.8, 0.2]}
    asked = "what a weighted pool holds after a trade"
    return Peer(
        "balancer-maths==0.1.2", "3.11", asked, workload, lambda: pool.greeks(prices).holdings
    )


def ammbt():
    """Return the peer that runs trades through a v2 pool, compiled by numba."""
    reserves, prices = (1e3, 3e6), 3e3 * np.exp(np.cumsum(RNG.normal(0, 1e-3, 100_000)))
    base, quote = (np.sqrt(np.prod(reserves) * each) for each in (1 / prices, prices))
    path = np.vstack([reserves, np.stack([base, quote], axis=1)])
    trades = np.maximum(np.diff(path, axis=0), 0.0)
    pool = UniswapV2(assets=("A", "B"), reserves=reserves)
    workload = {"trades": trades.tolist(), "reserves": reserves}
    asked = "reserves of a v2 pool along a path"
    return Peer("ammbt==0.2.0", "3.11", asked, workload, lambda: pool.greeks(prices).holdings)


def before():
    """Return the peer that is this package as it was, without compiled loops on either side."""
    prices = RNG.uniform(2_000, 4_000, 100_000)
    table = {"kind": "uniswap-v3", "assets": ["A", "B"], "liquidity": 5e3}
    table |= {"lower": 2_500.0, "upper": 3_500.0}
    pool = hc.build(table)

    def ours():
        with fast_from(np.inf):
            found = pool.greeks(prices)
        return np.stack([found.delta, found.gamma], axis=1)

    workload = {"prices": prices.tolist(), "table": table}
    return Peer(COMMIT, "3.11", "delta and gamma of a v3 range, 1e5", workload, ours)


PEERS = {
    each.__name__: each for each in (demeter, degenbot, curvesim, balancer_maths, ammbt, before)
}


def python_of(name, peer, folder):
    """Return the Python of a peer's environment, which is made where it is not there.

    Raises:
        subprocess.SubprocessError: it cannot be installed.

    """
    python = folder / name / "bin" / "python"
    if not python.exists():
        _told(["uv", "venv", "--python", peer.python, "--no-python-downloads", str(folder / name)])
    given = _tree(folder / COMMIT) if peer.pin == COMMIT else [peer.pin]
    _told(["uv", "pip", "install", "--python", str(python), *given])
    return python


def _tree(folder):
    """Return the folders of the core and the plugin of an earlier commit, as git has them."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = str(folder / "tree.tar")
    _told(["git", "-C", str(ADAPTERS.parents[1]), "archive", "--output", packed, COMMIT])
    with tarfile.open(packed) as files:
        files.extractall(folder, filter="data")
    return [str(folder), str(folder / "plugins" / "uniswap-v3")]


def _told(command, **options):
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=LONGEST, **options
    )
    return done.stdout


def asker(name, peer, python):
    """Return a call that asks the peer in a process of its own: seconds, and numbers."""
    command = [str(python), str(ADAPTERS / f"ask_{name}.py")]
    own = {**os.environ, "HOME": str(python.parent)}  # some keep settings there, and at first fail
    subprocess.run(command, check=False, capture_output=True, text=True, input="", env=own)

    def ask():
        out = _told(command, input=json.dumps(peer.workload), env=own)
        return json.loads(out.splitlines()[-1])

    return ask


def measure(name, peer, python):
    """Return seconds of one answer, ours and the peer's, and how far apart they are."""
    ask, times, theirs = asker(name, peer, python), [], {}
    for _ in range(TURNS):
        ours = interleaved({name: peer.ours}, rounds=3)[name]
        theirs = ask()
        times.append((ours, theirs["seconds"]))
    found, numbers = np.asarray(peer.ours()), np.array(theirs["numbers"], dtype=float)
    same = found[: len(numbers)]
    apart = float(np.max(np.abs(same - numbers) / np.abs(same).max(axis=0)))
    ours, its = map(min, zip(*times, strict=True))
    return ours / len(found), its / len(numbers), apart


def line(name, folder):
    """Return the line of a peer: what was asked, both times, their ratio, and the difference."""
    peer = PEERS[name]()
    try:
        ours, theirs, apart = measure(name, peer, python_of(name, peer, folder))
    except (subprocess.SubprocessError, OSError) as error:
        told = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return f"{peer.pin:22} skipped: {told[-1] if told else type(error).__name__}"
    return (
        f"{peer.pin:22} {peer.asked:42} {1e6 * ours:9.4f} us {1e6 * theirs:10.3f} us "
        f"{theirs / ours:9.1f} x  {apart:.1e} apart"
    )


def main():
    """Measure the peers that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PEERS, action="append", help="these peers alone")
    parser.add_argument("--environments", type=Path, help="where they are kept; else for this run")
    arguments = parser.parse_args()
    print(f"{'peer':22} {'asked of both':42} {'ours':>12} {'theirs':>13} {'ratio':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.only or PEERS:
            print(line(name, arguments.environments or Path(folder)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
