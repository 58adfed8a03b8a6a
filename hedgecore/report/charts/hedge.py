"""A hedge as a picture: the book's value, profit and delta over prices, before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.analysis.sweep import Sweep, SweepCurve
from hedgecore.numerics.arrays import Array
from hedgecore.report.charts.style import NUMBER, add_heading, draw_zero_line, save_figure
from hedgecore.report.charts.sweep import panel
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
    figure = Figure(figsize=(max(8.0, WIDTH * many), HEIGHT), layout="constrained")
    panels = figure.subplots(3, many, sharex="col", squeeze=False)
    for column, sweep in zip(panels.T, sweeps, strict=True):
        _column(column, sweep, "market" if many == 1 else "")
    _words(figure, sweeps)
    return figure


def _column(panels: Sequence[Axes], sweep: Sweep, market: str) -> None:
    unit, asset = printable(sweep.market.numeraire), printable(sweep.asset)

    def profit(curve: SweepCurve) -> Array:
        return curve.worth - sweep.worth

    panel(panels[0], sweep, f"Value of the book, {unit}", lambda curve: curve.worth, market)
    panel(panels[1], sweep, f"Profit, {unit}", profit, market)
    panel(panels[2], sweep, f"Delta, {asset}", lambda curve: curve.delta, market)
    for each in panels[1:]:
        draw_zero_line(each)
    panels[2].set_xlabel(f"Price of {asset}, {unit}")
    panels[2].set_xlim(sweep.prices[0], sweep.prices[-1])
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
