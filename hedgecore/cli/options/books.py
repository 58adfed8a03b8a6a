"""Books as commands take them: at the time of this machine, so that old prices are warned of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hedgecore.books.book import Book
from hedgecore.cli.terminal import clock
from hedgecore.tables.files import read_tables


def load(path: Path, *, accept: bool = False) -> Book:
    """Book in a file."""
    return book_of(read_tables(path), accept=accept)


def book_of(tables: Mapping[str, Any], *, accept: bool = False) -> Book:
    """Book that a file's tables describe."""
    return Book.from_tables(tables, accept=accept, now=clock.now())
