"""`hedgecore hedge`: the orders, and what they do."""

from __future__ import annotations

from hedgecore import Book
from hedgecore.cli import documents
from hedgecore.cli.arguments import AsJson, BookFile
from hedgecore.cli.screen import notes, say, show
from hedgecore.present import hedge_tables, remarks

NAMES = (2, 1, 1)
"""How many columns of the tables of orders, delta and gamma are names."""


def hedge(book: BookFile, *, as_json: AsJson = False) -> None:
    """Hedge a book: orders, exposure before and after, cost, and what stays unhedged and why."""
    answer = Book.load(book).hedge()
    if as_json:
        documents.dump(documents.hedge(answer))
        return
    for table, names in zip(hedge_tables(answer), NAMES, strict=False):
        show(table, names)
        say()
    notes(remarks(answer))
