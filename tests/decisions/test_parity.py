"""One decision: driven one tick at a time, with what a live loop would know, it is `simulate`'s.

The loop knows the market, the exposure of the positions there, what is held, and its memory. It
gets the orders of the simulation to the last bit.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.decisions.decide import Reason, decide
from hedgecore.decisions.fixed_exposure import FixedContract, FixedExposure
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.observe import observe
from hedgecore.decisions.problem import DecisionProblem
from hedgecore.decisions.rules import Rules
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.simulation import simulate
from hedgecore.simulation.engine import engine
from hedgecore.simulation.engine.stepwise import decide_stepwise
from hedgecore.units import HOURS_PER_YEAR
from simulated import MARKET, build, lp, perp, random_walks
from slow_simulation import Given

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")
pytest.importorskip("hedgecore_convex_solver", reason="one of the solvers")

STEPS, DAYS = 60, 5.0
TIMES = np.linspace(0.0, DAYS / 365.0, STEPS + 1)
PRICES = random_walks(5, STEPS, assets=("WETH", "WBTC"))
WBTC = build("uniswap-v3", assets=["WBTC", "USDC"], liquidity=9e4, lower=26e3, upper=36e3)
BOOK = hc.Portfolio([("eth", lp(), 1.0), ("btc", WBTC, 0.5), ("short", lp(1900.0, 2100.0), -0.3)])
PERPS = [
    perp("E", fee=5e-4, lot=0.01, min_size=0.07, funding_rate=1e-4),
    perp("B", "WBTC", fee=4e-4, lot=0.001, funding_rate=-2e-4),
]
FREE = [perp("E", fee=5e-4, funding_rate=1e-4), perp("B", "WBTC", fee=4e-4)]
POLICIES = {
    "band": build("band", half_width=0.3),
    "centre": build("band", half_width=0.004, of="worth", to="centre"),
    "clock": build("clock", hours=8.0),
    "every": build("every", steps=7),
    "interval": build("interval", hours=12.0),
    "leland": build("leland", hours=24.0, round_trip=0.001),
    "never": build("never", at_start=True),
    "price-move": build("price-move", move=0.03),
    "whalley-wilmott": build("whalley-wilmott", aversion=300.0),
}
SOLVERS = {
    "least-squares": hc.LeastSquares(),
    "convex": build("convex", position_limits={"E": 12.0}, soft={"delta": 3.0}),
}


def fixed(priced, policy, market):
    """What the loop reads of something: its exposure, in the market that the policy prices in."""
    whole = evolve(market, prices={a: np.full(1, p) for a, p in market.prices.items()})
    read = priced.exposure(policy.pricing_market(whole))
    parts = {n: np.broadcast_to(e, (1,))[0] for n, e in read.other.items()}
    prices = None if read.prices is None else read.prices[0]
    return evolve(
        read, value=read.value[0], delta=read.delta[0], gamma=read.gamma[0], other=parts,
        prices=prices,
    )  # fmt: skip


def driven(policy, solver, instruments, limits, opening=None):
    """The orders of a loop, (T + 1, k), and why each was decided so; `opening` is held first."""
    cooldown, least = limits
    rules = Rules(cooldown=cooldown / HOURS_PER_YEAR, min_order_value=least)
    names = [each.name for each in instruments]
    held, orders, reasons = dict.fromkeys(names, 0.0) | (opening or {}), [], []
    start = market_at(0)
    memory = Memory(origin=start.time, worth=BOOK.worth(start))
    for t, (before, now) in enumerate(pairwise([0.0, *TIMES])):
        market = market_at(t)
        contracts = [FixedContract(i, fixed(i, policy, market)) for i in instruments]
        problem = HedgeProblem(
            FixedExposure(fixed(BOOK, policy, market)), tuple(contracts), market,
            hc.HedgeRequest(),
            {c.name: HeldContracts(held[c.name], FixedExposure(c.here)) for c in contracts},
        )  # fmt: skip
        clock = {"step": t, "time": now, "dt": now - before}
        seen = observe(problem, [build("fee")], memory, **clock)
        made = decide(DecisionProblem.of(problem, solver), policy, rules, seen, memory)
        held = dict(zip(names, made.target.tolist(), strict=True))
        memory = made.memory
        orders.append(made.trade)
        reasons.append(int(made.reason))
    return np.array(orders), reasons


def market_at(t):
    """The market of a step."""
    return evolve(
        MARKET, prices={**MARKET.prices, **{a: float(p[t]) for a, p in PRICES.items()}},
        time=MARKET.time + TIMES[t],
    )  # fmt: skip


RULES = {
    "lots and a cooldown": (PERPS, 6.0, 200.0),
    "any amount": (FREE, 0.0, 0.0),
}
WAYS = [
    {},
    {"frame_band": lambda *given: None},  # noqa: ARG005
    {"decide_trade_to_trade": decide_stepwise},
]
"""Ways to decide: by a band, where there is one; without; and in the end step by step."""
EVERY_DAY = {"interval"}


def case(name, solver, rules):
    """A case to run; with a convex problem at each tick, of most policies in the campaign alone."""
    long = solver == "convex" and name not in EVERY_DAY
    marks = [pytest.mark.campaign] if long else []
    return pytest.param(name, solver, rules, id=f"{name}-{solver}-{rules}", marks=marks)


CASES = [case(*each) for each in product(POLICIES, SOLVERS, RULES)]


@pytest.mark.parametrize(("name", "solver", "rules"), CASES)
@pytest.mark.sample(6)
def test_one_tick_at_a_time_gives_the_orders_of_simulate_to_the_last_bit(
    name, solver, rules, monkeypatch
):
    instruments, cooldown, least = RULES[rules]
    policy = POLICIES[name]
    orders, reasons = driven(policy, SOLVERS[solver], instruments, (cooldown, least))
    given = Given(PRICES, times=TIMES)
    for way in WAYS:
        for decision, made in way.items():
            monkeypatch.setattr(engine, decision, made)
        run = simulate(
            BOOK, given, market=MARKET, with_=instruments, policy=policy, solver=SOLVERS[solver],
            cooldown=cooldown, min_notional=least,
        )  # fmt: skip
        np.testing.assert_array_equal(run.series.orders, orders)
    assert name == "never" or reasons.count(Reason.TRADE) > 3


@pytest.mark.parametrize("name", ["band", "never", "whalley-wilmott"])
def test_a_loop_and_a_run_that_open_with_what_is_held_order_the_same(name):
    opening, solver = {"E": -7.35, "B": 0.021}, SOLVERS["least-squares"]
    orders, _ = driven(POLICIES[name], solver, PERPS, (6.0, 200.0), opening)
    run = simulate(
        BOOK, Given(PRICES, times=TIMES), market=MARKET, with_=PERPS, policy=POLICIES[name],
        held=opening, cooldown=6.0, min_notional=200.0,
    )  # fmt: skip
    np.testing.assert_array_equal(run.series.orders, orders)
    np.testing.assert_allclose(run.series.held[0] - orders[0], list(opening.values()), rtol=1e-12)
