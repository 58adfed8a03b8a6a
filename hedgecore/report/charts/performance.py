"""Performance as a picture: from nothing to the net profit, part by part."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.analysis.book_performance import BookPerformance
from hedgecore.report.charts.style import (
    AFTER,
    BEFORE,
    INK,
    NUMBER,
    Picture,
    add_heading,
    draw_zero_line,
    save_figure,
)
from hedgecore.report.performance import remarks
from hedgecore.tables.printable import printable
from hedgecore.tables.render import cash

WIDTH, HEIGHT = 8.5, 5.0
"""Inches."""


def save(found: BookPerformance, path: Path) -> None:
    """Draw where the profit came from into a .png or .svg file."""
    save_figure(lambda: draw(found), path)


def draw(found: BookPerformance) -> Figure:
    """Waterfall of the parts that are known, and the net profit at its end."""
    figure = Picture(figsize=(WIDTH, HEIGHT), layout="constrained")
    draw_panel(figure.subplots(), found)
    add_heading(figure, "Where the profit came from", remarks(found), legend=False)
    return figure


def draw_panel(axes: Axes, found: BookPerformance) -> None:
    """Draw the parts that are known, one above the other, and the net profit at their end."""
    total = found.total
    known = {name: each for name, each in total.parts.items() if each is not None}
    level = 0.0
    for place, each in enumerate(known.values()):
        axes.bar(place, each, bottom=level, color=AFTER if each >= 0 else BEFORE, width=0.6)
        _label(axes, place, max(level, level + each), each)
        level += each
    whole = total.net
    if whole is not None:
        axes.bar(len(known), whole, color=INK, width=0.6)
        _label(axes, len(known), max(whole, 0.0), whole)
    names = [*known, *([] if whole is None else ["net"])]
    axes.set_xticks(range(len(names)), [printable(name).replace(" ", "\n") for name in names])
    axes.grid(visible=False, axis="x")
    axes.set_axisbelow(True)
    axes.margins(y=0.12)
    axes.yaxis.set_major_formatter(NUMBER)
    axes.set_ylabel(printable(total.numeraire))
    draw_zero_line(axes)


def _label(axes: Axes, place: int, top: float, number: float) -> None:
    axes.annotate(
        cash(number), (place, top), (0, 3), textcoords="offset points", ha="center", fontsize=8.5
    )
