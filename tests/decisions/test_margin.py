"""A hedge's margin: used up it is liquidated, and the distance to that is the move still borne."""

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.simulation import Margin, simulate
from simulated import MARKET, perp, policy, simulate_lp
from slow_simulation import Given


def test_a_hedge_whose_margin_is_used_up_is_closed_and_not_taken_up_again():
    prices = np.array([2000.0, 2100.0, 2210.0, 2300.0, 2000.0])
    path = Given({"WETH": prices}, times=np.linspace(0, 0.01, 5))
    run = simulate(
        hc.Portfolio([("held", hc.Balance("WETH"), 3.0)]), path, market=MARKET, with_=[perp()],
        policy=policy("every", steps=1), costs=[],
        margin=Margin(collateral=690.0, maintenance=0.01, penalty=0.02),
    )  # fmt: skip
    np.testing.assert_allclose(run.series.held[:, 0], [-3, -3, 0, 0, 0])
    assert run.ledger["costs"].value == pytest.approx(-0.02 * 3 * 2210)
    assert run.metrics["liquidated"].value == 1.0
    assert run.metrics["liquidation_distance"].value == 0.0
    np.testing.assert_allclose(run.series.equity[-1], 3 * 2000 - 3 * 210 - 132.6)


def test_the_distance_to_liquidation_is_the_move_that_is_still_borne():
    prices = np.array([2000.0, 2100.0, 2200.0, 2000.0])
    path = Given({"WETH": prices}, times=np.linspace(0, 0.01, 4))
    run = simulate(
        hc.Portfolio([("held", hc.Balance("WETH"), 3.0)]), path, market=MARKET, with_=[perp()],
        policy=policy("every", steps=1), costs=[],
        margin=Margin(collateral=1000.0, maintenance=0.01),
    )  # fmt: skip
    assert run.metrics["liquidated"].value == 0.0
    assert run.metrics["liquidation_distance"].value == pytest.approx((400 - 66.0) / 6600)


def test_more_collateral_is_liquidated_less():
    settings = {"paths": 200, "steps": 100, "policy": policy("every", steps=10)}
    share = [
        simulate_lp(margin=Margin(collateral=c), **settings).metrics["liquidated"].value
        for c in (500.0, 1500.0, 1e6)
    ]
    assert share[0] > share[1] > share[2] == 0.0
