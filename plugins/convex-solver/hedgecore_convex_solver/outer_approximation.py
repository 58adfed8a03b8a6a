"""Outer approximation: a curved objective by its tangents, so that a linear solver will do.

½‖F z + f‖² is a sum of squares of one number each, and so is the power; each gets a variable that
stays above its tangents. Every linear answer is a lower bound, and shows where the next tangents
belong (Kelley 1960; with whole numbers, Duran and Grossmann 1986).
"""

from __future__ import annotations

import numpy as np
from attrs import evolve
from scipy import sparse

from hedgecore_convex_solver import highs
from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Candidate, Program

CLOSE = 1e-7
SEEDS = (0.0, 0.25, 1.0, 4.0)
ROUNDS = 200


def outer_approximation(
    program: Program, max_nodes: int = 1, near: Array | None = None
) -> Candidate:
    """Best point found, and the bound of the last linear program.

    Args:
        program: curved, with or without whole numbers.
        max_nodes: nodes of branch and bound to take at most, all linear programs together.
        near: a point to begin with tangents at, (n,).

    """
    tangents = _Tangents(program)
    start = np.zeros(len(program.linear)) if near is None else near
    for part in SEEDS:
        tangents.touch(part * start)
    return _improve(program, tangents, max_nodes)


def _improve(
    program: Program,
    tangents: _Tangents,
    max_nodes: int,
) -> Candidate:
    best, value, bound, z, nodes, stopped = None, np.inf, -np.inf, np.zeros(0), 0, False
    for _ in range(ROUNDS):
        if nodes >= max_nodes:
            stopped = True
            break
        found = _linear_answer(tangents.linear(), max_nodes - nodes)
        nodes, stopped = nodes + found.nodes, found.stopped
        if found.z is None:
            if best is None:
                return evolve(found, by="tangents")
            break
        z, before = found.z[: len(program.linear)], z
        bound = max(bound, _lower(tangents, found))
        if program.value(z) < value:
            best, value = z, program.value(z)
        if value - bound <= CLOSE * max(1.0, abs(value)) or np.array_equal(z, before):
            break
        tangents.touch(z)
    if best is None:
        return Candidate(status="no nodes for a first answer", by="tangents")
    return Candidate(
        status="solved", z=best, bound=bound, nodes=nodes, stopped=stopped, by="tangents"
    )


def _linear_answer(linear: Program, max_nodes: int) -> Candidate:
    return highs.solve_milp(linear, max_nodes) if linear.whole.any() else highs.solve_lp(linear)


def _lower(tangents: _Tangents, found: Candidate) -> float:
    """Lower bound that the linear program proves: the solver's, or its own objective."""
    if found.bound is not None:
        return found.bound
    return -np.inf if found.z is None else float(tangents.linear().linear @ found.z)


class _Tangents:
    """The program with its curves replaced by variables above their tangents so far."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._powered = np.flatnonzero(program.power)
        self._points: list[tuple[Array, Array]] = []

    def touch(self, z: Array) -> None:
        """Add the tangents at `z`."""
        program = self._program
        square = program.factor @ z + program.offset
        self._points.append((square, np.abs(z[self._powered])))

    def linear(self) -> Program:
        """Linear program with a variable for each curve, after all others."""
        program, r, p = self._program, len(self._program.offset), len(self._powered)
        blocks, lows = zip(*(self._rows(*each) for each in self._points), strict=True)
        old = sparse.hstack([program.matrix, sparse.csr_array((len(program.low), r + p))])
        low = np.concatenate([program.low, *lows])
        power = program.power[self._powered]
        return evolve(
            program,
            linear=np.concatenate([program.linear, np.ones(r), power]),
            factor=np.zeros((0, len(program.linear) + r + p)),
            offset=np.zeros(0),
            power=np.zeros(len(program.linear) + r + p),
            matrix=sparse.csr_array(sparse.vstack([old, *blocks])),
            low=low,
            high=np.concatenate([program.high, np.full(len(low) - len(program.low), np.inf)]),
            lower=np.concatenate([program.lower, np.zeros(r + p)]),
            upper=np.concatenate([program.upper, np.full(r + p, np.inf)]),
            whole=np.concatenate([program.whole, np.zeros(r + p, dtype=bool)]),
        )

    def _rows(self, square: Array, power: Array) -> tuple[sparse.csr_array, Array]:
        """Τ − s·(F z) ≥ s f − ½s² and τ − 1.5√a·u ≥ −½a^1.5, tangents at s and at a."""
        n, (r, p) = len(self._program.linear), (len(square), len(power))
        rows = np.zeros((r + p, n + r + p))
        rows[:r, :n] = -square[:, None] * self._program.factor
        rows[r + np.arange(p), self._powered] = -1.5 * np.sqrt(power)
        rows[:, n:] = np.eye(r + p)
        low = [square * self._program.offset - 0.5 * square**2, -0.5 * power**1.5]
        return sparse.csr_array(rows), np.concatenate(low)
