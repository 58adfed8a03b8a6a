"""Clock of the command line: the one place that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from hedgecore.books.book import Book


def now() -> datetime:
    """Time of this machine, UTC."""
    return datetime.now(UTC)


def warn_of_age(book: Book) -> None:
    """Say on stderr that the prices of a book are old, or of the future."""
    warning = book.age_warning(now())
    if warning:
        typer.echo(f"Warning: {warning}.", err=True)
