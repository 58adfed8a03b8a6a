"""Outcome of a block of paths: sums over the steps of each path, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from attrs import define, evolve, field, frozen

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.blocks import Block


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


@define(eq=False)
class OutcomeMerger:
    """Outcome of all paths from those of their blocks, in any order; only their sums are kept.

    Attributes:
        paths: of all blocks.
        tallies: name → (paths,).
        rest: outcome of each block but its tallies.

    """

    paths: int
    tallies: dict[str, Array] = field(factory=dict)
    rest: dict[Block, Outcome] = field(factory=dict)

    def add(self, block: Block, outcome: Outcome) -> None:
        """Put what came of a block to where it is to stand."""
        for name, numbers in outcome.tallies.items():
            if name not in self.tallies:
                self.tallies[name] = np.empty(self.paths, numbers.dtype)
            self.tallies[name][block.first : block.first + block.count] = numbers
        self.rest[block] = evolve(outcome, tallies={})

    def add_all(self, blocks: Iterable[Block], outcomes: Iterable[Outcome]) -> None:
        """Put what came of some blocks to where it is to stand."""
        for block, outcome in zip(blocks, outcomes, strict=True):
            self.add(block, outcome)

    def whole(self) -> Outcome:
        """Outcome of all blocks, once all are there."""
        ordered = dict(sorted(self.rest.items(), key=lambda each: each[0].first))
        first = next(iter(ordered.values()))
        series = first.series if len(ordered) == 1 else None
        return evolve(first, tallies=self.tallies, lines=_merged_lines(ordered), series=series)


def _merged_lines(outcomes: Mapping[Block, Outcome]) -> dict[AttributionLine, Moment]:
    """Lines over the paths of all blocks, added in their order."""
    whole: dict[AttributionLine, Moment] = {}
    count = 0
    for block, outcome in outcomes.items():
        for line in dict.fromkeys((*whole, *outcome.lines)):
            known = whole.get(line, Moment(count, 0.0, 0.0))
            more = outcome.lines.get(line, Moment(block.count, 0.0, 0.0))
            whole[line] = known.plus(more) if count else more
        count += block.count
    return whole


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
