"""`hedgecore performance`: what came of a book's positions and of their hedge so far."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from attrs import evolve

from hedgecore.analysis.book_performance import performance as performance_of
from hedgecore.books.book import Book
from hedgecore.books.record_checks import past_prices
from hedgecore.books.track_record import FUNDING, Flow, TrackRecord
from hedgecore.cli.options.books import load
from hedgecore.cli.options.common import Accept, AsJson, BookFile, Plot
from hedgecore.cli.terminal import clock
from hedgecore.cli.terminal.output import draw_into, print_json
from hedgecore.cli.terminal.screen import notes, say, show, warn
from hedgecore.registry.specs import build
from hedgecore.report import performance as report

Journal = Annotated[
    bool,
    typer.Option("--journal", help="Trades and funding are those of the loop's journal."),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--journal-folder", metavar="FOLDER", help="Of that journal, if not beside the book."
    ),
]
Prices = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE", help="A history, for flows without a price: .csv or .parquet files."
    ),
]
Asset = Annotated[str | None, typer.Option(help="With --prices: whose they are.")]


def performance(
    book: BookFile,
    *,
    journal: Journal = False,
    journal_folder: Folder = None,
    prices: Prices = None,
    asset: Asset = None,
    accept: Accept = False,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Say how it is going: worth, holding, impermanent loss, fees, hedge, costs and returns."""
    loaded = load(book, accept=accept)
    record = loaded.track_record
    if journal or journal_folder is not None:
        record = _with_journal(loaded, book, journal_folder)
    flows, apart = record.flows, tuple[str, ...]()
    if prices:
        history = _history(flows, prices, asset)
        apart = _distances(loaded, history)
        flows = _priced(flows, history)
    found = performance_of(loaded, flows=flows, trades=record.trades, now=clock.now())
    found = evolve(found, warnings=(*found.warnings, *apart))
    if plot is not None:
        draw_into(plot, _chart, found)
    if as_json:
        print_json(report.document(found))
        return
    warn(found.warnings)
    for table in report.tables(found):
        show(table)
        say()
    notes(report.remarks(found))


def _with_journal(book: Book, path: Path, folder: Path | None) -> TrackRecord:
    """Record of a book with a journal's trades and funding; what both state is refused."""
    from hedgecore.cli.options.live import reader_of  # noqa: PLC0415 - brings the loop
    from hedgecore.live.past import past  # noqa: PLC0415

    own = book.track_record
    if own.trades or any(each.type == FUNDING for each in own.flows):
        reason = "the book states trades or funding too, and they would count twice"
        raise typer.BadParameter(f"{reason}: leave [[trade]] and funding out, or --journal")
    told = past(reader_of(path, folder), book)
    return TrackRecord(flows=(*own.flows, *told.flows), trades=told.trades)


def _history(flows: tuple[Flow, ...], files: list[Path], asset: str | None) -> Any:
    if asset is None:
        named = {each.asset for each in flows if each.price is None}
        raise typer.BadParameter(f"--prices needs --asset: one of {', '.join(sorted(named))}")
    model: Any = build({"kind": "replay", "files": [*map(str, files)], "asset": asset})
    return model.history


def _distances(book: Book, history: Any) -> tuple[str, ...]:
    """Sentences on prices of the book far from those of a history; a confusion is refused."""
    from hedgecore.simulation.data import flow_prices  # noqa: PLC0415 - slow

    quoted = past_prices(book.track_record, book.instruments, book.market)
    rows = [each for each in quoted if each.stated.quote == book.market.numeraire]
    if not book.accept:
        flow_prices.refuse_mistaken_prices(rows, history)
    return tuple(flow_prices.distances_from_history(rows, history))


def _priced(flows: tuple[Flow, ...], history: Any) -> tuple[Flow, ...]:
    from hedgecore.simulation.data.flow_prices import priced_flows  # noqa: PLC0415 - slow

    return priced_flows(flows, history)


def _chart() -> Callable[..., Any]:
    from hedgecore.report.charts.performance import save  # noqa: PLC0415 - an extra

    return save
