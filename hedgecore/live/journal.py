"""The journal: what the loop saw, decided and did, on the disk before the next thing happens.

A journal is a folder with a file for each month. What happens is an event of one of `KINDS`; its
body holds records, as plain JSON. `append` returns once the event is durable, and after an error
never again: what is not written down is not sent.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

from attrs import define, field, frozen

from hedgecore.errors import JournalError
from hedgecore.interfaces.closable import Closable
from hedgecore.live import journal_file
from hedgecore.live.events import KINDS
from hedgecore.live.journal_file import START, SUFFIX, ChainLink, EventRow
from hedgecore.live.journal_reader import Event, JournalReader
from hedgecore.live.plain import to_plain
from hedgecore.tables.secret import Secret, redact

__all__ = ["KINDS", "Event", "Journal", "JournalReader", "Run", "journal_folder"]


def journal_folder(book: str | Path, named: Path | None = None) -> Path:
    """Folder of a book's journal: the one that is named, else ``book.live`` of ``book.toml``."""
    return Path(book).with_suffix(".live") if named is None else named


def _machine() -> str:
    """Host, processor and C library, which the last bit of a number may depend on."""
    return " ".join([platform.node(), platform.machine(), *platform.libc_ver()])


@frozen(kw_only=True)
class Run:
    """One run of the loop, from its start to its end.

    Attributes:
        id: tells runs apart; client ids of orders carry it.
        mode: "watch", "paper" or "armed".
        fingerprint: of what it is armed for; empty where it is not armed.
        versions: distribution → version, of all that decides.
        every_seconds: between two cycles, at most; None where blocks say when.
        machine: host, processor and C library: the last bit of a number may depend on them.
        pid: of its process.

    """

    id: str = field(factory=lambda: token_hex(4))
    mode: str
    fingerprint: str = ""
    versions: Mapping[str, str] = field(factory=dict)
    every_seconds: float | None = None
    machine: str = field(factory=_machine)
    pid: int = field(factory=os.getpid)


@define(eq=False)
class Journal(Closable):
    """Journal that is written, by one process; a context manager that closes it.

    Attributes:
        folder: where its files lie.
        run: that the events are of.

    """

    folder: Path
    run: Run
    _secrets: Sequence[Secret]
    _wall: Callable[[], float]
    _mono: Callable[[], float]
    _month: str
    _connection: sqlite3.Connection
    _head: ChainLink
    _failed: str | None = None

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        run: Run,
        secrets: Sequence[Secret] = (),
        wall: Callable[[], float] = time.time,
        mono: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Open a journal for a run, whose record is its first event; make it where there is none.

        Args:
            path: of its folder.
            run: that the events are of.
            secrets: texts that no event may hold, whatever an error message quotes.
            wall: clock of the events, seconds since 1970.
            mono: clock that never jumps, seconds.

        Raises:
            JournalError: it cannot be written, or its last event is not what was written.

        """
        folder = Path(path)
        with journal_file.in_file(folder):
            folder.mkdir(parents=True, exist_ok=True)
            month = max([journal_file.month_of(wall()), *_months(folder)])
            connection, head = _month_file(folder, month)
        made = cls(folder, run, secrets, wall, mono, month, connection, head)
        try:
            made.append(0, "run", run)
        except JournalError:
            made.close()
            raise
        return made

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last event: kept elsewhere, they prove that none was cut off."""
        return self._head.seq, self._head.hash.hex()

    def append(self, cycle: int, kind: str, body: Any) -> int:
        """Write an event down; its number, once it is on the disk.

        Args:
            cycle: of the run.
            kind: one of `KINDS`.
            body: a record, or a table of records and plain values.

        Raises:
            JournalError: it could not be written, or something before could not: the disk is
                full, say. Nothing may be sent then, and a journal that has failed stays so.

        """
        if self._failed is not None:
            raise JournalError(f"the journal has failed before: {self._failed}")
        if kind not in KINDS:
            raise JournalError(f"{kind!r:.80} is no kind of event: {', '.join(KINDS)}")
        text = redact(json.dumps(to_plain(body), allow_nan=False), self._secrets)
        wall = float(self._wall())
        try:
            with journal_file.in_file(self.folder):
                self._turn(journal_file.month_of(wall))
                return self._write(wall, int(cycle), kind, text)
        except JournalError as error:
            self._failed = str(error)
            raise

    def _write(self, wall: float, cycle: int, kind: str, body: str) -> int:
        seq = self._head.seq + 1
        row = EventRow(seq, self.run.id, cycle, wall, float(self._mono()), kind, body)
        link = ChainLink(seq, row.hash(self._head.hash))
        journal_file.insert(self._connection, row, link)
        self._head = link
        return seq

    def _turn(self, month: str) -> None:
        """Go on in a new file where a month has begun; a clock that jumps back changes nothing."""
        if month > self._month:
            self._connection.close()
            self._connection, head = _month_file(self.folder, month)
            self._month = month
            if head != self._head:
                raise JournalError(f"another process has written event {head.seq}")

    def events(self, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Event]:
        """Events after a number, oldest first, of some kinds; of all where none is named."""
        return JournalReader(self.folder).events(after, kinds)

    def last(self, *kinds: str) -> Event | None:
        """Latest event of some kinds; None where there is none."""
        return JournalReader(self.folder).last(*kinds)

    def close(self) -> None:
        """Close the file; closing twice is harmless."""
        self._connection.close()
        self._failed = self._failed or "it is closed"


def _months(folder: Path) -> list[str]:
    return [each.stem for each in journal_file.files(folder)]


def _month_file(folder: Path, month: str) -> tuple[sqlite3.Connection, ChainLink]:
    """Connection to a month's file, laid out where it is new, and the last event of all files."""
    path = folder / f"{month}{SUFFIX}"
    connection = journal_file.connect_writer(path)
    try:
        if not journal_file.is_begun(connection):
            journal_file.begin(connection, _head_before(path))
            journal_file.sync_folder(folder)
        return connection, journal_file.checked_head(connection)
    except BaseException:
        connection.close()
        raise


def _head_before(path: Path) -> ChainLink:
    """Last event of the files before one; those that were never begun hold none."""
    earlier = [each for each in journal_file.files(path.parent) if each < path]
    for each in reversed(earlier):
        with journal_file.connect_reader(each) as connection:
            if journal_file.is_begun(connection):
                return journal_file.head_of(connection)
    return START
