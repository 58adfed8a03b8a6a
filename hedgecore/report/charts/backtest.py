"""A backtest as a picture: price, profit, exposure and where the profit came from, over time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.report import run_description
from hedgecore.report.charts.style import (
    AFTER,
    BEFORE,
    INK,
    NUMBER,
    PALE,
    PALE_INK,
    Picture,
    add_heading,
    draw_zero_line,
    label_above,
    save_figure,
)
from hedgecore.report.files import history_times
from hedgecore.report.simulation import duration
from hedgecore.simulation import COLUMNS, SimulationResult
from hedgecore.simulation.plan import plan
from hedgecore.tables.printable import printable
from hedgecore.tables.render import cash, percent
from hedgecore.units import DAYS_PER_YEAR

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
"""Of Okabe and Ito, which everybody can tell apart."""
MOST = 12_000
"""Points of a line; more are the same to the eye, and slow to draw."""


def save(run: SimulationResult, path: Path) -> None:
    """Draw a run of one path into a .png or .svg file."""
    save_figure(lambda: draw(run), path)


def draw(run: SimulationResult) -> Figure:
    """Figure of four panels over time: price, profit, delta, and the ledger's columns added up."""
    unit, series = printable(run.settings.market.numeraire), run.series
    asset = printable(series.assets[0]) if series.assets else ""
    figure = Picture(figsize=(8.4, 11.0), layout="constrained")
    panels = figure.subplots(4, 1, sharex=True, height_ratios=(0.9, 1.15, 1, 1.15))
    clock, some = _clock(run), _some(len(series.times))
    _price(panels[0], run, clock, some, f"Price of {asset}, {unit}")
    _profit(panels[1], run, clock, some)
    _exposure(panels[2], run, clock, some, f"Delta, {asset}")
    _lines(panels[3], clock[some], _columns(run, some), f"Where it came from, added up, {unit}")
    for each in panels:
        each.yaxis.set_major_formatter(NUMBER)
    for each in panels[1:]:
        draw_zero_line(each)
        each.legend(loc="upper left", bbox_to_anchor=(1.0, 1.04), frameon=False, fontsize=8.5)
    _set_time_axis(panels[3], run, clock)
    name = "One path" if history_times(run) is None else "Backtest"
    add_heading(figure, name, _words(run), legend=False)
    return figure


def draw_panel(axes: Axes, run: SimulationResult) -> None:
    """Draw the profit over time, hedged and not."""
    clock = _clock(run)
    _profit(axes, run, clock, _some(len(run.series.times)))
    axes.yaxis.set_major_formatter(NUMBER)
    draw_zero_line(axes)
    axes.legend(frameon=False, fontsize=8.5)
    _set_time_axis(axes, run, clock)


def _profit(axes: Axes, run: SimulationResult, clock: Any, some: Any) -> None:
    its = run.series
    _lines(axes, clock[some], {
        "unhedged": (BEFORE, its.unhedged[some] - its.unhedged[0]),
        "hedged": (AFTER, its.equity[some] - run.outcome.worth - run.outcome.held_worth),
    }, f"Profit, {printable(run.settings.market.numeraire)}")  # fmt: skip


def _words(run: SimulationResult) -> list[str]:
    metrics, unit = run.metrics, run.settings.market.numeraire
    removed = metrics.get("variance_reduction")
    cut = "" if removed is None else f", variance removed {percent(removed.value)}"
    profit = (
        f"{duration(run)}; policy {run_description.label(run.settings.policy)}: profit "
        f"{cash(float(run.pnl[0]))} {unit} hedged, {cash(float(run.unhedged[0]))} unhedged{cut}."
    )
    return [
        profit,
        f"{metrics['orders'].value:g} orders, cost {cash(metrics['cost'].value)} {unit}.",
    ]


def _clock(run: SimulationResult) -> Any:
    moments = history_times(run)
    return DAYS_PER_YEAR * run.series.times if moments is None else moments


def _some(count: int) -> Any:
    """Points that are drawn: all, or so many, the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(np.intp))


def _price(axes: Axes, run: SimulationResult, clock: Any, some: Any, label: str) -> None:
    label_above(axes, label, 7)
    prices = run.series.prices[:, 0]
    axes.plot(clock[some], prices[some], color=INK, linewidth=1.4)
    low, high = float(prices.min()), float(prices.max())
    room = high - low
    for edge in _edges(run):
        if low - 0.6 * room <= edge <= high + 0.6 * room:
            axes.axhline(edge, color=PALE, linewidth=1.0, linestyle=":")
            axes.annotate(
                "edge of range", (1.0, edge), (4, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="center", size=8, color=PALE_INK,
            )  # fmt: skip


def _edges(run: SimulationResult) -> list[float]:
    """Prices of the first asset at which a pool's range ends."""
    its = run.settings
    legs = plan(its).legs.positions
    first = run.series.assets[0]
    pairs = [leg.priced for leg in legs if isinstance(leg.priced, PoolModel)]
    return [
        at * float(its.market.price(pool.assets[1]))
        for pool in pairs
        if len(pool.assets) == 2 and pool.assets[0] == first  # noqa: PLR2004 - a pair
        for at in pool.breakpoints()
    ]


def _lines(axes: Axes, clock: Any, lines: dict[str, tuple[str, Array]], label: str) -> None:
    label_above(axes, label, 7)
    for name, (colour, numbers) in lines.items():
        axes.plot(clock, numbers, color=colour, label=name, linewidth=1.5)


def _exposure(axes: Axes, run: SimulationResult, clock: Any, some: Any, label: str) -> None:
    series = run.series
    _lines(axes, clock[some], {
        "positions": (BEFORE, series.exposed[some, 0]),
        "with hedge": (AFTER, series.delta[some, 0]),
    }, label)  # fmt: skip
    traded = np.flatnonzero(series.orders.any(axis=-1))
    axes.plot(
        clock[traded], np.zeros(len(traded)), "|", color=INK, markersize=7, markeredgewidth=0.5,
        alpha=0.5, label="orders", zorder=3,
    )  # fmt: skip


def _columns(run: SimulationResult, some: Any) -> dict[str, tuple[str, Array]]:
    """Each column of the ledger that there is, added up over time."""
    found = [name for name in COLUMNS if run.series.columns[name].any()]
    names = [name for name in found if name != "residual"] + ["residual"] * ("residual" in found)
    return {
        name: (colour, np.cumsum(run.series.columns[name])[some])
        for name, colour in zip(names, (*COLOURS, *COLOURS), strict=False)
    }


def _set_time_axis(axes: Axes, run: SimulationResult, clock: Any) -> None:
    axes.set_xlim(clock[0], clock[-1])
    if history_times(run) is None:
        axes.set_xlabel("Days")
        return
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_xlabel("UTC")
