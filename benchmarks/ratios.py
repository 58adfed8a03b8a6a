"""What all benchmarks share: workloads timed turn by turn in one process, on one core.

The time is the process's own (wall time on a shared machine spreads by its double, this by a
tenth), the least of several rounds, each of at least ten milliseconds. A benchmark prints its
table; with ``--gate`` it fails where a goal is missed, with ``--json`` it prints a line of JSON for
each of the table's. `measured` takes it in three processes, and the middle of each number: where
the memory of one lies badly, that of the others does not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # before NumPy is there: import this module first

Name = TypeVar("Name", bound=Hashable)
Work = Callable[[], object]

ROUNDS, LEAST, PROCESSES = 7, 0.010, 3


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


def measured(measure: Callable[[], Sequence[Line]], arguments: Sequence[str] | None = None) -> int:
    """Report of what three processes of this script measure; ``--once`` is one of them."""
    given = sys.argv[1:] if arguments is None else arguments
    if "--once" in given:
        return report(measure(), given)
    command = [sys.executable, str(Path(sys.argv[0]).resolve()), "--once", "--json"]
    tables = []
    for _ in range(PROCESSES):
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        tables.append([Line(**json.loads(line)) for line in done.stdout.splitlines()])
    middle = [
        lines[0]._replace(number=median(line.number for line in lines))
        for lines in zip(*tables, strict=True)
    ]
    return report(middle, given)


def report(lines: Sequence[Line], arguments: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit code: 1 where a goal is missed and the gate is on."""
    given = sys.argv[1:] if arguments is None else arguments
    if "--json" in given:
        print("\n".join(json.dumps(line._asdict()) for line in lines))
    else:
        _print_table(lines)
    return int("--gate" in given and not all(line.met for line in lines))


def _print_table(lines: Sequence[Line]) -> None:
    wide = max(len(line.what) for line in lines)
    for line in lines:
        sign, verdict = "≤" if line.most else "≥", "met" if line.met else "MISSED"
        number = f"{line.number:10.3g} {line.unit}"
        print(f"{line.what.ljust(wide)}  {number}  goal {sign} {line.goal:g}  {verdict}")
