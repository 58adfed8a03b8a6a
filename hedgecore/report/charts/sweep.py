"""A sweep as a picture for a report: profit, delta and gamma, before and after the hedge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.analysis.sweep import Sweep, SweepCurve
from hedgecore.hedging.summary import per_move
from hedgecore.numerics.arrays import Array
from hedgecore.report.charts.style import (
    AFTER,
    BEFORE,
    INK,
    NUMBER,
    PALE,
    Picture,
    add_heading,
    draw_zero_line,
    label_above,
    save_figure,
)
from hedgecore.report.sweep import hedge_line, title
from hedgecore.tables.printable import printable
from hedgecore.tables.render import amount


def save(sweep: Sweep, path: Path) -> None:
    """Draw `sweep` into a .png or .svg file."""
    save_figure(lambda: draw(sweep), path)


def draw(sweep: Sweep) -> Figure:
    """Figure of three panels over the price: change of worth, delta, gamma per 1 % move."""
    unit, asset = printable(sweep.market.numeraire), printable(sweep.asset)
    figure = Picture(figsize=(8.0, 9.0), layout="constrained")
    panels = figure.subplots(3, 1, sharex=True, height_ratios=(1.25, 1, 1))
    panel(panels[0], sweep, f"Change of worth, {unit}", lambda curve: curve.worth - sweep.worth)
    panel(panels[1], sweep, f"Delta, {asset}", lambda curve: curve.delta)
    gamma = f"Gamma: change of cash delta {per_move(sweep.move)}, {unit}"
    panel(panels[2], sweep, gamma, lambda curve: curve.gamma_cash)
    for each in panels:
        draw_zero_line(each)
    panels[2].set_xlabel(f"Price of {asset}, {unit}")
    panels[2].set_xlim(sweep.prices[0], sweep.prices[-1])
    panels[2].xaxis.set_major_formatter(NUMBER)
    _words(figure, sweep)
    return figure


def draw_panel(axes: Axes, sweep: Sweep) -> None:
    """Draw the change of worth over the price."""
    unit, asset = printable(sweep.market.numeraire), printable(sweep.asset)
    panel(axes, sweep, f"Change of worth, {unit}", lambda curve: curve.worth - sweep.worth)
    draw_zero_line(axes)
    axes.set_xlabel(f"Price of {asset}, {unit}")
    axes.xaxis.set_major_formatter(NUMBER)
    axes.legend(frameon=False, fontsize=8.5)


def _words(figure: Figure, sweep: Sweep) -> None:
    lines = [f"Over the price of {sweep.asset}; all other prices as in the book."]
    lines += [] if sweep.hedge is None else [hedge_line(sweep)]
    add_heading(figure, title(sweep), [*lines, *sweep.states])


def panel(
    axes: Axes, sweep: Sweep, label: str, of: Callable[[SweepCurve], Array], market: str = "market"
) -> None:
    """Draw a number over the price, before and after the hedge; and where the market is."""
    label_above(axes, label, 7)
    axes.yaxis.set_major_formatter(NUMBER)
    hedged = sweep.after is not None
    name = "before the hedge" if hedged else "unhedged"
    axes.plot(sweep.prices, _finite(of(sweep.before)), color=BEFORE, label=name)
    if sweep.after is not None:
        numbers = _finite(of(sweep.after))
        axes.plot(sweep.prices, numbers, color=AFTER, dashes=(4, 1.2), label="after the hedge")
    axes.axvline(
        sweep.price,
        color=INK,
        linewidth=1.0,
        linestyle="-.",
        label=f"{market}, {amount(sweep.price)}" if market else "the book's price",
    )
    for index, at in enumerate(sweep.breaks):
        name = "_" if index else "edges of ranges"
        axes.axvline(at, color=PALE, linewidth=1.0, linestyle=":", label=name)


def _finite(numbers: Array) -> Array:
    return np.where(np.isfinite(numbers), numbers, np.nan)
