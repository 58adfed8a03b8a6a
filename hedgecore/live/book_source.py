"""Source of a live book: its own file, or a source that it names, read anew each cycle."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self, TypeVar

from attrs import define, field

from hedgecore.books.sources import chain_source, refuse_several_chains
from hedgecore.errors import HedgecoreError, ReaderError, is_foreign
from hedgecore.interfaces.source import AbstractSource
from hedgecore.live.snapshot import BookReading
from hedgecore.readers.newcomers import newcomers
from hedgecore.readers.refresh import open_book_source, reread
from hedgecore.readers.search import Found
from hedgecore.readers.unread import Unread
from hedgecore.tables.secret import Secret

Answer = TypeVar("Answer")
SEEK, RETRY = 600.0, 60.0
"""Seconds after which positions are looked for that the book does not have: once that has been
done, and where it has failed."""


@define(kw_only=True, eq=False)
class BookSource:
    """Source from which a live book is read each cycle.

    Attributes:
        tables: of the book, as its file has them.
        rpc: by which its source is reached; None where it names none.
        confirmations: blocks that are to stand upon the one that is read.
        seconds: for one reading.

    """

    tables: Mapping[str, Any]
    rpc: Secret | None = None
    confirmations: int = 0
    seconds: float = 30.0
    _newcomers: tuple[str, ...] = ()
    _unsought: tuple[str, ...] = ()
    _seen: Mapping[str, Any] = field(factory=dict)
    _sought: float = -math.inf
    _open: AbstractSource | None = None

    @classmethod
    def of(cls, tables: Mapping[str, Any], rpc: Secret | None, *, confirmations: int) -> Self:
        """Source of a live book by the tables of its file.

        Args:
            tables: of the book.
            rpc: by which its source is reached, where it names one; the environment's unless given.
            confirmations: blocks that are to stand upon the one that is read.

        Raises:
            ReaderError: there is a source, and nothing says how it is reached; or it is of several
                chains.

        """
        refuse_several_chains(tables.get("source"))
        if not chain_source(tables.get("source")):
            return cls(tables=tables)
        reached = Secret.from_environment() if rpc is None else rpc
        return cls(tables=tables, rpc=reached, confirmations=confirmations)

    def read(self, since: Mapping[str, Any]) -> BookReading:
        """Book as it stands; the source stays open at its moment until the next reading.

        Args:
            since: stamp of the reading before.

        Raises:
            ReaderError: something cannot be read, or the source is behind that reading.

        """
        self.close()
        rpc = self.rpc
        return (
            BookReading(tables=self.tables) if rpc is None else _ask(lambda: self._read(rpc, since))
        )

    def has_new_block(self) -> bool:
        """True where the source has moved on since the last reading.

        Raises:
            ReaderError: it does not answer.

        """
        rpc = self.rpc
        return rpc is not None and _ask(lambda: self._head(rpc)) != self._seen

    def confirm(self) -> None:
        """Raise a ReaderError unless what was read is still part of its source."""
        if self._open is not None:
            self._open.confirm()

    def close(self) -> None:
        """Let go of the source."""
        if self._open is not None:
            with suppress(Exception):
                self._open.close()
        self._open = None

    def _read(self, rpc: Secret, since: Mapping[str, Any]) -> BookReading:
        self._open = source = self._connect(rpc)
        again = reread(self.tables, source)
        left = bool(since) and not source.holds(since)
        if source.time is None:
            raise ReaderError("the source does not say when its moment is")
        notes = (*again.notes, *self._seek(source, source.time))
        return BookReading(
            tables=again.tables, stamp=dict(source.stamp), time=source.time, reorganised=left,
            notes=notes, sizes={**dict.fromkeys(self._newcomers), **again.sizes},
            holders=again.holders,
        )  # fmt: skip

    def _seek(self, source: AbstractSource, time: float) -> tuple[str, ...]:
        """Look for positions that the book does not have, now and then; why that fails, if so.

        What is not looked for at all is said each time, so that it is news once.
        """
        if time < self._sought + SEEK:
            return self._unsought
        try:
            found = newcomers(self.tables, source)
        except ReaderError as error:
            found = Found((), (), [Unread("", str(error))], self._unsought)
        if found.readers or not found.unread:
            self._newcomers = tuple(str(each) for each in found.readers)
        self._sought = time - SEEK + RETRY if found.unread else time
        self._unsought = tuple(found.notes)
        lost = (f"new positions could not be looked for: {each.reason}" for each in found.unread)
        return (*found.notes, *lost)

    def _head(self, rpc: Secret) -> Mapping[str, Any]:
        with open_book_source(self.tables, rpc, seconds=self.seconds) as head:
            return dict(head.stamp)

    def _connect(self, rpc: Secret) -> AbstractSource:
        head = open_book_source(self.tables, rpc, seconds=self.seconds)
        self._seen = dict(head.stamp)
        if not self.confirmations:
            return head
        with head:
            block = int(head.stamp["block"]) - self.confirmations
        return open_book_source(self.tables, rpc, seconds=self.seconds, block=block)


def _ask(what: Callable[[], Answer]) -> Answer:
    """Answer of a source, whose every error is one of hedgecore's here."""
    try:
        return what()
    except HedgecoreError:
        raise
    except Exception as error:
        raise ReaderError(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        if not is_foreign(error):
            raise
        raise ReaderError(f"{type(error).__name__}: {error}") from error
