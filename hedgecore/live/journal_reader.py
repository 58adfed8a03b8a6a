"""Reading a journal: without a lock that its writer could wait for, and without a change."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from attrs import frozen

from hedgecore.errors import JournalError
from hedgecore.live.journal_file import (
    COLUMNS,
    ChainLink,
    EventRow,
    connect_reader,
    files,
    is_begun,
    origin_of,
)
from hedgecore.tables.json_text import parse_json

PAGE = 200
"""So many events are read at once, and the connection is closed before they are handed out."""


@frozen(kw_only=True)
class Event:
    """One event of a journal.

    Attributes:
        seq: its number, from 1, without gaps.
        run: which run of the loop it is of.
        cycle: which cycle of that run; 0 before the first.
        wall: seconds since 1970 by this machine's clock, which may jump.
        mono: seconds of a clock that never jumps, and begins anywhere.
        kind: what happened, one of `KINDS`.
        body: plain JSON; `from_plain` makes records of its parts.

    """

    seq: int
    run: str
    cycle: int
    wall: float
    mono: float
    kind: str
    body: Mapping[str, Any]


class Chain(NamedTuple):
    """Unbroken chain of events: how many, the first, and the last with its hash."""

    events: int
    first: int
    head: ChainLink


@frozen
class JournalReader:
    """Journal in a folder, to be read while it is written.

    Each question opens a connection that cannot write, and closes it before it answers. So a
    reader that stops in the middle holds nothing.
    """

    folder: Path

    def events(
        self, after: int = 0, kinds: Collection[str] = (), run: str | None = None
    ) -> Iterator[Event]:
        """Events after a number, oldest first; of some kinds and of one run, where named."""
        where, given = _filter(kinds, run)
        query = f"SELECT {COLUMNS} FROM event WHERE seq > ? {where} ORDER BY seq LIMIT {PAGE}"  # noqa: S608
        for path in files(self.folder):
            reached = after
            while page := _rows(path, query, (reached, *given)):
                yield from map(_event, page)
                reached = page[-1].seq

    def latest(
        self, count: int, kinds: Collection[str] = (), run: str | None = None
    ) -> list[Event]:
        """So many of the latest events, oldest first; of some kinds, and of one run."""
        where, given = _filter(kinds, run)
        query = f"SELECT {COLUMNS} FROM event WHERE seq > 0 {where} ORDER BY seq DESC LIMIT ?"  # noqa: S608
        found = list[EventRow]()
        for path in reversed(files(self.folder)):
            if len(found) < count:
                found += _rows(path, query, (*given, count - len(found)))
        return [_event(row) for row in reversed(found)]

    def last(self, *kinds: str) -> Event | None:
        """Latest event of some kinds; of all where none is named. None where there is none."""
        return next(iter(self.latest(1, kinds)), None)

    def verify(self) -> Chain:
        """Chain of all events whose files are there.

        Raises:
            JournalError: an event was changed, taken out or put in; or a file is missing.

        """
        ends = [each for path in files(self.folder) if (each := _verify(path)) is not None]
        if not ends:
            raise JournalError(f"{self.folder} holds no journal")
        for (_, before), (origin, _) in pairwise(ends):
            if before != origin:
                reason = f"event {origin.seq + 1} does not follow event {before.seq}"
                raise JournalError(f"{reason}: a file is missing, or was cut short")
        first, head = ends[0][0].seq + 1, ends[-1][1]
        return Chain(head.seq - first + 1, first, head)


def _filter(kinds: Collection[str], run: str | None) -> tuple[str, tuple[str, ...]]:
    of_kinds = f"AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    of_run = ("", ()) if run is None else ("AND run = ?", (run,))
    return f"{of_kinds} {of_run[0]}", (*kinds, *of_run[1])


def _rows(path: Path, query: str, given: tuple[Any, ...]) -> list[EventRow]:
    with connect_reader(path) as connection:
        if not is_begun(connection):
            return []
        return [EventRow(*each) for each in connection.execute(query, given).fetchall()]


def _event(row: EventRow) -> Event:
    return Event(**{**row._asdict(), "body": parse_json(row.body)})


def _verify(path: Path) -> tuple[ChainLink, ChainLink] | None:
    """Origin and head of a file whose chain is unbroken; None where it was never begun."""
    with connect_reader(path) as connection:
        if not is_begun(connection):
            return None
        origin = link = origin_of(connection)
        while page := _page(connection, link.seq):
            for row, its in page:
                if row.seq != link.seq + 1 or row.hash(link.hash) != its:
                    raise JournalError(f"event {row.seq} is not what was written after {link.seq}")
                link = ChainLink(row.seq, its)
        query = "SELECT count(*) FROM event WHERE seq <= ?"
        if any(connection.execute(query, (origin.seq,)).fetchone()):
            raise JournalError(f"has events before the first, which is {origin.seq + 1}")
        return origin, link


def _page(connection: sqlite3.Connection, after: int) -> list[tuple[EventRow, bytes]]:
    query = f"SELECT {COLUMNS}, hash FROM event WHERE seq > ? ORDER BY seq LIMIT {PAGE}"  # noqa: S608
    found = connection.execute(query, (after,)).fetchall()
    return [(EventRow(*columns), its) for *columns, its in found]
