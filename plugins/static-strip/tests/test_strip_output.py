"""Standard output is the caller's: a solver's own lines do not reach it."""

import ctypes
import os

import pytest
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


@pytest.mark.usefixtures("chatty")
@pytest.mark.campaign
def test_nothing_that_a_solver_prints_is_on_standard_output(tables, capfd):
    assert hc.Book.from_tables(tables()).hedge().certificate.status == "exact"
    out, err = capfd.readouterr()
    assert out == ""
    assert set(err.splitlines()) == {"something is wrong"}
