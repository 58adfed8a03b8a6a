"""Outcome of a block of paths: sums over the steps of each path, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from attrs import frozen

from hedgecore.numerics.arrays import Array


class AttributionLine(NamedTuple):
    """Key of a line of the attribution: a leg, an asset, a column of the ledger; "" for all."""

    leg: str
    asset: str
    column: str


@frozen
class Moment:
    """Mean and sum of squared deviations over so many paths."""

    count: int
    mean: float
    squares: float

    @classmethod
    def of(cls, numbers: Array) -> Moment:
        """Moment of some numbers."""
        mean = float(np.mean(numbers))
        return cls(len(numbers), mean, float(np.sum((numbers - mean) ** 2)))

    def plus(self, other: Moment) -> Moment:
        """Moment of both (Chan, Golub, LeVeque 1979)."""
        count = self.count + other.count
        apart = other.mean - self.mean
        squares = self.squares + other.squares + apart**2 * self.count * other.count / count
        return Moment(count, self.mean + apart * other.count / count, squares)


@frozen(eq=False, kw_only=True)
class Series:
    """One path, step by step: T + 1 moments, the start first.

    Attributes:
        times: (T + 1,), years since the start.
        assets: the hedged assets, m of them.
        instruments: their names, k of them.
        prices: (T + 1, m).
        equity: (T + 1,), of the book with its hedge.
        unhedged: (T + 1,), of the positions alone.
        columns: column of the ledger → (T + 1,), in each step.
        held: (T + 1, k), contracts after each step.
        orders: (T + 1, k), contracts bought at each step.
        delta: (T + 1, m), of the book with its hedge, after each step.
        exposed: (T + 1, m), the delta of the positions alone.

    """

    times: Array
    assets: tuple[str, ...]
    instruments: tuple[str, ...]
    prices: Array
    equity: Array
    unhedged: Array
    columns: Mapping[str, Array]
    held: Array
    orders: Array
    delta: Array
    exposed: Array


@frozen(eq=False, kw_only=True)
class Outcome:
    """Outcome of N paths.

    Attributes:
        tallies: name → (N,), one number a path.
        lines: what each line of the attribution came to, over the paths.
        worth: of the positions at the start.
        held_worth: of the hedge that is held at the start; equity starts from both.
        scale: what rounding is relative to: the gross worth of all legs at the start.
        series: of a single path.

    """

    tallies: Mapping[str, Array]
    lines: Mapping[AttributionLine, Moment]
    worth: float
    scale: float
    held_worth: float = 0.0
    series: Series | None = None


def merge(outcomes: Sequence[Outcome]) -> Outcome:
    """Outcome of all blocks, in their order."""
    first = outcomes[0]
    tallies = {n: np.concatenate([each.tallies[n] for each in outcomes]) for n in first.tallies}
    lines = dict(first.lines)
    count = len(next(iter(outcomes[0].tallies.values())))
    for each in outcomes[1:]:
        more = len(next(iter(each.tallies.values())))
        for line in dict.fromkeys((*lines, *each.lines)):
            known = lines.get(line, Moment(count, 0.0, 0.0))
            lines[line] = known.plus(each.lines.get(line, Moment(more, 0.0, 0.0)))
        count += more
    return Outcome(
        tallies=tallies, lines=lines, worth=first.worth, scale=first.scale,
        held_worth=first.held_worth,
        series=first.series if len(outcomes) == 1 else None,
    )  # fmt: skip


def lines(sums: Mapping[AttributionLine, Array]) -> dict[AttributionLine, Moment]:
    """Moments of each entry's sums, and of their totals by leg and by asset."""
    totals: dict[AttributionLine, Array] = dict(sums)
    for (leg, asset, column), cash in sums.items():
        for total in _totals(leg, asset, column):
            totals[total] = totals[total] + cash if total in totals else cash
    return {line: Moment.of(cash) for line, cash in totals.items()}


def _totals(leg: str, asset: str, column: str) -> Iterable[AttributionLine]:
    """Totals that an entry is a part of, and is not itself."""
    all_of = [
        AttributionLine(leg, "", ""),
        AttributionLine("", "", column),
        AttributionLine("", asset, "") if asset else None,
    ]
    if asset:
        all_of.append(AttributionLine(leg, "", column))
    return [line for line in all_of if line is not None]
