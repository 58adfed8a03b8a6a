"""Scenarios as tables, as CSV and as JSON."""

from __future__ import annotations

import csv as commas
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import typer

from hedgecore.analysis.scenario import Profit, Scenario
from hedgecore.analysis.sweep import drawn
from hedgecore.books.book import Book
from hedgecore.cli.options.moves import Axis
from hedgecore.cli.terminal.screen import GAP, screen
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.report.sweep import orders
from hedgecore.tables.render import Table, amount, cash

NAMES = {"full": "profit", "taylor": "Taylor estimate", "difference": "what Taylor misses"}
"""What the parts of a `Profit` are called."""
LARGE = 1000.0
"""From here on a grid of money has no cents."""


class Stress(NamedTuple):
    """A book, the directions of a grid, and what the book gains on it: an axis for each."""

    book: Book
    axes: tuple[Axis, ...]
    result: Scenario

    @property
    def wide(self) -> list[int]:
        """Which axes have more than one point."""
        return [k for k, each in enumerate(self.axes) if len(each) > 1]

    @property
    def sides(self) -> dict[str, Profit]:
        """The profit before the hedge, and after it where there is one."""
        found = {"before": self.result.before, "after": self.result.after}
        return {name: each for name, each in found.items() if each is not None}

    def said(self, side: str) -> str:
        """Return which side of the hedge that is, in words; nothing where there is no hedge."""
        return f"{side} the hedge" if self.result.after else ""


def tables(stress: Stress) -> list[Table]:
    """Return full revaluation and the Taylor estimate: rows of one axis, or grids of two.

    Raises:
        BadParameter: three axes or more, which no table has.

    """
    if len(stress.wide) > 2:  # noqa: PLR2004 - rows and columns
        raise typer.BadParameter(
            "a table has two ranges or lists at most; --json and --csv take more"
        )
    make = _grids if len(stress.wide) == 2 else _rows  # noqa: PLR2004
    return [table for side in stress.sides for table in make(stress, side)]


HINT = (
    "What would follow in truth, as a staking token does, stays too, unless it is named: "
    "--move A,B=-30%..30% moves several together."
)


def remarks(stress: Stress) -> list[str]:
    """Return what moves, what stays, what is traded, and what is left out."""
    result = stress.result
    fixed = [f"{a.title} {a.label(0)}" for k, a in enumerate(stress.axes) if k not in stress.wide]
    lines = [f"Moved as well: {', '.join(fixed)}."] if fixed else []
    if result.hedge is not None:
        lines.append(f"Hedged at the book's prices: {orders(result.hedge)}.")
    if stays(stress):
        lines.append(f"All other prices stay: {', '.join(stays(stress))}.")
    if result.days:
        lines += _time(stress)
    if result.deaf:
        own = ", ".join(result.deaf)
        lines.append(f"--vol does not move what has a volatility of its own: {own}.")
    if any(each.taylor is None for each in stress.sides.values()):
        lines.append("There is no Taylor estimate: a gamma is infinite at the book's prices.")
    warned = [each for each in stress.book.positions if each.warning(result.here)]
    return [*lines, *(drawn(each, _moved(stress)) for each in warned)]


def stays(stress: Stress) -> list[str]:
    """Return whose price stays, where any moves."""
    there = stress.book.portfolio.exposure(stress.result.here).assets
    gone = {*_moved(stress), stress.result.here.numeraire}
    return [name for name in there if name not in gone] if _moved(stress) else []


def _moved(stress: Stress) -> list[str]:
    return [name for each in stress.axes if each.what == "price" for name in each.names]


def _time(stress: Stress) -> Iterator[str]:
    """Yield what the days that pass do, and what they leave out."""
    unit = stress.result.here.numeraire
    sides = stress.sides.items()
    each = [f"{cash(profit.accrued)} {unit} {stress.said(side)}".strip() for side, profit in sides]
    yield (
        f"{amount(stress.result.days)} days pass: what has an expiry decays in its worth; funding "
        f"and interest accrue at the book's prices, {' and '.join(each)}."
    )
    if any(isinstance(each.model, PoolModel) for each in stress.book.positions):
        yield "What pools earn in fees is unknown, and left out."


def csv(stress: Stress) -> str:
    """Return a line for each scenario; all digits, and empty cells for what there is not."""
    levels = [(each.what, name) for each in stress.axes for name in each.names]
    heads = [name if what == "price" else f"vol_{name}" for what, name in levels]
    columns = [f"{part}_{side}" for side in ("before", "after") for part in PARTS]
    out = StringIO()
    writer = commas.writer(out, lineterminator="\n")
    writer.writerow([*heads, "days", *columns])
    for place in product(*(range(len(each)) for each in stress.axes)):
        at = [
            float(x[i])
            for each, i in zip(stress.axes, place, strict=True)
            for x in each.levels.values()
        ]
        cells = [_cell(each, place) for each in _columns(stress)]
        writer.writerow([*at, stress.result.days, *cells])
    return out.getvalue()


PARTS = ("profit", "taylor", "difference")


def document(stress: Stress) -> dict[str, Any]:
    """Return the same for JSON: lists nested as the axes are."""
    result = stress.result
    return {
        "numeraire": result.here.numeraire,
        "worth": stress.book.portfolio.worth(result.here),
        "axes": [_axis(each) for each in stress.axes],
        "days": result.days,
        "before": _sided(result.before),
        "after": None if result.after is None else _sided(result.after),
        "quantities": None if result.hedge is None else result.hedge.quantities,
        "notes": remarks(stress),
    }


def _sided(profit: Profit) -> dict[str, Any]:
    parts = zip(PARTS, (getattr(profit, name) for name in NAMES), strict=True)
    return {**dict(parts), "accrued": profit.accrued}


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "what": axis.what, "assets": axis.names, "moves": axis.moves, "unit": axis.unit,
        "levels": axis.levels,
    }  # fmt: skip


def _columns(stress: Stress) -> Iterator[Array | None]:
    for profit in (stress.result.before, stress.result.after):
        for part in NAMES:
            yield None if profit is None else getattr(profit, part)


def _cell(column: Array | None, place: tuple[int, ...]) -> float | str:
    return "" if column is None else float(column[place])


def _rows(stress: Stress, side: str) -> Iterator[Table]:
    profit = stress.sides[side]
    unit = stress.result.here.numeraire
    axis = stress.axes[stress.wide[0]] if stress.wide else None
    labels = [axis.label(i) for i in range(len(axis))] if axis else ["all at once"]
    parts = [np.ravel(x) for x in _known(profit).values()]
    rows = [[label, *(cash(x[i]) for x in parts)] for i, label in enumerate(labels)]
    title = f"Profit {stress.said(side)}".strip() + f", {unit}, by full revaluation"
    heads = [NAMES[name] for name in _known(profit)]
    yield Table(title, (axis.title if axis else "moved", *heads), rows)


def _grids(stress: Stress, side: str) -> Iterator[Table]:
    down, across = (stress.axes[k] for k in stress.wide)
    unit = stress.result.here.numeraire
    heads = [across.label(j) for j in range(len(across))]
    labels = [down.label(i) for i in range(len(down))]
    for name, numbers in _known(stress.sides[side]).items():
        grid = numbers.reshape(len(down), len(across))
        large = np.abs(grid).max() >= LARGE
        cells = [[_whole(x) if large else cash(x) for x in row] for row in grid]
        how = f"{NAMES[name]} {stress.said(side)}".strip().capitalize().replace("taylor", "Taylor")
        title = f"{how}, {unit}; across: {across.title}"
        for some in _fitting(labels, cells, heads):
            rows = [[label, *row[some]] for label, row in zip(labels, cells, strict=True)]
            yield Table(title, (down.title, *heads[some]), rows)


def _fitting(
    labels: Sequence[str], cells: Sequence[Sequence[str]], heads: Sequence[str]
) -> list[slice]:
    """Return the columns in slices, each of which fits the terminal."""
    words = [word for head in heads for word in head.split()]
    wide = max(map(len, [*words, *(cell for row in cells for cell in row)])) + GAP + 1
    room = screen().width - max(map(len, labels)) - GAP - 1
    many = max(1, room // wide)
    return [slice(at, at + many) for at in range(0, len(heads), many)]


def _known(profit: Profit) -> dict[str, Array]:
    found = {name: getattr(profit, name) for name in NAMES}
    return {name: each for name, each in found.items() if each is not None}


def _whole(x: float) -> str:
    return f"{x:,.0f}".replace("-0", "0") if abs(x) < 1 else f"{x:,.0f}"
