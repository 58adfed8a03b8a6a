"""JSON on stdout, and pictures in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer

from hedgecore.cli.terminal import stdout
from hedgecore.extras import how_to_install
from hedgecore.report.documents import jsonable, refuse_endless
from hedgecore.tables.atomic_write import replacement

SUFFIXES = (".png", ".svg")


def print_json(document: Mapping[str, Any]) -> None:
    """Write `document` to stdout, and nothing else.

    Raises:
        SpecError: a number in it is not finite; its place is named.

    """
    refuse_endless(document)
    typer.echo(json.dumps(jsonable(document), indent=2, allow_nan=False), file=stdout.stream())


def draw_into(path: Path, load: Callable[[], Callable[[Any, Path], None]], subject: Any) -> None:
    """Draw `subject` into a file, by the function that `load` imports, and say so on stderr.

    Raises:
        BadParameter: another suffix, or no matplotlib.
        SpecError: the file cannot be written.

    """
    check_picture(path)
    try:
        save = load()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise typer.BadParameter(how_to_install("--plot", "plot")) from error
    with replacement(path) as beside:
        save(subject, beside)
    say_written(path)


def check_picture(path: Path) -> None:
    """Refuse a suffix that no picture has."""
    if path.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"--plot writes {' or '.join(SUFFIXES)}, not {path.name}")


def say_written(path: Path) -> None:
    """Say on stderr that a file was written."""
    typer.echo(f"Wrote {path}.", err=True)
