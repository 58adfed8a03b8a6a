"""Products of numbers over the steps of a frame, and their sums over the steps of each path.

A ledger wants the sums; a record of a single path wants each step. So a product is kept as its
factors: their sum is one pass, and no array of a frame's size is made on the way.
"""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array, read_only
from hedgecore.numerics.columns import broadcast
from hedgecore.simulation.engine.view import previous

Shape: TypeAlias = tuple[int, int]

ONE = read_only(np.ones((1, 1)))
MOST = 3
"""Factors that einsum multiplies in one fast loop."""


class StepValues(NamedTuple):
    """Number of each step, S or less; a single row is the same in all steps."""

    there: Array

    @property
    def constant(self) -> Array | None:
        """Number that it is in all steps; None where it changes."""
        return self.there if len(self.there) == 1 else None

    def whole(self, shape: Shape) -> Array:
        """Number of each step, S."""
        return broadcast(self.there, shape)

    def parts(self, shape: Shape) -> tuple[Array, Array]:
        """Number of the first step, (N,) or (1,), and of those after it, (K − 1, N)."""
        whole = self.whole(shape)
        return whole[0], whole[1:]


class OpeningValues(NamedTuple):
    """Number as each step begins, from (1, N) or (1, 1) before, and S or (1, 1) at the ends."""

    before: Array
    there: Array

    @property
    def constant(self) -> Array | None:
        """Number that it is in all steps; None where it changes."""
        same = self.before.shape == self.there.shape == (1, 1) and self.before == self.there
        return self.there if same else None

    def whole(self, shape: Shape) -> Array:
        """Number of each step, S."""
        return previous(self.before, self.there, shape)

    def parts(self, shape: Shape) -> tuple[Array, Array]:
        """Number of the first step, (N,) or (1,), and of those after it, (K − 1, N)."""
        steps, paths = shape
        return self.before[0], broadcast(self.there[: steps - 1], (steps - 1, paths))


class StepChange(NamedTuple):
    """Change of a number over each step, from (1, N) before the first, and S at the ends."""

    before: Array
    there: Array

    @property
    def constant(self) -> None:
        """None: it changes."""
        return None

    def whole(self, shape: Shape) -> Array:
        """Change over each step, S."""
        if self.before.shape == self.there.shape == (1, 1) and self.before == self.there:
            return np.zeros((1, 1))
        change, there = np.empty(shape), broadcast(self.there, shape)
        np.subtract(there[0], self.before[0], out=change[0])
        np.subtract(there[1:], there[:-1], out=change[1:])
        return change

    def parts(self, shape: Shape) -> tuple[Array, Array]:
        """Change over the first step, (N,), and over those after it, (K − 1, N)."""
        there = broadcast(self.there, shape)
        return there[0] - self.before[0], there[1:] - there[:-1]


Factor: TypeAlias = StepValues | OpeningValues | StepChange


class StepProduct(NamedTuple):
    """Product of factors over the steps of a frame, S = (K, N).

    Attributes:
        shape: S.
        constant: (1, N) or (1, 1), the product of those that are the same in all steps.
        factors: the others.

    """

    shape: Shape
    constant: Array
    factors: tuple[Factor, ...]

    @classmethod
    def of(cls, shape: Shape, *factors: Factor) -> StepProduct:
        """Product of some factors."""
        same = [each.constant for each in factors]
        known = [each for each in same if each is not None]
        rest = tuple(each for each, its in zip(factors, same, strict=True) if its is None)
        return cls(shape, reduce(np.multiply, known) if known else ONE, rest)

    def whole(self) -> Array:
        """Product in each step, S."""
        each = [factor.whole(self.shape) for factor in self.factors]
        known = [] if self.constant is ONE and each else [self.constant]
        return broadcast(reduce(np.multiply, [*known, *each]), self.shape)

    def add_to(self, total: Array) -> None:
        """Add the product in each step to a total, S."""
        total += self.whole()

    def sum(self) -> Array:
        """Sum over the steps of each path, (N,)."""
        return broadcast(self.constant[0] * self._sum(), self.shape[1:])

    def _sum(self) -> Array:
        match self.factors:
            case ():
                return np.array([float(self.shape[0])])
            case (StepChange(before, there),):
                return np.asarray(there[-1] - before[0])
        firsts, rests = zip(*(each.parts(self.shape) for each in self.factors), strict=True)
        few = list(rests)
        while len(few) > MOST:
            few[:2] = [few[0] * few[1]]
        names = ",".join("kn" for _ in few)
        return np.asarray(reduce(np.multiply, firsts) + np.einsum(f"{names}->n", *few))


class PlacedNumbers(NamedTuple):
    """Numbers (n,) at a few flat places of S, in their order, and 0 elsewhere; each of a path."""

    shape: Shape
    places: NDArray[np.intp]
    paths: NDArray[np.intp]
    numbers: Array

    def whole(self) -> Array:
        """Number of each step, S."""
        total = np.zeros(self.shape)
        self.add_to(total)
        return total

    def add_to(self, total: Array) -> None:
        """Add the number of each step to a total, S."""
        total.reshape(-1)[self.places] += self.numbers

    def sum(self) -> Array:
        """Sum over the steps of each path, (N,)."""
        return np.asarray(np.bincount(self.paths, self.numbers, self.shape[1]), dtype=np.float64)
