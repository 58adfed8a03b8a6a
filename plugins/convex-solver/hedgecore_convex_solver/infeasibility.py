"""Why there is no answer: the smallest set of parts of a request that conflict.

Each part is dropped in turn; one without which the rest can be met is needed for the conflict, any
other is left out for good (a deletion filter, Chinneck and Dravnieks 1991). What remains conflicts,
and would not if any of it were dropped.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np
from attrs import evolve
from scipy import sparse

from hedgecore_convex_solver import highs
from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Program

SLACK = 1e-7


def conflict(program: Program, seconds: float) -> tuple[list[str], bool]:
    """Labels of parts that conflict, and whether each of them is needed for it.

    No labels where the parts can be met together after all.
    """
    until = time.perf_counter() + seconds
    labels = [label for label in dict.fromkeys(program.labels) if label]
    if _lack(program, labels, until) <= SLACK:
        return [], True
    left = list(labels)
    for label in labels:
        fewer = [each for each in left if each != label]
        lack = _lack(program, fewer, until)
        if time.perf_counter() > until:
            return left, False
        if lack > SLACK:
            left = fewer
    return left, True


def _lack(program: Program, labels: Iterable[str], until: float) -> float:
    """Least by which the rows so labelled cannot be met, in scaled units."""
    wanted = set(labels)
    named = np.array([bool(label) for label in program.labels])
    kept = np.array([label in wanted for label in program.labels])
    elastic = np.flatnonzero(kept)
    low = np.where(named & ~kept, -np.inf, program.low)
    high = np.where(named & ~kept, np.inf, program.high)
    n, s = len(program.linear), len(elastic)
    slack = sparse.csr_array((np.ones(s), (elastic, np.arange(s))), shape=(len(low), s))
    wide = evolve(
        program,
        linear=np.concatenate([np.zeros(n), np.ones(2 * s)]),
        matrix=sparse.csr_array(sparse.hstack([program.matrix, slack, -slack])),
        low=low,
        high=high,
        lower=np.concatenate([program.lower, np.zeros(2 * s)]),
        upper=np.concatenate([program.upper, np.full(2 * s, np.inf)]),
        whole=np.concatenate([program.whole, np.zeros(2 * s, dtype=bool)]),
    )
    found = highs.solve_milp(wide, max(until - time.perf_counter(), 0.02))
    return np.inf if found.z is None else float(np.sum(_tail(found.z, 2 * s)))


def _tail(z: Array, count: int) -> Array:
    return z[len(z) - count :]
