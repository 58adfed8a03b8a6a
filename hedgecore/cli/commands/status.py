"""`hedgecore status`: where the loop of a book stands."""

from __future__ import annotations

import typer

from hedgecore.cli.options.common import AsJson, BookFile
from hedgecore.cli.options.live import JournalFolder
from hedgecore.cli.terminal import clock
from hedgecore.cli.terminal.output import print_json
from hedgecore.cli.terminal.screen import notes, show
from hedgecore.live.journal import journal_folder
from hedgecore.live.status import loop_status
from hedgecore.report.live import status_document, status_table


def status(book: BookFile, *, journal: JournalFolder = None, as_json: AsJson = False) -> None:
    """Say where the loop of a book stands: well, waiting, halted, ended or dead, and why.

    The exit code is 0, 1, 2, or 3 where no loop runs: it ended as it should, or is dead.
    """
    found = loop_status(journal_folder(book, journal), clock.now().timestamp())
    if as_json:
        print_json(status_document(found))
    else:
        show(status_table(found))
        notes(found.reasons)
    raise typer.Exit(found.code)
