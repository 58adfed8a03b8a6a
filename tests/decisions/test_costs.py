"""Costs, incomes and arbitrage with fees, each by its rule; what is unknown is refused."""

import math

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.simulation import simulate
from simulated import INSTRUMENTS, MARKET, build, lp, perp, policy, simulate_lp
from slow_simulation import Given


def once(cost, contract=None, rows=None, steps=1, **settings):
    """Sell 3 WETH at 2000 at the first step: the cost of that, with a path that stands still."""
    times = np.linspace(0.0, steps / 365, steps + 1)
    path = Given({"WETH": np.full(steps + 1, 2000.0)}, rows=rows, times=times)
    run = simulate(
        hc.Portfolio([("held", hc.Balance("WETH"), 3.0)]), path, market=MARKET,
        with_=[contract or perp()], policy=settings.pop("policy", Late()), costs=[cost], **settings,
    )  # fmt: skip
    assert run.series.held[-1, 0] == pytest.approx(-3.0)
    return run


class Late(hc.AbstractPolicy):
    """All of the way at the first step, and not at the start."""

    kind = "late"

    def fraction(self, now):
        return np.ones(now.delta.shape)

    def initial_fraction(self):
        return 0.0


def test_a_fee_is_the_instruments_or_one_for_all():
    taker = perp(fee=4e-4)
    assert once(build("fee"), taker).ledger["costs"].value == pytest.approx(-6000 * 4e-4)
    run = once(build("fee", rate_of_all=1e-3), taker)
    assert run.ledger["costs"].value == pytest.approx(-6.0)
    with pytest.raises(hc.SpecError, match="the fee of 'P' is unknown"):
        once(build("fee"), perp(fee=None))


def test_an_options_fee_is_capped_as_its_venue_caps_it():
    call = build("option", name="C", underlying="WETH", strike=9000.0, expiry_years=0.02, fee=3e-4,
                 fee_cap=0.125, vol=0.8)  # fmt: skip
    request = hc.HedgeRequest(neutral=("gamma",))
    run = simulate_lp(
        with_=[call],
        request=request,
        costs=[build("fee")],
        days=1.0,
        policy=policy("never", at_start=True),
    )
    start = evolve(MARKET, time=3.0)
    own = float(call.charge(start)) * abs(run.series.held[0, 0])
    assert own < 3e-4 * 2000 * abs(run.series.held[0, 0])
    assert run.ledger["costs"].value == pytest.approx(-own)


def test_half_a_spread_and_gas():
    assert once(build("half-spread", fraction=2e-4)).ledger["costs"].value == pytest.approx(-1.2)
    run = once(build("gas", amount=7.0))
    assert (run.ledger["gas"].value, run.ledger["costs"].value) == (-7.0, 0.0)


def test_impact_is_a_square_root():
    """Y σ_day Q √(Q/V), with σ 0.8 a year and 6000 of 24 million traded that day."""
    due = 0.7 * 0.8 / math.sqrt(365) * 6000 * math.sqrt(6000 / 24e6)
    run = once(build("impact", y=0.7, volume=24e6))
    assert run.ledger["costs"].value == pytest.approx(-due)
    rows = {"volume:WETH": np.full(2, 24e6)}
    assert once(build("impact", y=0.7), rows=rows).ledger["costs"].value == pytest.approx(-due)
    with pytest.raises(hc.SpecError, match="neither given nor among the path's rows"):
        once(build("impact"))


@pytest.mark.parametrize("units", [3.0, -3.0])
def test_a_swap_costs_what_the_pool_takes_over_the_market(units):
    """x·y = k: in closed form, from 500 WETH and a million, at a fee of 30 bp."""
    pool = build("uniswap-v2", assets=["WETH", "USDC"], reserves=[500.0, 1e6], fee=3e-3)
    spot = build("spot", name="P", asset="WETH", fee=0.0)
    cost = build("swap", instrument="P", pool=pool)
    times = np.array([0.0, 0.01])
    run = simulate(
        hc.Portfolio([("held", hc.Balance("WETH"), -units)]),
        Given({"WETH": np.full(2, 2000.0)}, times=times), market=MARKET, with_=[spot],
        policy=Late(), costs=[cost],
    )  # fmt: skip
    bought = 1e6 * units / (500 - units) / (1 - 3e-3) - 2000 * units
    sold = 3 * 2000 - (1e6 - 5e8 / (500 + 3 * (1 - 3e-3)))
    assert -run.ledger["costs"].value == pytest.approx(bought if units > 0 else sold, rel=1e-9)
    assert cost.proportional_rate(_nothing(spot)) == pytest.approx(3e-3)


def _nothing(spot):
    none = np.zeros(1)
    return hc.Trades(
        instruments=[spot], contracts=none, notional=none, charge=none, market=MARKET, vol=none,
        volume=none,
    )  # fmt: skip


def test_a_swap_that_no_pool_can_fill_is_refused():
    pool = build(
        "uniswap-v3", assets=["WETH", "USDC"], liquidity=10.0, lower=1900.0, upper=2100.0, fee=0.0
    )
    spot = build("spot", name="P", asset="WETH", fee=0.0)
    with pytest.raises(hc.SpecError, match="cannot fill an order"):
        once(build("swap", instrument="P", pool=pool), spot)


def test_volume_pays_its_fee_for_a_share_in_range():
    rows = {"volume:WETH": np.array([0.0, 1e6, 2e6, 4e6]), "liquidity:WETH": np.full(4, 27_000.0)}
    prices = np.array([2000.0, 2050.0, 2150.0, 2200.0])
    path = Given({"WETH": prices}, rows=rows, times=np.linspace(0, 0.01, 4))
    pool = evolve(lp(1900.0, 2100.0), fee=5e-4)
    run = simulate(
        hc.Portfolio([("lp", pool, 1.0)]), path, market=MARKET, policy=policy("never"),
        income={"lp": build("fee-volume", liquidity=3000.0)},
    )  # fmt: skip
    due = 5e-4 * 0.1 * np.array([0.0, 1e6, 0.5 * 2e6, 0.0])
    np.testing.assert_allclose(run.series.columns["fees"], due, rtol=1e-12)
    with pytest.raises(hc.SpecError, match="no row 'volume:WETH'"):
        simulate(pool, build("gbm", asset="WETH"), market=MARKET,
                 income={"position": build("fee-volume", share=0.1)})  # fmt: skip
    with pytest.raises(hc.SpecError, match="or liquidity: give one of the two"):
        build("fee-volume")


def test_a_pool_moves_only_once_the_market_leaves_its_fee_band():
    """Up 0.2 %, nothing; up 1 %, to the edge of the band; a step back, nothing."""
    pool = build("uniswap-v2", assets=["WETH", "USDC"], reserves=[500.0, 1e6], fee=3e-3)
    prices = 2000.0 * np.array([1.0, 1.002, 1.01, 1.008])
    path = Given({"WETH": prices}, times=np.linspace(0, 0.01, 4))
    run = simulate(
        hc.Portfolio([("lp", pool, 1.0)]), path, market=MARKET, policy=policy("never"),
        arbitraged=["lp"],
    )  # fmt: skip
    at = prices[2] * (1 - 3e-3)
    base, quote = (float(x) for x in pool.greeks(at).holdings)
    own = np.array([500.0 * prices[0] + 1e6, 500.0 * prices[1] + 1e6, *(base * prices[2:] + quote)])
    fee = 3e-3 / (1 - 3e-3) * (quote - 1e6)
    np.testing.assert_allclose(run.series.columns["fees"], [0, 0, fee, 0], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(run.series.equity, own + fee * np.array([0, 0, 1, 1]), rtol=1e-12)
    assert run.closure < 1e-13


def test_what_is_unknown_or_wrong_is_refused_by_name():
    gbm = build("gbm", asset="WETH")
    cases = [
        ({"income": {"lq": build("fee-rate", per_year=1)}}, "no position is called 'lq' \\(lp\\)"),
        ({"arbitraged": ["lp"]}, "the fee of 'lp' is unknown"),
        ({"paths": 0}, "1 or more"),
        ({"seed": -1}, "0 or more"),
        ({"polcy": None}, "did you mean 'policy'"),
        ({"roll": "yes"}, "strike, moneyness or never"),
        ({"cooldown": -1.0}, "0 or more"),
        ({"times": [0.0, 0.0]}, "ascend from 0"),
        ({"with_": [perp("lp")]}, "called 'lp'"),
        ({"with_": [INSTRUMENTS["future"]]}, "expires within the run"),
    ]  # fmt: skip
    for settings, reason in cases:
        with pytest.raises((hc.SpecError, hc.HedgeError), match=reason):
            simulate(
                hc.Portfolio([("lp", lp(), 1.0)]),
                gbm,
                **{"market": MARKET, "with_": [perp()], **settings},
            )
    with pytest.raises(hc.SpecError, match="market: is needed"):
        simulate(lp(), gbm)


def test_without_a_ledger_the_sums_are_the_same():
    settings = {"paths": 300, "policy": policy("band", half_width=0.5), "with_": [perp(fee=5e-4)]}
    whole, quick = simulate_lp(**settings), simulate_lp(ledger=False, **settings)
    np.testing.assert_allclose(quick.pnl, whole.pnl, rtol=1e-9, atol=1e-7)
    assert quick.metrics["cost"].value == pytest.approx(whole.metrics["cost"].value)
    with pytest.raises(hc.SpecError, match="ledger = false"):
        _ = quick.ledger
    with pytest.raises(hc.SpecError, match="of a single path"):
        _ = whole.series


def test_errors_of_the_metrics_are_those_of_theory():
    """Of a mean σ/√N, of a standard deviation of normals σ/√(2N): the jackknife says the same."""
    run = simulate_lp(
        paths=4000, steps=1, book=hc.Portfolio([("held", hc.Balance("WETH"), 1.0)]), days=0.05,
        policy=policy("never"), with_=[],
    )  # fmt: skip
    std = run.metrics["std"]
    assert run.metrics["mean"].error == pytest.approx(std.value / math.sqrt(4000), rel=0.3)
    assert std.error == pytest.approx(std.value / math.sqrt(8000), rel=0.3)
    assert run.metrics["variance_reduction"].value == pytest.approx(0.0, abs=1e-12)
    tail = np.sort(run.pnl)[:200]
    assert run.metrics["value_at_risk"].value == -tail[-1]
    assert run.metrics["expected_shortfall"].value == pytest.approx(-tail.mean())


def test_a_convex_solver_decides_whether_a_trade_is_worth_its_cost():
    """`interval` asks it: small deltas stay, as they would in a band."""

    def run(weight):
        solver = build(
            "convex",
            minimise={"cost": 1.0, "variance": weight},
            soft={"delta": 0.0},
            covariance={"WETH:WETH": 0.64, "WETH:USDC": 0, "USDC:USDC": 0},
        )
        return simulate_lp(
            solver=solver, policy=policy("interval", hours=24.0), steps=12, days=12.0,
            with_=[perp(fee=1e-3)],
        )  # fmt: skip

    timid, bold = run(1e-6), run(1e-2)
    assert timid.metrics["turnover"].value < bold.metrics["turnover"].value
    assert np.abs(bold.series.delta[1:]).max() < np.abs(timid.series.delta[1:]).max()
