"""No answer passes that was not recomputed: corrupted ones, lying solvers, and the time."""

import time

import numpy as np
import pytest
from attrs import evolve
from hedgecore_convex_solver import Convex, certification, recompute, solver_chain
from hedgecore_convex_solver.convex import problem_data
from hedgecore_convex_solver.formulation import assemble
from hedgecore_convex_solver.program import Candidate

import hedgecore as hc


@pytest.fixture
def asked(fake, market):
    """Two assets, three instruments, a binding limit."""
    with_ = (
        fake(name="P", delta={"WETH": 1.0}, fee=1e-4),
        fake(name="Q", delta={"WETH": 1.0}, fee=5e-4),
        fake(name="B", delta={"WBTC": 0.01}, fee=5e-4),
    )
    held = fake(delta={"WETH": 10.0, "WBTC": 1.0})
    solver = Convex(position_limits={"P": 6.0})
    return problem_data(solver, hc.HedgeProblem(held, with_, market))


def solved(asked):
    program = assemble(asked)
    found = solver_chain.LINEAR[0](program, 1.0)
    assert certification.certify(asked, program, found).tier == "exact"
    return program, found


def test_a_hedge_that_is_not_neutral_is_refused(asked):
    program, found = solved(asked)
    right = certification.certify(asked, program, found)
    for wrong in (0.0 * found.z, 0.5 * found.z, -found.z, found.z[::-1]):
        verdict = certification.certify(asked, program, evolve(found, z=wrong))
        if verdict.x is not None:  # mended into a hedge, and so it is one: no better, and neutral
            assert verdict.objective - right.objective <= verdict.gap * (1 + 1e-9)
            assert not recompute.violations(asked, verdict.x)
            assert verdict.tier != "exact" or verdict.objective == pytest.approx(right.objective)


@pytest.mark.parametrize("spoilt", [np.nan, np.inf, 1e12])
def test_numbers_that_are_none_are_refused(asked, spoilt):
    program, found = solved(asked)
    z = found.z.copy()
    z[0] = spoilt
    verdict = certification.certify(asked, program, evolve(found, z=z))
    assert verdict.x is None
    assert verdict.reason


def test_a_dearer_hedge_does_not_pass_as_the_best(asked):
    """All of it in Q: neutral and within limits, and a gap that says so."""
    program, found = solved(asked)
    y = np.array([0.0, -10.0, -100.0]) / program.unit
    verdict = certification.certify(asked, program, evolve(found, z=program.lift(y)))
    right = certification.certify(asked, program, found)
    assert verdict.tier != "exact"
    assert verdict.gap == pytest.approx(verdict.objective - right.objective, rel=1e-6)


def test_wrong_multipliers_prove_nothing(asked):
    program, found = solved(asked)
    rng = np.random.default_rng(0)
    best = certification.certify(asked, program, found).objective
    for _ in range(50):
        duals = found.duals + rng.normal(size=found.duals.shape)
        verdict = certification.certify(asked, program, evolve(found, duals=duals))
        assert verdict.objective - verdict.gap <= best * (1 + 1e-9)


@pytest.mark.parametrize("part", ["matrix", "low", "linear"])
def test_a_program_that_is_not_the_question_is_found_out(asked, part):
    """What is solved is another question: a row, a limit or a cost has changed."""
    program, _ = solved(asked)
    changed = getattr(program, part) * 1.01 + (0.01 if part == "linear" else 0.0)
    wrong = evolve(program, **{part: changed})
    found = solver_chain.LINEAR[0](wrong, 1.0)
    verdict = certification.certify(asked, wrong, found)
    best = certification.certify(asked, *solved(asked)).objective
    assert verdict.x is None or verdict.objective >= best * (1 - 1e-9)


def test_a_lying_solver_is_followed_by_the_next(asked, monkeypatch):
    def lies(program, _):
        return Candidate(status="solved", z=np.zeros_like(program.linear), by="liar")

    monkeypatch.setattr(solver_chain, "LINEAR", (lies, *solver_chain.LINEAR[1:]))
    outcome = solver_chain.search(asked, 1.0)
    assert outcome.verdict.by == "Clarabel"
    assert outcome.verdict.tier == "exact"
    monkeypatch.setattr(solver_chain, "LINEAR", (lies,))
    outcome = solver_chain.search(asked, 1.0)
    assert outcome.verdict is None
    assert "liar: it does not keep delta of WETH" in outcome.notes[0]


def test_a_false_cry_of_infeasible_is_not_believed(asked, monkeypatch):
    def cries(*_):
        return Candidate(status="infeasible", by="wolf")

    monkeypatch.setattr(solver_chain, "LINEAR", (cries, *solver_chain.LINEAR[1:]))
    assert solver_chain.search(asked, 1.0).verdict.tier == "exact"


@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_the_time_is_kept(fake, market, seconds):
    """Forty instruments with odd lots and an order count: more than a second's work."""
    rng = np.random.default_rng(3)
    with_ = [
        fake(
            name=f"I{i}", lot=float(rng.uniform(0.01, 3)), min_size=float(rng.uniform(0, 9)),
            delta=dict(zip(market.prices, rng.normal(size=3), strict=True)),
            fee=float(rng.uniform(1e-4, 1e-3)),
        )
        for i in range(40)
    ]  # fmt: skip
    held = fake(delta={"WETH": 333.3, "WBTC": -17.7, "STETH": 55.5})
    hc.hedge(held, with_=with_, market=market, solver=Convex(max_orders=9, time_limit=0.05))
    start = time.perf_counter()
    answer = hc.hedge(
        held, with_=with_, market=market, solver=Convex(max_orders=9, time_limit=seconds)
    )
    assert time.perf_counter() - start < seconds + 0.6
    assert answer.certificate.tier in {"exact", "optimal within the gap", "best effort", "no trade"}
    if answer.certificate.tier != "no trade":
        assert np.count_nonzero(list(answer.quantities.values())) <= 9
