"""Failures as one sentence on stderr and an exit code; a traceback only if asked for."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from hedgecore.cli.terminal import clock, stdout
from hedgecore.cli.terminal.log import prefix_times
from hedgecore.errors import HedgecoreError, SpecError
from hedgecore.renamed import OPTIONS
from hedgecore.tables.printable import printable

BAD_INPUT, OUR_FAULT = 2, 1
DEBUG, VERBOSE = "--debug", "--verbose"
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
        """Run the command that `args` name; ``--debug`` anywhere shows tracebacks.

        ``--verbose`` anywhere logs start and end, and puts the time in front of all on stderr.
        """
        given = list(sys.argv[1:] if args is None else args)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # an ASCII terminal gets "?" for "–"
        extra |= {"prog_name": "hedgecore", "standalone_mode": False}
        calm = [each for each in given if each not in (DEBUG, VERBOSE)]

        def run() -> int:
            with _failures(shown=DEBUG in given) as ended:
                ended.code = super(CommandGroup, self).main(calm, *rest, **extra) or 0
                sys.stdout.flush()
            return ended.code

        sys.exit(_log_run(run, calm) if VERBOSE in given else run())


def _log_run(run: Callable[[], int], words: Sequence[str]) -> int:
    """Exit code of a run whose start and end are logged; no word but the command's, for secrets."""
    command = next((each for each in words if not each.startswith("-")), "")
    code = 0
    with prefix_times(clock.now) as lines, suppress(BrokenPipeError):
        began = clock.now()
        lines.write(f"hedgecore {command}: begins\n")
        code = run()
        seconds = (clock.now() - began).total_seconds()
        lines.write(f"hedgecore {command}: ends with exit code {code} after {seconds:.1f} s\n")
    return code


class _Ended:
    """Exit code of a run; 0 until it is known."""

    code = 0


@contextmanager
def _failures(*, shown: bool) -> Iterator[_Ended]:
    """Turn whatever is raised within into a sentence and an exit code; `shown` with traceback."""
    ended = _Ended()
    try:
        yield ended
    except BaseException as error:  # the last resort of the whole program
        if _is_unread(error):
            stdout.discard()
        elif isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        else:
            if shown:
                typer.echo(_keyless(traceback.format_exc()), err=True)
            sentence, ended.code = verdict(error)
            typer.echo(_keyless(sentence), err=True)


def _is_unread(error: BaseException) -> bool:
    """True if an error comes of a closed standard output: `head` is gone after its lines."""
    return any(isinstance(each, BrokenPipeError) for each in (error, error.__context__))


def verdict(error: BaseException) -> tuple[str, int]:
    """Sentence on an error, in one line, and the exit code."""
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
    """Text with no more of a URL than its scheme: one that was mistyped may hold a key."""
    return re.sub(r"(?i)\b(https?://)[^\s'\")]+", r"\1…", text)
