"""What a regression of speed would show first, without a clock on the wall: calls, and a ratio.

Goals are measured by `benchmarks/`; this guard is several times wider than any of them, so that no
machine, however busy, fails it, and a loop over prices in Python does at once.
"""

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc

RANGE = {"kind": "uniswap-v3", "assets": ["A", "B"], "liquidity": 5_000.0, "lower": 2_500.0,
         "upper": 3_500.0}  # fmt: skip
KINDS = {
    "uniswap-v3": (RANGE, 3_000.0),
    "curve-stableswap": ({"kind": "curve-stableswap", "assets": ["A", "B"],
                          "amplification": 200.0, "balances": [1e6, 1e6]}, 1.0),
    "lmsr-binary": (None, 0.5),
}  # fmt: skip
BLOCK = 8192
WIDE = 4.0
"""Times the frozen formulas' own time; ours take about half of it."""


@pytest.fixture
def formulas_alone(monkeypatch):
    """Formulas of NumPy, without compiled loops."""
    monkeypatch.setenv("HEDGECORE_FAST", "0")


def calls(work):
    """Count the calls of functions that some work makes, Python's and C's: a number, each time."""
    found = [0]

    def count(_frame, event, _argument):
        found[0] += event in {"call", "c_call"}

    work()
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found[0]


def pool_of(kind):
    table, middle = KINDS[kind]
    if kind not in hc.default_registry():
        pytest.skip(f"{kind} is not installed")
    return hc.build(table or {"kind": kind, **hc.default_registry()[kind].example}), middle


@pytest.mark.usefixtures("formulas_alone")
@pytest.mark.parametrize("kind", KINDS)
def test_calls_grow_with_blocks_of_prices_and_not_with_prices(kind):
    pool, middle = pool_of(kind)
    prices = middle * np.exp(np.random.default_rng(0).normal(0, 0.1, 8 * BLOCK))
    few = calls(partial(pool.greeks, prices[:BLOCK]))
    assert calls(partial(pool.greeks, prices[: BLOCK // 8])) <= few + 8
    assert few < 400
    assert calls(partial(pool.greeks, prices)) <= 9 * few


@pytest.mark.parametrize(
    ("kind", "most"), [("uniswap-v3", 90), ("curve-stableswap", 300), ("lmsr-binary", 90)]
)
def test_a_price_alone_takes_as_many_calls_as_its_formulas(kind, most):
    pool, middle = pool_of(kind)
    assert calls(partial(pool.greeks, 1.01 * middle)) <= most


@frozen(kw_only=True)
class Known(hc.PairPool):
    """A kind on arrays whose formulas cost one call each: what is left is the way to them."""

    kind = "known"
    assets: tuple[str, str] = ("A", "B")

    def _holdings(self, price):
        return price, price

    def _gamma(self, price, holdings):  # noqa: ARG002 - as pools are asked
        return price


@pytest.mark.parametrize("price", [3.0, np.array([3.0])], ids=["number", "array-of-one"])
@pytest.mark.parametrize(
    ("method", "most"), [("value", 32), ("delta", 34), ("gamma", 44), ("greeks", 52)]
)
def test_the_way_to_formulas_of_arrays_is_short(method, most, price):
    """Calls are 20 to 38, and were 52 to 107; the rest is for other versions of NumPy."""
    assert calls(partial(getattr(Known(), method), price)) <= most


@pytest.mark.usefixtures("formulas_alone")
def test_a_range_is_no_slower_than_the_frozen_formulas_by_far(monkeypatch):
    """CPU time over that of the straightforward formulas in the same process, turn by turn."""
    pytest.importorskip("scipy")
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    limits = pytest.importorskip("limits")
    pool, prices = hc.build(RANGE), np.random.default_rng(0).uniform(2_000, 4_000, 200_000)
    works = [partial(pool.greeks, prices), partial(limits.v3_array, prices)]
    least = [np.inf, np.inf]
    for _ in range(7):
        for i, work in enumerate(works):
            begun = time.process_time()
            work()
            least[i] = min(least[i], time.process_time() - begun)
    assert least[0] <= WIDE * least[1]
