"""Rows with one side each, as solvers take them: E z = e, G z ≤ g; and the way back for duals."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Matrix, Program


@frozen(eq=False)
class StandardForm:
    """The rows of a program with one side each, of which rows they are."""

    equal: NDArray[np.intp]
    low: NDArray[np.intp]
    high: NDArray[np.intp]
    matrix: Matrix
    right: Array
    count: int

    def duals(self, equal: Array, above: Array) -> Array:
        """Multipliers of the program's rows: d objective / d right-hand side, (m,)."""
        duals = np.zeros(self.count)
        duals[self.equal] = equal
        duals[self.high] += above[: len(self.high)]
        duals[self.low] -= above[len(self.high) :]
        return duals


def standard_form(program: Program) -> StandardForm:
    """Rows of a program, equalities apart, then those with a high and a low end."""
    same = program.low == program.high
    equal = np.flatnonzero(same)
    low = np.flatnonzero(~same & np.isfinite(program.low))
    high = np.flatnonzero(~same & np.isfinite(program.high))
    matrix = program.matrix[np.concatenate([equal, high, low])]
    matrix.data[matrix.indptr[len(equal) + len(high)] :] *= -1.0
    right = np.concatenate([program.low[equal], program.high[high], -program.low[low]])
    return StandardForm(equal, low, high, matrix, right, len(program.low))
