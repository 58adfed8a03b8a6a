"""Records in a notebook as pictures: each class with the chart that its command draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.analysis.profit import Scenario
from hedgecore.analysis.stress import Stress
from hedgecore.analysis.sweep import Sweep, sweeps
from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.errors import SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.market.portfolio import Portfolio
from hedgecore.pools.model import PoolModel
from hedgecore.report import pool, profits
from hedgecore.report.charts import backtest, distribution, frontier, hedge, scenario, sweep
from hedgecore.report.charts.style import styled
from hedgecore.simulation import SimulationResult
from hedgecore.simulation.comparison import Comparison

Chart = tuple[ModuleType, Any]
"""Module with `draw` and `draw_panel`, and the numbers that they draw."""


def plot(record: Any, ax: Axes | None) -> Axes | Figure:
    """Whole figure of a record, or its main panel in axes that are given."""
    chart, subject = next(CHARTS[cls] for cls in type(record).__mro__ if cls in CHARTS)(record)
    with styled():
        if ax is None:
            figure: Figure = chart.draw(subject)
            return figure
        chart.draw_panel(ax, subject)
        return ax


def _run(run: SimulationResult) -> Chart:
    return (distribution if run.outcome.series is None else backtest), run


def _scenario(result: Scenario) -> Chart:
    found = profits.stress_of(result)
    if found is None:
        raise SpecError("a picture has one or two directions, and these markets are no such grid")
    return scenario, found


def _hedge(answer: Hedge) -> Chart:
    return hedge, sweeps(_book(answer), answer)


def _book(answer: Hedge) -> Book:
    """Book of what a hedge was asked about."""
    its = answer.problem
    target = its.target if isinstance(its.target, Portfolio) else None
    parts = [("target", its.target, 1.0)] if target is None else list(target.parts)
    lines = tuple(Position(name=name, model=model, amount=each) for name, model, each in parts)
    return Book(
        market=its.market, positions=lines, instruments=its.instruments, held=its.held,
        request=its.request,
    )  # fmt: skip


def _swept(book: Book) -> Chart:
    """Chart of a book over the price of the asset that is most of it, and after its hedge."""
    if not book.instruments:
        raise SpecError("a picture of a book is of its hedge: give it an instrument")
    return hedge, sweeps(book, book.hedge())


CHARTS: Mapping[type, Callable[[Any], Chart]] = {
    Book: _swept,
    Comparison: lambda found: (frontier, found),
    Hedge: _hedge,
    PoolModel: lambda model: (sweep, pool.swept(model)),
    Scenario: _scenario,
    SimulationResult: _run,
    Stress: lambda stress: (scenario, stress),
    Sweep: lambda swept: (sweep, swept),
}
"""Class → the chart of one of its records, subclasses too."""
