"""Scenarios: every position revalued in full, not by its Greeks."""

from itertools import product

import cvxpy as cp
import numpy as np
import pytest
from hedgecore_convex_solver import Convex

import hedgecore as hc

MOVES = {"WETH": np.linspace(-0.3, 0.3, 13).tolist(), "STETH": [-0.05, 0.0, 0.05]}


@pytest.fixture
def perps(fake):
    """Two quadratic instruments, so that the second can offset a pool's gamma."""
    at = {"WETH": 3000.0, "STETH": 2990.0}
    return [
        fake(name="P", delta={"WETH": 1.0}, at=at, fee=3e-4),
        fake(name="Q", delta={"WETH": 0.5}, gamma={"WETH": 0.002}, at=at, fee=2e-3),
        fake(name="R", delta={"STETH": 1.0}, at=at, fee=1e-3),
    ]


def profits(pool, perps, market):
    grid = np.meshgrid(MOVES["WETH"], MOVES["STETH"], indexing="ij")
    weth, steth = 3000 * (1 + grid[0].ravel()), 2990 * (1 + grid[1].ravel())
    there = hc.Market(prices={"WETH": weth, "STETH": steth, "USD": 1.0})
    gains = [each.worth(there) - each.worth(market) for each in (pool, *perps)]
    return gains[0], np.stack(gains[1:], axis=-1)


@pytest.fixture
def held(pool):
    return hc.Portfolio([("lp", pool, 1.0), ("steth", hc.Balance("STETH"), 20.0)])


def options(**terms):
    return Convex(minimise={"cost": 1.0, **terms}, soft={"delta": 0.0}, moves=MOVES)


def test_minimax_is_the_least_worst_loss(held, perps, market):
    answer = hc.hedge(held, with_=perps, market=market, solver=options(minimax=1.0))
    own, gains = profits(held, perps, market)
    x = cp.Variable(3)
    cost = np.array([3e-4 * 3000, 2e-3 * 1500, 1e-3 * 2990]) @ cp.abs(x)
    least = cp.Problem(cp.Minimize(cost + cp.max(-(own + gains @ x)))).solve(solver=cp.CLARABEL)
    assert answer.certificate.status == "exact"
    assert answer.certificate.objective == pytest.approx(least, rel=1e-6)
    got = np.array(list(answer.quantities.values()))
    worst = answer.certificate.breakdown["worst loss"]
    assert worst == pytest.approx(np.max(-(own + gains @ got)), rel=1e-9)
    assert worst < 0.05 * np.max(-own)


@pytest.mark.parametrize("level", [0.0, 0.5, 0.95, 0.99])
def test_cvar_is_the_least_tail(held, perps, market, level):
    solver = Convex(
        minimise={"cost": 1.0, "cvar": 1.0},
        soft={"delta": 0.0},
        moves=MOVES,
        cvar_level=level,
        max_gross=5e5,
    )
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    own, gains = profits(held, perps, market)
    x, a = cp.Variable(3), cp.Variable()
    cost = np.array([3e-4 * 3000, 2e-3 * 1500, 1e-3 * 2990]) @ cp.abs(x)
    tail = a + cp.sum(cp.pos(-(own + gains @ x) - a)) / ((1 - level) * len(own))
    within = [cp.abs(x) @ np.array([3000.0, 1500.0, 2990.0]) <= 5e5]
    least = cp.Problem(cp.Minimize(cost + tail), within).solve(solver=cp.CLARABEL)
    assert answer.certificate.objective == pytest.approx(least, rel=1e-6, abs=1e-5)
    assert answer.certificate.status == "exact"


def test_squares_are_the_least_mean_square(held, perps, market):
    answer = hc.hedge(held, with_=perps, market=market, solver=options(ridge=1.0))
    own, gains = profits(held, perps, market)
    best = np.linalg.lstsq(gains, -own)[0]
    got = np.array(list(answer.quantities.values()))
    least, is_so = (np.mean((own + gains @ each) ** 2) for each in (best, got))
    assert is_so == pytest.approx(least, rel=1e-2)
    assert answer.certificate.objective <= least + np.abs(best) @ [0.9, 3.0, 2.99] + 1e-6


def test_joint_scenarios_are_taken_as_they_are(held, perps, market):
    joint = {"WETH": [-0.3, 0.3], "STETH": [-0.33, 0.31]}
    solver = Convex(minimise={"minimax": 1.0}, soft={"delta": 0.0}, scenarios=joint, max_gross=1e5)
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    assert answer.certificate.status == "exact"


def test_a_perp_is_entered_at_the_market_before_it_is_revalued(market):
    """A new perp is worth 0 in every market, until it is entered; so is one in the target."""
    perp = hc.build({"kind": "perp", "name": "P", "underlying": "WETH"})
    held = hc.Portfolio([("short", perp, -10.0)])
    solver = Convex(minimise={"minimax": 1.0}, soft={"delta": 0.0}, moves={"WETH": [-0.2, 0.2]})
    answer = hc.hedge(held, with_=[perp], market=market, solver=solver)
    assert answer.quantities["P"] == pytest.approx(10.0, rel=1e-9)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "need `moves` or `scenarios`"),
        ({"moves": {"USD": [0.1]}}, "numeraire"),
        ({"scenarios": {"WETH": [0.1], "STETH": [0.1, 0.2]}}, "different lengths"),
        ({"moves": {a: [0.0] * 400 for a in ("WETH", "STETH")}}, "too many"),
    ],
)
def test_scenarios_that_cannot_be_say_why(held, perps, table, says):
    market = hc.Market(prices={"WETH": 3000.0, "STETH": 2990.0, "USD": 1.0})
    with pytest.raises(hc.HedgeError, match=says):
        hc.hedge(held, with_=perps, market=market, solver=Convex(minimise={"minimax": 1}, **table))


def test_a_gain_without_end_is_no_trade_but_a_question(held, perps, market):
    solver = Convex(minimise={"cvar": 1.0}, soft={"delta": 0.0}, moves=MOVES, cvar_level=0.0)
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    assert answer.certificate.status == "no trade"
    assert "set a limit" in answer.notes[0]


def test_a_pool_at_its_own_state_follows_its_curve_in_the_scenarios():
    """Not what it holds now: a book takes a pool at its state, and the loss is in its gamma."""
    table = {"kind": "uniswap-v2", "assets": ["WETH", "USD"], "reserves": [100.0, 300_000.0]}
    perp = {"kind": "perp", "name": "P", "underlying": "WETH"}
    asked = {
        "solver": "convex",
        "minimise": {"minimax": 1.0},
        "soft": {"delta": 0.0},
        "moves": {"WETH": [-0.2, 0.2]},
    }
    tables = {"prices": {"WETH": 3000.0}, "instrument": [perp], "hedge": asked}
    for at in ("state", "market"):
        book = hc.Book.from_tables({**tables, "position": [{**table, "name": "lp", "at": at}]})
        answer = book.hedge()
        gains = 600_000 * (np.sqrt([0.8, 1.2]) - 1)
        assert answer.quantities["P"] == pytest.approx(-(gains[1] - gains[0]) / 1200, rel=1e-9)
        worst = answer.certificate.breakdown["worst loss"]
        assert worst == pytest.approx(-gains.sum() / 2, rel=1e-9)


ATM = {
    "kind": "option", "name": "C", "underlying": "WETH", "strike": 3000.0, "expiry_years": 0.1,
    "fee": 0.0,
}  # fmt: skip


@pytest.mark.parametrize("own", [None, 0.75], ids=["market's vol", "own vol"])
def test_price_vol_and_time_move_jointly_and_all_is_revalued(pool, own):
    """Every combination, against Black's formula at the moved price, volatility and time."""
    call = hc.build({**ATM, **({} if own is None else {"vol": own})})
    here = hc.Market(prices={"WETH": 3000.0, "WBTC": 6e4}, vols={"WETH": 0.6})
    moves = {"WETH": [-0.2, 0.0, 0.2], "vol:WETH": [-0.5, 0.0, 0.5], "days": [0.0, 14.0]}
    solver = Convex(minimise={"cost": 1.0, "minimax": 1.0}, soft={"delta": 0.0}, moves=moves)
    answer = hc.hedge(pool, with_=[call], market=here, solver=solver)
    x = answer.quantities["C"]
    vol = own or 0.6
    losses = []
    for move, vol_move, days in product(*moves.values()):
        there = hc.Market(prices={"WETH": 3000 * (1 + move)}, vols={"WETH": vol + 0.6 * vol_move})
        aged = hc.build({**ATM, "entry_price": 0.0, "expiry_years": 0.1 - days / 365})
        start = hc.build({**ATM, "entry_price": 0.0}).worth(
            hc.Market(prices={"WETH": 3000.0}, vols={"WETH": vol})
        )
        losses.append(pool.worth(here) - pool.worth(there) - x * (aged.worth(there) - start))
    assert answer.certificate.breakdown["worst loss"] == pytest.approx(max(losses), rel=1e-9)
    assert answer.certificate.status == "exact"
    assert x < 0  # it is the delta of a call sold that offsets most


def test_joint_scenarios_of_vol_and_time(pool):
    here = hc.Market(prices={"WETH": 3000.0}, vols={"WETH": 0.6}, time=2026.0)
    joint = {"WETH": [-0.2, 0.1], "vol:WETH": [0.5, -0.1], "days": [1.0, 7.0]}
    solver = Convex(
        minimise={"cost": 1, "cvar": 1}, soft={"delta": 0}, scenarios=joint, max_gross=1e6
    )
    answer = hc.hedge(pool, with_=[hc.build(ATM)], market=here, solver=solver)
    assert answer.certificate.status == "exact"


@pytest.mark.parametrize(
    ("moves", "says"),
    [
        ({"vol:WETH": [0.1]}, "'vol:WETH' moves, but there is no such volatility"),
        ({"days": [-0.5]}, "time does not go back"),
        ({"WETHH": [0.1]}, "WETHH"),
    ],
)
def test_what_cannot_move_says_why(held, perps, market, moves, says):
    solver = Convex(minimise={"minimax": 1.0}, soft={"delta": 0.0}, moves=moves)
    with pytest.raises((hc.HedgeError, hc.AssetError), match=says):
        hc.hedge(held, with_=perps, market=market, solver=solver)


def test_over_days_the_profit_is_that_of_a_scenario_with_funding_and_interest():
    """The worst loss is what `hedgecore.scenario` says of the same book, orders and moves."""
    tables = {
        "prices": {"WETH": 3000.0, "USDC": 1.0},
        "vols": {"WETH": 0.6},
        "position": [
            {"name": "lp", "kind": "uniswap-v3", "assets": ["WETH", "USDC"], "liquidity": 5000.0,
             "lower": 2500.0, "upper": 3500.0},
            {"name": "debt", "kind": "loan", "asset": "WETH", "borrow_rate": 0.3, "amount": 4.0},
        ],
        "instrument": [
            {"name": "P", "kind": "perp", "underlying": "WETH", "fee": 0.0,
             "funding_rate": 0.0004},
            {**ATM, "fee": 0.0003},
        ],
        "hedge": {
            "solver": "convex", "minimise": {"cost": 1.0, "minimax": 1.0}, "soft": {"delta": 0.0},
            "moves": {"WETH": [-0.2, 0.0, 0.2], "days": [0.0, 7.0, 14.0]}, "max_gross": 1e5,
        },
    }  # fmt: skip
    book = hc.Book.from_tables(tables)
    answer = book.hedge()
    moves = 3000.0 * np.array([[0.8], [1.0], [1.2]])
    there = book.market.shifted(prices={"WETH": moves}, days=[0.0, 7.0, 14.0])
    after = hc.scenario(book, there, hedge=answer).after
    assert np.ptp(after.accrued) > 1.0
    assert answer.certificate.breakdown["worst loss"] == pytest.approx(-after.full.min(), rel=1e-9)
