"""A sweep as a picture for a report: profit, delta and gamma, before and after the hedge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import fill

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from hedgecore.cli.sentences import plain
from hedgecore.cli.sweep import Curve, Sweep
from hedgecore.cli.views import hedge_line, title
from hedgecore.market import Array
from hedgecore.present import amount

BEFORE, AFTER = "#D55E00", "#0072B2"
"""Vermillion and blue of Okabe and Ito, which everybody can tell apart."""
INK, PALE_INK, PALE = "#333333", "#666666", "#9A9A9A"
STYLE = {
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E8E8E8",
    "grid.linewidth": 0.7,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "hedgecore",
}


def save(sweep: Sweep, path: Path) -> None:
    """Draw `sweep` into a .png or .svg file."""
    with mpl.rc_context(STYLE):
        figure = draw(sweep)
        metadata = {"Date": None} if path.suffix.lower() == ".svg" else None
        figure.savefig(path, dpi=160, metadata=metadata)


def draw(sweep: Sweep) -> Figure:
    """Return three panels over the price: change of worth, delta, gamma per 1 % move."""
    unit, asset = plain(sweep.market.numeraire), plain(sweep.asset)
    figure = Figure(figsize=(8.0, 9.0), layout="constrained")
    panels = figure.subplots(3, 1, sharex=True, height_ratios=(1.25, 1, 1))
    _panel(panels[0], sweep, f"Change of worth, {unit}", lambda curve: curve.worth - sweep.worth)
    _panel(panels[1], sweep, f"Delta, {asset}", lambda curve: curve.delta)
    gamma = f"Gamma: change of cash delta per 1 % move, {unit}"
    _panel(panels[2], sweep, gamma, lambda curve: curve.gamma_cash)
    panels[2].set_xlabel(f"Price of {asset}, {unit}")
    panels[2].set_xlim(sweep.prices[0], sweep.prices[-1])
    panels[2].xaxis.set_major_formatter(NUMBER)
    _words(figure, sweep)
    return figure


def _words(figure: Figure, sweep: Sweep) -> None:
    said = [f"Each price of {sweep.asset}, all others as they are."]
    said += [] if sweep.hedge is None else [hedge_line(sweep)]
    name = fill(plain(title(sweep)), 60, max_lines=2)
    figure.suptitle(name, x=0.012, ha="left", fontsize=15, fontweight="bold")
    figure.axes[0].set_title(
        fill(plain(" ".join(said)), 110), loc="left", color=PALE_INK, fontsize=8.5, pad=22
    )
    lines = figure.axes[0].get_legend_handles_labels()
    figure.legend(*lines, loc="outside lower center", ncols=4, frameon=False)


def _panel(axes: Axes, sweep: Sweep, label: str, of: Callable[[Curve], Array]) -> None:
    axes.annotate(
        label, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", weight="bold"
    )
    axes.axhline(0.0, color=PALE, linewidth=0.8)
    axes.yaxis.set_major_formatter(NUMBER)
    hedged = sweep.after is not None
    name = "before the hedge" if hedged else "unhedged"
    axes.plot(sweep.prices, _finite(of(sweep.before)), color=BEFORE, linewidth=3.0, label=name)
    if sweep.after is not None:
        numbers = _finite(of(sweep.after))
        axes.plot(sweep.prices, numbers, color=AFTER, linewidth=1.6, label="after the hedge")
    axes.axvline(
        sweep.price, color=INK, linewidth=1.0, linestyle="--", label=f"market, {amount(sweep.price)}"
    )
    for index, at in enumerate(sweep.breaks):
        name = "_" if index else "edges of ranges"
        axes.axvline(at, color=PALE, linewidth=1.0, linestyle=":", label=name)


def _finite(numbers: Array) -> Array:
    return np.where(np.isfinite(numbers), numbers, np.nan)


NUMBER = FuncFormatter(lambda x, _: f"{x:,.6g}".replace("-", "\N{MINUS SIGN}"))
