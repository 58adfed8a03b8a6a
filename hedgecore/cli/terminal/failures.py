"""Whatever goes wrong is one sentence on stderr and an exit code; a traceback only if asked for."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from hedgecore.errors import HedgecoreError

BAD_INPUT, OUR_FAULT = 2, 1
DEBUG = "--debug"
USAGE = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""click's UsageError, by whichever click this typer brings."""


class Sentences(TyperGroup):
    """The group of all commands, which ends the process with 0, 1 (our fault) or 2 (bad input)."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run the command that `args` name; ``--debug`` anywhere shows tracebacks."""
        given = list(sys.argv[1:] if args is None else args)
        calm = [each for each in given if each != DEBUG]
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # an ASCII terminal gets "?" for "–"
        extra |= {"prog_name": "hedgecore", "standalone_mode": False}
        try:
            code = super().main(calm, *rest, **extra)
        except Exception as error:  # noqa: BLE001 - the last resort of the whole program
            if len(calm) < len(given):
                typer.echo(_keyless(traceback.format_exc()), err=True)
            sentence, code = verdict(error)
            typer.echo(_keyless(sentence), err=True)
        sys.exit(code or 0)


def verdict(error: Exception) -> tuple[str, int]:
    """Return what to say of an error, in one line, and the exit code."""
    if isinstance(error, USAGE):
        return plain(error.format_message()), BAD_INPUT
    if isinstance(error, HedgecoreError):
        return plain(str(error)), BAD_INPUT
    if isinstance(error, typer.Abort):
        return "Aborted.", OUR_FAULT
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    what = plain(f"{type(error).__name__}: {error}{notes}")
    return f"Something broke that should not have ({what}); {DEBUG} shows where.", OUR_FAULT


def _keyless(text: str) -> str:
    """Return `text` with no more of a URL than its scheme: one that was mistyped may hold a key."""
    return re.sub(r"(?i)\b(https?://)[^\s'\")]+", r"\1…", text)


def plain(text: str) -> str:
    """Return `text` in one line, with whatever would command a terminal spelt out."""
    line = " ".join(text.split())
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
