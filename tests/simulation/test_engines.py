"""Along time or step by step, alone or among others, in long frames or short: the same numbers."""

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.simulation import Margin, plan, simulate
from hedgecore.simulation.blocks import blocks
from hedgecore.simulation.engine import engine
from hedgecore.simulation.engine.stepwise import decide_stepwise
from simulated import INSTRUMENTS, build, lp, perp, policy, random_walks, simulate_lp
from slow_simulation import Given

POLICIES = {
    "band": policy("band", half_width=0.5),
    "centre": policy("band", half_width=800.0, of="cash", to="centre"),
    "worth": policy("band", half_width=0.05, of="worth"),
    "clock": policy("clock", hours=5.0),
    "every": policy("every", steps=7),
    "leland": policy("leland", hours=4.0, round_trip=0.002),
    "never": policy("never", at_start=True),
    "interval": policy("interval", hours=6.0),
    "price-move": policy("price-move", move=0.03),
    "whalley-wilmott": policy("whalley-wilmott", aversion=100.0),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(
    "rules", [{}, {"cooldown": 7.0, "min_notional": 1500.0}], ids=["", "rules"]
)
def test_windows_along_time_decide_what_steps_do(name, rules, monkeypatch):
    monkeypatch.setattr(engine, "frame_band", lambda *given: None)  # noqa: ARG005
    along = simulate_lp(policy=POLICIES[name], **rules)
    monkeypatch.setattr(engine, "decide_trade_to_trade", decide_stepwise)
    steps = simulate_lp(policy=POLICIES[name], **rules)
    np.testing.assert_array_equal(along.series.orders != 0, steps.series.orders != 0)
    np.testing.assert_allclose(along.series.equity, steps.series.equity, rtol=1e-13)
    for tally, number in steps.outcome.tallies.items():
        np.testing.assert_allclose(along.outcome.tallies[tally], number, rtol=1e-9, atol=1e-7)
    assert name == "never" or along.metrics["orders"].value > 2


@pytest.mark.parametrize("most", [1, 7, 64])
@pytest.mark.sample(1)
def test_steps_per_frame_change_nothing(most, monkeypatch):
    call = build("option", name="C", underlying="WETH", strike=2000.0, expiry_years=0.01, fee=0.0)
    pool = evolve(lp(), fee=3e-3)
    book = hc.Portfolio([("lp", pool, 1.0), ("paid", lp(), 1.0)])
    settings = {
        "with_": [perp(funding_rate=1e-4), call], "roll": "moneyness", "arbitraged": ["lp"],
        "request": hc.HedgeRequest(neutral=("delta", "gamma")), "margin": Margin(collateral=900.0),
        "income": {"paid": build("fee-rate", per_year=0.5, compounding=True)},
        "policy": POLICIES["every"], "paths": 3, "book": book, "steps": 120,
    }  # fmt: skip
    whole = simulate_lp(**settings)
    monkeypatch.setattr(engine, "rows", lambda count: most)  # noqa: ARG005
    parts = simulate_lp(**settings)
    for name, number in whole.outcome.tallies.items():
        np.testing.assert_allclose(parts.outcome.tallies[name], number, rtol=1e-9, atol=1e-7)
    assert whole.outcome.tallies["liquidated"].any()
    assert whole.closure < 1e-13


def test_a_path_among_many_is_the_path_alone():
    prices = random_walks(8, 100)
    path = Given(prices, times=np.linspace(0.0, 0.1, 101))
    alone = simulate_lp(price_model=path)
    many = simulate_lp(price_model=path, paths=5)
    for name, number in alone.outcome.tallies.items():
        np.testing.assert_allclose(
            many.outcome.tallies[name], np.repeat(number, 5), rtol=1e-11, atol=1e-8
        )


def test_the_same_seed_gives_the_same_bits_and_another_gives_others():
    one, two, other = (simulate_lp(paths=9, seed=seed).pnl for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.isclose(one, other).any()


def test_blocks_come_together_in_their_order(monkeypatch):
    monkeypatch.setattr("hedgecore.simulation.blocks.BLOCK", 4)
    run = simulate_lp(paths=10, steps=30)
    each = [engine.simulate_block(run.settings, block) for block in blocks(10)]
    assert [len(one.tallies["pnl"]) for one in each] == [4, 4, 2]
    np.testing.assert_array_equal(run.pnl, np.concatenate([one.tallies["pnl"] for one in each]))
    delta = run.attribution(leg="lp")["delta"]
    assert delta.value == pytest.approx(
        run.ledger["delta"].value - run.attribution(leg="P")["delta"].value
    )
    assert delta.error > 0


@pytest.mark.parametrize("which", ["perp", "inverse", "in-coins", "spot"])
@pytest.mark.sample(2)
def test_a_solver_that_is_asked_says_what_the_quotient_does(which, monkeypatch):
    """One instrument an asset: the fast way is the solver's own answer."""
    settings = {"with_": [INSTRUMENTS[which]], "policy": POLICIES["band"], "paths": 3, "costs": []}
    direct = simulate_lp(**settings)
    monkeypatch.setattr(plan, "is_quotient", lambda *given: False)  # noqa: ARG005
    asked = simulate_lp(**settings)
    np.testing.assert_allclose(asked.pnl, direct.pnl, rtol=1e-9)
    monkeypatch.setattr(hc.LeastSquares, "linear", False)
    np.testing.assert_allclose(simulate_lp(**settings).pnl, direct.pnl, rtol=1e-9)


def test_lots_and_least_orders_are_kept():
    lots = simulate_lp(with_=[perp(lot=0.25, min_size=0.5)], policy=POLICIES["every"])
    orders = lots.series.orders
    np.testing.assert_allclose(orders, np.round(orders / 0.25) * 0.25, atol=1e-12)
    assert np.abs(orders[orders != 0]).min() >= 0.5
    least = simulate_lp(with_=[perp(min_notional=2000.0)], policy=POLICIES["every"])
    placed = least.series.orders[:, 0] != 0
    assert (np.abs(least.series.orders) * least.series.prices)[placed].min() >= 2000.0 * (1 - 1e-12)


def test_a_cooldown_keeps_trades_apart():
    run = simulate_lp(policy=POLICIES["band"], cooldown=9.0)
    when = np.flatnonzero(run.series.orders[:, 0])
    assert np.diff(run.series.times[when] * 8760).min() >= 9.0 - 1e-6
    assert len(when) > 5


def test_a_cooldown_leaves_more_time_outside_the_band():
    free = simulate_lp(policy=POLICIES["band"]).metrics
    cooled = simulate_lp(policy=POLICIES["band"], cooldown=24.0).metrics
    assert cooled["orders"].value < free["orders"].value
    assert cooled["outside"].value > free["outside"].value


def test_delta_and_gamma_are_hedged_with_two_instruments():
    call = build("option", name="C", underlying="WETH", strike=2100.0, expiry_years=0.5, fee=0.0)
    request = hc.HedgeRequest(neutral=("delta", "gamma"))
    both = simulate_lp(
        with_=[perp(), call], request=request, policy=POLICIES["every"], days=4.0, costs=[]
    )
    alone = simulate_lp(policy=POLICIES["every"], days=4.0, costs=[])
    assert both.metrics["std"].value < 0.3 * alone.metrics["std"].value
    assert abs(both.ledger["gamma"].value) < 0.3 * abs(alone.ledger["gamma"].value)


def test_a_pool_that_nothing_moves_stays_as_the_book_takes_it():
    """Its own state holds another amount than the market's prices would."""
    tables = {
        "prices": {"WETH": 2000.0, "USDC": 1.0, "USDT": 1.0},
        "vols": {"WETH": 0.8},
        "position": [
            {
                "name": "stables", "kind": "curve-stableswap", "assets": ["USDT", "USDC"],
                "amplification": 200.0, "balances": [4e4, 9e4], "fee": 1e-4,
            }
        ],
        "instrument": [
            {"name": "P", "kind": "perp", "underlying": "USDT", "fee": 0, "funding_rate": 0}
        ],
    }  # fmt: skip
    book = hc.Book.from_tables(tables)
    still = simulate(book, build("gbm", asset="WETH"), days=1, steps=4, paths=1,
                     policy=POLICIES["every"])  # fmt: skip
    np.testing.assert_allclose(still.series.held[:, 0], -4e4)
    moved = simulate(
        book, build("log-ou", asset="USDT", reversion=50.0, vol=0.01), days=1, steps=4,
        paths=1, policy=POLICIES["every"],
    )  # fmt: skip
    assert abs(moved.series.held[0, 0] + 4e4) > 1e3


def test_a_run_prints_its_metrics_and_hides_its_arrays():
    many = simulate_lp(paths=3, steps=10)
    assert str(many).startswith("3 paths")
    assert f"{many.metrics['std'].value:.6g} ± " in str(many)
    assert repr(many) == "SimulationResult()"
    assert "±" not in str(simulate_lp(steps=10))


def test_limits_bind_what_is_held_and_the_trade_together():
    solver = build("convex", position_limits={"P": 2.0}, soft={"delta": 1.0})
    run = simulate_lp(solver=solver, policy=POLICIES["every"], steps=40)
    assert np.abs(simulate_lp(policy=POLICIES["every"], steps=40).series.held).max() > 3.0
    assert np.abs(run.series.held).max() == pytest.approx(2.0, abs=1e-6)
