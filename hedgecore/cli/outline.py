"""Outline of all commands: their options, as a table, which completion knows them by.

To complete an option takes no command's module, and so neither NumPy nor a pool. The table is
`outline.jsonl`; ``python tests/outlined.py`` writes it, and a test compares it with the commands.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from hedgecore.cli.options.common import Completion, kinds_of, words

FILE = Path(__file__).with_suffix(".jsonl")
KINDS = "kinds"
"""Completion of a parameter that takes a kind, any of them; one of a hook is the hook's name."""
TYPES: Mapping[str, Any] = {
    "flag": bool,
    "path": Path,
    "paths": list[Path],
    "text": str,
    "texts": list[str],
}
"""Type of a parameter's values; for completion a number is a text."""
Row = Mapping[str, Any]
"""A parameter: of which `command`; its names as `options`, none for an argument; the `type` of its
values; an option's `help`; what it `completes` to, words, `KINDS` or a hook."""


def read() -> list[Row]:
    """Parameters of all commands, in order."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def application(name: str) -> typer.Typer:
    """Application of a command, or of a group of them, that has its parameters and does nothing."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    rows: dict[str, list[Row]] = {}
    for row in read():
        rows.setdefault(row["command"], []).append(row)
    within = [each for each in rows if each.startswith(f"{name} ")]
    for each in within:
        app.command(each.removeprefix(f"{name} "))(_stand_in(rows[each]))
    (app.callback() if within else app.command(name))(_stand_in(rows[name]))
    return app


def _stand_in(rows: Sequence[Row]) -> Callable[..., None]:
    """Function that does nothing, with a parameter for each row, as typer reads it."""

    def stand(**_: Any) -> None:
        """Stand where a command stands."""

    parameters = [_parameter(f"p{place}", row) for place, row in enumerate(rows)]
    stand.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    stand.__annotations__ = {each.name: each.annotation for each in parameters}
    return stand


def _parameter(name: str, row: Row) -> inspect.Parameter:
    options, told = row["options"].split(), row.get("help")
    completion = _completion(row.get("completes"))
    given = (
        typer.Option(*options, help=told, autocompletion=completion)
        if options
        else typer.Argument(autocompletion=completion)
    )
    default = None if options else inspect.Parameter.empty
    kind = inspect.Parameter.KEYWORD_ONLY
    hint: Any = Annotated
    annotation = hint[TYPES[row["type"]], given]
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _completion(known: Sequence[str] | str | None) -> Completion | None:
    """Completion to some words, to all kinds or those of a hook; None for what is not known."""
    if known is None:
        return None
    if isinstance(known, str):
        return kinds_of(None if known == KINDS else known)
    return words(known)
