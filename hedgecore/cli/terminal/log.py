"""Lines on stderr with the time in front of each, as a job of cron logs them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import TextIOBase
from typing import TextIO


class TimedLines(TextIOBase):
    """Text stream that writes each line to another, the time in ISO 8601 in front.

    No terminal, whatever the other is: progress bars stay away.
    """

    def __init__(self, stream: TextIO, now: Callable[[], datetime]) -> None:
        self._stream, self._now, self._begins = stream, now, True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Encoding of the other stream."""
        return self._stream.encoding or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """Way of the other stream with what it cannot encode."""
        return self._stream.errors or "strict"

    def writable(self) -> bool:
        """True: lines can always be written here."""
        return True

    def write(self, text: str) -> int:
        """Write text; TypeError for bytes."""
        for line in str.splitlines(text, keepends=True):
            if self._begins:
                self._stream.write(f"{self._now().isoformat(timespec='seconds')} ")
            self._stream.write(line)
            self._begins = line.endswith("\n")
        return len(text)

    def flush(self) -> None:
        """Flush the other stream."""
        self._stream.flush()


@contextmanager
def prefix_times(now: Callable[[], datetime]) -> Iterator[TimedLines]:
    """Put the time in front of all lines on `sys.stderr`, for as long as it lasts."""
    plain = sys.stderr
    lines = TimedLines(plain, now)
    sys.stderr = lines
    try:
        yield lines
    finally:
        sys.stderr = plain
