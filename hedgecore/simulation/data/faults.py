"""Faults in the rows of a history: each named with its file and line."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

GAP = 1.5
"""A step this many times as long as usual is a gap."""


@frozen
class Fault:
    """Something wrong with a history: where, and what."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


def wrong_rows(seconds: Array, values: Mapping[str, Array]) -> dict[int, str]:
    """Row → what is wrong with it: its moment, its numbers, or its place in time.

    Args:
        seconds: (R,), since 1970; nan where a moment cannot be read.
        values: "price:X", "volume:X" and the like → (R,); nan where a number cannot be read.

    """
    found: dict[int, str] = {}
    for i in np.flatnonzero(~np.isfinite(seconds)):
        found[int(i)] = "the time is no moment: neither ISO 8601 nor a number since 1970"
    for name, column in values.items():
        for i in np.flatnonzero(~_legal(name, column)):
            says = f"{column[i]:g}" if np.isfinite(column[i]) else "no finite number"
            found.setdefault(int(i), f"{name.replace(':', ' of ')} is {says}")
    standing = np.where(np.isin(np.arange(len(seconds)), list(found)), -np.inf, seconds)
    before = np.maximum.accumulate(np.concatenate([[-np.inf], standing]))[:-1]
    for i in np.flatnonzero(standing == before):
        if standing[i] > -np.inf:
            found[int(i)] = "the same time again"
    for i in np.flatnonzero((standing < before) & (standing > -np.inf)):
        found[int(i)] = "out of order: its time is before an earlier row's"
    return found


def gaps(seconds: Array, interval: float, places: list[tuple[str, int]]) -> tuple[Fault, ...]:
    """Steps longer than usual, each at the row that it leads to."""
    found = []
    for (a, b), place in zip(pairwise(seconds.tolist()), places[1:], strict=True):
        if b - a > GAP * interval:
            missing = round((b - a) / interval) - 1
            found.append(Fault(*place, f"a gap of {b - a:g} seconds: {missing} rows are missing"))
    return tuple(found)


def _legal(name: str, column: Array) -> NDArray[np.bool_]:
    finite = np.isfinite(column)
    if name.startswith("payment:"):
        return ~np.isinf(column)
    if name.startswith("price:"):
        return finite & (column > 0)
    if name.startswith(("volume:", "liquidity:")):
        return finite & (column >= 0)
    return finite
