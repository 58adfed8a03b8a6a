"""Options of the commands of a live hedge: a book, and with it its journal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hedgecore.live.journal import KINDS, JournalReader, journal_folder
from hedgecore.live.journal_file import files

JournalFolder = Annotated[
    Path | None,
    typer.Option(
        "--journal", metavar="FOLDER", help="The journal; beside the book, named like it, if not."
    ),
]


def reader_of(book: Path, folder: Path | None) -> JournalReader:
    """Reader of a book's journal.

    Raises:
        BadParameter: there is none.

    """
    where = journal_folder(book, folder)
    if not files(where):
        raise typer.BadParameter(f"there is no journal in {where}: `hedgecore live` writes one")
    return JournalReader(where)


def kinds_of(given: list[str] | None) -> tuple[str, ...]:
    """Kinds of events that are named."""
    for kind in given or ():
        if kind not in KINDS:
            raise typer.BadParameter(f"--kind is one of {', '.join(KINDS)}, not {kind!r:.80}")
    return tuple(given or ())


def moment_of(text: str | None) -> float:
    """Moment in ISO 8601, UTC unless it says, as seconds since 1970; 0 where none is given."""
    if text is None:
        return 0.0
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"--since is a moment like 2026-11-30T12:00, not {text!r:.80}"
        ) from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
