"""The simulation against a slow and independent one: equity, holdings and every column."""

from itertools import product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_simulation import Given, Slow

import hedgecore as hc
from hedgecore.simulation import COLUMNS, simulate

MARKET = hc.Market(
    prices={"WETH": 2000.0, "WBTC": 30_000.0, "USDC": 1.0}, numeraire="USD",
    vols={"WETH": 0.8, "WBTC": 0.6}, time=3.0,
)  # fmt: skip


def build(kind, **table):
    return hc.build({"kind": kind, **table})


def lp(lower=1700.0, upper=2400.0, liquidity=3000.0):
    return build("uniswap-v3", assets=["WETH", "USDC"], liquidity=liquidity, lower=lower, upper=upper)


def perp(name="P", underlying="WETH", **more):
    return build("perp", name=name, underlying=underlying, **more)


INSTRUMENTS = {
    "perp": perp(funding_rate=1e-4),
    "in-coins": perp(settlement="USDC", funding_rate=-2e-4),
    "inverse": build("inverse-perp", name="P", underlying="WETH", contract_size=100.0),
    "spot": build("spot", name="P", asset="WETH"),
    "loan": build("loan", name="P", asset="WETH", borrow_rate=0.03),
    "future": build("future", name="P", underlying="WETH", expiry_years=0.02, basis=0.08),
}


def walked(seed, steps, vol=0.02, assets=("WETH",), usdc=0.0):
    rng = np.random.default_rng(seed)
    prices = {
        a: float(MARKET.price(a)) * np.exp(np.r_[0.0, np.cumsum(vol * rng.standard_normal(steps))])
        for a in assets
    }
    if usdc:
        prices["USDC"] = np.exp(usdc * rng.standard_normal(steps + 1))
    return prices


def agree(slow, run, columns=COLUMNS):
    """Equity, contracts and every column are the same at every step, to rounding."""
    equity, held = slow.run()
    scale = np.abs(equity).max() + run.outcome.tallies["turnover"].max()
    np.testing.assert_allclose(run.series.equity, equity, rtol=0, atol=1e-9 * scale)
    size = np.abs(held).max(initial=1e-9)
    np.testing.assert_allclose(run.series.held, held, rtol=0, atol=1e-9 * size)
    for name in columns:
        mine, theirs = run.series.columns[name], slow.columns[name]
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-9 * scale, err_msg=name)
    assert run.closure < 1e-12


def every(n):
    return lambda run, t: t % n == 0


def beyond(width):
    return lambda run, t: any(abs(run.delta(t, asset)) > width for asset in run.assets)


def edge(width):
    return lambda run, t, delta: max(0.0, 1.0 - width / abs(delta)) if delta else 0.0


def policy(kind, **table):
    return build(kind, **table)


@given(
    seed=st.integers(0, 10**6),
    steps=st.integers(1, 25),
    which=st.sampled_from(sorted(INSTRUMENTS)),
    amount=st.floats(-3.0, 3.0),
    extra=st.floats(-5.0, 5.0),
    rate=st.sampled_from([0.0, 0.05]),
    usdc=st.sampled_from([0.0, 0.003]),
    n=st.integers(1, 7),
)
@settings(max_examples=12, deadline=None)
def test_a_book_is_worth_what_a_plain_loop_says(seed, steps, which, amount, extra, rate, usdc, n):
    prices = walked(seed, steps, usdc=usdc)
    times = np.linspace(0.0, steps / 300.0, steps + 1)
    market = evolve(MARKET, rates={"USD": rate})
    held = hc.Portfolio(
        [("lp", lp(), amount), ("cash", hc.Balance("WETH"), extra), ("old", perp(entry_price=1900.0), -1.0)]
    )
    instrument, path = INSTRUMENTS[which], Given(prices, times=times)
    run = simulate(
        held, path, market=market, with_=[instrument], policy=policy("every", steps=n),
        costs=[build("fee", rate_of_all=7e-4), build("gas", amount=3.0)], roll="never",
    )  # fmt: skip
    slow = Slow(
        held.parts, [instrument], path, times, market, when=every(n), fraction=7e-4, gas=3.0,
        in_cash=which not in ("in-coins", "inverse"),
    )  # fmt: skip
    agree(slow, run)


@pytest.mark.parametrize(("which", "seed"), [*product(["perp", "in-coins", "inverse"], [1, 2])])
def test_a_band_trades_when_and_what_a_plain_loop_does(which, seed):
    steps, width = 150, 0.7
    prices, times = walked(seed, steps, vol=0.01), np.linspace(0.0, 0.05, steps + 1)
    path, held = Given(prices, times=times), hc.Portfolio([("lp", lp(), 1.0)])
    run = simulate(
        held, path, market=MARKET, with_=[INSTRUMENTS[which]],
        policy=policy("band", half_width=width), costs=[build("half-spread", fraction=2e-4)],
    )  # fmt: skip
    slow = Slow(
        held.parts, [INSTRUMENTS[which]], path, times, MARKET, when=beyond(width),
        edge=edge(width), fraction=2e-4,
    )  # fmt: skip
    agree(slow, run)
    assert run.metrics["orders"].value > 10


def test_several_assets_with_an_instrument_each():
    steps, times = 120, np.linspace(0.0, 0.05, 121)
    path = Given(walked(5, steps, assets=("WETH", "WBTC")), times=times)
    pair = build("uniswap-v2", assets=["WBTC", "WETH"], reserves=[100.0, 1500.0])
    held = hc.Portfolio([("lp", lp(), 1.0), ("pair", pair, 0.1)])
    perps = [perp("ETH", funding_rate=1e-4), perp("BTC", "WBTC", contract_size=0.01)]
    run = simulate(
        held, path, market=MARKET, with_=perps, policy=policy("every", steps=3),
        costs=[build("fee", rate_of_all=1e-3)],
    )  # fmt: skip
    slow = Slow(held.parts, perps, path, times, MARKET, when=every(3), fraction=1e-3)
    agree(slow, run)
    by_leg = {name: each.value for name, each in run.attribution().items()}
    assert by_leg.keys() == {"lp", "pair", "ETH", "BTC"}
    assert sum(by_leg.values()) == pytest.approx(run.pnl[0], rel=1e-9)


@pytest.mark.parametrize("compounding", [False, True])
def test_fees_are_earned_in_range_and_put_back_where_they_compound(compounding):
    steps, times = 300, np.linspace(0.0, 0.2, 301)
    path = Given(walked(11, steps), times=times)
    held = hc.Portfolio([("lp", lp(1900.0, 2100.0), 2.0)])
    run = simulate(
        held, path, market=MARKET, with_=[INSTRUMENTS["perp"]], policy=policy("every", steps=5),
        costs=[], income={"lp": build("fee-rate", per_year=0.4, compounding=compounding)},
    )  # fmt: skip
    slow = Slow(
        held.parts, [INSTRUMENTS["perp"]], path, times, MARKET, when=every(5),
        income={"lp": (0.4, compounding)},
    )  # fmt: skip
    agree(slow, run)
    assert 0 < run.ledger["fees"].value < 0.4 * 0.2 * run.outcome.worth


@pytest.mark.parametrize("roll", ["never", "strike", "moneyness"])
def test_an_option_expires_and_rolls(roll):
    steps, times = 90, np.linspace(0.0, 0.09, 91)
    prices = walked(3, steps)
    path = Given(prices, times=times, vols={"WETH": np.linspace(0.7, 0.9, 91)})
    call = build("option", name="C", underlying="WETH", strike=2100.0, expiry_years=0.02)
    own = build("option", name="own", underlying="WETH", option_type="put", strike=1900.0,
                expiry_years=0.05, entry_price=0.0)  # fmt: skip
    held = hc.Portfolio([("lp", lp(), 1.0), ("own", own, -4.0)])
    when = lambda run, t: t <= 15  # noqa: E731 - while the delta of the call is not 0
    traded = simulate(
        held, path, market=MARKET, with_=[call], policy=Early(15), roll=roll,
        costs=[build("gas", amount=1.0)],
    )  # fmt: skip
    slow = Slow(held.parts, [call], path, times, MARKET, when=when, gas=1.0, roll=roll)
    agree(slow, traded)
    assert bool(traded.series.held[-1, 0]) == (roll != "never")


class Early(hc.AbstractPolicy):
    """All of the way until a step, and nothing after."""

    kind = "early"

    def __init__(self, steps):
        self.steps = steps

    def part(self, now):
        early = np.asarray(now.step) <= self.steps
        return np.broadcast_to(early[..., None], now.delta.shape).astype(float)


def test_funding_is_the_rate_of_the_path_at_the_end_of_each_interval():
    steps, times = 72, np.linspace(0.0, 3 / 365, 73)
    rates = np.random.default_rng(1).normal(1e-4, 3e-4, 73)
    path = Given(walked(2, steps, vol=0.005), rows={"funding:WETH": rates}, times=times)
    held = hc.Portfolio([("lp", lp(), 1.0)])
    run = simulate(held, path, market=MARKET, with_=[perp()], policy=policy("every", steps=2), costs=[])
    slow = Slow(held.parts, [perp()], path, times, MARKET, when=every(2), funding_row=rates)
    agree(slow, run)
    assert np.count_nonzero(run.series.columns["funding"]) == 9
