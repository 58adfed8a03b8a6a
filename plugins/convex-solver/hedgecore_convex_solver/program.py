"""A scaled program, its value, and what a solver says of it.

    min  q·z + ½‖F z + f‖² + p·|z|^1.5    low ≤ A z ≤ high,  lower ≤ z ≤ upper,
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

from hedgecore_convex_solver.problem_data import Array

Matrix: TypeAlias = sparse.csr_array
Lift: TypeAlias = Callable[[Array], Array]


@frozen(eq=False, kw_only=True)
class Program:
    """See the module; a trade is `unit` contracts, and a row's end is origin + row_unit · end."""

    linear: Array
    factor: Array
    offset: Array
    power: Array
    matrix: Matrix
    low: Array
    high: Array
    lower: Array
    upper: Array
    whole: NDArray[np.bool_]
    labels: tuple[str, ...]
    row_unit: Array
    origin: Array
    unit: Array
    sigma: float
    lifts: tuple[Lift, ...] = field(repr=False)

    @property
    def has_curvature(self) -> bool:
        """True where the objective is more than linear."""
        return bool(len(self.offset) or np.any(self.power))

    def lift(self, y: Array) -> Array:
        """All variables, (n,), of the trades (k,)."""
        z = y
        for each in self.lifts:
            z = np.concatenate([z, each(z)])
        return z

    def value(self, z: Array) -> float:
        """Objective, in its own unit: `sigma` cash."""
        square = 0.5 * np.sum((self.factor @ z + self.offset) ** 2)
        power = self.power @ np.abs(z) ** 1.5
        return float(self.linear @ z + square + power)

    def rescale(self, sigma: float) -> Program:
        """Program with its objective in units of `sigma` cash."""
        part = self.sigma / sigma
        return evolve(
            self, linear=self.linear * part, factor=self.factor * np.sqrt(part),
            offset=self.offset * np.sqrt(part), power=self.power * part, sigma=sigma,
        )  # fmt: skip

    def relaxation(self) -> Program:
        """Program without whole numbers."""
        return evolve(self, whole=np.zeros_like(self.whole))

    def fix_integers(self, y: Array, which: NDArray[np.bool_]) -> Program:
        """Program with these trades and all whole numbers as they are, and so continuous."""
        z = self.lift(y)
        held = self.whole.copy()
        held[: len(y)] |= which
        lower, upper = np.where(held, z, self.lower), np.where(held, z, self.upper)
        return evolve(self, lower=lower, upper=upper, whole=np.zeros_like(held))


@frozen(eq=False, kw_only=True)
class Candidate:
    """Answer of a solver: `status` is "solved", "infeasible", or why there is nothing."""

    status: str
    z: Array | None = None
    duals: Array | None = None
    bound: float | None = None
    nodes: int = 0
    stopped: bool = False
    """True where a count of work ended it before it was proven."""
    by: str = ""
