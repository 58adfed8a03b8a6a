"""Standard output is the caller's: whatever a solver prints, and however, goes elsewhere."""

import ctypes
import os
import subprocess
import sys

import pytest
from attrs import frozen

import hedgecore as hc
from hedgecore.hedging.stray_output import STRAY, catch_stray_output

SAID = ["by C", "by Python", "to the descriptor"]
NOISE = f"{STRAY[0]}transformNewIntegerFeasibleSolution tmpSolver.run();\n"


def say(text=""):
    """Print in each of the ways that there are."""
    ctypes.CDLL(None).printf(b"%s", (text or f"{SAID[0]}\n").encode())
    sys.stdout.write(text or f"{SAID[1]}\n")
    os.write(1, (text or f"{SAID[2]}\n").encode())


@frozen
class Chatty(hc.AbstractHedgeSolver):
    """The default, which prints; `within` gives it another solver to ask."""

    kind = "chatty"
    within: hc.AbstractHedgeSolver | None = None
    fails: bool = False

    def solve(self, problem):
        say()
        if self.fails:
            raise MemoryError("no more")
        return hc.hedge(
            problem.target, with_=problem.instruments, market=problem.market, solver=self.within
        )


@pytest.fixture
def hedged(stake, market):
    tool = stake(name="P", delta={"WETH": 1.0}, hedges=("WETH",))
    target = stake(delta={"WETH": 2.0})
    return lambda solver: hc.hedge(target, with_=[tool], market=market, solver=solver)


@pytest.mark.parametrize("solver", [Chatty(), Chatty(within=Chatty())], ids=["one", "nested"])
def test_what_a_solver_prints_is_on_standard_error(hedged, capfd, solver):
    sys.stdout.write("before\n")
    assert hedged(solver).quantities == {"P": -2.0}
    sys.stdout.write("after\n")
    out, err = capfd.readouterr()
    assert out == "before\nafter\n"
    times = 2 if solver.within else 1
    assert sorted(err.splitlines()) == sorted(SAID * times)


def test_an_error_of_a_solver_is_raised_and_standard_output_comes_back(hedged, capfd):
    with pytest.raises(MemoryError, match="no more"):
        hedged(Chatty(fails=True))
    say("still here\n")
    ctypes.CDLL(None).fflush(None)
    out, err = capfd.readouterr()
    assert out == "still here\n" * 3
    assert sorted(err.splitlines()) == sorted(SAID)


def test_lines_that_say_nothing_are_dropped(capfd):
    with catch_stray_output():
        os.write(1, f"{NOISE}\nsomething is wrong\n".encode())
    assert capfd.readouterr() == ("", "something is wrong\n")


def test_the_default_solver_leaves_the_process_as_it_is(hedged, monkeypatch):
    """It prints nothing, so that other threads may print while it runs."""
    monkeypatch.setattr("hedgecore.hedging.solvers.catch_stray_output", None)
    assert hedged(hc.LeastSquares()).quantities == {"P": -2.0}


CLOSED = """
import os
from hedgecore.hedging.stray_output import catch_stray_output

os.close(1)
with catch_stray_output():
    answer = 42
os.write(2, str(answer).encode())
"""


def test_a_process_without_standard_output_is_served_too():
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", CLOSED], capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith("42")
