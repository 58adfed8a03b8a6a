"""`hedgecore greeks`: worth, delta and gamma of each position, and of all."""

from __future__ import annotations

from hedgecore.analysis.greeks import BookGreeks, book_greeks
from hedgecore.cli.options.books import load
from hedgecore.cli.options.common import Accept, AsJson, BookFile
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, say, show, warn
from hedgecore.report import frozen
from hedgecore.report import greeks as report

NAMES = {
    "Positions": 3,
    report.POOLS: 3,
    frozen.TITLE: 3,
}
"""Title of a table → how many of its columns are names; of the others, two are."""


def greeks(book: BookFile, *, accept: Accept = False, as_json: AsJson = False) -> None:
    """Show worth, delta and gamma of each position and of all, and where each pool stands."""
    found = book_greeks(load(book, accept=accept))
    if as_json:
        print_json(report.document(found))
    else:
        _print(found)


def _print(found: BookGreeks) -> None:
    warn(found.warnings)
    for k, table in enumerate(report.tables(found)):
        if k:
            say()
        show(table, NAMES.get(table.title, 2))
    remarks = report.remarks(found)
    if remarks:
        say()
        notes(remarks)
    if not found.positions:
        say("The book holds nothing.")
