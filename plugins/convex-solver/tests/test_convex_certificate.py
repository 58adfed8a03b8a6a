"""No answer passes that was not recomputed: corrupted ones, lying solvers, counted work."""

import numpy as np
import pytest
from attrs import evolve
from hedgecore_convex_solver import Convex, certification, recompute, solver_chain
from hedgecore_convex_solver.convex import problem_data
from hedgecore_convex_solver.formulation import assemble
from hedgecore_convex_solver.program import Candidate
from scipy import optimize

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
    found = solver_chain.LINEAR[0](program)
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
    found = solver_chain.LINEAR[0](wrong)
    verdict = certification.certify(asked, wrong, found)
    best = certification.certify(asked, *solved(asked)).objective
    assert verdict.x is None or verdict.objective >= best * (1 - 1e-9)


def test_a_lying_solver_is_followed_by_the_next(asked, monkeypatch):
    def lies(program):
        return Candidate(status="solved", z=np.zeros_like(program.linear), by="liar")

    monkeypatch.setattr(solver_chain, "LINEAR", (lies, *solver_chain.LINEAR[1:]))
    outcome = solver_chain.search(asked, 500)
    assert outcome.verdict.by == "Clarabel"
    assert outcome.verdict.tier == "exact"
    monkeypatch.setattr(solver_chain, "LINEAR", (lies,))
    outcome = solver_chain.search(asked, 500)
    assert outcome.verdict is None
    assert "liar: it does not keep delta of WETH" in outcome.notes[0]


def test_a_false_cry_of_infeasible_is_not_believed(asked, monkeypatch):
    def cries(*_):
        return Candidate(status="infeasible", by="wolf")

    monkeypatch.setattr(solver_chain, "LINEAR", (cries, *solver_chain.LINEAR[1:]))
    assert solver_chain.search(asked, 500).verdict.tier == "exact"


@pytest.fixture
def hard(fake, market):
    """Forty instruments with odd lots and an order count: thousands of nodes of work."""
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

    def answer(max_nodes):
        solver = Convex(max_orders=9, max_nodes=max_nodes)
        return hc.hedge(held, with_=with_, market=market, solver=solver)

    return answer


def test_the_count_of_nodes_ends_a_search_and_the_answer_says_so(hard):
    answer = hard(20)
    assert answer.certificate.status in {"optimal within the gap", "best effort"}
    assert answer.certificate.gap > 0
    assert any("ended at `max_nodes`, 20" in note for note in answer.notes)
    assert np.count_nonzero(list(answer.quantities.values())) <= 9


@pytest.mark.parametrize("nodes", [40, pytest.param(120, marks=pytest.mark.campaign)])
@pytest.mark.campaign
def test_the_same_count_is_the_same_answer_and_more_is_no_worse(hard, nodes):
    few, again, more = hard(20), hard(20), hard(nodes)
    assert few.quantities == again.quantities
    assert more.certificate.objective <= few.certificate.objective * (1 + 1e-9)
    assert more.certificate.objective - more.certificate.gap <= few.certificate.objective


def test_no_solver_is_given_a_clock(hard, monkeypatch):
    given, milp, linprog = [], optimize.milp, optimize.linprog

    def spy(solve):
        def call(*args, options, **more):
            given.append(options)
            return solve(*args, options=options, **more)

        return call

    monkeypatch.setattr(optimize, "milp", spy(milp))
    monkeypatch.setattr(optimize, "linprog", spy(linprog))
    hard(5)
    assert len(given) > 2
    assert not any("time_limit" in options for options in given)
