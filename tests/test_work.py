"""What things cost, counted and not timed: calls and bytes, which no busy machine changes.

Bounds have half as much again as what is there now: another Python or NumPy makes other calls of
its own, and a loop over prices, paths or steps makes them thousandfold.
"""

import sys
import tracemalloc

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.fast import fast_from
from hedgecore.pools.evaluation import BLOCK
from hedgecore.simulation import simulate

pytest.importorskip("hedgecore_uniswap_v3", reason="what is measured are its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

MIB = 2**20
POOL = {"kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5_000.0, "lower": 2_000.0,
        "upper": 4_500.0}  # fmt: skip


@pytest.fixture(autouse=True)
def formulas():
    """Return within a context without compiled loops, which make no calls to count."""
    with fast_from(np.inf):
        yield


def calls(function):
    """Return how many calls a function makes, of Python's functions and of C's."""
    function()  # what is found once is there
    count = 0

    def follow(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(follow)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def most_bytes(function):
    """Return the most memory that a function holds at once, beyond what was there."""
    function()
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def run(steps, policy, paths=4096):
    path = hc.build({"kind": "gbm", "asset": "WETH"})
    perp = hc.build({"kind": "perp", "name": "PERP", "underlying": "WETH", "fee": 0.0005,
                     "funding_rate": 1e-4})  # fmt: skip
    market = hc.Market(prices={"WETH": 3_000.0, "USDC": 1.0}, vols={"WETH": 0.8})
    return simulate(
        hc.build(POOL), path, with_=[perp], market=market, policy=hc.build(policy),
        days=steps / 24.0, steps=steps, paths=paths, seed=3, ledger=True,
    )  # fmt: skip


def test_one_price_is_a_few_calls():
    pool = hc.build(POOL)
    assert calls(lambda: pool.value(3_000.0)) <= 41
    assert calls(lambda: pool.greeks(3_000.0)) <= 65


def test_an_array_is_the_same_calls_for_each_block():
    pool = hc.build(POOL)
    few, many = (np.linspace(1_000, 5_000, blocks * BLOCK) for blocks in (2, 12))
    each = (calls(lambda: pool.greeks(many)) - calls(lambda: pool.greeks(few))) / 10
    assert each <= 85


def test_an_array_takes_the_memory_of_its_results():
    pool, prices = hc.build(POOL), np.linspace(1_000, 5_000, 500_000)
    results = 4 * prices.nbytes
    assert most_bytes(lambda: pool.greeks(prices)) <= results + 2 * MIB


POLICIES = [
    {"kind": "band", "half_width": 1.0},
    {"kind": "whalley-wilmott"},
    {"kind": "every", "steps": 1},
]


@pytest.mark.parametrize("policy", POLICIES, ids=[policy["kind"] for policy in POLICIES])
def test_a_run_is_the_same_calls_for_each_frame(policy):
    """Some thousand paths go through eight steps in a frame: a call a path would be seen."""
    each = (calls(lambda: run(48, policy)) - calls(lambda: run(16, policy))) / 4
    assert each <= 5_600


def test_a_run_takes_no_more_memory_for_more_steps():
    policy = {"kind": "band", "half_width": 1.0}
    short, long = (most_bytes(lambda s=steps: run(s, policy)) for steps in (32, 128))
    assert long <= 1.05 * short <= 18 * MIB
