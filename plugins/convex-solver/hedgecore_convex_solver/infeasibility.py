"""Infeasibility explained: the smallest set of parts of a request that conflict.

Each part is dropped in turn; one without which the rest can be met is needed for the conflict, any
other is left out for good (a deletion filter, Chinneck and Dravnieks 1991). What remains conflicts,
and would not if any of it were dropped.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import evolve
from scipy import sparse

from hedgecore_convex_solver import highs
from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Program

SLACK = 1e-7


def conflict(program: Program, max_nodes: int) -> tuple[list[str], bool]:
    """Labels of parts that conflict, and whether each of them is needed for it.

    No labels where the parts can be met together after all.
    """
    labels = [label for label in dict.fromkeys(program.labels) if label]
    lack, nodes = _lack(program, labels, max_nodes)
    if lack <= SLACK:
        return [], True
    left = list(labels)
    for label in labels:
        fewer = [each for each in left if each != label]
        if nodes >= max_nodes:
            return left, False
        lack, spent = _lack(program, fewer, max_nodes - nodes)
        nodes += spent
        if lack > SLACK:
            left = fewer
    return left, True


def _lack(program: Program, labels: Iterable[str], max_nodes: int) -> tuple[float, int]:
    """Least by which the rows so labelled cannot be met, in scaled units; and nodes spent.

    Where the nodes did not suffice that is 0: nothing is proven.
    """
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
    found = highs.solve_milp(wide, max_nodes)
    if found.z is None or found.stopped:
        return (0.0 if found.stopped else np.inf), max(found.nodes, max_nodes * found.stopped)
    return float(np.sum(_tail(found.z, 2 * s))), found.nodes


def _tail(z: Array, count: int) -> Array:
    return z[len(z) - count :]
