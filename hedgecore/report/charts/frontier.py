"""The frontier of cost against risk as a picture: a point for each policy, with its errors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from hedgecore.report.charts.backtest import COLOURS
from hedgecore.report.charts.labels import Label, place_labels
from hedgecore.report.charts.style import NUMBER, PALE, Picture, add_heading, save_figure
from hedgecore.report.simulation import duration
from hedgecore.simulation.comparison import Comparison, PolicyResult
from hedgecore.tables.printable import printable

SPREAD = 5.0
"""Ratio of the greatest number to the least from which the scale is logarithmic."""
MARKS = "os^Dvp*X"
TICKS = (1.0, 2.0, 5.0)


def save(found: Comparison, path: Path) -> None:
    """Draw policies into a .png or .svg file."""
    save_figure(lambda: draw(found), path)


def draw(found: Comparison) -> Figure:
    """Figure with risk across and cost up, the frontier as a line."""
    run = found.results[0].run
    figure = Picture(figsize=(8.4, 6.2), layout="constrained")
    axes = figure.subplots()
    _frontier(axes, found)
    words = (
        f"{duration(run)}, {len(run.pnl):,} paths, the same for all; bars are two standard errors. "
        "To the left and below is better; no policy is to the left and below of the line."
    )
    add_heading(figure, "What each policy costs, and what risk it leaves", [words], legend=False)
    figure.legend(loc="outside lower center", ncols=3, frameon=False)
    _name_points(figure, axes, found)
    return figure


def draw_panel(axes: Axes, found: Comparison) -> None:
    """Draw risk across and cost up, a point for each policy."""
    _frontier(axes, found)
    axes.legend(frameon=False, fontsize=8.5)


def _frontier(axes: Axes, found: Comparison) -> None:
    unit = printable(found.results[0].run.settings.market.numeraire)
    line = [e.risk.value for e in found.frontier], [e.cost.value for e in found.frontier]
    axes.plot(*line, color=PALE, linewidth=1.2, zorder=1, label="frontier")
    colours = _colours(found)
    for kind, mark in zip(colours, cycle(MARKS), strict=False):
        some = [each for each in found.results if _kind(each) == kind]
        _points(axes, some, colours[kind], mark)
    _scale(axes, [each.risk.value for each in found.results])
    axes.yaxis.set_major_formatter(NUMBER)
    axes.margins(0.07)
    axes.set_xlabel(f"Risk left: standard deviation of the profit, {unit}")
    axes.set_ylabel(f"Cost of trading, {unit}")


def _colours(found: Comparison) -> dict[str, str]:
    """Kind of policy → its colour."""
    kinds = dict.fromkeys(_kind(each) for each in found.results)
    return {kind: COLOURS[k % len(COLOURS)] for k, kind in enumerate(kinds)}


def _name_points(figure: Figure, axes: Axes, found: Comparison) -> None:
    colours = _colours(found)
    labels = [
        Label(_word(each), (each.risk.value, each.cost.value), colours[_kind(each)])
        for each in found.results
    ]
    place_labels(figure, axes, labels)


def _kind(each: PolicyResult) -> str:
    return str(each.run.settings.policy.kind)


def _fields(each: PolicyResult) -> dict[str, str]:
    """Fields that a policy was named with."""
    parts = (part.partition("=") for part in each.name.split(",")[1:])
    return {name.strip(): printable(value) for name, _, value in parts}


def _word(each: PolicyResult) -> str:
    """Numbers that a policy was named with; else the names of its flags, or its own name."""
    fields = _fields(each)
    numbers = [value for value in fields.values() if value[:1].isdigit()]
    flags = [name for name, value in fields.items() if value == "true"]
    return ", ".join(numbers or flags) or printable(each.name)


def _points(axes: Axes, some: Sequence[PolicyResult], colour: str, mark: str) -> None:
    names = list(dict.fromkeys(name for each in some for name in _fields(each)))
    axes.errorbar(
        [e.risk.value for e in some],
        [e.cost.value for e in some],
        xerr=[2 * (e.risk.error or 0.0) for e in some],
        yerr=[2 * (e.cost.error or 0.0) for e in some],
        fmt=mark,
        color=colour,
        markersize=6,
        elinewidth=1.0,
        linestyle="none",
        label=f"{_kind(some[0])}: {', '.join(names)}" if names else _kind(some[0]),
        zorder=2,
    )


def _scale(axes: Axes, risks: Sequence[float]) -> None:
    """Take logs of risk where it is far apart, with a number at each 1, 2 and 5."""
    if min(risks) > 0 and max(risks) > SPREAD * min(risks):
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=TICKS))
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(NUMBER)
