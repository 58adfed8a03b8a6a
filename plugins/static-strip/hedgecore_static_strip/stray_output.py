"""Lines that HiGHS prints by itself, kept from standard output.

Some of its branch and bound prints by `printf`, whatever the options say (HiGHS issues 697, 2734),
and a caller's JSON is broken by one such line. While it runs, file descriptor 1 is another file;
the known lines in that are dropped, and anything else goes to standard error: nothing is hidden.
"""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

STRAY = ("HighsMipSolverData::", "HFactor::", "HEkk::", "HEkkPrimal::", "HEkkDual::")
STDOUT = 1
ONE_AT_A_TIME = Lock()
"""The descriptor is the process's: two threads do not move it at once."""


@contextmanager
def stray_output_dropped() -> Iterator[None]:
    """Context in which C code that prints to standard output does not reach it."""
    with ONE_AT_A_TIME, tempfile.TemporaryFile() as printed:
        try:
            kept = os.dup(STDOUT)
        except OSError:  # nobody has a standard output here
            yield
            return
        _flush()
        os.dup2(printed.fileno(), STDOUT)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, STDOUT)
            os.close(kept)
            printed.seek(0)
            _pass_on(printed.read().decode(errors="replace"))


def _flush() -> None:
    """Write out what C code has printed and Python's own text, each to where it belongs."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()
    library = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)
    library.fflush(None)


def _pass_on(text: str) -> None:
    for line in text.splitlines(keepends=True):
        if not line.startswith(STRAY) and line.strip():
            sys.stderr.write(line)
