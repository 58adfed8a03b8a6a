"""Program block by block: variables that follow from the trades, and rows over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hedgecore_convex_solver.problem_data import Array
from hedgecore_convex_solver.program import Lift, Program

Index: TypeAlias = NDArray[np.intp]
Block: TypeAlias = tuple[int, Array]
"""Start of a block of columns, and its entries: (m, w), or (m,) for a diagonal."""


class Builder:
    """Collects blocks; `done` returns the program. Rows with a label are the user's own."""

    def __init__(self, trades: int, box: float) -> None:
        self.trades = trades
        self.count = 0
        self._ends: list[tuple[Array, Array, NDArray[np.bool_]]] = []
        self._lifts: list[Lift] = []
        self._entries: list[tuple[Index, Index, Array]] = []
        self._rows: list[tuple[Array, ...]] = []
        self._labels: list[str] = []
        self._linear: list[tuple[int, Array]] = []
        self._power: list[tuple[int, Array]] = []
        self.squares: list[tuple[list[Block], Array]] = []
        self._variables(trades, -box, box, whole=False)

    def add_variables(
        self, lift: Lift, count: int, lower: ArrayLike, upper: ArrayLike, *, whole: bool = False
    ) -> int:
        """Add variables that `lift` gives from all before them; return where they start."""
        self._lifts.append(lift)
        return self._variables(count, lower, upper, whole=whole)

    def _variables(self, count: int, lower: ArrayLike, upper: ArrayLike, *, whole: bool) -> int:
        start = self.count
        low, high = np.broadcast_to(lower, count), np.broadcast_to(upper, count)
        self._ends.append((low * 1.0, high * 1.0, np.full(count, whole)))
        self.count += count
        return start

    def add_rows(
        self,
        blocks: Sequence[Block],
        low: ArrayLike,
        high: ArrayLike,
        *,
        labels: Sequence[str] | None = None,
        unit: ArrayLike = 1.0,
        origin: ArrayLike = 0.0,
    ) -> None:
        """Add m rows; a limit is `origin` + `unit` times a row's end, in the limit's own unit."""
        m, top = len(blocks[0][1]), len(self._labels)
        for start, block in blocks:
            self._entries.append(_entries_at(block, top, start))
        ends = (np.broadcast_to(end, m) * 1.0 for end in (low, high, unit, origin))
        self._rows.append(tuple(ends))
        self._labels += labels or [""] * m

    def add_cost(self, start: int, of: Array) -> None:
        """Add a linear term on the variables from `start`."""
        self._linear.append((start, of))

    def add_power(self, start: int, of: Array) -> None:
        """Add a term of |z|^1.5 on the variables from `start`."""
        self._power.append((start, of))

    def program(self, unit: Array) -> Program:
        """Program, its objective scaled to slopes of order 1."""
        linear, power = self._vector(self._linear), self._vector(self._power)
        factor, offset = self._factor()
        curve = np.einsum("ij,ij->j", factor, factor)
        sizes = [np.abs(linear), power, curve, np.abs(factor.T @ offset)]
        sigma = max(float(np.max(each, initial=0.0)) for each in sizes) or 1.0
        lower, upper, whole = (np.concatenate(part) for part in zip(*self._ends, strict=True))
        low, high, row_unit, origin = (
            np.concatenate(part) for part in zip(*self._rows, strict=True)
        )
        return Program(
            linear=linear / sigma,
            factor=factor / np.sqrt(sigma),
            offset=offset / np.sqrt(sigma),
            power=power / sigma,
            matrix=self._matrix(),
            low=low,
            high=high,
            lower=lower,
            upper=upper,
            whole=whole,
            labels=tuple(self._labels),
            row_unit=row_unit,
            origin=origin,
            unit=unit,
            sigma=sigma,
            lifts=tuple(self._lifts),
        )

    def _vector(self, terms: Sequence[tuple[int, Array]]) -> Array:
        vector = np.zeros(self.count)
        for start, part in terms:
            vector[start : start + len(part)] += part
        return vector

    def _factor(self) -> tuple[Array, Array]:
        factors = []
        for blocks, _ in self.squares:
            wide = np.zeros((len(blocks[0][1]), self.count))
            for start, block in blocks:
                wide[:, start : start + block.shape[1]] += block
            factors.append(wide)
        none = np.zeros((0, self.count))
        return np.vstack([none, *factors]), np.concatenate(
            [np.zeros(0), *(f for _, f in self.squares)]
        )

    def _matrix(self) -> sparse.csr_array:
        rows, columns, entries = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        shape = (len(self._labels), self.count)
        there = entries != 0
        place = (rows[there].astype(np.int32), columns[there].astype(np.int32))
        return sparse.csr_array((entries[there], place), shape=shape)


def _entries_at(block: Array, top: int, start: int) -> tuple[Index, Index, Array]:
    if block.ndim == 1:
        index = np.arange(len(block))
        return top + index, start + index, block
    rows, columns = np.nonzero(block)
    return top + rows, start + columns, block[rows, columns]
