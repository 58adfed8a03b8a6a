"""Runs as the build of 2026-11-21, commit 0d3c934, had them: the same trades, the same profits.

Its engine kept every Greek of every leg dense and computed each anew; what is recorded here is what
it said of the workloads of `benchmarks/engine.py`, small.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.simulation import simulate

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

RECORDED = json.loads((Path(__file__).parents[1] / "cases" / "runs" / "engine.json").read_text())
PRICES = {"WETH": 3000.0, "WBTC": 60_000.0, "SOL": 150.0}
VOLS = {"WETH": 0.8, "WBTC": 0.6, "SOL": 1.0}
LIQUIDITY = {"WETH": 5000.0, "WBTC": 1200.0, "SOL": 20_000.0}
CORRELATIONS = {"WETH:WBTC": 0.8, "WETH:SOL": 0.7, "WBTC:SOL": 0.6}
RUNS = {
    "band": (("WETH",), {"kind": "band", "half_width": 2.0}),
    "three": (tuple(PRICES), {"kind": "whalley-wilmott", "aversion": 300.0}),
    "every": (("WETH",), {"kind": "every", "steps": 1}),
}
ROUNDING = 1e-12
"""Of the cash that was traded."""


def position(asset):
    return hc.build(
        {"kind": "uniswap-v3", "assets": [asset, "USDC"], "liquidity": LIQUIDITY[asset],
         "lower": PRICES[asset] / 1.5, "upper": PRICES[asset] * 1.5}
    )  # fmt: skip


def perp(asset):
    return hc.build(
        {"kind": "perp", "name": f"{asset}-PERP", "underlying": asset, "fee": 0.0005,
         "funding_rate": 1e-4}
    )  # fmt: skip


def run(name, paths):
    assets, policy = RUNS[name]
    parts = [{"kind": "gbm", "asset": asset} for asset in assets]
    model = {"kind": "correlated", "parts": parts, "correlations": CORRELATIONS}
    return simulate(
        hc.Portfolio([(f"{asset}-LP", position(asset), 1.0) for asset in assets]),
        hc.build(model if len(parts) > 1 else parts[0]),
        with_=[perp(asset) for asset in assets],
        market=hc.Market(prices={**PRICES, "USDC": 1.0}, vols=VOLS),
        policy=hc.build(policy), days=2.0, steps=48, paths=paths, seed=7, ledger=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_many_paths_trade_as_often_and_gain_what_they_did(name):
    tallies, recorded = run(name, 5).outcome.tallies, RECORDED[name]["paths"]
    cash = max(recorded["turnover"])
    for tally in ("orders", "outside"):
        np.testing.assert_array_equal(tallies[tally], recorded[tally], err_msg=tally)
    for tally, number in recorded.items():
        np.testing.assert_allclose(
            tallies[tally], number, rtol=0, atol=ROUNDING * cash, err_msg=tally
        )


@pytest.mark.parametrize("name", RUNS)
def test_one_path_trades_at_the_steps_it_did_and_what_it_did(name):
    series, recorded = run(name, 1).series, RECORDED[name]["path"]
    orders, equity = np.array(recorded["orders"]), np.array(recorded["equity"])
    np.testing.assert_array_equal(series.orders != 0, orders != 0)
    np.testing.assert_allclose(series.orders, orders, rtol=0, atol=ROUNDING * np.abs(orders).max())
    np.testing.assert_allclose(series.equity, equity, rtol=ROUNDING)
    assert (orders != 0).any(axis=1).sum() > 1
