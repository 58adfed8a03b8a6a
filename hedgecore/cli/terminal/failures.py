"""Whatever goes wrong is one sentence on stderr and an exit code; a traceback only if asked for."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from hedgecore.cli.terminal import stdout
from hedgecore.errors import HedgecoreError, SpecError
from hedgecore.renamed import OPTIONS
from hedgecore.tables.printable import printable

BAD_INPUT, OUR_FAULT = 2, 1
DEBUG = "--debug"
USAGE = cast("type[typer.BadParameter]", typer.BadParameter.__bases__[0])
"""click's UsageError, by whichever click this typer brings."""


@contextmanager
def usage_errors(place: str = "") -> Iterator[None]:
    """Turn a `SpecError` raised within into a usage error, `place` in front of its message."""
    try:
        yield
    except SpecError as error:
        raise typer.BadParameter(f"{place}{error}") from error


class CommandGroup(TyperGroup):
    """The group of all commands, which ends the process with 0, 1 (our fault) or 2 (bad input)."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run the command that `args` name; ``--debug`` anywhere shows tracebacks."""
        given = list(sys.argv[1:] if args is None else args)
        calm = [each for each in given if each != DEBUG]
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # an ASCII terminal gets "?" for "–"
        extra |= {"prog_name": "hedgecore", "standalone_mode": False}
        code = 0
        try:
            code = super().main(calm, *rest, **extra)
            sys.stdout.flush()
        except BaseException as error:  # the last resort of the whole program
            if isinstance(error, KeyboardInterrupt):
                raise
            if _is_unread(error):
                stdout.discard()
            elif isinstance(error, SystemExit):
                raise
            else:
                if len(calm) < len(given):
                    typer.echo(_keyless(traceback.format_exc()), err=True)
                sentence, code = verdict(error)
                typer.echo(_keyless(sentence), err=True)
        sys.exit(code or 0)


def _is_unread(error: BaseException) -> bool:
    """Whether whoever read standard output is gone: `head`, after its lines."""
    return any(isinstance(each, BrokenPipeError) for each in (error, error.__context__))


def verdict(error: BaseException) -> tuple[str, int]:
    """Return what to say of an error, in one line, and the exit code."""
    if isinstance(error, USAGE):
        new = _new_option(error)
        if new:
            return f"{error.option_name} is now {new}", BAD_INPUT  # type: ignore[attr-defined]
        return printable(error.format_message()), BAD_INPUT
    if isinstance(error, HedgecoreError):
        return printable(str(error)), BAD_INPUT
    if isinstance(error, typer.Abort):
        return "Aborted.", OUR_FAULT
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    what = printable(f"{type(error).__name__}: {error}{notes}")
    return f"Something broke that should not have ({what}); {DEBUG} shows where.", OUR_FAULT


def _new_option(error: BaseException) -> str | None:
    """Option that has the place of one that a user typed by its name before 0.2."""
    context = getattr(error, "ctx", None)
    command = "" if context is None else context.info_name
    return OPTIONS.get(command, {}).get(getattr(error, "option_name", ""))


def _keyless(text: str) -> str:
    """Return `text` with no more of a URL than its scheme: one that was mistyped may hold a key."""
    return re.sub(r"(?i)\b(https?://)[^\s'\")]+", r"\1…", text)
