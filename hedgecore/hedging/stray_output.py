"""Output that solvers print, kept from standard output: that is the caller's.

HiGHS, for one, prints some lines by `printf`, whatever its options say (its issues 697 and 2734),
and a caller's JSON is broken by one such line.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from threading import RLock

STRAY = ("HighsMipSolverData::", "HFactor::", "HEkk::", "HEkkPrimal::", "HEkkDual::")
"""Beginnings of the lines that say nothing: those of HiGHS."""
STDOUT = 1
ONE_AT_A_TIME = RLock()
"""The descriptor is the process's: two threads do not move it at once."""


@contextmanager
def catch_stray_output() -> Iterator[None]:
    """Context in which neither Python nor C code prints to standard output.

    While it runs, `sys.stdout` is standard error, and file descriptor 1 another file: the lines
    known to say nothing are dropped from that, and the rest goes to standard error.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415 - of solvers that may print

    with ONE_AT_A_TIME, TemporaryFile() as printed:
        try:
            kept = os.dup(STDOUT)
        except OSError:  # nobody has a standard output here
            yield
            return
        _flush()
        os.dup2(printed.fileno(), STDOUT)
        try:
            with redirect_stdout(sys.stderr):
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
    lines = [line for line in text.splitlines(keepends=True) if line.strip()]
    if sys.stderr is not None:
        sys.stderr.writelines(line for line in lines if not line.startswith(STRAY))
