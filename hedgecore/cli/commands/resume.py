"""`hedgecore resume`: the loop may go on."""

from __future__ import annotations

from hedgecore.cli.options.common import BookFile
from hedgecore.cli.options.live import JournalFolder
from hedgecore.cli.terminal.screen import say
from hedgecore.live.halt import clear_halt
from hedgecore.live.journal import journal_folder


def resume(book: BookFile, *, journal: JournalFolder = None) -> None:
    """Let the halted loop of a book go on: it reconciles first, and then decides again."""
    reason = clear_halt(journal_folder(book, journal))
    say("It was not halted." if reason is None else f"Resumed. It was halted: {reason}")
