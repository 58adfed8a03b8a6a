"""Standard output is for what a command says, and for nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any, TextIO, cast

OUT, ERR = 1, 2


class Aside:
    """`sys.stdout` of code that is no command's: standard error, as that is at the moment.

    Attributes:
        own: standard output, which commands write to.

    """

    def __init__(self, own: TextIO) -> None:
        self.own = own

    def flush(self) -> None:
        """Write out what the command has said, and what others have."""
        self.own.flush()
        sys.stderr.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr, name)


def stream() -> TextIO:
    """Standard output, for what a command says."""
    return sys.stdout.own if isinstance(sys.stdout, Aside) else sys.stdout


@contextmanager
def reserve() -> Iterator[None]:
    """Context in which standard output is for `stream` alone: what others print goes to stderr.

    A formula of a plugin may print, and one line of it would spoil a command's JSON.
    """
    with redirect_stdout(cast("TextIO", Aside(stream()))):
        yield


def keep() -> None:
    """Keep standard output for `sys.stdout`: what a C library prints to it goes to stderr.

    So it stays for the rest of the process. HiGHS, for one, prints a line of its own in some
    programs with whole numbers, asked or not (its issue 2783); in JSON it would be an error.
    Where standard output is replaced, all stays as it is; where it is closed, what is said to it
    goes nowhere.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - as below
    try:
        if sys.stdout.fileno() != OUT:
            return
        sys.stdout.flush()
        own = os.dup(OUT)
        os.dup2(ERR, OUT)
    except (AttributeError, OSError, ValueError):
        return
    sys.stdout = open(  # noqa: SIM115, PTH123 - for the rest of the process
        own,
        "w",
        buffering=1 if os.isatty(own) else -1,
        encoding=sys.stdout.encoding,
        errors=sys.stdout.errors,
    )


def discard() -> None:
    """Let what is still to be written to standard output go nowhere: its reader is gone."""
    with suppress(AttributeError, OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
