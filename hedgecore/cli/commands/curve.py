"""`hedgecore curve`: a book or one position over a range of one asset's price."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from hedgecore.analysis.sweep import SMOOTH, Sweep, breaks, price_grid, sweep
from hedgecore.books.book import Book
from hedgecore.cli.options.books import load
from hedgecore.cli.options.common import Accept, AsCsv, AsJson, BookFile, Hedging, Plot, one_format
from hedgecore.cli.terminal.output import draw_into, print_json
from hedgecore.cli.terminal.screen import notes, say, show, verbatim, warn
from hedgecore.report import sweep as sweep_report

STEPS = 21
"""Number of prices in a table by default; a plot has `SMOOTH`."""

Asset = Annotated[str, typer.Option(help="The asset whose price moves.")]
Name = Annotated[str | None, typer.Option(metavar="NAME", help="One position; else the book.")]
Low = Annotated[float | None, typer.Option("--from", help="First price; half the book's.")]
High = Annotated[float | None, typer.Option("--to", help="Last price; one and a half times.")]
Steps = Annotated[
    int | None, typer.Option(min=2, max=100_000, help="How many prices: 21, or 401 to plot.")
]


def curve(
    book: BookFile,
    *,
    asset: Asset,
    position: Name = None,
    low: Low = None,
    high: High = None,
    steps: Steps = None,
    hedging: Hedging = True,
    as_csv: AsCsv = False,
    accept: Accept = False,
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Show worth, delta and gamma over the price of one asset, before and after the hedge."""
    one_format(as_csv, as_json)
    loaded = load(book, accept=accept)
    bounds = _bounds(loaded, asset, low, high)
    _check_position(loaded, position)
    over = partial(sweep, loaded, asset, name=position, hedging=hedging)
    if plot is not None:
        edges = breaks(loaded.positions, asset, loaded.market)
        drawn = over(price_grid(*bounds, steps or SMOOTH, edges))
        draw_into(plot, _chart, drawn)
        if not as_csv and not as_json:
            warn(drawn.warnings, aside=True)
            return
    _write(over(price_grid(*bounds, steps or STEPS)), as_csv, as_json)


def _write(swept: Sweep, as_csv: bool, as_json: bool) -> None:  # noqa: FBT001 - as they were given
    if as_json:
        print_json(sweep_report.document(swept))
    elif as_csv:
        warn(swept.warnings, aside=True)
        verbatim(sweep_report.csv(swept), nl=False)
    else:
        warn(swept.warnings)
        for table in sweep_report.tables(swept):
            show(table)
            say()
        notes(sweep_report.remarks(swept))


def _chart() -> Callable[..., Any]:
    from hedgecore.report.charts.sweep import save  # noqa: PLC0415 - an extra

    return save


def _bounds(book: Book, asset: str, low: float | None, high: float | None) -> tuple[float, float]:
    price = float(book.market.price(asset))
    if asset == book.market.numeraire:
        raise typer.BadParameter(f"{asset} is the numeraire, whose price is always 1")
    first, last = 0.5 * price if low is None else low, 1.5 * price if high is None else high
    if not 0 < first < last < math.inf:
        raise typer.BadParameter(f"prices must be 0 < --from < --to, not {first:g} and {last:g}")
    return first, last


def _check_position(book: Book, position: str | None) -> None:
    if position is not None:
        _ = book.portfolio[position]
