"""What all benchmarks share: workloads timed turn by turn in one process, on one core.

The time is the process's own (wall time on a shared machine spreads by its double, this by a
tenth), the least of several rounds, each of at least ten milliseconds. A benchmark prints its
table; with ``--gate`` it fails where a goal is missed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # before NumPy is there: import this module first

Name = TypeVar("Name", bound=Hashable)
Work = Callable[[], object]

ROUNDS, LEAST = 7, 0.010


class Line(NamedTuple):
    """One line of a table: what, the number, and its goal; `most` says that less is better."""

    what: str
    number: float
    goal: float
    unit: str
    most: bool = True

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.number <= self.goal if self.most else self.number >= self.goal


def interleaved(
    workloads: Mapping[Name, Work], rounds: int = ROUNDS, least: float = LEAST
) -> dict[Name, float]:
    """Return name → seconds of one call, the least of `rounds`, each of all workloads in turn.

    A round of a workload repeats it until it has taken `least` seconds.
    """
    calls = {name: _repeats(work, least) for name, work in workloads.items()}
    best = dict.fromkeys(workloads, float("inf"))
    for _ in range(rounds):
        for name, work in workloads.items():
            best[name] = min(best[name], _timed(work, calls[name]))
    return best


def _repeats(work: Work, least: float) -> int:
    work()  # warm
    repeats = 1
    while _timed(work, repeats) * repeats < least:
        repeats *= 2
    return repeats


def _timed(work: Work, repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats


def report(lines: Sequence[Line], arguments: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit code: 1 where a goal is missed and the gate is on."""
    wide = max(len(line.what) for line in lines)
    for line in lines:
        sign, verdict = "≤" if line.most else "≥", "met" if line.met else "MISSED"
        number = f"{line.number:10.3g} {line.unit}"
        print(f"{line.what.ljust(wide)}  {number}  goal {sign} {line.goal:g}  {verdict}")
    gated = "--gate" in (sys.argv[1:] if arguments is None else arguments)
    return int(gated and not all(line.met for line in lines))
