"""The premium of a perpetual and its funding, by the venue's rule."""

import math

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.simulation import FundingRule, simulate
from simulated import MARKET, build, perp, policy
from slow_simulation import Given


def test_a_premium_is_marked_and_paid_for_by_the_venues_rule():
    premium = np.r_[0.0, np.full(24, 2e-3)]
    premium[0] = premium[1]
    path = Given(
        {"WETH": np.full(25, 2000.0)},
        rows={"premium:WETH": premium},
        times=np.linspace(0, 1 / 365, 25),
    )
    settings = {
        "market": MARKET,
        "with_": [perp()],
        "costs": [],
        "policy": policy("never", at_start=True),
    }
    held = hc.Portfolio([("held", hc.Balance("WETH"), 3.0)])
    run = simulate(held, path, **settings)
    assert run.ledger["funding"].value == pytest.approx(3 * 6000 * (2e-3 - 5e-4))
    assert run.ledger["basis"].value == 0.0
    path.rows["premium:WETH"][20:] = 1e-3
    moved = simulate(held, path, funding=FundingRule(cap=5e-4), **settings)
    assert moved.ledger["basis"].value == pytest.approx(6000 * 1e-3)
    assert moved.ledger["funding"].value == pytest.approx(3 * 6000 * 5e-4)
    assert moved.pnl[0] == pytest.approx(6000 * 1e-3 + 9.0)
    at_mark = simulate(held, path, funding=FundingRule(on_mark=True), **settings)
    index = simulate(held, path, **settings)
    ratio = at_mark.ledger["funding"].value / index.ledger["funding"].value
    assert 1.001 - 1e-12 < ratio < 1.002 + 1e-12  # premiums of 0.1 % and 0.2 %


def test_a_premium_of_its_own_has_its_law_and_makes_the_venues_rate():
    """Funding is the mean of the rule over the stationary law; basis comes and goes."""
    spread = {"kind": "premium", "asset": "WETH", "half_life": 6.0, "std": 8e-4, "mean": 3e-4}
    path = build(**spread, path={"kind": "gbm", "asset": "WETH", "vol": 1e-6})
    assert hc.build(hc.spec_of(path)) == path
    run = simulate(
        hc.Portfolio([("held", hc.Balance("WETH"), 3.0)]), path, market=MARKET, with_=[perp()],
        costs=[], policy=policy("never", at_start=True), days=10, steps=120, paths=2000,
    )  # fmt: skip
    premium = np.random.default_rng(0).normal(3e-4, 8e-4, 10**6)
    due = 30 * 6000 * float(np.mean(FundingRule().rate(premium)))
    funding, basis = run.ledger["funding"], run.ledger["basis"]
    assert funding.value == pytest.approx(due, abs=4 * funding.error)
    assert basis.value == pytest.approx(0.0, abs=4 * basis.error)
    theirs = 6000 * 8e-4 * math.sqrt(2.0)  # of the difference of two that are independent
    assert basis.error * math.sqrt(2000) == pytest.approx(theirs, rel=0.06)
    assert run.closure < 1e-13


def test_continuous_funding_accrues_in_every_step():
    path = Given({"WETH": np.full(8, 2000.0)}, times=np.linspace(0, 1 / 365, 8))
    run = simulate(
        hc.Portfolio([("held", hc.Balance("WETH"), 3.0)]), path, market=MARKET,
        with_=[perp(funding_rate=1e-4)], policy=policy("never", at_start=True),
        funding=FundingRule(continuous=True),
    )  # fmt: skip
    assert run.ledger["funding"].value == pytest.approx(3 * 6000 * 1e-4)
    assert np.count_nonzero(run.series.columns["funding"]) == 7
