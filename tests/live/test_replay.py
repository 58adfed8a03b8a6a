"""Replay: a journal's decisions, made again from what is written down, are equal to the bit."""

import json
import sqlite3

import numpy as np
import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.decisions.fixed_exposure import FixedContract, FixedExposure
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.observe import observe
from hedgecore.decisions.rules import Rules
from hedgecore.errors import JournalError
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.live.decision_input import DecisionInput, decision_body
from hedgecore.live.journal import Journal, JournalReader, Run
from hedgecore.live.records import from_plain, to_plain
from hedgecore.live.replay import replay
from simulated import MARKET, build, lp, perp, random_walks

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedges are its contracts")

STEPS = 24
PRICES = random_walks(3, STEPS, assets=("WETH", "WBTC"))
PERPS = [perp("E", fee=5e-4, lot=0.01, min_size=0.07), perp("B", "WBTC", fee=4e-4)]
INVERSE = [
    build(
        "inverse-perp", name="E", underlying="WETH", contract_size=100.0, fee=0.0, funding_rate=0.0
    ),
    perp("B", "WBTC"),
]
RUN = Run(id="r", mode="paper", versions={"hedgecore": "1"}, machine="here")
POLICIES = {
    "whalley-wilmott": build("whalley-wilmott", aversion=300.0),
    "price-move": build("price-move", move=0.02),
    "leland": build("leland", hours=24.0, round_trip=0.001),
}


def decided(instruments, policy, solver):
    """What a loop decides from, and what it decides, along a path of prices."""
    held = dict.fromkeys((each.name for each in instruments), 0.0)
    memory = Memory(origin=MARKET.time, worth=np.asarray(1e6 / 3))
    for t in range(STEPS + 1):
        prices = {asset: float(path[t]) for asset, path in PRICES.items()}
        market = evolve(MARKET, prices={**MARKET.prices, **prices}, time=MARKET.time + t / 8760)
        contracts = [FixedContract(each, each.exposure(market)) for each in instruments]
        now = {c.name: HeldContracts(held[c.name], FixedExposure(c.here)) for c in contracts}
        problem = HedgeProblem(
            FixedExposure(lp().exposure(market)), tuple(contracts), market, hc.HedgeRequest(), now
        )
        seen = observe(problem, [build("fee")], memory, step=t, time=t / 8760, dt=1 / 8760)
        given = DecisionInput(
            problem=problem, solver=solver, policy=policy,
            rules=Rules(cooldown=1 / 4000, min_order_value=50.0), observation=seen, memory=memory,
        )  # fmt: skip
        made = given.decide()
        held = dict(zip(held, made.target.tolist(), strict=True))
        memory = made.memory
        yield given, made


def written(folder, decisions, run=RUN):
    with Journal.open(folder, run=run) as journal:
        for cycle, (given, made) in enumerate(decisions, 1):
            journal.append(cycle, "decision", decision_body(given, made))
    return JournalReader(folder)


@pytest.mark.parametrize("instruments", [PERPS, INVERSE], ids=["perps", "inverse"])
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_each_decision_made_again_is_equal_to_the_bit(tmp_path, policy, instruments):
    decisions = list(decided(instruments, policy, hc.LeastSquares()))
    again = list(replay(written(tmp_path, decisions), RUN))
    assert [each.difference for each in again] == [0.0] * (STEPS + 1)
    assert all(each.exact and each.is_equal for each in again)
    assert sum(bool(made.trade.any()) for _, made in decisions) > 1


@pytest.mark.campaign
def test_a_convex_solver_decides_the_same_again(tmp_path):
    pytest.importorskip("hedgecore_convex_solver")
    solver = build("convex", position_limits={"E": 12.0}, soft={"delta": 3.0})
    decisions = decided(PERPS, POLICIES["price-move"], solver)
    again = list(replay(written(tmp_path, (next(decisions) for _ in range(2))), RUN))
    assert [each.is_equal for each in again] == [True] * 2


def test_memory_is_written_down_or_a_restart_would_decide_otherwise():
    given, made = list(decided(PERPS, POLICIES["whalley-wilmott"], hc.LeastSquares()))[-1]
    text = json.dumps(to_plain(made.memory))
    after = from_plain(json.loads(text), Memory)
    assert (after.last_time.tobytes(), after.last_price.tobytes()) == (
        made.memory.last_time.tobytes(), made.memory.last_price.tobytes(),
    )  # fmt: skip
    fresh = evolve(given, memory=Memory(origin=MARKET.time, worth=given.memory.worth))
    assert fresh.decide().fraction.tolist() != made.fraction.tolist()


def altered(folder, by):
    """Change each trade that a journal holds by a factor, the chain left broken."""
    (path,) = folder.glob("*.sqlite")
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT seq, body FROM event WHERE kind = 'decision'").fetchall()
    for seq, text in rows:
        body = json.loads(text)
        body["made"]["trade"] = [each * by for each in body["made"]["trade"]]
        connection.execute("UPDATE event SET body = ? WHERE seq = ?", (json.dumps(body), seq))
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("here", "by", "equal"),
    [
        (RUN, 1 + 2**-50, False),
        (evolve(RUN, machine="elsewhere"), 1 + 2**-50, True),
        (evolve(RUN, versions={"hedgecore": "2"}), 1 + 2**-50, True),
        (evolve(RUN, machine="elsewhere"), 1 + 2e-12, False),
    ],
    ids=["here", "another machine", "other versions", "too far anywhere"],
)
def test_each_bit_counts_where_it_was_decided_and_1e_12_elsewhere(tmp_path, here, by, equal):
    opening = next(decided(PERPS, POLICIES["price-move"], hc.LeastSquares()))
    reader = written(tmp_path, [opening])
    altered(tmp_path, by)
    (again,) = replay(reader, here)
    assert (again.is_equal, again.difference > 0) == (equal, True)


def test_a_decision_of_another_shape_is_another(tmp_path):
    given, made = next(decided(PERPS, POLICIES["price-move"], hc.LeastSquares()))
    with Journal.open(tmp_path, run=RUN) as journal:
        body = decision_body(given, made)
        journal.append(1, "decision", {**body, "made": {**body["made"], "trade": [1.0]}})
    (again,) = replay(JournalReader(tmp_path), RUN)
    assert not again.is_equal


def test_an_input_that_is_none_is_an_error_with_its_place(tmp_path):
    given, made = next(decided(PERPS, POLICIES["price-move"], hc.LeastSquares()))
    with Journal.open(tmp_path, run=RUN) as journal:
        body = to_plain(decision_body(given, made))
        body["input"]["memory"]["worth"] = "much"
        journal.append(1, "decision", body)
    with pytest.raises(JournalError, match=r"DecisionInput\.memory: Memory\.worth"):
        list(replay(JournalReader(tmp_path), RUN))


def test_replay_goes_on_after_an_event(tmp_path):
    decisions = decided(PERPS, POLICIES["price-move"], hc.LeastSquares())
    reader = written(tmp_path, (next(decisions) for _ in range(3)))
    assert [each.cycle for each in replay(reader, RUN, after=2)] == [2, 3]
