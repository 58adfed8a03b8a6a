"""Runs through the rows of a history, each going on or starting anew at random, for many paths."""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

Places = NDArray[np.intp]


@define(eq=False)
class Runs:
    """Places of N paths among R rows, and the random numbers that take them on.

    What it draws depends on how many rows were taken in all, not on how many at a time.
    """

    rows: int
    ends: float
    place: Places
    stops: np.random.Generator
    starts: np.random.Generator

    @classmethod
    def begin(cls, rows: int, mean: float, paths: int, rng: np.random.Generator) -> Runs:
        """Runs of mean length `mean`, none of which has begun."""
        stops, starts = rng.spawn(2)
        first = (starts.random(paths) * rows).astype(np.intp) - 1
        return cls(rows, 1.0 / mean, first, stops, starts)

    def advance(self, count: int) -> Places:
        """Next `count` rows of each path, (count, N)."""
        found = np.empty((count, len(self.place)), dtype=np.intp)
        for row in found:
            np.add(self.place, 1, out=row)
            row[row == self.rows] = 0
            anew = np.flatnonzero(self.stops.random(len(row)) < self.ends)
            row[anew] = (self.starts.random(anew.size) * self.rows).astype(np.intp)
            self.place = row
        return found
