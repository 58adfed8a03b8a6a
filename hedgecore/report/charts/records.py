"""Records in a notebook as pictures: each class with the chart that its command draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hedgecore.analysis.book_performance import BookPerformance
from hedgecore.analysis.profit import Scenario
from hedgecore.analysis.stress import Stress
from hedgecore.analysis.sweep import Sweep, picture_prices, sweeps
from hedgecore.analysis.sweep import sweep as run_sweep
from hedgecore.books.book import Book
from hedgecore.books.positions import Position
from hedgecore.errors import SpecError
from hedgecore.hedging.result import Hedge
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Part, Portfolio
from hedgecore.pools.mispricing import mispricing
from hedgecore.pools.model import PoolModel
from hedgecore.pools.state import AtState
from hedgecore.report import pool, profits
from hedgecore.report.charts import (
    backtest,
    distribution,
    frontier,
    hedge,
    performance,
    scenario,
    sweep,
)
from hedgecore.report.charts.style import chart_style
from hedgecore.simulation import SimulationResult
from hedgecore.simulation.comparison import Comparison

Chart = tuple[ModuleType, Any]
"""Module with `draw` and `draw_panel`, and the numbers that they draw."""


def plot(record: Any, ax: Axes | None) -> Axes | Figure:
    """Whole figure of a record, or its main panel in axes that are given."""
    chart, subject = next(CHARTS[cls] for cls in type(record).__mro__ if cls in CHARTS)(record)
    with chart_style():
        if ax is None:
            figure: Figure = chart.draw(subject)
            return figure
        chart.draw_panel(ax, subject)
        return ax


def _run_chart(run: SimulationResult) -> Chart:
    return (distribution if run.outcome.series is None else backtest), run


def _scenario_chart(result: Scenario) -> Chart:
    found = profits.stress_of(result)
    if found is None:
        raise SpecError("a picture has one or two directions, and these markets are no such grid")
    return scenario, found


def _hedge_chart(answer: Hedge) -> Chart:
    return hedge, sweeps(_book_of(answer), answer)


def _book_of(answer: Hedge) -> Book:
    """Book of what a hedge was asked about."""
    its = answer.problem
    target = its.target if isinstance(its.target, Portfolio) else Portfolio([("all", its.target)])
    lines = tuple(_position(part, its.market) for part in target.parts)
    return Book(
        market=its.market, positions=lines, instruments=its.instruments, held=its.held,
        request=its.request,
    )  # fmt: skip


def _position(part: Part, market: Market) -> Position:
    """Position of a part; a pool as it stands may be drawn along its curve."""
    thing = part.priced
    if not isinstance(thing, AtState):
        return Position(name=part.name, model=thing, amount=part.amount)
    stands = mispricing(thing.model, market)
    return Position(
        name=part.name, model=thing.model, amount=part.amount, at="state", standing=stands
    )


def _book_chart(book: Book) -> Chart:
    """Chart of a book and its hedge; where nothing can be traded, over its largest exposure."""
    if book.instruments:
        return hedge, sweeps(book, book.hedge())
    held = book.portfolio.exposure(book.market)
    cash = {name: abs(float(its.delta * book.market.price(name))) for name, its in held.items()}
    largest = max((name for name in cash if name != held.numeraire), key=cash.__getitem__)
    return sweep, run_sweep(book, largest, picture_prices(book, largest))


CHARTS: Mapping[type, Callable[[Any], Chart]] = {
    Book: _book_chart,
    BookPerformance: lambda found: (performance, found),
    Comparison: lambda found: (frontier, found),
    Hedge: _hedge_chart,
    PoolModel: lambda model: (sweep, pool.pool_sweep(model)),
    Scenario: _scenario_chart,
    SimulationResult: _run_chart,
    Stress: lambda stress: (scenario, stress),
    Sweep: lambda swept: (sweep, swept),
}
"""Class → the chart of one of its records, subclasses too."""
