"""Clarabel, called directly: linear and quadratic objectives, and powers by cones."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Candidate, Matrix, Program
from hedgecore_convex_solver.standard_form import standard_form

SOLVED = ("Solved", "AlmostSolved")
INFEASIBLE = ("PrimalInfeasible", "AlmostPrimalInfeasible")
TIGHT = 1e-10
ITERATIONS = 200
SHAPE = 2 / 3
"""(t, 1, u) in the power cone of 2/3 says t ≥ u^1.5."""


def clarabel(program: Program) -> Candidate:
    """Clarabel's answer, equilibrated and to tight tolerances."""
    return _solve(program, "Clarabel", equilibrate=True, tolerance=TIGHT)


def clarabel_plain(program: Program) -> Candidate:
    """Clarabel's answer in its other way: no equilibration, its usual tolerances."""
    return _solve(program, "Clarabel, plain", equilibrate=False, tolerance=100 * TIGHT)


def _solve(program: Program, by: str, *, equilibrate: bool, tolerance: float) -> Candidate:
    import clarabel as solver  # noqa: PLC0415 - only who solves needs it

    settings = solver.DefaultSettings()
    settings.verbose, settings.max_iter = False, ITERATIONS
    settings.equilibrate_enable, settings.max_threads = equilibrate, 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    rows, ends, powered = standard_form(program), _ends(program), np.flatnonzero(program.power)
    e, g, r = len(rows.equal), len(rows.right) - len(rows.equal), len(program.offset)
    parts = [_squares(program), rows.matrix, ends[0], _cones(program, powered)]
    right = [-program.offset, rows.right, ends[1], np.tile([0.0, 1.0, 0.0], len(powered))]
    cones = [solver.ZeroConeT(r + e), solver.NonnegativeConeT(g + len(ends[1]))]
    cones += [solver.PowerConeT(SHAPE)] * len(powered)
    square, slope = _objective(program, powered)
    matrix = _wide(parts, len(slope))
    found = solver.DefaultSolver(
        square, slope, matrix, np.concatenate(right), cones, settings
    ).solve()
    if str(found.status) not in SOLVED:
        infeasible = str(found.status) in INFEASIBLE
        return Candidate(status="infeasible" if infeasible else f"{found.status}", by=by)
    z, duals = np.asarray(found.x)[: len(program.linear)], -np.asarray(found.z)[r : r + e + g]
    return Candidate(status="solved", z=z, duals=rows.duals(duals[:e], duals[e:]), by=by)


def _objective(program: Program, powered: Any) -> tuple[sparse.csc_array, Array]:
    """Hessian and slope over (z, s, t): q·z + ½‖s‖² + p·t, with s = F z + f, t ≥ |z|^1.5.

    With the squares as variables the Hessian is 1, and nothing is squared before it is solved.
    """
    n, r, p = len(program.linear), len(program.offset), len(powered)
    ones = np.concatenate([np.zeros(n), np.ones(r), np.zeros(p)])
    square = sparse.csc_array(sparse.diags_array(ones))
    square.eliminate_zeros()
    return square, np.concatenate([program.linear, np.zeros(r), program.power[powered]])


def _squares(program: Program) -> Matrix:
    """Rows F z − s."""
    r = len(program.offset)
    return sparse.csr_array(np.hstack([program.factor, -np.eye(r)]))


def _ends(program: Program) -> tuple[Matrix, Array]:
    """Finite ends of the variables as rows G z ≤ g."""
    n = len(program.linear)
    high, low = np.isfinite(program.upper), np.isfinite(program.lower)
    columns = np.concatenate([np.flatnonzero(high), np.flatnonzero(low)])
    signs = np.concatenate([np.ones(np.sum(high)), -np.ones(np.sum(low))])
    shape = (len(columns), n)
    matrix = sparse.csr_array((signs, (np.arange(len(columns)), columns)), shape=shape)
    return matrix, np.concatenate([program.upper[high], -program.lower[low]])


def _cones(program: Program, powered: Any) -> Matrix:
    """Rows −(t, 0, u) of each powered u, its t after all variables."""
    n, extra = len(program.linear) + len(program.offset), len(powered)
    index = np.arange(extra)
    rows = np.concatenate([3 * index, 3 * index + 2])
    columns = np.concatenate([n + index, powered])
    return sparse.csr_array((-np.ones(2 * extra), (rows, columns)), shape=(3 * extra, n + extra))


def _wide(parts: list[Matrix], width: int) -> sparse.csc_array:
    """Parts that have rows, one over the other, all `width` wide."""
    there = [part for part in parts if part.shape[0]]
    for part in there:
        part.resize((part.shape[0], width))
    return sparse.csc_array(sparse.vstack(there))
