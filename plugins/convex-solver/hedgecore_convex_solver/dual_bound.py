"""The bound that multipliers prove: no feasible point is below it, whoever found them.

For any w, ½‖s‖² ≥ w·s − ½‖w‖²; for u ≥ 0, p > 0 and any v ≥ 0, p u^1.5 ≥ v u − 4v³/(27p²); and on
the rows, any λ pays λ·(A z) at its own end. What is left of the objective is linear in z, its least
in a box is known in closed form, and all of it is arithmetic (Fenchel and weak duality).
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Program

REACH = 10.0
"""Reach of the proof, in sizes of the answer: a convex program that
has nothing better there has nothing better anywhere."""
ACTIVE = 1e-7
RIDGE, REFINEMENTS = 1e-13, 2


@frozen(eq=False)
class Multipliers:
    """Of the rows (m,), of the squares (r,), and slopes of the powers (n,)."""

    rows: Array
    squares: Array
    powers: Array


def lower_bound(program: Program, z: Array, duals: Array, target: float) -> float:
    """Lower bound of the objective, in the program's unit.

    Args:
        program: without regard to whole numbers.
        z: a point near the least, (n,).
        duals: of the rows (m,), as a solver says.
        target: once the bound is this high, it is good enough.

    """
    by = Multipliers(
        _signed_multipliers(program, duals),
        program.factor @ z + program.offset,
        1.5 * program.power * np.sqrt(np.maximum(z * (program.power > 0), 0.0)),
    )
    found = _bound(program, z, by)
    if found >= target:
        return found
    return max(found, _bound(program, z, _refine(program, z, by)))


def _signed_multipliers(program: Program, duals: Array) -> Array:
    """Multipliers with those left out that pay at an end which is not there."""
    duals = np.where(np.isfinite(program.low), duals, np.minimum(duals, 0.0))
    return np.asarray(np.where(np.isfinite(program.high), duals, np.maximum(duals, 0.0)))


def _reduced_slope(program: Program, by: Multipliers) -> Array:
    slope = program.linear + program.factor.T @ by.squares + by.powers
    return np.asarray(slope - program.matrix.T @ by.rows)


def _bound(program: Program, z: Array, by: Multipliers) -> float:
    ends = np.where(by.rows > 0, program.low, program.high)
    paid = float(np.sum(by.rows[by.rows != 0] * ends[by.rows != 0]))
    square = float(by.squares @ program.offset - 0.5 * by.squares @ by.squares)
    on = program.power > 0
    if np.any(by.powers[on] < 0):
        return -np.inf
    power = float(np.sum(4 * by.powers[on] ** 3 / (27 * program.power[on] ** 2)))
    near = REACH * np.maximum(1.0, np.abs(z))
    low, high = np.maximum(program.lower, z - near), np.minimum(program.upper, z + near)
    reduced = _reduced_slope(program, by)
    least = float(np.sum(np.minimum(reduced * low, reduced * high)))
    return paid + square - power + least


def _refine(program: Program, z: Array, by: Multipliers) -> Multipliers:
    """Multipliers near `by` that leave no slope along variables that are free to move.

    The least change of them all at once: what it costs is of second order.
    """
    reduced = _reduced_slope(program, by)
    tight = _active(program, by.rows)
    on = np.flatnonzero(program.power)
    free = (np.abs(reduced) < np.sqrt(ACTIVE)) & (z > program.lower) & (z < program.upper)
    pick = np.zeros((len(z), len(on)))
    pick[on, np.arange(len(on))] = 1.0
    columns = np.hstack([program.factor.T, pick, -program.matrix[tight].toarray().T])
    change = _least_change(columns[free], -reduced[free])
    r, p = len(by.squares), len(on)
    rows, powers = by.rows.copy(), by.powers.copy()
    rows[tight] += change[r + p :]
    powers[on] = np.maximum(powers[on] + change[r : r + p], 0.0)
    loose = np.ones(len(rows), dtype=bool)
    loose[tight] = False
    rows[loose] = 0.0
    return evolve(
        by, rows=_signed_multipliers(program, rows), squares=by.squares + change[:r], powers=powers
    )


def _least_change(columns: Array, wanted: Array) -> Array:
    """Least c with columns · c = wanted, nearly: any multipliers prove something."""
    square = columns @ columns.T
    square[np.diag_indices_from(square)] += RIDGE * max(float(np.trace(square)), RIDGE)
    change, left = np.zeros(columns.shape[1]), wanted
    for _ in range(REFINEMENTS):
        change = change + columns.T @ np.linalg.solve(square, left)
        left = wanted - columns @ change
    return change


def _active(program: Program, duals: Array) -> NDArray[np.intp]:
    return np.flatnonzero((program.low == program.high) | (np.abs(duals) > ACTIVE))
