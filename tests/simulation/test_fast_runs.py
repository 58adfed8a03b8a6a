"""Long runs go through compiled loops: the same trades and profits, whoever does them."""

from importlib import import_module

import numpy as np
import pytest

import hedgecore as hc
from hedgecore import fast as compiled
from hedgecore.simulation import simulate
from hedgecore.simulation.simulate import _run

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")
long = import_module("hedgecore.simulation.simulate")  # the package has a function of that name

ROUNDING = 1e-12
"""Of the cash that was traded."""


def run(paths, steps=16, workers=1, *, ledger=True):
    pool = hc.build({"kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5_000.0,
                     "lower": 2_000.0, "upper": 4_500.0})  # fmt: skip
    perp = hc.build({"kind": "perp", "name": "PERP", "underlying": "WETH", "fee": 0.0005,
                     "funding_rate": 1e-4 if ledger else 0.0})  # fmt: skip
    return simulate(
        pool, hc.build({"kind": "gbm", "asset": "WETH"}), with_=[perp],
        market=hc.Market(prices={"WETH": 3_000.0, "USDC": 1.0}, vols={"WETH": 0.8}),
        policy=hc.build({"kind": "band", "half_width": 1.0}),
        days=steps / 24.0, steps=steps, paths=paths, seed=3, ledger=ledger, workers=workers,
    ).outcome.tallies  # fmt: skip


@pytest.fixture(autouse=True)
def loops(monkeypatch):
    """Loops answer, whatever the run says."""
    monkeypatch.setenv(compiled.VARIABLE, "1")


@pytest.fixture
def always(monkeypatch):
    """Every run is long."""
    pytest.importorskip("numba")
    monkeypatch.setattr(long, "LONG", 0)


@pytest.mark.campaign
@pytest.mark.parametrize("ledger", [True, False])
def test_a_long_run_trades_and_earns_as_a_short_one(monkeypatch, ledger):
    pytest.importorskip("numba")
    plain = run(4096, ledger=ledger)
    monkeypatch.setattr(long, "LONG", 0)
    fast = run(4096, ledger=ledger)
    assert np.array_equal(fast["orders"], plain["orders"])
    assert np.abs(fast["pnl"] - plain["pnl"]).max() <= ROUNDING * plain["turnover"].max()


@pytest.mark.campaign
@pytest.mark.usefixtures("always")
def test_any_number_of_workers_gives_the_same_bits_of_a_long_run():
    alone, both = run(4096 + 100, steps=8), run(4096 + 100, steps=8, workers=2)
    assert alone.keys() == both.keys()
    for name, numbers in alone.items():
        assert np.array_equal(numbers, both[name]), name


def asked(_book, size):
    return compiled.is_fast(size)


def test_a_task_in_a_worker_is_compiled_as_the_run_says(monkeypatch):
    monkeypatch.setattr(compiled, "is_installed", lambda: True)
    assert not _run(asked, None, np.inf, 10**9)
    assert _run(asked, None, compiled.MANY, compiled.MANY)
    assert not _run(asked, None, compiled.MANY, compiled.MANY - 1)
    assert compiled.is_fast(compiled.MANY)


@pytest.mark.parametrize("ledger", [True, False])
@pytest.mark.parametrize("paths", [1, 3, 2000])
def test_a_short_run_compiles_nothing(paths, ledger, monkeypatch):
    asked = []
    monkeypatch.setattr(compiled, "is_installed", lambda: True)
    monkeypatch.setattr(compiled.Compiled, "machine_code", property(asked.append))
    run(paths, ledger=ledger)
    assert not asked


def test_a_long_run_asks_for_its_loops(monkeypatch):
    asked = []

    def loop(self):
        asked.append(self.function.__name__)
        raise LookupError

    monkeypatch.setattr(compiled, "is_installed", lambda: True)
    monkeypatch.setattr(compiled.Compiled, "machine_code", property(loop))
    monkeypatch.setattr(long, "LONG", 2000 * 16 + 1)
    run(2000)
    assert not asked
    monkeypatch.setattr(long, "LONG", 2000 * 16)
    with pytest.raises(LookupError):
        run(2000)
    assert asked
