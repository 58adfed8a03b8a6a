"""A hedge as a picture: the book's value, profit and delta over prices, before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.analysis.sweep import Sweep, SweepCurve
from hedgecore.numerics.arrays import Array
from hedgecore.report.charts import sweep
from hedgecore.report.charts.style import NUMBER, Picture, add_heading, draw_zero_line, save_figure
from hedgecore.report.sweep import orders
from hedgecore.tables.printable import printable
from hedgecore.tables.render import cash

WIDTH, HEIGHT = 5.2, 9.0
"""Inches of a column, and of all; one column alone is wider."""


def save(sweeps: Sequence[Sweep], path: Path) -> None:
    """Draw the book over the price of each asset into a .png or .svg file."""
    save_figure(lambda: draw(sweeps), path)


def draw(sweeps: Sequence[Sweep]) -> Figure:
    """Column of panels for each asset: value, profit, delta."""
    many = len(sweeps)
    figure = Picture(figsize=(max(8.0, WIDTH * many), HEIGHT), layout="constrained")
    panels = figure.subplots(3, many, sharex="col", squeeze=False)
    for column, each in zip(panels.T, sweeps, strict=True):
        _column(column, each, "market" if many == 1 else "")
    _words(figure, sweeps)
    return figure


def draw_panel(axes: Axes, sweeps: Sequence[Sweep]) -> None:
    """Draw the profit over the price of the first asset."""
    sweep.draw_panel(axes, sweeps[0])


def _column(panels: Sequence[Axes], its: Sweep, market: str) -> None:
    unit, asset = printable(its.market.numeraire), printable(its.asset)

    def profit(curve: SweepCurve) -> Array:
        return curve.worth - its.worth

    sweep.panel(panels[0], its, f"Value of the book, {unit}", lambda curve: curve.worth, market)
    sweep.panel(panels[1], its, f"Profit, {unit}", profit, market)
    sweep.panel(panels[2], its, f"Delta, {asset}", lambda curve: curve.delta, market)
    for each in panels[1:]:
        draw_zero_line(each)
    panels[2].set_xlabel(f"Price of {asset}, {unit}")
    panels[2].set_xlim(its.prices[0], its.prices[-1])
    panels[2].xaxis.set_major_formatter(NUMBER)


def _words(figure: Figure, sweeps: Sequence[Sweep]) -> None:
    first = sweeps[0]
    where = "in each column" if len(sweeps) > 1 else f"that of {first.asset}"
    lines = [f"One price moves, {where}, and all others stay as in the book."]
    if first.hedge is not None:
        lines.append(f"Hedged once, at the book's prices: {orders(first.hedge)}.")
    apart = [line.rpartition(" Drawn ")[0] for each in sweeps for line in each.states]
    lines += dict.fromkeys(apart)
    name = f"The book, worth {cash(first.worth)} {first.market.numeraire}"
    add_heading(figure, name, lines, wide=max(112, 76 * len(sweeps)))
