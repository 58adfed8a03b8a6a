"""Scenarios as a picture: lines over one move, a heat map over two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from hedgecore.analysis.axes import Axis
from hedgecore.analysis.profit import Profit
from hedgecore.analysis.stress import Stress
from hedgecore.errors import SpecError
from hedgecore.numerics.arrays import Array
from hedgecore.report.charts.style import (
    AFTER,
    BEFORE,
    INK,
    NUMBER,
    Picture,
    add_heading,
    draw_zero_line,
    label_above,
    save_figure,
)
from hedgecore.report.scenario import HUNDRED, remarks, side_name
from hedgecore.tables.printable import printable

INSIDE = 0.44
"""Largest distance of a label from the middle of a panel; at the edge it would be cut."""
COLOURS = "PuOr"
"""Brown is loss and violet is profit, which everybody can tell apart."""
SIDES = {"before": BEFORE, "after": AFTER}


def save(stress: Stress, path: Path) -> None:
    """Draw scenarios over one or two directions into a .png or .svg file.

    Raises:
        SpecError: nothing has more than one point, or more than two things have.

    """
    check_axes(stress)
    save_figure(lambda: draw(stress), path)


def check_axes(stress: Stress) -> None:
    """Refuse what has no direction, or more than a picture has."""
    many = len(stress.wide)
    if many not in (1, 2):
        raise SpecError(f"a plot has one or two ranges or lists, not {many or 'none'}")


def draw(stress: Stress) -> Figure:
    """Lines over one direction, or a map over two."""
    check_axes(stress)
    return line_chart(stress) if len(stress.wide) == 1 else heat_map(stress)


def draw_panel(axes: Axes, stress: Stress) -> None:
    """Draw the profit over one direction; over two, that after the hedge, if there is one."""
    check_axes(stress)
    unit = printable(stress.result.here.numeraire)
    side, profit = list(stress.sides.items())[-1]
    if len(stress.wide) == 1:
        _profits(axes, stress)
        axes.legend(frameon=False, fontsize=8.5)
    else:
        mesh = _panel(axes, stress, profit, float(np.abs(profit.full).max()) or 1.0)
        axes.figure.colorbar(mesh, ax=axes, format=NUMBER)
        axes.set_ylabel(_axis_label(stress.axes[stress.wide[0]], unit))
        label_above(axes, f"Profit {side_name(stress, side)}, {unit}".replace(" ,", ","), 7)
    axes.set_xlabel(_axis_label(stress.axes[stress.wide[-1]], unit))


def _profits(axes: Axes, stress: Stress) -> None:
    """Draw the profit of each side over one direction, full and estimated."""
    axis = stress.axes[stress.wide[0]]
    label_above(axes, f"Profit, {printable(stress.result.here.numeraire)}", 7)
    for side, profit in stress.sides.items():
        words = side_name(stress, side) or "unhedged"
        axes.plot(_ticks(axis), np.ravel(profit.full), color=SIDES[side], label=words)
        if profit.taylor is not None:
            axes.plot(
                _ticks(axis), np.ravel(profit.taylor), color=SIDES[side], linewidth=1.2,
                dashes=(2, 2), label=f"Taylor, {words}",
            )  # fmt: skip
    _frame(axes, axis)


def _frame(axes: Axes, axis: Axis) -> None:
    """Draw a line at no profit, and one at the book's own market."""
    draw_zero_line(axes)
    axes.xaxis.set_major_formatter(NUMBER)
    axes.yaxis.set_major_formatter(NUMBER)
    axes.axvline(_home(axis), color=INK, linewidth=1.0, linestyle="-.", label="_")


def line_chart(stress: Stress) -> Figure:
    """Profit over one move, full and estimated, and below what the estimate misses."""
    axis = stress.axes[stress.wide[0]]
    unit = printable(stress.result.here.numeraire)
    figure = Picture(figsize=(8.0, 8.0), layout="constrained")
    panels = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    _profits(panels[0], stress)
    label_above(panels[1], f"What the Taylor estimate misses, {unit}", 7)
    at = _ticks(axis)
    for side, profit in stress.sides.items():
        if profit.difference is not None:
            dashes = (None, None) if side == "before" else (4, 1.2)
            panels[1].plot(at, np.ravel(profit.difference), color=SIDES[side], dashes=dashes)
    _frame(panels[1], axis)
    panels[1].set_xlabel(_axis_label(axis, unit))
    panels[1].set_xlim(at[0], at[-1])
    add_heading(figure, "Profit and loss of the book", remarks(stress))
    return figure


def heat_map(stress: Stress) -> Figure:
    """Map of the profit over two moves for each side of the hedge, in one scale."""
    down, across = (stress.axes[k] for k in stress.wide)
    unit = printable(stress.result.here.numeraire)
    sides = stress.sides
    figure = Picture(figsize=(6.4 * max(1.25, len(sides)), 6.6), layout="constrained")
    panels = figure.subplots(1, len(sides), sharex=True, sharey=True, squeeze=False)[0]
    most = max(float(np.abs(each.full).max()) for each in sides.values()) or 1.0
    mesh: Any = None
    for axes, (side, profit) in zip(panels, sides.items(), strict=True):
        mesh = _panel(axes, stress, profit, most)
        label_above(axes, f"Profit {side_name(stress, side)}, {unit}".replace(" ,", ","), 7)
        axes.set_xlabel(_axis_label(across, unit))
    panels[0].set_ylabel(_axis_label(down, unit))
    bar = figure.colorbar(mesh, ax=panels, shrink=0.9, pad=0.02, format=NUMBER)
    bar.outline.set_visible(False)
    add_heading(figure, "Profit and loss of the book", remarks(stress), 92 * len(sides))
    return figure


def _panel(axes: Axes, stress: Stress, profit: Profit, most: float) -> Any:
    """Draw one side's map, and the book's own market in it."""
    down, across = (stress.axes[k] for k in stress.wide)
    grid = profit.full.reshape(len(down), len(across))
    mesh = _map(axes, _ticks(across), _ticks(down), grid, most)
    axes.plot(_home(across), _home(down), "o", color=INK, markersize=5, label="the book's market")
    axes.xaxis.set_major_formatter(NUMBER)
    axes.yaxis.set_major_formatter(NUMBER)
    return mesh


def _map(axes: Axes, x: Array, y: Array, grid: Array, most: float) -> Any:
    norm = TwoSlopeNorm(0.0, -most, most)
    axes.grid(visible=False)
    mesh = axes.pcolormesh(x, y, grid, cmap=COLOURS, norm=norm, shading="gouraud", rasterized=True)
    if min(grid.shape) > 1 and np.ptp(grid) > 0:
        found = axes.contour(x, y, grid, levels=8, colors=INK, linewidths=0.7)
        for text in axes.clabel(found, fmt=lambda level: NUMBER(level, 0), inline=False):
            place = axes.transLimits.transform(text.get_position())
            text.set(visible=bool(np.all(np.abs(place - 0.5) < INSIDE)), fontsize=8)
            text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    return mesh


def _ticks(axis: Axis) -> Array:
    """Ticks of the points: at the level, or at the move where several move."""
    if len(axis.names) > 1:
        return HUNDRED * axis.moves
    return axis.levels[axis.names[0]] * (1.0 if axis.what == "price" else HUNDRED)


def _home(axis: Axis) -> float:
    """Place of the book's own market."""
    if len(axis.names) > 1:
        return 0.0
    return _base(axis) * (1.0 if axis.what == "price" else HUNDRED)


def _base(axis: Axis) -> float:
    level, move = float(axis.levels[axis.names[0]][0]), float(axis.moves[0])
    return level - move if axis.unit == "pt" else level / (1.0 + move)


def _axis_label(axis: Axis, unit: str) -> str:
    names = " and ".join(map(printable, axis.names))
    words = f"{axis.what.capitalize()} of {names}"
    if len(axis.names) > 1:
        return f"{words}: move, {axis.unit}"
    return f"{words}, {unit if axis.what == 'price' else '% per year'}"
