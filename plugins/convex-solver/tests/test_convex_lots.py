"""Whole lots and orders, against trying them all."""

import os
from itertools import product

import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "10"))


@pytest.mark.parametrize("seed", range(DRAWS))
def test_lots_orders_and_minimum_sizes_are_the_best_of_all(fake, market, seed):
    """A priced residual, so that all of the grid may be had; three instruments of 13 lots each."""
    rng = np.random.default_rng(seed)
    lots = rng.choice([0.1, 0.25, 0.5], 3)
    least = lots * rng.integers(0, 4, 3)
    beta = rng.uniform(0.3, 1.2, 3)
    fee, fixed = 10.0 ** rng.uniform(-4, -3, 3), rng.choice([0.0, 0.5, 2.0], 3)
    other = rng.uniform(-0.02, 0.02, 3)
    with_ = [
        fake(
            name=f"I{i}", delta={"WETH": beta[i], "WBTC": other[i]}, fee=fee[i],
            lot=lots[i], min_size=least[i],
        )
        for i in range(3)
    ]  # fmt: skip
    held = {"WETH": rng.uniform(-2, 2), "WBTC": rng.uniform(-0.05, 0.05)}
    orders = int(rng.integers(1, 4))
    soft = 10.0 ** rng.uniform(-3, 0)
    solver = Convex(
        soft={"delta": soft}, fixed_cost={f"I{i}": fixed[i] for i in range(3)}, max_orders=orders,
        position_limits={f"I{i}": 6 * lots[i] for i in range(3)},
    )  # fmt: skip
    answer = hc.hedge(fake(delta=held), with_=with_, market=market, solver=solver)
    grid = np.array(list(product(*(np.arange(-6, 7) * lot for lot in lots))))
    legal = np.all((grid == 0) | (np.abs(grid) >= least * (1 - 1e-9)), axis=1)
    grid = grid[legal & (np.count_nonzero(grid, axis=1) <= orders)]
    notional = 3000 * beta + 60000 * np.abs(other)
    weth = np.abs(3000 * (held["WETH"] + grid @ beta))
    wbtc = np.abs(60000 * (held["WBTC"] + grid @ other))
    cost = np.abs(grid) @ (fee * notional) + (grid != 0) @ fixed
    best = np.min(soft * (weth + wbtc) + cost)
    assert answer.certificate.status == "exact", answer
    assert answer.certificate.objective == pytest.approx(best, rel=1e-7)
    x = np.array(list(answer.quantities.values()))
    assert np.any(np.all(np.isclose(grid, x, rtol=1e-12, atol=1e-12), axis=1))


@pytest.mark.parametrize("seed", range(max(2, DRAWS // 4)))
def test_curved_and_whole_is_the_best_of_all(fake, market, seed):
    rng = np.random.default_rng(seed)
    lots, fee = rng.choice([0.1, 0.25, 0.5], 2), 10.0 ** rng.uniform(-4, -3, 2)
    beta, impact = rng.uniform(0.3, 1.2, 2), 10.0 ** rng.uniform(-7, -5, 2)
    with_ = [fake(name=f"I{i}", delta={"WETH": beta[i]}, fee=fee[i], lot=lots[i]) for i in range(2)]
    held, weight = rng.uniform(-5, 5), 10.0 ** rng.uniform(-6, -3)
    solver = Convex(
        minimise={"cost": 1.0, "variance": weight}, covariance={"WETH:WETH": 0.04},
        soft={"delta": 0.0}, impact={f"I{i}": impact[i] for i in range(2)},
    )  # fmt: skip
    answer = hc.hedge(fake(delta={"WETH": held}), with_=with_, market=market, solver=solver)
    grid = np.array(list(product(*(np.arange(-200, 201) * lot for lot in lots))))
    cash = np.abs(grid) * 3000 * beta
    risk = 0.5 * weight * 0.04 * (3000 * (held + grid @ beta)) ** 2
    best = np.min(cash @ fee + cash**1.5 @ impact + risk)
    assert answer.certificate.objective == pytest.approx(best, rel=2e-6)
    assert answer.certificate.gap <= 1e-5 * best


@pytest.mark.parametrize("weights", [{"carry": 365.0}, {"carry": 1e5}, {"cvar": 50.0}])
def test_with_lots_no_gain_is_worth_leaving_a_hard_greek_for(weights):
    """Paid to be short, or safer long: with lots, delta stays within half of one all the same."""
    market = hc.Market(prices={"WETH": 3000.0})
    held = hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])
    perp = {"kind": "perp", "underlying": "WETH", "fee": 0.0005, "lot": 0.01}
    tools = [
        hc.build({**perp, "name": "A", "funding_rate": 0.005}),
        hc.build({**perp, "name": "B", "funding_rate": 0.0}),
    ]
    solver = Convex(minimise={"cost": 1.0, **weights}, moves={"WETH": [0.0, 0.1]}, max_gross=1e5)
    answer = hc.hedge(held, with_=tools, market=market, solver=solver)
    assert answer.certificate.status != "no trade"
    assert abs(answer.after.delta_cash[0]) <= 0.005 * 3000 * (1 + 1e-9)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"bands": {"delta:WETH": [-9.0, 9000.0]}}, "within the band that was asked for"),
        ({"targets": {"delta:WETH": 3.0}}, "a target was asked for"),
        ({"soft": {"delta": 1e-9}}, "left by what the solver weighs and limits"),
        ({"soft": {"delta": 0.0}, "minimise": {"cost": 1.0}}, "left by what the solver weighs"),
        ({"aggregate": ["delta"]}, "only the sum over all assets was asked for"),
        ({}, "left by lots, minimum sizes and the number of orders"),
        ({"position_limits": {"P": 1.0}}, "as near as the limits allow: position of P"),
        (
            {"position_limits": {"P": 1.0}, "enforce_lots": False, "hard": ["delta"]},
            "nothing is traded: the notes say why",
        ),
    ],
)
def test_what_the_request_leaves_on_purpose_is_not_said_to_be_left_by_lots(asked, why):
    market = hc.Market(prices={"WETH": 3000.0, "WBTC": 6e4})
    parts = [("e", hc.Balance("WETH"), 10.0004), ("b", hc.Balance("WBTC"), -0.01)]
    perp = {"kind": "perp", "underlying": "WETH", "fee": 0.0005, "lot": 0.001, "name": "P"}
    other = {"kind": "perp", "underlying": "WBTC", "fee": 0.0005, "name": "Q"}
    answer = hc.hedge(
        hc.Portfolio(parts), with_=[hc.build(perp), hc.build(other)], market=market,
        solver=Convex(**asked),
    )  # fmt: skip
    assert answer.unhedged["WETH"].startswith(why)


def test_the_number_of_orders_binds_and_one_more_saves_what_asking_for_it_saves():
    market = hc.Market(prices={"WETH": 3000.0})
    held = hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])
    perp = {"kind": "perp", "underlying": "WETH"}
    fees = {"A": 0.0002, "B": 0.0004, "C": 0.0009}
    tools = [hc.build({**perp, "name": name, "fee": fee}) for name, fee in fees.items()]
    limits = {"position_limits": {"A": 6.0, "B": 9.0}, "soft": {"delta": 0.01}}

    def asked(orders):
        return hc.hedge(
            held, with_=tools, market=market, solver=Convex(max_orders=orders, **limits)
        ).certificate

    one, two, three = (asked(orders) for orders in (1, 2, 3))
    saved = one.objective - two.objective
    assert saved > 1.0
    assert one.shadow_prices["number of orders"] == pytest.approx((1.0, saved), rel=1e-6)
    assert "number of orders" not in two.shadow_prices  # the third has nothing to do
    assert "number of orders" not in three.shadow_prices


def test_where_there_is_nothing_to_hedge_no_trade_is_exact():
    market = hc.Market(prices={"WETH": 3000.0})
    held = hc.Portfolio([("none", hc.Balance("WETH"), 0.0)])
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "WETH", "lot": 0.1, "fee": 1e-4})
    answer = hc.hedge(held, with_=[perp], market=market, solver=Convex(fixed_cost={"P": 2.0}))
    assert (answer.quantities, answer.certificate.status) == ({"P": 0.0}, "exact")
    assert answer.unhedged == {}


def test_one_reason_of_several_solvers_is_told_once():
    market = hc.Market(prices={"WETH": 3000.0})
    held = hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])
    perp = {"kind": "perp", "name": "P", "underlying": "WETH", "funding_rate": 0.01}
    endless = Convex(minimise={"carry": 7.0}, soft={"delta": 0.0})
    answer = hc.hedge(held, with_=[hc.build(perp)], market=market, solver=endless)
    assert answer.notes[0].count("set a limit") == 1
    assert "HiGHS, Clarabel" in answer.notes[0]
