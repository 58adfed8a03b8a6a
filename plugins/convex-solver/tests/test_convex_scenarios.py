"""Scenarios: every position revalued in full, not by its Greeks."""

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
    assert answer.certificate.tier == "exact"
    assert answer.certificate.objective == pytest.approx(least, rel=1e-6)
    got = np.array(list(answer.quantities.values()))
    worst = answer.certificate.parts["worst loss"]
    assert worst == pytest.approx(np.max(-(own + gains @ got)), rel=1e-9)
    assert worst < 0.05 * np.max(-own)


@pytest.mark.parametrize("level", [0.0, 0.5, 0.95, 0.99])
def test_cvar_is_the_least_tail(held, perps, market, level):
    solver = Convex(
        minimise={"cost": 1.0, "cvar": 1.0}, soft={"delta": 0.0}, moves=MOVES, tail=level, gross=5e5
    )
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    own, gains = profits(held, perps, market)
    x, a = cp.Variable(3), cp.Variable()
    cost = np.array([3e-4 * 3000, 2e-3 * 1500, 1e-3 * 2990]) @ cp.abs(x)
    tail = a + cp.sum(cp.pos(-(own + gains @ x) - a)) / ((1 - level) * len(own))
    within = [cp.abs(x) @ np.array([3000.0, 1500.0, 2990.0]) <= 5e5]
    least = cp.Problem(cp.Minimize(cost + tail), within).solve(solver=cp.CLARABEL)
    assert answer.certificate.objective == pytest.approx(least, rel=1e-6, abs=1e-5)
    assert answer.certificate.tier == "exact"


def test_squares_are_the_least_mean_square(held, perps, market):
    answer = hc.hedge(held, with_=perps, market=market, solver=options(squares=1.0))
    own, gains = profits(held, perps, market)
    best = np.linalg.lstsq(gains, -own)[0]
    got = np.array(list(answer.quantities.values()))
    least, is_so = (np.mean((own + gains @ each) ** 2) for each in (best, got))
    assert is_so == pytest.approx(least, rel=1e-2)
    assert answer.certificate.objective <= least + np.abs(best) @ [0.9, 3.0, 2.99] + 1e-6


def test_joint_scenarios_are_taken_as_they_are(held, perps, market):
    joint = {"WETH": [-0.3, 0.3], "STETH": [-0.33, 0.31]}
    solver = Convex(minimise={"minimax": 1.0}, soft={"delta": 0.0}, scenarios=joint, gross=1e5)
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    assert answer.certificate.tier == "exact"


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
    solver = Convex(minimise={"cvar": 1.0}, soft={"delta": 0.0}, moves=MOVES, tail=0.0)
    answer = hc.hedge(held, with_=perps, market=market, solver=solver)
    assert answer.certificate.tier == "no trade"
    assert "set a limit" in answer.notes[0]
