"""A sweep as a picture for a report: profit, delta and gamma, before and after the hedge."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import fill, wrap
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from hedgecore.analysis.sweep import Sweep, SweepCurve
from hedgecore.numerics.arrays import Array
from hedgecore.report.sweep import hedge_line, title
from hedgecore.tables.printable import printable
from hedgecore.tables.render import amount

BEFORE, AFTER = "#D55E00", "#0072B2"
"""Vermillion and blue of Okabe and Ito, which everybody can tell apart."""
INK, PALE_INK, PALE = "#333333", "#666666", "#9A9A9A"
STYLE: dict[Any, Any] = {
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E8E8E8",
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.2,
    "lines.dash_capstyle": "butt",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "hedgecore",
}


def save(sweep: Sweep, path: Path) -> None:
    """Draw `sweep` into a .png or .svg file."""
    saved(lambda: draw(sweep), path)


def saved(drawing: Callable[[], Figure], path: Path) -> None:
    """Write what `drawing` draws, in our style, into a .png or .svg file."""
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may have letters that the font has not
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else None
        drawing().savefig(path, dpi=160, metadata=metadata)


def draw(sweep: Sweep) -> Figure:
    """Return three panels over the price: change of worth, delta, gamma per 1 % move."""
    unit, asset = printable(sweep.market.numeraire), printable(sweep.asset)
    figure = Figure(figsize=(8.0, 9.0), layout="constrained")
    panels = figure.subplots(3, 1, sharex=True, height_ratios=(1.25, 1, 1))
    panel(panels[0], sweep, f"Change of worth, {unit}", lambda curve: curve.worth - sweep.worth)
    panel(panels[1], sweep, f"Delta, {asset}", lambda curve: curve.delta)
    gamma = f"Gamma: change of cash delta per 1 % move, {unit}"
    panel(panels[2], sweep, gamma, lambda curve: curve.gamma_cash)
    for each in panels:
        zero(each)
    panels[2].set_xlabel(f"Price of {asset}, {unit}")
    panels[2].set_xlim(sweep.prices[0], sweep.prices[-1])
    panels[2].xaxis.set_major_formatter(NUMBER)
    _words(figure, sweep)
    return figure


def _words(figure: Figure, sweep: Sweep) -> None:
    said = [f"Over the price of {sweep.asset}; all other prices as in the book."]
    said += [] if sweep.hedge is None else [hedge_line(sweep)]
    head(figure, title(sweep), [*said, *sweep.warnings])


def head(
    figure: Figure, name: str, said: Iterable[str], wide: int = 112, *, legend: bool = True
) -> None:
    """Write a name and sentences above the first panel, and its legend below all."""
    small = [line for each in said for line in wrap(printable(each), wide, break_on_hyphens=False)]
    top = figure.axes[0]
    top.set_title("\n".join(small), loc="left", color=PALE_INK, fontsize=8, pad=24)
    write(top, fill(printable(name), 60), 29 + 11 * len(small), size=15)
    if legend:
        lines = top.get_legend_handles_labels()
        figure.legend(*lines, loc="outside lower center", ncols=5, frameon=False)


def zero(axes: Axes) -> None:
    """Draw a line at nothing."""
    axes.axhline(0.0, color=PALE, linewidth=0.8, zorder=1.5)


def write(axes: Axes, words: str, above: float, size: float = 9.5) -> None:
    """Write bold words so many points above the left end of a panel's upper edge."""
    axes.annotate(
        words,
        (0, 1),
        (0, above),
        xycoords="axes fraction",
        textcoords="offset points",
        weight="bold",
        size=size,
    )


def panel(
    axes: Axes, sweep: Sweep, label: str, of: Callable[[SweepCurve], Array], market: str = "market"
) -> None:
    """Draw a number over the price, before and after the hedge; and where the market is."""
    write(axes, label, 7)
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


NUMBER = FuncFormatter(lambda x, _: amount(x).replace("-", "\N{MINUS SIGN}"))
