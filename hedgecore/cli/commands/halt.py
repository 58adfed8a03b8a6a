"""`hedgecore halt`: nothing is placed from now on."""

from __future__ import annotations

from typing import Annotated

import typer

from hedgecore.cli.options.common import BookFile
from hedgecore.cli.options.live import JournalFolder
from hedgecore.cli.terminal.screen import say
from hedgecore.live.halt import halt_request, request_halt
from hedgecore.live.journal import journal_folder

Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever resumes.")]


def halt(book: BookFile, *, reason: Reason = "by hand", journal: JournalFolder = None) -> None:
    """Halt the loop of a book: nothing is placed until `hedgecore resume`, a restart included.

    An order in flight may still be executed, until it expires.
    """
    folder = journal_folder(book, journal)
    request_halt(folder, reason)
    say(f"Halted: {halt_request(folder)}")
