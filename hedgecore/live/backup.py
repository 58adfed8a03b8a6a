"""A copy of a journal, taken while it is written: whole files, each one moment of the original."""

from __future__ import annotations

from pathlib import Path

from hedgecore.live.journal_file import ChainLink, connect_reader, files, head_of, in_file, is_begun
from hedgecore.live.journal_reader import Chain, JournalReader
from hedgecore.tables.atomic_write import replacement


def back_up(folder: Path, to: Path) -> Chain:
    """Copy what is new of a journal into another folder, and check the chain of the copy.

    Months that are there already, and go on no further, are not copied again.

    Raises:
        JournalError: the original cannot be read, the copy not written, or its chain is broken.

    """
    with in_file(to):
        to.mkdir(parents=True, exist_ok=True)
    for path in files(folder):
        if _head(to / path.name) != _head(path):
            _copy(path, to / path.name)
    return JournalReader(to).verify()


def _head(path: Path) -> ChainLink | None:
    """Last event of a file; None where there is no file, or one that was never begun."""
    if not path.exists():
        return None
    with connect_reader(path) as connection:
        return head_of(connection) if is_begun(connection) else None


def _copy(path: Path, to: Path) -> None:
    with connect_reader(path) as connection, in_file(to), replacement(to) as beside:
        connection.execute("VACUUM INTO ?", (str(beside),))
