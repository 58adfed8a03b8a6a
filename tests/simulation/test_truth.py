"""The simulation against a slow and independent one: equity, holdings and every column."""

import math
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import hedgecore as hc
from hedgecore.simulation import simulate
from simulated import INSTRUMENTS, MARKET, agree, build, every, lp, perp, policy, random_walks
from slow_simulation import Given, Slow


def beyond(width):
    return lambda run, t: any(abs(run.delta(t, asset)) > width for asset in run.assets)


def edge(width):
    return lambda _run, _t, delta: max(0.0, 1.0 - width / abs(delta)) if delta else 0.0


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
@settings(max_examples=12)
def test_a_book_is_worth_what_a_plain_loop_says(  # noqa: PLR0917 - hypothesis draws them
    seed, steps, which, amount, extra, rate, usdc, n
):
    prices = random_walks(seed, steps, usdc=usdc)
    times = np.linspace(0.0, steps / 300.0, steps + 1)
    market = evolve(MARKET, rates={"USD": rate})
    held = hc.Portfolio(
        [
            ("lp", lp(), amount),
            ("cash", hc.Balance("WETH"), extra),
            ("old", perp(entry_price=1900.0), -1.0),
        ]
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
@pytest.mark.sample(1)
def test_a_band_trades_when_and_what_a_plain_loop_does(which, seed):
    steps, width = 150, 0.7
    prices, times = random_walks(seed, steps, vol=0.01), np.linspace(0.0, 0.05, steps + 1)
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
    path = Given(random_walks(5, steps, assets=("WETH", "WBTC")), times=times)
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
@pytest.mark.sample(1)
def test_fees_are_earned_in_range_and_put_back_where_they_compound(compounding):
    steps, times = 300, np.linspace(0.0, 0.2, 301)
    path = Given(random_walks(11, steps), times=times)
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
@pytest.mark.sample(1)
def test_an_option_expires_and_rolls(roll):
    steps, times = 90, np.linspace(0.0, 0.09, 91)
    prices = random_walks(3, steps)
    path = Given(prices, times=times, vols={"WETH": np.linspace(0.7, 0.9, 91)})
    call = build("option", name="C", underlying="WETH", strike=2100.0, expiry_years=0.02, fee=0.0)
    own = build("option", name="own", underlying="WETH", option_type="put", strike=1900.0,
                expiry_years=0.05, entry_price=0.0)  # fmt: skip
    held = hc.Portfolio([("lp", lp(), 1.0), ("own", own, -4.0)])

    def when(run, t):  # noqa: ARG001 - while the delta of the call is not 0
        return t <= 15

    traded = simulate(
        held, path, market=MARKET, with_=[call], policy=Early(15), roll=roll,
        costs=[build("gas", amount=1.0)],
    )  # fmt: skip
    slow = Slow(held.parts, [call], path, times, MARKET, when=when, gas=1.0, roll=roll)
    agree(slow, traded)
    assert bool(traded.series.held[-1, 0]) == (roll != "never")


@pytest.mark.parametrize("time", [None, 0.0, 3.0])
def test_an_option_decays_whether_or_not_the_book_says_when(time):
    owned = build("option", name="own", underlying="WETH", option_type="put", strike=2100.0,
                  expiry_years=0.1, entry_price=0.0)  # fmt: skip
    market = hc.Market(prices={"WETH": 2000.0}, vols={"WETH": 0.6}, time=time)
    path = Given({"WETH": np.array([2000.0, 1950.0])}, times=np.array([0.0, 0.08]))
    run = simulate(hc.Portfolio([("own", owned, 1.0)]), path, market=market, with_=[])
    gained = black_put(1950.0, 2100.0, 0.02, 0.6) - black_put(2000.0, 2100.0, 0.1, 0.6)
    equity = np.asarray(run.series.equity)
    assert equity[-1] - equity[0] == pytest.approx(gained, rel=1e-11)


def black_put(price, strike, years, vol):
    spread, law = vol * years**0.5, NormalDist()
    far = math.log(price / strike) / spread + spread / 2
    return strike * law.cdf(spread - far) - price * law.cdf(-far)


class Early(hc.AbstractPolicy):
    """All of the way until a step, and nothing after."""

    kind = "early"

    def __init__(self, steps):
        self.steps = steps

    def fraction(self, now):
        early = np.asarray(now.step) <= self.steps
        return np.broadcast_to(early[..., None], now.delta.shape).astype(float)


def test_funding_is_the_rate_of_the_path_at_the_end_of_each_interval():
    steps, times = 72, np.linspace(0.0, 3 / 365, 73)
    rates = np.random.default_rng(1).normal(1e-4, 3e-4, 73)
    path = Given(random_walks(2, steps, vol=0.005), rows={"funding:WETH": rates}, times=times)
    held = hc.Portfolio([("lp", lp(), 1.0)])
    run = simulate(
        held, path, market=MARKET, with_=[perp()], policy=policy("every", steps=2), costs=[]
    )
    slow = Slow(held.parts, [perp()], path, times, MARKET, when=every(2), funding_row=rates)
    agree(slow, run)
    assert np.count_nonzero(run.series.columns["funding"]) == 9
