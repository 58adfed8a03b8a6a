"""Scenarios as tables, as CSV and as JSON."""

from __future__ import annotations

import csv as commas
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import numpy as np

from hedgecore.analysis.axes import PERCENT, PRICE, Axis
from hedgecore.analysis.frozen import frozen_inputs
from hedgecore.analysis.loss_rates import net_losses
from hedgecore.analysis.profit import Profit, Scenario
from hedgecore.analysis.stress import Stress
from hedgecore.analysis.sweep import state_warning
from hedgecore.books.confusions import off_market
from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.report import frozen
from hedgecore.report.frames import Columns, row_values
from hedgecore.report.loss_rates import net_remarks
from hedgecore.report.sweep import orders
from hedgecore.tables.render import Table, amount, cash

NAMES = {"full": "profit", "taylor": "Taylor estimate", "difference": "what Taylor misses"}
"""Names of the parts of a `Profit`."""
LARGE, HUNDRED = 1000.0, 100.0
"""From the first on a grid of money has no cents."""
GAP = 2
"""Characters between two columns."""


def tables(stress: Stress, width: int = 80) -> list[Table]:
    """Full revaluation and the Taylor estimate: rows of one axis, or grids of two.

    Args:
        stress: the profit on a grid.
        width: characters of a line; a grid that is wider is cut into several tables.

    Raises:
        SpecError: three axes or more, which no table has.

    """
    many = len(stress.wide)
    if many > 2:  # noqa: PLR2004 - rows and columns
        raise SpecError("a table has two ranges or lists at most; --json and --csv take more")
    if many < 2:  # noqa: PLR2004
        return [_row_table(stress, side) for side in stress.sides]
    return [table for side in stress.sides for table in _grids(stress, side, width)]


HINT = (
    "What would follow in truth, as a staking token does, stays too, unless it is named: "
    "--move A,B=-30%..30% moves several together."
)


def remarks(stress: Stress) -> list[str]:
    """Sentences on what moves, what stays, what is traded, and what is left out."""
    result = stress.result
    fixed = [f"{title(a)} {label(a, 0)}" for k, a in enumerate(stress.axes) if k not in stress.wide]
    lines = [f"Moved as well: {', '.join(fixed)}."] if fixed else []
    if result.hedge is not None:
        lines.append(f"Hedged at the book's prices: {orders(result.hedge)}.")
    if stress.fixed_assets:
        lines.append(f"All other prices stay: {', '.join(stress.fixed_assets)}.")
    if result.days:
        lines += _time(stress)
    if result.deaf:
        own = ", ".join(result.deaf)
        lines.append(f"--vol does not move what has a volatility of its own: {own}.")
    if any(each.taylor is None for each in stress.sides.values()):
        lines.append("There is no Taylor estimate: a gamma is infinite at the book's prices.")
    held, moving = stress.book.positions, stress.moving_assets
    off = off_market(held, result.here)
    lines += [state_warning(each, moving, result.here) for each in held if each.name in off]
    lines += net_remarks(net_losses(stress.book), result.here.numeraire)
    return [*lines, *frozen.later_remarks(frozen_inputs(stress.book))]


def _time(stress: Stress) -> Iterator[str]:
    """Sentences on the profit of the days that pass, and on what that leaves out."""
    unit = stress.result.here.numeraire
    sides = stress.sides.items()
    names = ((side_name(stress, side), profit.accrued) for side, profit in sides)
    each = [
        f"{'unknown' if accrued is None else f'{cash(accrued)} {unit}'} {name}".strip()
        for name, accrued in names
    ]
    yield (
        f"{amount(stress.result.days)} days pass: what has an expiry decays in its worth; funding "
        f"and interest accrue at the book's prices, {' and '.join(each)}."
    )
    if stress.result.unfunded:
        unknown = ", ".join(stress.result.unfunded)
        said = f"The funding of {unknown} is unknown, and in no profit"
        yield f"{said}: give funding_rate in the book."
    if any(isinstance(each.model, PoolModel) for each in stress.book.positions):
        yield "What pools earn in fees is unknown, and left out."


def side_name(stress: Stress, side: str) -> str:
    """Words for a side of the hedge; none where there is no hedge."""
    return f"{side} the hedge" if stress.result.after else ""


def title(axis: Axis) -> str:
    """Words for what moves along an axis."""
    return f"{axis.what} of {' and '.join(axis.names)}"


def label(axis: Axis, i: int) -> str:
    """Level of the i-th point, where one name has one, and the move."""
    shown = amount(float(f"{HUNDRED * axis.moves[i]:.4g}"))
    move = f"{shown}{' %' if axis.unit == PERCENT else axis.unit}"
    move = move if axis.moves[i] < 0 else f"+{move}" if axis.moves[i] else move
    if len(axis.names) > 1:
        return move
    level = axis.levels[axis.names[0]][i]
    return f"{f'{level:.5g}' if axis.what != 'price' else amount(level)} ({move})"


def csv(stress: Stress) -> str:
    """Line for each scenario; all digits, and empty cells for what there is not."""
    found = columns(stress)
    heads = [*_level_columns(stress), "days", *(f"{p}_{side}" for side in SIDES for p in PARTS)]
    none = [""] * len(found["days"])
    out = StringIO()
    writer = commas.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(zip(*(np.asarray(found.get(h, none)).tolist() for h in heads), strict=True))
    return out.getvalue()


def columns(stress: Stress) -> Columns:
    """Columns of the levels, the days and the profits, a row for each scenario."""
    return {**_level_columns(stress), **profit_columns(stress.result)}


def _level_columns(stress: Stress) -> dict[str, Array]:
    """Column → level of what moves, in each scenario."""
    shape = tuple(map(len, stress.axes))
    return {
        level_head(each.what, name): np.broadcast_to(
            np.expand_dims(level, [i for i in range(len(shape)) if i != k]), shape
        ).ravel()
        for k, each in enumerate(stress.axes)
        for name, level in each.levels.items()
    }


def level_head(what: str, name: str) -> str:
    """Head of the column of a price, or of a volatility."""
    return name if what == PRICE else f"vol_{name}"


def profit_columns(result: Scenario) -> dict[str, Array]:
    """Column → days that pass, or a part of the profit, in each scenario."""
    shape = result.there.shape
    return {
        "days": row_values(result.days, shape),
        **{
            f"{part}_{side}": row_values(getattr(profit, name), shape)
            for side, profit in result.items()
            for part, name in zip(PARTS, NAMES, strict=True)
            if getattr(profit, name) is not None
        },
    }


PARTS, SIDES = ("profit", "taylor", "difference"), ("before", "after")


def document(stress: Stress) -> dict[str, Any]:
    """Mapping for JSON: lists nested as the axes are."""
    result = stress.result
    return {
        "numeraire": result.here.numeraire,
        "worth": stress.book.portfolio.worth(result.here),
        "axes": [_axis(each) for each in stress.axes],
        "days": result.days,
        "before": _side_document(result.before),
        "after": None if result.after is None else _side_document(result.after),
        "quantities": None if result.hedge is None else result.hedge.quantities,
        "notes": remarks(stress),
        "warnings": stress.warnings,
    }


def _side_document(profit: Profit) -> dict[str, Any]:
    parts = zip(PARTS, (getattr(profit, name) for name in NAMES), strict=True)
    return {**dict(parts), "accrued": profit.accrued}


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "what": axis.what, "assets": axis.names, "moves": axis.moves, "unit": axis.unit,
        "levels": axis.levels,
    }  # fmt: skip


def _row_table(stress: Stress, side: str) -> Table:
    profit = stress.sides[side]
    unit = stress.result.here.numeraire
    axis = stress.axes[stress.wide[0]] if stress.wide else None
    labels = [label(axis, i) for i in range(len(axis))] if axis else ["all at once"]
    parts = [np.ravel(x) for x in _known_parts(profit).values()]
    rows = [[label, *(cash(x[i]) for x in parts)] for i, label in enumerate(labels)]
    heading = f"Profit {side_name(stress, side)}".strip() + f", {unit}, by full revaluation"
    heads = [NAMES[name] for name in _known_parts(profit)]
    return Table(heading, (title(axis) if axis else "moved", *heads), rows)


def _grids(stress: Stress, side: str, width: int) -> Iterator[Table]:
    down, across = (stress.axes[k] for k in stress.wide)
    unit = stress.result.here.numeraire
    heads = [label(across, j) for j in range(len(across))]
    labels = [label(down, i) for i in range(len(down))]
    where = side_name(stress, side)
    for name, numbers in _known_parts(stress.sides[side]).items():
        grid = numbers.reshape(len(down), len(across))
        large = np.abs(grid).max() >= LARGE
        cells = [[_whole(x) if large else cash(x) for x in row] for row in grid]
        how = f"{NAMES[name]} {where}".strip().capitalize().replace("taylor", "Taylor")
        heading = f"{how}, {unit}; across: {title(across)}"
        for some in _slices(labels, cells, heads, width):
            rows = [[label, *row[some]] for label, row in zip(labels, cells, strict=True)]
            yield Table(heading, (title(down), *heads[some]), rows)


def _slices(
    labels: Sequence[str], cells: Sequence[Sequence[str]], heads: Sequence[str], width: int
) -> list[slice]:
    """Slices of the columns, each of which fits a line of `width` characters."""
    words = [word for head in heads for word in head.split()]
    wide = max(map(len, [*words, *(cell for row in cells for cell in row)])) + GAP + 1
    room = width - max(map(len, labels)) - GAP - 1
    many = max(1, room // wide)
    return [slice(at, at + many) for at in range(0, len(heads), many)]


def _known_parts(profit: Profit) -> dict[str, Array]:
    found = {name: getattr(profit, name) for name in NAMES}
    return {name: each for name, each in found.items() if each is not None}


def _whole(x: float) -> str:
    return f"{x:,.0f}".replace("-0", "0") if abs(x) < 1 else f"{x:,.0f}"
