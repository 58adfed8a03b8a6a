"""Records in a notebook: each class with the tables, columns and picture of its command.

`hedgecore.views` calls these functions. A row of `VIEWS` names what the command line prints of a
record of that class, so that a cell and a terminal say the same.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from hedgecore.analysis.book_performance import BookPerformance
from hedgecore.analysis.greeks import BookGreeks
from hedgecore.analysis.profit import Scenario
from hedgecore.analysis.stress import Stress
from hedgecore.analysis.sweep import Sweep
from hedgecore.books.book import Book
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.extras import how_to_install
from hedgecore.hedging.result import Hedge
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.pools.model import PoolModel
from hedgecore.report import (
    documents,
    exposure,
    files,
    frames,
    frontier,
    greeks,
    hedge,
    market,
    outcome,
    performance,
    pool,
    portfolio,
    profits,
    scenario,
    sweep,
)
from hedgecore.report.frames import Columns, fit_rows
from hedgecore.report.records import load, save
from hedgecore.simulation import SimulationResult
from hedgecore.simulation.comparison import Comparison
from hedgecore.tables.printable import printable_page
from hedgecore.tables.render import Table, page_html, page_text

__all__ = [
    "html",
    "load",
    "plot",
    "save",
    "text",
    "to_arrow",
    "to_dict",
    "to_pandas",
    "to_polars",
    "unknown_part",
]


def unknown_part(cls: type, name: object, parts: Iterable[str]) -> SpecError:
    """Error of a name that no part of a record has, with the nearest one."""
    names = tuple(parts)
    known = ", ".join(names) or "none"
    near = did_you_mean(name, names)
    what = cls.__name__.lower()
    return SpecError(f"the {what} has no part {name!r:.80}{near} (it has {known:.200})")


def _none(_: Any) -> tuple[str, ...]:
    return ()


class View(NamedTuple):
    """View of the records of a class.

    Attributes:
        tables: of a record, for people.
        document: for JSON.
        columns: of its rows; None where it is no table.
        remarks: sentences below the tables.
        warnings: what to doubt, on top.

    """

    tables: Callable[[Any], Iterable[Table]]
    document: Callable[[Any], Mapping[str, Any]]
    columns: Callable[[Any], Columns] | None = None
    remarks: Callable[[Any], Iterable[str]] = _none
    warnings: Callable[[Any], tuple[str, ...]] = _none


def _warnings(record: Any) -> tuple[str, ...]:
    said: tuple[str, ...] = record.warnings
    return said


VIEWS: Mapping[type, View] = {
    Book: View(portfolio.book_tables, Book.to_dict, portfolio.book_columns, _none, _warnings),
    BookGreeks: View(greeks.tables, greeks.document, greeks.columns, greeks.remarks, _warnings),
    BookPerformance: View(
        performance.tables,
        performance.document,
        performance.columns,
        performance.remarks,
        _warnings,
    ),
    Comparison: View(
        frontier.tables, frontier.document, frontier.columns, frontier.remarks, _warnings
    ),
    Exposure: View(exposure.tables, exposure.document, exposure.columns, exposure.remarks),
    Hedge: View(Hedge.tables, documents.hedge, hedge.columns, Hedge.remarks, _warnings),
    Market: View(market.tables, market.document, market.columns, market.remarks),
    PoolModel: View(pool.tables, pool.document),
    Portfolio: View(portfolio.tables, portfolio.document, portfolio.columns),
    Scenario: View(profits.tables, profits.document, profits.columns, profits.remarks, _warnings),
    SimulationResult: View(
        outcome.tables, outcome.document, files.columns, outcome.remarks, _warnings
    ),
    Stress: View(scenario.tables, scenario.document, scenario.columns, scenario.remarks, _warnings),
    Sweep: View(sweep.tables, sweep.document, sweep.columns, sweep.remarks, _warnings),
}
"""Class → how its records are shown, subclasses too."""


def view_of(record: Any) -> View:
    """View of a record."""
    return next(VIEWS[cls] for cls in type(record).__mro__ if cls in VIEWS)


def html(record: Any) -> str:
    """Page for a cell: warnings, tables that fit, sentences; all that was given is escaped."""
    its = view_of(record)
    return page_html(fit_rows(its.tables(record)), its.remarks(record), its.warnings(record))


def text(record: Any) -> str:
    """Same page in plain characters, of which none commands a terminal."""
    its = view_of(record)
    page = page_text(fit_rows(its.tables(record)), its.remarks(record), its.warnings(record))
    return printable_page(page)


def to_dict(record: Any) -> dict[str, Any]:
    """Plain data, as ``--json`` writes it."""
    found: dict[str, Any] = documents.jsonable(view_of(record).document(record))
    return found


def _columns(record: Any) -> Columns:
    columns = view_of(record).columns
    return {} if columns is None else columns(record)


def to_pandas(record: Any) -> Any:
    """Data frame of pandas."""
    return frames.to_pandas(_columns(record))


def to_polars(record: Any) -> Any:
    """Data frame of Polars."""
    return frames.to_polars(_columns(record))


def to_arrow(record: Any) -> Any:
    """Table of Arrow."""
    return frames.to_arrow(_columns(record))


def plot(record: Any, ax: Any) -> Any:
    """Whole figure of a record, or its main panel in axes that are given."""
    try:
        charts = importlib.import_module("hedgecore.report.charts.records")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise SpecError(how_to_install("plot()", "plot")) from error
    return charts.plot(record, ax)
