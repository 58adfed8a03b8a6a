"""Bends of an instrument, found from its worth and its delta alone.

One price goes over many decades. The bend between two of its neighbours is the cash that changes
hands there, ``Σ Pⱼ|Δⱼ′ − Δⱼ|``, as a part of all that is held round it. Where that is most, the
neighbours are moved together, again and again, until an option of a few minutes, which bends within
a hundred-thousandth of its strike, is as well seen as a power, which bends everywhere alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import field, frozen

from hedgecore.numerics.arrays import Array

LOW, HIGH, STEPS = -40.03, 39.98, 160
"""From and to which decade a price goes, and in how many steps; past all round prices."""
ROUND = 1.5
"""The logarithm of a price within which what is held counts."""
SPLIT, SHARPEST, ROUNDS = 8, 6, 7
"""Into how many parts so many intervals are split at a time, and how often."""
NARROW = 1e-6
"""Of the logarithm: an interval that is split no more. What bends faster is a kink."""
STRAIGHT = 1e-9
"""A bend of no more is rounding."""
NOTHING = 1e-200
"""Cash below which numbers are on their way to underflow."""

Gauge = Callable[[Array], tuple[Array, Array]]
"""Prices (K, k) → worth (K,) and delta (K, k); nan where there is none."""


@frozen(eq=False)
class Course:
    """Holdings as one price goes from low to high: M places of it.

    Attributes:
        logs: the price's logarithm, rising, (M,).
        points: all prices, (M, k).
        worth: (M,); nan where there is none.
        delta: (M, k).

    """

    logs: Array = field(repr=False)
    points: Array = field(repr=False)
    worth: Array = field(repr=False)
    delta: Array = field(repr=False)

    @property
    def moves(self) -> bool:
        """True if worth or holdings depend on the price at all."""
        rows = np.column_stack([self.worth, self.delta])
        rows = rows[np.isfinite(rows).all(axis=1)]
        return bool(len(rows) and np.ptp(rows, axis=0).any())

    @property
    def bends(self) -> Array:
        """The bend of each interval, (M − 1,); 0 where anything is unknown."""
        cash = self.points * self.delta
        held = np.abs(self.worth) + np.abs(cash).sum(axis=1)
        near = np.abs(self.logs[:, None] - self.logs) <= ROUND
        most = np.where(near & np.isfinite(held), held, 0.0).max(axis=1)
        prices = np.sqrt(self.points[1:] * self.points[:-1])
        moved = (prices * np.abs(np.diff(self.delta, axis=0))).sum(axis=1)
        most = np.maximum(most[1:], most[:-1])
        with np.errstate(invalid="ignore", divide="ignore"):
            bends = moved / most
        told = np.isfinite(bends) & (bends > STRAIGHT) & (most > NOTHING)
        return np.where(told, bends, 0.0)

    def spread(self, count: int) -> Array:
        """Prices, (count,), with the same bend between any two; or none."""
        total = np.concatenate([[0.0], np.cumsum(self.bends)])
        if not total[-1]:
            return np.empty(0)
        parts = (np.arange(count) + 0.5) / count * total[-1]
        return np.asarray(np.exp(np.interp(parts, total, self.logs)))


@np.errstate(all="ignore")
def course(gauge: Gauge, start: Array, axis: int, rounds: int = ROUNDS) -> Course:
    """Holdings as one price goes over all decades, in more detail where they bend.

    Args:
        gauge: what is asked.
        start: all prices, (k,), of which only one moves.
        axis: which.
        rounds: how often to look closer.

    """
    found = _survey(gauge, start, axis, np.log(10.0) * np.linspace(LOW, HIGH, STEPS + 1))
    for _ in range(rounds):
        sharpest = np.argsort(found.bends, kind="stable")[-SHARPEST:]
        split = sharpest[(found.bends[sharpest] > 0) & (np.diff(found.logs)[sharpest] > NARROW)]
        if not split.size:
            break
        found = _merge(found, _survey(gauge, start, axis, _inner(found.logs, split)))
    return found


def _inner(logs: Array, split: Any) -> Array:
    """Places that divide each of the intervals `split` evenly."""
    parts = np.arange(1, SPLIT) / SPLIT
    low, high = logs[split][:, None], logs[split + 1][:, None]
    return np.asarray((low + (high - low) * parts).ravel())


def _survey(gauge: Gauge, start: Array, axis: int, logs: Array) -> Course:
    points = np.repeat(start[None], len(logs), axis=0)
    points[:, axis] = np.exp(logs)
    return Course(logs, points, *gauge(points))


def _merge(one: Course, other: Course) -> Course:
    both = [np.concatenate(parts) for parts in zip(_rows(one), _rows(other), strict=True)]
    order = np.argsort(both[0], kind="stable")
    return Course(*(part[order] for part in both))


def _rows(each: Course) -> tuple[Array, ...]:
    return each.logs, each.points, each.worth, each.delta
