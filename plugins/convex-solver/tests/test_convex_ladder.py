"""The ladder of hedging.md, rung by rung: each is the same call with more options."""

import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

ONE = hc.Market(prices={"S": 1.0})
CARRY = {"minimise": {"cost": 1.0, "carry": 7.0}}


def test_rung_0_one_instrument_and_its_lot(fake, market):
    perp = fake(name="P", delta={"WETH": 0.1}, lot=0.5, fee=5e-4)
    answer = hc.hedge(fake(delta={"WETH": 3.16}), with_=[perp], market=market, solver=Convex())
    assert answer.quantities["P"] == -31.5
    assert abs(answer.after.delta[0]) <= 0.5 * 0.5 * 0.1
    assert answer.certificate.status == "exact"


def test_rung_1_minimum_variance(fake, market):
    rng = np.random.default_rng(1)
    root = rng.normal(size=(3, 3))
    sigma = 0.1 * root @ root.T
    names = ["STETH", "WETH", "WBTC"]
    pairs = {
        f"{a}:{b}": sigma[i, j] for i, a in enumerate(names) for j, b in enumerate(names) if i <= j
    }
    with_ = [fake(name="E", delta={"WETH": 1.0}), fake(name="B", delta={"WBTC": 0.01})]
    solver = Convex(minimise={"variance": 1.0}, soft={"delta": 0.0}, covariance=pairs)
    held = fake(delta={"STETH": 500.0})
    answer = hc.hedge(held, with_=with_, market=market, solver=solver)
    cash = -np.linalg.solve(sigma[1:, 1:], sigma[1:, 0]) * 500 * 2990
    got = [answer.quantities["E"] * 3000, answer.quantities["B"] * 600]
    np.testing.assert_allclose(got, cash, rtol=1e-7)
    assert answer.certificate.status == "exact"


def test_rung_1_a_steth_pool_is_hedged_with_an_eth_perp_by_its_beta(fake, market):
    beta = 0.98 * 0.62 / 0.60
    pairs = {"STETH:STETH": 0.62**2, "WETH:WETH": 0.6**2, "STETH:WETH": 0.98 * 0.6 * 0.62}
    solver = Convex(minimise={"variance": 1.0}, soft={"delta": 0.0}, covariance=pairs)
    perp = fake(name="P", delta={"WETH": 1.0})
    answer = hc.hedge(fake(delta={"STETH": 100.0}), with_=[perp], market=market, solver=solver)
    assert answer.quantities["P"] == pytest.approx(-beta * 100 * 2990 / 3000, rel=1e-7)


@pytest.mark.parametrize("solver", [hc.LeastSquares(), Convex()], ids=["least-squares", "convex"])
def test_rung_2_hull_delta_gamma_vega(fake, solver):
    held = fake(delta={"S": 0.0}, gamma={"S": -5000.0}, vega={"S": -8000.0})
    with_ = [
        fake(name="one", delta={"S": 0.6}, gamma={"S": 0.5}, vega={"S": 2.0}),
        fake(name="two", delta={"S": 0.5}, gamma={"S": 0.8}, vega={"S": 1.2}),
        fake(name="underlying", delta={"S": 1.0}),
    ]
    request = hc.HedgeRequest(neutral=("delta", "gamma", "vega"))
    answer = hc.hedge(held, with_=with_, market=ONE, request=request, solver=solver)
    np.testing.assert_allclose(list(answer.quantities.values()), [400, 6000, -3240], rtol=1e-9)


def test_rung_3_trades_from_positions_that_are_there(fake, market):
    """15 of 25 are short already: the limit of 20 counts them."""
    target, held = fake(delta={"WETH": 25.0}), {"P": -15.0}
    with_ = [
        fake(name="P", delta={"WETH": 1.0}, fee=1e-4),
        fake(name="Q", delta={"WETH": 1.0}, fee=5e-4),
    ]
    solver = Convex(position_limits={"P": 20.0})
    answer = hc.hedge(target, with_=with_, market=market, held=held, solver=solver)
    assert answer.quantities == pytest.approx({"P": -5.0, "Q": -5.0}, rel=1e-9)
    value, worth = answer.certificate.shadow_prices["position of P"]
    assert value == pytest.approx(-20.0)
    assert worth == pytest.approx(3000 * 4e-4, rel=1e-6)


def test_rung_3_carry_pays_for_the_dearer_fee(fake, market):
    held = fake(delta={"WETH": 10.0})
    cheap = fake(name="cheap", delta={"WETH": 1.0}, fee=1e-4, daily=1.0)
    paid = fake(name="paid", delta={"WETH": 1.0}, fee=5e-4, daily=-1.0)
    answer = hc.hedge(held, with_=[cheap, paid], market=market, solver=Convex())
    assert answer.quantities == pytest.approx({"cheap": -10.0, "paid": 0.0}, abs=1e-9)
    solver = Convex(**CARRY, position_limits={"cheap": [0.0, 0.0]})
    answer = hc.hedge(held, with_=[cheap, paid], market=market, solver=solver)
    assert answer.quantities == pytest.approx({"cheap": 0.0, "paid": -10.0}, abs=1e-9)
    assert answer.certificate.breakdown["carry per day"] == pytest.approx(10.0)
    both = hc.hedge(
        held, with_=[cheap, paid], market=market, solver=Convex(**CARRY, max_gross=60000.0)
    )
    assert both.quantities == pytest.approx({"cheap": 5.0, "paid": -15.0}, rel=1e-9)
    assert "gross notional" in both.certificate.shadow_prices


def test_rung_3_square_root_impact_splits_the_order(fake, market):
    """Equal impact: halves. By the marginal cost, four times less of twice the coefficient."""
    with_ = [fake(name="P", delta={"WETH": 1.0}), fake(name="Q", delta={"WETH": 1.0})]
    solver = Convex(impact={"P": 1e-6, "Q": 2e-6})
    answer = hc.hedge(fake(delta={"WETH": 100.0}), with_=with_, market=market, solver=solver)
    assert answer.quantities == pytest.approx({"P": -80.0, "Q": -20.0}, rel=1e-5)
    cost = 1e-6 * (80 * 3000) ** 1.5 + 2e-6 * (20 * 3000) ** 1.5
    assert answer.certificate.objective == pytest.approx(cost + 1e-8 * 300000, rel=1e-10)
    assert answer.certificate.status == "exact"


def test_rung_3_a_priced_residual_is_left_where_a_hedge_costs_more(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=1e-3)
    held = fake(delta={"WETH": 10.0})
    left = hc.hedge(held, with_=[perp], market=market, solver=Convex(soft={"delta": 0.9e-3}))
    done = hc.hedge(held, with_=[perp], market=market, solver=Convex(soft={"delta": 1.1e-3}))
    assert (left.quantities["P"], done.quantities["P"]) == pytest.approx((0.0, -10.0))


def test_rung_3_bands_and_targets(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=1e-3)
    held = fake(delta={"WETH": 10.0})
    band = Convex(bands={"delta:WETH": 6000.0})
    answer = hc.hedge(held, with_=[perp], market=market, solver=band)
    assert answer.quantities["P"] == pytest.approx(-8.0, rel=1e-9)
    assert answer.certificate.shadow_prices["delta of WETH"] == pytest.approx(
        (6000.0, 1e-3), rel=1e-6
    )
    target = Convex(targets={"delta:WETH": -3000.0})
    answer = hc.hedge(held, with_=[perp], market=market, solver=target)
    assert answer.quantities["P"] == pytest.approx(-11.0, rel=1e-9)


def test_rung_3_aggregate_hedges_the_sum(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=1e-3)
    held = fake(delta={"WETH": 10.0, "WBTC": -0.25})
    request = hc.HedgeRequest(assets=("WETH", "WBTC"))
    solver = Convex(aggregate=["delta"])
    answer = hc.hedge(held, with_=[perp], market=market, request=request, solver=solver)
    assert answer.quantities["P"] == pytest.approx(-5.0, rel=1e-9)


def test_rung_3_margin_and_leverage(fake, market):
    with_ = [
        fake(name="P", delta={"WETH": 1.0}, fee=1e-4),
        fake(name="Q", delta={"WETH": 1.0}, fee=5e-4),
    ]
    solver = Convex(margin_budget=9000.0, leverage={"P": 2.0, "Q": 10.0})
    answer = hc.hedge(fake(delta={"WETH": 10.0}), with_=with_, market=market, solver=solver)
    assert answer.quantities == pytest.approx({"P": -5.0, "Q": -5.0}, rel=1e-9)
    assert answer.certificate.breakdown["margin"] == pytest.approx(9000.0)
    assert answer.certificate.shadow_prices["margin"][1] == pytest.approx(1e-3, rel=1e-6)


def test_rung_5_orders_fixed_costs_and_the_least_of_an_order(fake, market):
    with_ = [
        fake(name="P", delta={"WETH": 1.0}, fee=1e-4, min_size=20.0),
        fake(name="Q", delta={"WETH": 1.0}, fee=3e-4, lot=1.0),
        fake(name="R", delta={"WETH": 1.0}, fee=9e-4),
    ]
    held = fake(delta={"WETH": 10.5})
    answer = hc.hedge(held, with_=with_, market=market, solver=Convex())
    assert answer.quantities == pytest.approx({"P": 0.0, "Q": -10.0, "R": -0.5}, rel=1e-9)
    one = hc.hedge(held, with_=with_, market=market, solver=Convex(max_orders=1))
    assert one.quantities == pytest.approx({"P": 0.0, "Q": 0.0, "R": -10.5}, abs=1e-9)
    fixed = hc.hedge(held, with_=with_, market=market, solver=Convex(fixed_cost={"Q": 50.0}))
    assert fixed.quantities == pytest.approx({"P": 0.0, "Q": 0.0, "R": -10.5}, abs=1e-9)
    free = hc.hedge(held, with_=with_, market=market, solver=Convex(enforce_lots=False))
    assert free.quantities == pytest.approx({"P": -10.5, "Q": 0.0, "R": 0.0}, abs=1e-9)
    assert {each.certificate.status for each in (answer, one, fixed, free)} == {"exact"}


def test_curved_objectives_keep_lots(fake, market):
    """Variance 1e-6 d², cost 3e-4: among whole lots the best, by trying them all."""
    perp = fake(name="P", delta={"WETH": 1.0}, fee=3e-4, lot=0.5)
    held = fake(delta={"WETH": 9.8})
    solver = Convex(
        minimise={"cost": 1.0, "variance": 1e-5},
        soft={"delta": 0.0},
        covariance={"WETH:WETH": 0.01},
    )
    answer = hc.hedge(held, with_=[perp], market=market, solver=solver)
    tried = -0.5 * np.arange(41)
    worth = 3e-4 * 3000 * -tried + 0.5e-7 * (3000 * (9.8 + tried)) ** 2
    assert answer.quantities["P"] == tried[np.argmin(worth)]
    assert answer.certificate.objective == pytest.approx(worth.min(), rel=1e-7)
    assert answer.certificate.status == "exact"


def test_margin_is_the_instruments_own_and_grows_with_its_size(market):
    """Two tiers: 5 % up to 4 contracts, 10 % beyond; the budget holds at the size that is held."""
    table = {"kind": "perp", "underlying": "WETH", "margin_tiers": [[4, 0.05], [1e9, 0.1]]}
    perp = hc.build({**table, "name": "P", "fee": 1e-4})
    dear = hc.build(
        {"kind": "perp", "underlying": "WETH", "name": "Q", "fee": 9e-4, "leverage": 50}
    )
    held = hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])
    answer = hc.hedge(held, with_=[perp, dear], market=market, solver=Convex(margin_budget=1500.0))
    got = answer.quantities
    used = sum(float(i.margin(market, abs(got[i.name]))) for i in (perp, dear))
    assert sum(got.values()) == pytest.approx(-10.0)
    assert used <= 1500.0 * (1 + 1e-9)
    assert got["P"] < -3.0
