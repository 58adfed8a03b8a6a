"""A scaled program, its value, and the bound that multipliers prove.

    min  constant + q·z + ½‖F z + f‖² + p·|z|^1.5    low ≤ A z ≤ high,  lower ≤ z ≤ upper,
    some z whole numbers

All of z are of order 1, and so are the rows; the first k are the trades, and the rest follow from
them (`lift`), so that what a solver says of them need not be believed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray
from scipy import sparse

from hedgecore_convex_solver.question import Array

Matrix: TypeAlias = sparse.csr_array
Lift: TypeAlias = Callable[[Array], Array]
REACH = 10.0
"""A bound is proved among all points at most so many times the answer's size away."""


@frozen(eq=False, kw_only=True)
class Program:
    """See the module; `unit` (k,) is contracts per trade, `worth` (m,) what a row's dual is of."""

    linear: Array
    factor: Array
    offset: Array
    power: Array
    constant: float
    matrix: Matrix
    low: Array
    high: Array
    lower: Array
    upper: Array
    whole: NDArray[np.bool_]
    labels: tuple[str, ...]
    row_unit: Array
    unit: Array
    sigma: float
    lifts: tuple[Lift, ...] = field(repr=False)

    @property
    def curved(self) -> bool:
        """Whether the objective is more than linear."""
        return bool(len(self.offset) or np.any(self.power))

    def lift(self, y: Array) -> Array:
        """Return all variables, (n,), of the trades (k,)."""
        z = y
        for each in self.lifts:
            z = np.concatenate([z, each(z)])
        return z

    def value(self, z: Array) -> float:
        """Return the objective, in its own unit: `sigma` cash."""
        square = 0.5 * np.sum((self.factor @ z + self.offset) ** 2)
        power = self.power @ np.abs(z) ** 1.5
        return float(self.constant + self.linear @ z + square + power)

    def slope(self, z: Array) -> Array:
        """Return the gradient of the objective, (n,)."""
        square = self.factor.T @ (self.factor @ z + self.offset)
        power = 1.5 * self.power * np.sqrt(np.abs(z)) * np.sign(z)
        return np.asarray(self.linear + square + power)

    def bound(self, z: Array, duals: Array) -> float:
        """Return what no feasible point near is below, by these multipliers of the rows (m,).

        The objective is convex, so at or above its tangent at `z`; and the least of a linear
        function over the rows is at least what any multipliers say (weak duality), whoever found
        them. What is proved near `z` holds everywhere, since the program is convex.
        """
        duals = np.where(np.isfinite(self.low), duals, np.minimum(duals, 0.0))
        duals = np.where(np.isfinite(self.high), duals, np.maximum(duals, 0.0))
        slope, near = self.slope(z), REACH * np.maximum(1.0, np.abs(z))
        reduced = slope - self.matrix.T @ duals
        ends = np.maximum(self.lower, z - near), np.minimum(self.upper, z + near)
        rows = np.where(duals > 0, self.low, self.high)
        paid = float(np.sum(duals[duals != 0] * rows[duals != 0]))
        least = float(np.sum(np.minimum(reduced * ends[0], reduced * ends[1])))
        return self.value(z) - float(slope @ z) + paid + least

    def relaxed(self) -> Program:
        """Return it without whole numbers."""
        return evolve(self, whole=np.zeros_like(self.whole))

    def fixed(self, y: Array, which: NDArray[np.bool_]) -> Program:
        """Return it with these trades and all whole numbers as they are, and so continuous."""
        z = self.lift(y)
        held = self.whole.copy()
        held[: len(y)] |= which
        lower, upper = np.where(held, z, self.lower), np.where(held, z, self.upper)
        return evolve(self, lower=lower, upper=upper, whole=np.zeros_like(held))


@frozen(eq=False, kw_only=True)
class Candidate:
    """What a solver says: `status` is "solved", "infeasible", or why there is nothing."""

    status: str
    z: Array | None = None
    duals: Array | None = None
    bound: float | None = None
    by: str = ""
