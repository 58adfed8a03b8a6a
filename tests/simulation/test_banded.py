"""A frame that is decided asset by asset, by a band, is the one that is decided step by step."""

import numpy as np
import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore.errors import SpecError
from hedgecore.simulation import AbstractBand, Margin, simulate
from hedgecore.simulation.engine import band_trades, engine, recording
from simulated import INSTRUMENTS, MARKET, lp, perp, policy

POLICIES = {
    "edge": policy("band", half_width=0.3),
    "centre": policy("band", half_width=800.0, of="cash", to="centre"),
    "worth": policy("band", half_width=0.02, of="worth"),
    "no width": policy("band", half_width=1e-300),
    "whalley-wilmott": policy("whalley-wilmott", aversion=100.0),
    "every": policy("every", steps=3),
    "clock": policy("clock", hours=5.0),
    "interval": policy("interval", hours=6.0),
    "leland": policy("leland", hours=4.0, round_trip=0.002),
    "never": policy("never", at_start=True),
}
"""Policies with a band; `price-move` has none."""
PATHS, STEPS = 70, 48


def run(paths=PATHS, **settings):
    """Run of two assets with a perpetual each, one of which is most often out of range."""
    wide = hc.build(
        {"kind": "uniswap-v3", "assets": ["WBTC", "USDC"], "liquidity": 900.0, "lower": 30_100.0,
         "upper": 30_900.0}
    )  # fmt: skip
    parts = [{"kind": "gbm", "asset": asset} for asset in ("WETH", "WBTC")]
    given = {
        "with_": [perp(funding_rate=1e-4, fee=5e-4), perp("Q", "WBTC", fee=1e-3)],
        "market": MARKET, "days": STEPS / 24.0, "steps": STEPS, "seed": 3, **settings,
    }  # fmt: skip
    model = hc.build({"kind": "correlated", "parts": parts, "correlations": {"WETH:WBTC": 0.5}})
    book = hc.Portfolio([("lp", lp(), 1.0), ("btc", wide, -0.5)])
    return simulate(book, model, paths=paths, ledger=True, **given)


def watch(monkeypatch):
    """Frames that a band decided, as they come."""
    frames, right = [], engine.decide_banded

    def decide(inputs, band, before, stop):
        frames.append(band)
        return right(inputs, band, before, stop)

    monkeypatch.setattr(engine, "decide_banded", decide)
    return frames


@pytest.mark.parametrize("name", POLICIES)
def test_by_a_band_is_step_by_step(name, monkeypatch):
    frames = watch(monkeypatch)
    banded = run(policy=POLICIES[name]).outcome.tallies
    assert frames
    monkeypatch.setattr(engine, "frame_band", lambda *given: None)  # noqa: ARG005
    stepped = run(policy=POLICIES[name]).outcome.tallies
    assert banded.keys() == stepped.keys()
    for tally, number in stepped.items():
        np.testing.assert_allclose(banded[tally], number, rtol=1e-13, atol=1e-9, err_msg=tally)
    assert name == "never" or banded["orders"].sum() > PATHS


@pytest.mark.parametrize("name", POLICIES)
def test_a_run_whose_loops_are_compiled_is_the_same_to_the_last_bit(name, monkeypatch):
    pytest.importorskip("numba")
    plain = run(policy=POLICIES[name]).outcome.tallies
    for module in (band_trades, recording):
        monkeypatch.setattr(module, "is_fast", lambda size: True)  # noqa: ARG005
    fast = run(policy=POLICIES[name]).outcome.tallies
    assert plain.keys() == fast.keys()
    for tally, number in plain.items():
        np.testing.assert_array_equal(fast[tally], number, err_msg=tally)


RULES = {
    "cooldown": {"cooldown": 7.0},
    "least order": {"min_notional": 1500.0},
    "lots": {"with_": [perp(lot=0.01), perp("Q", "WBTC")]},
    "coins": {"with_": [INSTRUMENTS["inverse"], perp("Q", "WBTC")]},
    "memory": {"policy": policy("price-move", move=0.01)},
}


@pytest.mark.parametrize("rule", RULES)
def test_what_a_band_does_not_say_is_decided_step_by_step(rule, monkeypatch):
    frames = watch(monkeypatch)
    run(**{"policy": POLICIES["edge"], **RULES[rule]})
    assert not frames


@pytest.mark.parametrize("name", ["edge", "centre", "no width", "every"])
def test_a_path_that_is_liquidated_is_closed_as_it_is_step_by_step(name, monkeypatch):
    frames = watch(monkeypatch)
    settings = {"policy": POLICIES[name], "margin": Margin(collateral=500.0)}
    banded = run(**settings).outcome.tallies
    assert frames
    monkeypatch.setattr(engine, "frame_band", lambda *given: None)  # noqa: ARG005
    stepped = run(**settings).outcome.tallies
    assert 0 < banded["liquidated"].sum() < PATHS
    for tally in ("orders", "outside", "liquidated"):
        np.testing.assert_array_equal(banded[tally], stepped[tally], err_msg=tally)
    for tally, number in stepped.items():
        np.testing.assert_allclose(banded[tally], number, rtol=1e-13, atol=1e-9, err_msg=tally)


@frozen(kw_only=True)
class Narrower(AbstractBand):
    kind = "narrower"
    to: str = "edge"

    def width(self, now):
        return np.full(now.price.shape, -1.0)


def test_a_width_below_nothing_is_refused_as_it_is_step_by_step():
    with pytest.raises(SpecError, match=r"fraction: must be from 0 to 1"):
        run(policy=Narrower())
