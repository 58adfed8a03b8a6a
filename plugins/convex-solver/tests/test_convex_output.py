"""Standard output is the caller's: a solver's own lines do not reach it."""

import ctypes
import os
import sys

import pytest
from hedgecore_convex_solver import Convex
from scipy import optimize

import hedgecore as hc

LINE = b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();\n"


@pytest.fixture
def chatty(monkeypatch):
    """HiGHS as it is at its worst: printing by C, and straight to the descriptor."""
    solve = optimize.milp

    def milp(*args, **options):
        ctypes.CDLL(None).printf(LINE)
        os.write(1, LINE)
        os.write(1, b"something is wrong\n")
        return solve(*args, **options)

    monkeypatch.setattr(optimize, "milp", milp)


@pytest.fixture
def answer():
    market = hc.Market(prices={"WETH": 3000.0})
    perp = {"kind": "perp", "underlying": "WETH", "lot": 0.7}
    tools = [hc.build({**perp, "name": n, "fee": f}) for n, f in (("P", 1e-4), ("Q", 2e-4))]
    held = hc.Portfolio([("eth", hc.Balance("WETH"), 10.0)])
    solver = Convex(fixed_cost={"P": 1.0, "Q": 2.0}, position_limits={"P": 5.0})
    return lambda: hc.hedge(held, with_=tools, market=market, solver=solver)


@pytest.mark.usefixtures("chatty")
def test_nothing_that_a_solver_prints_is_on_standard_output(answer, capfd):
    sys.stdout.write("before\n")
    assert answer().certificate.status == "exact"
    sys.stdout.write("after\n")
    out, err = capfd.readouterr()
    assert out == "before\nafter\n"
    assert err.splitlines()
    assert set(err.splitlines()) == {"something is wrong"}


def test_an_error_of_the_solver_is_raised_and_output_comes_back(answer, capfd, monkeypatch):
    def fails(*_, **__):
        raise MemoryError("no more")

    monkeypatch.setattr(optimize, "milp", fails)
    with pytest.raises(MemoryError, match="no more"):
        answer()
    sys.stdout.write("still here\n")
    assert capfd.readouterr().out == "still here\n"


def test_a_real_search_prints_nothing(answer, capfd):
    answer()
    assert capfd.readouterr() == ("", "")
