"""Source of a live book: its own file, or a source that it names, read anew each cycle."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self

from attrs import define

from hedgecore.errors import HedgecoreError, ReaderError, is_foreign
from hedgecore.interfaces.source import AbstractSource
from hedgecore.live.snapshot import BookReading
from hedgecore.readers.refresh import open_book_source, reread
from hedgecore.tables.secret import Secret


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
    _open: AbstractSource | None = None

    @classmethod
    def of(cls, tables: Mapping[str, Any], rpc: Secret | None, *, confirmations: int) -> Self:
        """Source of a live book by the tables of its file.

        Args:
            tables: of the book.
            rpc: by which its source is reached, where it names one; the environment's unless given.
            confirmations: blocks that are to stand upon the one that is read.

        Raises:
            ReaderError: there is a source, and nothing says how it is reached.

        """
        if not tables.get("source"):
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
        if self.rpc is None:
            return BookReading(tables=self.tables)
        try:
            return self._read(self.rpc, since)
        except HedgecoreError:
            raise
        except Exception as error:
            raise ReaderError(f"{type(error).__name__}: {error}") from error
        except BaseException as error:
            if not is_foreign(error):
                raise
            raise ReaderError(f"{type(error).__name__}: {error}") from error

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
        return BookReading(
            tables=again.tables, stamp=dict(source.stamp), time=source.time, reorganised=left,
            notes=tuple(again.notes),
        )  # fmt: skip

    def _connect(self, rpc: Secret) -> AbstractSource:
        head = open_book_source(self.tables, rpc, seconds=self.seconds)
        if not self.confirmations:
            return head
        with head:
            block = int(head.stamp["block"]) - self.confirmations
        return open_book_source(self.tables, rpc, seconds=self.seconds, block=block)
