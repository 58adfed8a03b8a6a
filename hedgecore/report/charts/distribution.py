"""Many paths as a picture: how profits are spread, hedged and not, and where they come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.numerics.arrays import Array
from hedgecore.report import run_description
from hedgecore.report.charts.style import (
    AFTER,
    BEFORE,
    INK,
    NUMBER,
    PALE_INK,
    Picture,
    add_heading,
    draw_zero_line,
    label_above,
    save_figure,
)
from hedgecore.report.simulation import duration, is_used, short_estimate
from hedgecore.simulation import Estimate, SimulationResult
from hedgecore.tables.printable import printable

BINS = 101
LEAST, MOST = 0.002, 0.998
"""Quantiles of all outcomes between which the distribution is drawn."""
GAIN, LOSS = "#009E73", "#D55E00"


def save(run: SimulationResult, path: Path) -> None:
    """Draw a run of many paths into a .png or .svg file."""
    save_figure(lambda: draw(run), path)


def draw(run: SimulationResult) -> Figure:
    """Spread of profits, the hedged one closer too, and the ledger's columns."""
    unit = printable(run.settings.market.numeraire)
    with_ledger = bool(run.outcome.lines)
    figure = Picture(figsize=(8.4, 9.6 if with_ledger else 6.4), layout="constrained")
    panels = figure.subplots(2 + with_ledger, 1, height_ratios=(1, 1, 1.15)[: 2 + with_ledger])
    _both(panels[0], run, f"Paths by their profit, {unit}")
    _draw_hedged(panels[1], run, f"The hedged profit alone, {unit}")
    if with_ledger:
        _ledger(panels[2], run, f"Where it comes from, mean per path, {unit}")
    removed = run.metrics.get("variance_reduction")
    cut = "" if removed is None else f" Variance removed: {100 * removed.value:.1f} %."
    mean, risk = (short_estimate(run.metrics[name]) for name in ("mean", "std"))
    words = (
        f"{len(run.pnl):,} paths of {duration(run)}; policy "
        f"{run_description.label(run.settings.policy)}. Mean {mean}, standard deviation {risk} "
        f"{unit}.{cut}"
    )
    add_heading(figure, "Profit of the book", [words], legend=False)
    return figure


def draw_panel(axes: Axes, run: SimulationResult) -> None:
    """Draw the spread of profits, hedged and not."""
    _both(axes, run, f"Paths by their profit, {printable(run.settings.market.numeraire)}")


def _both(axes: Axes, run: SimulationResult, label: str) -> None:
    label_above(axes, label, 7)
    edges = _edges(np.concatenate([run.pnl, run.unhedged]))
    for numbers, colour, name in ((run.unhedged, BEFORE, "unhedged"), (run.pnl, AFTER, "hedged")):
        _fill(axes, numbers, edges, colour, name)
    _bare(axes)
    axes.legend(loc="upper left", frameon=False, fontsize=8.5)


def _draw_hedged(axes: Axes, run: SimulationResult, label: str) -> None:
    label_above(axes, label, 7)
    _fill(axes, run.pnl, _edges(run.pnl), AFTER, "_")
    worst = run.metrics["value_at_risk"], run.metrics["expected_shortfall"]
    marks = {
        "mean": (run.metrics["mean"].value, "-"),
        "value at risk, 5 %": (-worst[0].value, "--"),
        "expected shortfall, 5 %": (-worst[1].value, ":"),
    }
    for name, (at, line) in marks.items():
        axes.axvline(at, color=INK, linewidth=1.1, linestyle=line, label=name)
    _bare(axes)
    axes.legend(loc="upper right", frameon=False, fontsize=8.5)


def _edges(numbers: Array) -> Array:
    low, high = np.quantile(numbers, [LEAST, MOST])
    return np.linspace(low, high, BINS) if low < high else np.linspace(low - 1, high + 1, BINS)


def _fill(axes: Axes, numbers: Array, edges: Array, colour: str, name: str) -> None:
    parts = np.histogram(numbers, edges)[0] / len(numbers)
    axes.stairs(parts, edges, fill=True, color=colour, alpha=0.35)
    axes.stairs(parts, edges, color=colour, linewidth=1.3, label=name)


def _bare(axes: Axes) -> None:
    axes.set_yticks([])
    axes.set_ylim(0.0)
    axes.xaxis.set_major_formatter(NUMBER)
    axes.axvline(0.0, color=PALE_INK, linewidth=0.8, zorder=0.5)


def _ledger(axes: Axes, run: SimulationResult, label: str) -> None:
    """Draw a bar for each column of the ledger, with two standard errors, and their sum."""
    label_above(axes, label, 7)
    found = {name: each for name, each in run.ledger.items() if is_used(each)}
    bars: dict[str, Estimate] = {**found, "profit": run.metrics["mean"]}
    numbers = np.array([each.value for each in bars.values()])
    errors = np.array([2 * (each.error or 0.0) for each in bars.values()])
    colours = [GAIN if number > 0 else LOSS for number in numbers[:-1]] + [INK]
    axes.bar(list(bars), numbers, yerr=errors, color=colours, width=0.62, ecolor=PALE_INK, zorder=2)
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.09 * (high - low) * bool((numbers < 0).any()), high + 0.09 * (high - low))
    for k, (number, error) in enumerate(zip(numbers, errors, strict=True)):
        up = number >= 0
        axes.annotate(
            NUMBER(float(f"{number:.4g}"), 0), (k, number + (error if up else -error)),
            (0, 3 if up else -3), textcoords="offset points", ha="center",
            va="bottom" if up else "top", size=8, color=PALE_INK,
        )  # fmt: skip
    axes.yaxis.set_major_formatter(NUMBER)
    axes.grid(visible=False, axis="x")
    draw_zero_line(axes)
