"""Limits hold, and a Greek that they do not allow is met as nearly as they do."""

import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc


@pytest.fixture
def perps(fake):
    return [fake(name=n, delta={"WETH": 1.0}, fee=f) for n, f in (("P", 1e-4), ("Q", 5e-4))]


def hedged(held, tools, market, **settings):
    return hc.hedge(held, with_=tools, market=market, solver=Convex(**settings))


def test_a_range_of_267_within_a_limit_of_150_sells_150(fake, market):
    perp = fake(name="P", delta={"WETH": 1.0}, fee=5e-4, lot=0.001)
    answer = hedged(fake(delta={"WETH": 267.0}), [perp], market, position_limits={"P": 150.0})
    assert answer.quantities == {"P": -150.0}
    assert answer.certificate.status == "exact"
    assert answer.certificate.objective == pytest.approx(150 * 3000 * 5e-4, rel=1e-9)
    assert answer.certificate.breakdown["residual"] == pytest.approx(117 * 3000, rel=1e-12)
    assert answer.unhedged["WETH"] == "as near as the limits allow: position of P"
    assert "cannot be met together: delta of WETH, position of P." in answer.notes[0]


@pytest.mark.parametrize("lot", [0.0, 0.4])
def test_of_hedges_equally_near_the_cheapest(fake, market, lot):
    """24 000 of notional: all of it in the cheaper, and lots of 0.4 do not divide it."""
    tools = [
        fake(name=n, delta={"WETH": 1.0}, fee=f, lot=lot) for n, f in (("P", 1e-4), ("Q", 5e-4))
    ]
    answer = hedged(fake(delta={"WETH": 10.0}), tools, market, max_gross=24_900.0)
    sold = 8.3 if lot == 0 else 8.0
    assert answer.quantities == pytest.approx({"P": -sold, "Q": 0.0}, rel=1e-9)
    assert answer.unhedged["WETH"] == "as near as the limits allow: gross notional"


def test_a_hard_greek_yields_to_no_limit(fake, market, perps):
    held = fake(delta={"WETH": 10.0})
    answer = hedged(held, perps, market, max_gross=24_000.0, hard=["delta"])
    assert answer.certificate.status == "no trade"
    assert answer.quantities == {"P": 0.0, "Q": 0.0}


def test_limits_that_conflict_by_themselves_are_named_and_nothing_is_traded(fake, market, perps):
    limits = {"position_limits": {"P": [-9.0, -5.0]}, "max_gross": 12_000.0}
    answer = hedged(fake(delta={"WETH": 10.0}), perps, market, **limits)
    assert answer.certificate.status == "no trade"
    assert not any(answer.quantities.values())
    said = "No trade: these cannot be met together: position of P, gross notional."
    assert answer.notes[0] == said


def test_a_band_out_of_reach_is_approached(fake, market, perps):
    limits = {"position_limits": {"P": 2.0, "Q": 3.0}, "bands": {"delta:WETH": 3000.0}}
    answer = hedged(fake(delta={"WETH": 10.0}), perps, market, **limits)
    assert answer.quantities == pytest.approx({"P": -2.0, "Q": -3.0}, rel=1e-9)
    assert answer.certificate.breakdown["residual"] == pytest.approx(12_000.0, rel=1e-9)


def test_no_carry_is_worth_being_further_off(fake, market):
    """Paid 90 a day to hold it long, for a year: the delta is what the limit allows."""
    paid = fake(name="P", delta={"WETH": 1.0}, fee=1e-4, daily=90.0)
    answer = hedged(
        fake(delta={"WETH": 10.0}), [paid], market,
        minimise={"cost": 1.0, "carry": 365.0}, position_limits={"P": 4.0},
    )  # fmt: skip
    assert answer.quantities == {"P": -4.0}


def test_of_two_assets_short_of_notional_all_of_it_is_used(fake, market):
    tools = [
        fake(name="E", delta={"WETH": 1.0}, fee=1e-4),
        fake(name="B", delta={"WBTC": 0.05}, fee=1e-4),
    ]
    answer = hedged(
        fake(delta={"WETH": 10.0, "WBTC": 0.1}), tools, market,
        minimise={"cost": 1.0, "variance": 1e-6}, max_gross=30_000.0,
        covariance={"WETH:WETH": 0.4, "WBTC:WBTC": 0.2, "WETH:WBTC": 0.2},
    )  # fmt: skip
    assert answer.certificate.breakdown["residual"] == pytest.approx(6000.0, rel=1e-9)
    used = 3000 * (abs(answer.quantities["E"]) + abs(answer.quantities["B"]))
    assert used == pytest.approx(30_000.0, rel=1e-9)
