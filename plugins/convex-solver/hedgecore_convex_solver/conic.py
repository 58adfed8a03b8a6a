"""Clarabel, called directly: linear and quadratic objectives, and powers by cones."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from hedgecore_convex_solver.program import Candidate, Matrix, Program
from hedgecore_convex_solver.question import Array
from hedgecore_convex_solver.sided import sided

SOLVED = ("Solved", "AlmostSolved")
INFEASIBLE = ("PrimalInfeasible", "AlmostPrimalInfeasible")
TIGHT = 1e-10
SHAPE = 2 / 3
"""(t, 1, u) in the power cone of 2/3 says t ≥ u^1.5."""


def clarabel(program: Program, seconds: float) -> Candidate:
    """Return Clarabel's answer, equilibrated and to tight tolerances."""
    return _solved(program, seconds, "Clarabel", equilibrate=True, tolerance=TIGHT)


def clarabel_plain(program: Program, seconds: float) -> Candidate:
    """Return Clarabel's answer in its other way: no equilibration, its usual tolerances."""
    return _solved(program, seconds, "Clarabel, plain", equilibrate=False, tolerance=100 * TIGHT)


def _solved(
    program: Program, seconds: float, by: str, *, equilibrate: bool, tolerance: float
) -> Candidate:
    import clarabel as solver  # noqa: PLC0415 - only who solves needs it

    settings = solver.DefaultSettings()
    settings.verbose, settings.time_limit = False, max(seconds, 1e-3)
    settings.equilibrate_enable, settings.max_threads = equilibrate, 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    rows, ends, powered = sided(program), _ends(program), np.flatnonzero(program.power)
    matrix = _wide([rows.matrix, ends[0], _cones(program, powered)], len(powered))
    right = np.concatenate([rows.right, ends[1], np.tile([0.0, 1.0, 0.0], len(powered))])
    e, g = len(rows.equal), len(rows.right) - len(rows.equal) + len(ends[1])
    cones = [solver.ZeroConeT(e), solver.NonnegativeConeT(g)]
    cones += [solver.PowerConeT(SHAPE)] * len(powered)
    square, linear = _objective(program, powered)
    found = solver.DefaultSolver(square, linear, matrix, right, cones, settings).solve()
    if str(found.status) not in SOLVED:
        infeasible = str(found.status) in INFEASIBLE
        return Candidate(status="infeasible" if infeasible else f"{found.status}", by=by)
    z, duals = np.asarray(found.x)[: len(program.linear)], -np.asarray(found.z)
    return Candidate(
        status="solved", z=z, duals=rows.duals(duals[:e], duals[e : len(rows.right)]), by=by
    )


def _objective(program: Program, powered: Any) -> tuple[sparse.csc_array, Array]:
    """Return the upper triangle of the Hessian, and the slope at 0; constants are left out."""
    n, extra = len(program.linear), len(powered)
    there = np.flatnonzero(np.any(program.factor, axis=0))
    part = program.factor[:, there]
    rows, columns = np.triu_indices(len(there))
    entries = (part.T @ part)[rows, columns]
    square = sparse.csc_array((entries, (there[rows], there[columns])), shape=(n + extra,) * 2)
    linear = program.linear + program.factor.T @ program.offset
    return square, np.concatenate([linear, program.power[powered]])


def _ends(program: Program) -> tuple[Matrix, Array]:
    """Return the finite ends of the variables as rows G z ≤ g."""
    n = len(program.linear)
    high, low = np.isfinite(program.upper), np.isfinite(program.lower)
    columns = np.concatenate([np.flatnonzero(high), np.flatnonzero(low)])
    signs = np.concatenate([np.ones(np.sum(high)), -np.ones(np.sum(low))])
    shape = (len(columns), n)
    matrix = sparse.csr_array((signs, (np.arange(len(columns)), columns)), shape=shape)
    return matrix, np.concatenate([program.upper[high], -program.lower[low]])


def _cones(program: Program, powered: Any) -> Matrix:
    """Return the rows −(t, 0, u) of each powered u, its t after all variables."""
    n, extra = len(program.linear), len(powered)
    index = np.arange(extra)
    rows = np.concatenate([3 * index, 3 * index + 2])
    columns = np.concatenate([n + index, powered])
    return sparse.csr_array((-np.ones(2 * extra), (rows, columns)), shape=(3 * extra, n + extra))


def _wide(parts: list[Matrix], extra: int) -> sparse.csc_array:
    if not extra:
        parts = parts[:-1]
    for part in parts[:2]:
        part.resize((part.shape[0], part.shape[1] + extra))
    return sparse.csc_array(sparse.vstack(parts))
