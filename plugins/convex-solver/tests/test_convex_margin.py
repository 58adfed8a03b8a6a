"""A margin budget, whatever margin is a function of: tiers, slopes, what is sold and bought."""

import numpy as np
import pytest
from hedgecore_convex_solver import Convex
from scipy.optimize import brentq

import hedgecore as hc

HELD = hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])


def perp(name, **rules):
    return hc.build({"kind": "perp", "underlying": "WETH", "name": name, "fee": 0.0, **rules})


def hedged(market, *tools, **limits):
    return hc.hedge(HELD, with_=tools, market=market, solver=Convex(**limits))


def test_tiers_are_met_exactly_and_not_by_their_average(market):
    """5 % up to 4 contracts, 10 % beyond; the rest at 2 %: 240 q = 1500 − 0, so q = 6.25."""
    cheap = perp("P", margin_tiers=[[4, 0.05], [None, 0.1]], fee=1e-4)
    dear = perp("Q", leverage=50, fee=9e-4)
    answer = hedged(market, cheap, dear, margin_budget=1500.0)
    assert answer.quantities == pytest.approx({"P": -6.25, "Q": -3.75}, rel=1e-9)
    assert answer.certificate.status == "exact"
    assert answer.certificate.breakdown["margin"] == pytest.approx(1500.0, rel=1e-9)
    worth = 3000 * 8e-4 / 240  # a unit more of margin moves 1/240 of a contract
    assert answer.certificate.shadow_prices["margin"] == pytest.approx((1500.0, worth), rel=1e-6)
    assert float(answer.margin) == pytest.approx(1500.0, rel=1e-9)


@pytest.mark.parametrize("budget", [650.0, 900.0, 2000.0, 2900.0])
def test_a_margin_that_grows_with_size_is_met_exactly(market, budget):
    """2 % + 1 % per contract of it, as Deribit's: by bisection on the one free number."""
    venue = perp("P", margin_tiers=[[None, 0.02]], margin_slope=0.01, fee=1e-4)
    other = perp("Q", leverage=50, fee=9e-4)

    def over(q):
        return 3000 * (0.02 * q + 0.01 * q**2) + 3000 * (10 - q) / 50 - budget

    most = brentq(over, 0.0, 10.0, xtol=1e-14)
    answer = hedged(market, venue, other, margin_budget=budget)
    assert answer.quantities["P"] == pytest.approx(-most, rel=1e-7)
    assert answer.certificate.status == "exact"
    assert float(answer.margin) <= budget * (1 + 2e-9)


def test_several_that_grow_share_the_budget_by_what_it_saves(market):
    """Equal marginal saving per margin: 2 s_i q_i in one proportion; against a fine grid."""
    slopes, fees = (0.01, 0.02), (1e-4, 2e-4)
    tools = [
        perp(f"P{i}", margin_tiers=[[None, 0.02]], margin_slope=s, fee=f)
        for i, (s, f) in enumerate(zip(slopes, fees, strict=True))
    ]
    dear = perp("Q", leverage=50, fee=9e-4)
    answer = hedged(market, *tools, dear, margin_budget=1400.0)
    a, b = np.meshgrid(np.linspace(0, 10, 2001), np.linspace(0, 10, 2001))
    needs = 3000 * (0.02 * (a + b) + slopes[0] * a**2 + slopes[1] * b**2 + (10 - a - b) / 50)
    cost = 3000 * (fees[0] * a + fees[1] * b + 9e-4 * (10 - a - b))
    best = np.min(np.where((needs <= 1400) & (a + b <= 10), cost, np.inf))
    assert answer.certificate.status == "exact"
    assert answer.certificate.objective <= best + 1e-9
    assert answer.certificate.objective == pytest.approx(best, rel=1e-3)


def test_beyond_the_last_bracket_nothing_is_held(market):
    wall = perp("P", margin_tiers=[[4, 0.05]], fee=1e-4)
    dear = perp("Q", leverage=50, fee=9e-4)
    answer = hedged(market, wall, dear, margin_budget=1500.0)
    assert answer.quantities == pytest.approx({"P": -4.0, "Q": -6.0}, rel=1e-9)
    assert answer.certificate.shadow_prices["position of P"][0] == pytest.approx(-4.0)


def test_options_sold_need_margin_and_those_bought_their_premium():
    """A call written against a coin: the venue's 15 % and its mark, not its mark alone."""
    market = hc.Market(prices={"WETH": 3000.0}, vols={"WETH": 0.6})
    table = {"kind": "option", "name": "C", "underlying": "WETH", "strike": 3000.0}
    rules = {"expiry_years": 0.1, "margin_tiers": [[None, 0.15]], "margin_floor": 0.1, "fee": 3e-4}
    call = hc.build({**table, **rules})
    one = float(call.mark(market).value) + 450.0
    spot = perp("P", fee=9e-3, leverage=1e6)
    answer = hedged(market, call, spot, margin_budget=5 * one)
    assert answer.quantities["C"] == pytest.approx(-5.0, rel=1e-4)
    long = hc.Portfolio([("eth", hc.Balance("WETH"), -10.0)])
    premium = float(call.mark(market).value)
    answer = hc.hedge(
        long, with_=[call, spot], market=market, solver=Convex(margin_budget=5 * premium)
    )
    assert answer.quantities["C"] == pytest.approx(5.0, rel=1e-4)


def test_leverage_of_the_options_stands_for_the_instruments_own(market):
    answer = hedged(market, perp("P", leverage=50), margin_budget=1e4, leverage={"P": 3.0})
    assert answer.certificate.breakdown["margin"] == pytest.approx(1e4, rel=1e-9)
    none = hedged(market, perp("P", leverage=50), margin_budget=9e3, leverage={"P": 3.0})
    assert none.notes[0].endswith("cannot be met together: delta of WETH, margin.")


def test_leverage_is_a_limit_on_all_notionals_of_the_targets_worth(market):
    tools = perp("P", fee=1e-4), perp("Q", fee=5e-4)
    answer = hedged(market, *tools, max_leverage=1.0)
    assert answer.certificate.status == "exact"
    assert (
        "cannot be met together: delta of WETH, leverage"
        in hedged(market, *tools, max_leverage=0.9).notes[0]
    )
    short = hc.Portfolio([("debt", hc.Balance("WETH"), -1.0)])
    with pytest.raises(hc.HedgeError, match="`max_leverage` is of the target's worth"):
        hc.hedge(short, with_=tools, market=market, solver=Convex(max_leverage=2.0))


def test_lots_and_a_margin_that_grows_are_the_best_of_all(market):
    venue = perp("P", margin_tiers=[[None, 0.02]], margin_slope=0.01, fee=1e-4, lot=0.5)
    other = perp("Q", leverage=50, fee=9e-4)
    answer = hedged(market, venue, other, margin_budget=900.0)
    assert answer.quantities["P"] == -3.0  # 3.162 in any amount
    assert answer.quantities["Q"] == pytest.approx(-7.0, rel=1e-9)
    assert answer.certificate.status == "exact"


def test_what_limits_are_worth_is_told_with_lots_too(market):
    answer = hedged(
        market, perp("P", fee=1e-4, lot=1.0), perp("Q", fee=5e-4), position_limits={"P": 4.0}
    )
    assert answer.quantities == pytest.approx({"P": -4.0, "Q": -6.0}, rel=1e-9)
    assert answer.certificate.shadow_prices["position of P"] == pytest.approx((-4.0, 1.2), rel=1e-6)
    assert "What limits are worth is told as if any amount could be ordered." in answer.notes


def test_a_minimum_notional_is_the_least_of_an_order(market):
    """A venue's 10 000: 3.33 contracts. 10 are sold of it; 2 of the dearer."""
    venue = perp("P", fee=1e-4, min_notional=10_000.0)
    small = hc.Portfolio([("eth", hc.Balance("WETH"), 2.0)])
    other = perp("Q", fee=3e-4)
    answer = hc.hedge(small, with_=[venue, other], market=market, solver=Convex())
    assert answer.quantities == pytest.approx({"P": 0.0, "Q": -2.0}, abs=1e-9)
    answer = hedged(market, venue, other)
    assert answer.quantities == pytest.approx({"P": -10.0, "Q": 0.0}, abs=1e-9)
