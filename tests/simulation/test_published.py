"""Published numbers, each with the convention under which it is reached.

Sizes are for a laptop; HEDGECORE_DRAWS=100 makes them a hundred times as large.
"""

import os

import numpy as np
import pytest

import hedgecore as hc
from hedgecore.decisions.policies.leland import Leland
from hedgecore.decisions.policies.whalley_wilmott import WhalleyWilmott
from hedgecore.simulation import simulate
from slow_simulation import Given

DRAWS = int(os.environ.get("HEDGECORE_DRAWS", "1"))
HULL = [49, 48.12, 47.37, 50.25, 51.75, 53.12, 53, 51.87, 51.38, 53, 49.88, 48.5, 49.88, 50.37,
        52.13, 51.88, 52.87, 54.87, 54.62, 55.87, 57.25]  # fmt: skip
DELTAS = [.522, .458, .400, .596, .693, .774, .771, .706, .674, .787, .550, .413, .542, .591, .768,
          .759, .865, .978, .990, 1, 1]  # fmt: skip
YEARS = 0.3846  # twenty weeks, as Hull rounds it
WEEK = YEARS / 20


def build(kind, **table):
    return hc.build({"kind": kind, **table})


def stock(lot=0.0):
    return build("spot", name="stock", asset="S", lot=lot, fee=0.0)


def call(strike, years, **more):
    return build(
        "option", name="call", underlying="S", strike=strike, expiry_years=years, entry_price=0.0,
        **more,
    )  # fmt: skip


def market(price, vol, **rates):
    return hc.Market(prices={"S": price, "coin": 1.0}, vols={"S": vol}, rates=rates, time=0.0)


def daily(price=1.0, vol=0.8):
    return hc.Market(prices={"X": price, "Q": 1.0}, vols={"X": vol})


def perp(fee=0.0):
    return build("perp", name="perp", underlying="X", fee=fee, funding_rate=0.0)


def cpmm(fee=None):
    return build("uniswap-v2", assets=["X", "Q"], reserves=[0.5, 0.5], fee=fee)


EVERY = build("every", steps=1)


def test_hull_table_19_2():
    """One path of 20 weeks: 100 000 calls sold, hedged each week with the stock, at 5 % interest.

    Shares are bought to the nearest hundred, as Hull's delta has three digits. What the table calls
    the cumulative cost is the cash spent with its interest, 5 263.3 thousand in the end; at the
    strike 5 000.0 come back, so that the hedge has cost 263.3. His costs are rounded to 100 each
    week: hence ±1 000. After the last row the calls are settled, and the shares are sold.
    """
    times = np.arange(21) * WEEK
    run = simulate(
        hc.Portfolio([("calls", call(50.0, YEARS), -100_000.0)]),
        Given({"S": np.array(HULL)}, times=times), market=market(49.0, 0.2, USD=0.05),
        with_=[stock(lot=100.0)], policy=EVERY, costs=[],
    )  # fmt: skip
    assert run.outcome.worth == pytest.approx(-240_046, abs=1.0)
    held = run.series.held[:, 0] / 100_000
    np.testing.assert_allclose(held[:-1], DELTAS[:-1], atol=0.0005 + 1e-9)
    assert held[-1] == 0.0
    worth_of_hedge = run.series.equity[-1] + 100_000 * (HULL[-1] - 50.0)
    spent = 100_000 * HULL[-1] - worth_of_hedge
    assert spent == pytest.approx(5_263_300, abs=1000)
    assert run.closure < 1e-12


@pytest.mark.parametrize(
    ("weeks", "expected"), [(5, 0.42), (4, 0.38), (2, 0.28), (1, 0.21), (0.5, 0.16), (0.25, 0.13)]
)
def test_hull_table_19_4(weeks, expected):
    """std(cost)/price; GBM with a drift of 13 %, deltas at an interest rate of 5 %.

    The cost is what is paid for shares, added up undiscounted and without interest: with interest
    ¼ of a week would give 0.10, since √Δt is all that is left. So the option is quoted in a coin
    that bears 5 %, and cash bears nothing. The table has two digits, and is a Monte Carlo of its
    own with 1 000 paths: half a digit and three of its standard errors, 1/√2000 of each number,
    are allowed beside ours.
    """
    run = simulate(
        hc.Portfolio([("call", call(50.0, YEARS, quote="coin"), -1.0)]),
        build("gbm", asset="S", drift=0.13), market=market(49.0, 0.2, coin=0.05), with_=[stock()],
        policy=EVERY, costs=[], days=YEARS * 365, steps=round(20 / weeks), paths=2000 * DRAWS,
    )  # fmt: skip
    price = -run.outcome.worth
    std, error = run.metrics["std"]
    theirs = 0.005 + 3 * expected / np.sqrt(2000)
    assert price == pytest.approx(2.40, abs=0.005)
    assert std / price == pytest.approx(expected, abs=theirs + 3 * error / price)


@pytest.mark.parametrize(
    ("n", "expected", "rule"), [(21, 0.42792, 0.44525), (84, 0.21821, 0.22262)]
)
def test_derman_kamal(n, expected, rule):
    """std of a hedged option, S = K = 100, a month, σ 20 %, r = drift = 0, n rebalancings.

    The hedge is made at the start and after each of the first n − 1 of n equal steps. The rule of
    thumb is √(π/4) · vega · σ/√n; exact numbers are a little below.
    """
    run = simulate(
        hc.Portfolio([("call", call(100.0, 1 / 12), 1.0)]), build("gbm", asset="S"),
        market=market(100.0, 0.2), with_=[stock()], policy=EVERY, costs=[], days=365 / 12, steps=n,
        paths=8000 * DRAWS, seed=3,
    )  # fmt: skip
    std, error = run.metrics["std"]
    assert error < 0.015 * expected
    assert std == pytest.approx(expected, abs=3 * error)
    vega = (
        100 * np.sqrt(1 / 12) * np.exp(-((0.2 * np.sqrt(1 / 12) / 2) ** 2) / 2) / np.sqrt(2 * np.pi)
    )
    assert np.sqrt(np.pi / 4) * vega * 0.2 / np.sqrt(n) == pytest.approx(rule, abs=1e-5)


def test_loss_versus_rebalancing():
    """A constant product at 5 % a day, rebalanced for a day: e^(−σ²/8) − 1 = −3.12451 bp.

    The expectation is that of the position itself; the hedge, free of cost, has none, and takes the
    noise away.
    """
    run = simulate(
        cpmm(), build("gbm", asset="X"), market=daily(vol=0.05 * np.sqrt(365)), with_=[perp()],
        policy=EVERY, days=1.0, steps=48, paths=2000 * DRAWS,
    )  # fmt: skip
    mean, error = run.metrics["mean"]
    assert error < 0.02e-4
    assert mean == pytest.approx(-3.12451e-4, abs=2 * error)
    assert run.ledger["gamma"].value == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize(
    ("ratio", "expected"), [(1, 0.1841), (2, 0.1128), (5, 0.0522), (10, 0.0275)]
)
def test_nezlobin_tassy(ratio, expected):
    """What arbitrage takes per block, over σ² and P²|Γ|: 1/(2 + 1.7164 γ/σ), γ twice the fee.

    The pool pays arbitrage at the market's price of each block, net of the fees; hedged with what
    it holds, it loses that and nothing else. Blocks before the 300th, when the pool still stands
    where it began, are left out. The formula is asymptotic in small σ: here 1e-4.
    """
    sigma, settled, blocks = 1e-4, 300, 1500
    paths = (40 if ratio < 5 else 240) * DRAWS
    taken = []
    for steps in (settled, blocks):
        run = simulate(
            hc.Portfolio([("pool", cpmm(fee=ratio * sigma), 1.0)]),
            build("gbm", asset="X", vol=sigma), market=daily(), with_=[perp()], policy=EVERY,
            times=np.arange(steps + 1.0), paths=paths, arbitraged=["pool"], seed=7,
        )  # fmt: skip
        taken.append(-run.pnl)
    curved = 0.25 * (blocks - settled) * sigma**2  # P²|Γ| is a quarter of the worth
    each = (taken[1] - taken[0]) / curved
    error = each.std() / np.sqrt(paths)
    assert error < 0.03 * expected
    assert 1 / (2 + 1.7164 * 2 * ratio) == pytest.approx(expected, abs=1e-4)
    assert each.mean() == pytest.approx(expected, abs=3 * error)


def now(**more):
    one = np.ones(1)
    given = {
        "step": 1, "time": 0.0, "dt": 0.0, "price": 100.0 * one, "delta": one,
        "gamma": 0.05 * np.ones((1, 1)), "vol": one, "cost": 1e-3 * one, "last_time": 0.0,
        "last_price": one, "worth": 0.0,
    }  # fmt: skip
    return hc.Observation(**{**given, **more})


def test_whalley_wilmott_number():
    """Half-width of the band for λ = 1e-3 one way, S = 100, Γ = 0.05, a = 1, rτ = 0."""
    assert WhalleyWilmott(absolute=1.0).width(now())[0] == pytest.approx(0.0721125, abs=5e-8)
    part = WhalleyWilmott(absolute=1.0).fraction(now(delta=np.full(1, -0.1)))
    assert part[0] == pytest.approx(1 - 0.721125, abs=1e-6)


def test_leland_number():
    """1 % for a round trip, weekly, at 20 %: A = 0.2877, and σ̂ = 0.2270 for a short position."""
    policy = Leland(hours=8760 / 52, round_trip=0.01)
    assert policy.number(0.2) == pytest.approx(0.2877, abs=5e-5)
    assert policy.adjusted_vol(0.2) == pytest.approx(0.2270, abs=5e-5)
    long = Leland(hours=8760 / 52, round_trip=0.01, long_gamma=True)
    assert long.adjusted_vol(0.2) == pytest.approx(0.2 * np.sqrt(1 - 0.2877), abs=5e-5)


@pytest.mark.campaign
def test_bands_beat_clocks():
    """A constant product, S₀ = V₀ = 1, 80 % a year, 30 days, 5 bp, looked at every 15 minutes.

    Cost and standard deviation net of costs in bp of V₀: Whalley-Wilmott with a = 300/V₀ to the
    band's edge has 1.36 and 9.3, a clock of 8 hours 2.16 and 10.9; to the centre it costs 2.4 to
    2.7. The hedge at the start, half of V₀ at 5 bp or 2.5 bp, is part of no policy and left out:
    it costs each the same.
    """

    def looked(policy):
        run = simulate(
            cpmm(), build("gbm", asset="X"), market=daily(), with_=[perp(fee=5e-4)], policy=policy,
            days=30, steps=30 * 96, paths=600 * DRAWS, seed=5,
        )  # fmt: skip
        cost, std = run.metrics["cost"], run.metrics["std"]
        return 1e4 * (cost.value - 2.5e-4), 1e4 * cost.error, 1e4 * std.value, 1e4 * std.error

    edge, centre = (
        looked(build("whalley-wilmott", aversion=300.0, to=to)) for to in ("edge", "centre")
    )
    clock = looked(build("clock", hours=8.0))
    assert edge[0] == pytest.approx(1.36, abs=0.005 + 3 * edge[1])
    assert edge[2] == pytest.approx(9.3, abs=0.05 + 3 * edge[3])
    assert clock[0] == pytest.approx(2.16, abs=0.005 + 3 * clock[1])
    assert clock[2] == pytest.approx(10.9, abs=0.05 + 3 * clock[3])
    assert 2.4 - 3 * centre[1] < centre[0] < 2.7 + 3 * centre[1]
    assert edge[0] < clock[0] < centre[0]
    assert edge[2] < clock[2]


def test_a_short_is_paid_a_positive_funding_rate():
    """Short 1 BTC at 60 000, +0.01 % per 8 hours, 7 days: 21 payments of 6, +126.00."""
    short = build("perp", name="short", underlying="S", fee=0.0, funding_rate=1e-4)
    run = simulate(
        hc.Portfolio([("short", short, -1.0)]),
        Given({"S": np.full(169, 60_000.0)}, times=np.linspace(0, 7 / 365, 169)),
        market=market(60_000.0, 0.5), policy=build("never"),
    )  # fmt: skip
    assert run.ledger["funding"].value == pytest.approx(126.0, rel=1e-13)
    assert run.pnl[0] == pytest.approx(126.0, rel=1e-13)
    assert np.count_nonzero(run.series.columns["funding"]) == 21
