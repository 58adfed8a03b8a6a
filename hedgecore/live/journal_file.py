"""One file of a journal: a month of events in SQLite, each hashed together with the one before.

The files of a journal are named by their month and lie in one folder; each begins with the number
and the hash of the last event of the file before it, so that the chain of hashes runs through all.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from hedgecore.errors import JournalError
from hedgecore.live import journal_packing

SUFFIX = ".sqlite"
FORMAT, READ = 2, (1, 2)
"""Version of what is written, SQLite's `user_version`; 0 of a file that was never finished; and of
what is read: in the first one all bodies were texts."""
SECONDS = 1.0
"""So long a writer waits for another, which a lease rules out, and a reader for a new file."""
PAGE_BYTES = 16384
"""Bytes of a page of a new file: several events of a few thousand bytes fit on one."""
TABLES = (
    "CREATE TABLE origin (seq INTEGER NOT NULL, hash BLOB NOT NULL)",
    (
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, run TEXT NOT NULL, cycle INTEGER NOT NULL,"
        " wall REAL NOT NULL, mono REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,"
        " hash BLOB NOT NULL)"
    ),
    "CREATE INDEX event_by_kind ON event (kind, seq)",
)


COLUMNS = f"seq, run, cycle, wall, mono, kind, {journal_packing.UNPACK}"


class ChainLink(NamedTuple):
    """Place in the chain: the number of an event, and its hash."""

    seq: int
    hash: bytes


START = ChainLink(0, bytes(32))
"""Link that the first event of a journal goes on from."""


class EventRow(NamedTuple):
    """One event as it stands in a file, its body as JSON."""

    seq: int
    run: str
    cycle: int
    wall: float
    mono: float
    kind: str
    body: str

    def hash(self, before: bytes) -> bytes:
        """SHA-256 of the hash before and all columns, so that none can be changed unseen."""
        return sha256(before + json.dumps(self).encode()).digest()


def month_of(wall: float) -> str:
    """Name of the file for events of a moment, seconds since 1970: year and month, UTC."""
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m")


def files(folder: Path) -> list[Path]:
    """Files of a journal, oldest first."""
    return sorted(each for each in folder.glob(f"????-??{SUFFIX}") if each.is_file())


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system refuse, raised within, into a JournalError on a file."""
    try:
        yield
    except (sqlite3.Error, OSError, OverflowError, ValueError) as error:
        if isinstance(error, JournalError):
            raise
        raise JournalError(f"{path.name}: {error}") from error


def connect_writer(path: Path) -> sqlite3.Connection:
    """Connection whose every statement is on the disk when it returns."""
    connection = sqlite3.connect(path, timeout=SECONDS, isolation_level=None)
    journal_packing.prepare(connection)
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@contextmanager
def connect_reader(path: Path) -> Iterator[sqlite3.Connection]:
    """Connection that can change nothing, for as long as one question takes."""
    with in_file(path):
        uri = f"file:{quote(str(path.resolve()))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=SECONDS, isolation_level=None)
        journal_packing.prepare(connection)
        try:
            yield connection
        finally:
            connection.close()


def begin(connection: sqlite3.Connection, origin: ChainLink) -> None:
    """Lay out a new file, whole or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO origin VALUES (?, ?)", origin)
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def is_begun(connection: sqlite3.Connection) -> bool:
    """True if a journal's tables are laid out; JournalError where they are of another version."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, *READ):
        raise JournalError(f"has format {version}; this hedgecore reads {READ[0]} to {READ[-1]}")
    return bool(version)


def insert(connection: sqlite3.Connection, row: EventRow, link: ChainLink) -> None:
    """Add one event."""
    values = f"?1, ?2, ?3, ?4, ?5, ?6, {journal_packing.PACK}, ?8"
    connection.execute(f"INSERT INTO event VALUES ({values})", (*row, link.hash))  # noqa: S608


def origin_of(connection: sqlite3.Connection) -> ChainLink:
    """Link of the chain that a file goes on from."""
    return ChainLink(*connection.execute("SELECT seq, hash FROM origin").fetchone())


def head_of(connection: sqlite3.Connection) -> ChainLink:
    """Last event of a file, or what the file goes on from."""
    query = "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1"
    last = connection.execute(query).fetchone()
    return origin_of(connection) if last is None else ChainLink(*last)


def checked_head(connection: sqlite3.Connection) -> ChainLink:
    """Last event of a file; JournalError unless its hash is that of what stands there."""
    head = head_of(connection)
    if head == origin_of(connection):
        return head
    query = f"SELECT {COLUMNS}, hash FROM event WHERE seq >= ? ORDER BY seq DESC LIMIT 2"  # noqa: S608
    (*columns, _), *earlier = connection.execute(query, (head.seq - 1,)).fetchall()
    before = earlier[0][-1] if earlier else origin_of(connection).hash
    if EventRow(*columns).hash(before) != head.hash:
        raise JournalError(f"event {head.seq} is not what was written")
    return head


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder's files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
