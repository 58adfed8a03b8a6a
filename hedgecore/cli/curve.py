"""`hedgecore curve`: a book or one position over a range of one asset's price."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hedgecore import Book
from hedgecore.cli import documents, views
from hedgecore.cli.arguments import AsJson, BookFile
from hedgecore.cli.screen import notes, say, show
from hedgecore.cli.sweep import Sweep, breaks, grid, sweep
from hedgecore.market import Array

SUFFIXES = (".png", ".svg")
STEPS, SMOOTH = 21, 401
"""How many prices a table has by default, and a plot."""

Asset = Annotated[str, typer.Option(help="The asset whose price moves.")]
Name = Annotated[str | None, typer.Option(metavar="NAME", help="One position; else the book.")]
Low = Annotated[float | None, typer.Option("--from", help="First price; half the book's.")]
High = Annotated[float | None, typer.Option("--to", help="Last price; one and a half times.")]
Steps = Annotated[
    int | None, typer.Option(min=2, max=100_000, help="How many prices: 21, or 401 to plot.")
]
Hedging = Annotated[bool, typer.Option("--hedged/--unhedged", help="With the hedge, or without.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Write CSV instead.")]
Plot = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it: a .png or .svg file.")]


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
    as_json: AsJson = False,
    plot: Plot = None,
) -> None:
    """Show worth, delta and gamma over the price of one asset, before and after the hedge."""
    if as_csv and as_json:
        raise typer.BadParameter("choose one of --csv and --json")
    loaded = Book.load(book)
    bounds = _bounds(loaded, asset, low, high)
    _known(loaded, position)
    over = partial(sweep, loaded, asset, name=position, hedging=hedging)
    if plot is not None:
        edges = breaks(loaded.positions, asset, loaded.market)
        _draw(over, grid(*bounds, steps or SMOOTH, edges), plot)
    if as_csv or as_json or plot is None:
        _write(over(grid(*bounds, steps or STEPS)), as_csv, as_json)


def _write(swept: Sweep, as_csv: bool, as_json: bool) -> None:  # noqa: FBT001 - as they were given
    if as_json:
        documents.dump(views.document(swept))
    elif as_csv:
        typer.echo(views.csv(swept), nl=False)
    else:
        for table in views.tables(swept):
            show(table)
            say()
        notes(views.remarks(swept))


def _draw(over: Callable[[Array], Sweep], prices: Array, path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"--plot writes {' or '.join(SUFFIXES)}, not {path.name}")
    try:
        from hedgecore.cli.plot import save  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        message = "--plot needs matplotlib: pip install 'hedgecore[plot]'"
        raise typer.BadParameter(message) from error
    try:
        save(over(prices), path)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}") from error
    typer.echo(f"Wrote {path}.", err=True)


def _bounds(book: Book, asset: str, low: float | None, high: float | None) -> tuple[float, float]:
    price = float(book.market.price(asset))
    if asset == book.market.numeraire:
        raise typer.BadParameter(f"{asset} is the numeraire, whose price is always 1")
    first, last = 0.5 * price if low is None else low, 1.5 * price if high is None else high
    if not 0 < first < last < math.inf:
        raise typer.BadParameter(f"prices must be 0 < --from < --to, not {first:g} and {last:g}")
    return first, last


def _known(book: Book, position: str | None) -> None:
    if position is not None:
        _ = book.portfolio[position]
