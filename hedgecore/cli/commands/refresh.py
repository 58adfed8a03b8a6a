"""`hedgecore refresh`: a book, read again from where it was read."""

from __future__ import annotations

from typing import Any

from hedgecore.books.book import Book
from hedgecore.books.sources import CHAINS, accounts_of, chain_source, moments
from hedgecore.cli.options.common import AsJson, BookFile
from hedgecore.cli.options.source import (
    Block,
    Contract,
    MaxAge,
    Rpcs,
    Timeout,
    block_of,
    pairs,
    secrets,
)
from hedgecore.cli.terminal.clock import warn_of_age
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.progress import bar
from hedgecore.cli.terminal.screen import notes, say, show
from hedgecore.readers import Change, Refreshed, refresh_file
from hedgecore.tables.files import read_tables
from hedgecore.tables.render import Table, amount


def refresh(
    book: BookFile,
    *,
    rpc: Rpcs = None,
    block: Block = None,
    contract: Contract = None,
    max_age: MaxAge = None,
    timeout: Timeout = 60.0,
    as_json: AsJson = False,
) -> None:
    """Read a book's tables again, all at one block, and replace them; the rest stays as it is."""
    source = read_tables(book).get("source")
    alone = bool(accounts_of(source)) and not chain_source(source)
    reach: dict[str, Any] = {"contracts": pairs(contract, "--contract"), "block": block_of(block)}
    with bar("Reading") as progress:
        again = refresh_file(
            book,
            [] if alone else secrets(rpc),
            progress=progress,
            seconds=timeout,
            max_age=max_age,
            **reach,
        )
    now = Book.from_tables(again.tables, accept=True)
    warn_of_age(now)
    if as_json:
        print_json({"changes": list(map(_document, again.changes)), "notes": again.notes})
        return
    _print(again)
    notes([*again.notes, *now.warnings])


def _print(again: Refreshed) -> None:
    source = again.tables["source"]
    of = "" if CHAINS in source else f" of chain {source.get('chain')}"
    where = f"{moments(source)}{of}" if chain_source(source) else str(again.tables["as_of"])
    rows = [(e.table, e.key, _short(e.before), _short(e.after)) for e in again.changes]
    if not rows:
        say(f"Nothing has changed at {where}.")
        return
    show(Table(f"Changed, at {where}", ("table", "field", "before", "after"), rows), names=2)


def _short(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(_short, value))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return amount(value) if number and isinstance(value, float) else str(value)


def _document(change: Change) -> dict[str, Any]:
    return {
        "table": change.table,
        "field": change.key,
        "before": change.before,
        "after": change.after,
    }
