"""The halt flag: a file beside the journal. While it is there, nothing is placed.

The loop raises it itself where only a person can judge, and people by `hedgecore halt`; people
alone take it down, by `hedgecore resume`. It outlives the process.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hedgecore.errors import JournalError, SpecError
from hedgecore.live.journal_file import in_file, sync_folder
from hedgecore.tables.atomic_write import write

NAME, UNSAID = "halt", "no reason given"
MOST = 4096
"""Bytes of a reason that are read."""


def request_halt(folder: Path, reason: str) -> None:
    """Raise the flag, durable when this returns; the first reason stays.

    Raises:
        JournalError: it cannot be written.

    """
    with in_file(folder / NAME):
        if (folder / NAME).exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        try:
            write(f"{reason.strip() or UNSAID}\n", folder / NAME)
        except SpecError as error:
            raise JournalError(str(error)) from error
        sync_folder(folder)


def halt_request(folder: Path) -> str | None:
    """Reason of the flag that is up; None where there is none. One that cannot be read is up."""
    try:
        with (folder / NAME).open("rb") as file:
            text = file.read(MOST).decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"the halt flag cannot be read: {error.strerror}"
    return text or UNSAID


def clear_halt(folder: Path) -> str | None:
    """Take the flag down, durable when this returns; the reason that it had.

    Raises:
        JournalError: it cannot be taken down.

    """
    reason = halt_request(folder)
    if reason is not None:
        with in_file(folder / NAME):
            with suppress(FileNotFoundError):
                (folder / NAME).unlink()
            sync_folder(folder)
    return reason
