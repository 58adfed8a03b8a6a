"""Where a picture goes, and what is said if it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from hedgecore.tables.replacing import replaced

SUFFIXES = (".png", ".svg")


def drawn_into(path: Path, load: Callable[[], Callable[[Any, Path], None]], what: Any) -> None:
    """Draw something into a file, by the function that `load` imports, and say so on stderr.

    Raises:
        BadParameter: another suffix, no matplotlib, or a file that cannot be written.

    """
    check(path)
    try:
        save = load()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        message = "--plot needs matplotlib: pip install 'hedgecore[plot]'"
        raise typer.BadParameter(message) from error
    with replaced(path) as beside:
        save(what, beside)
    typer.echo(f"Wrote {path}.", err=True)


def check(path: Path) -> None:
    """Refuse a suffix that no picture has."""
    if path.suffix.lower() not in SUFFIXES:
        raise typer.BadParameter(f"--plot writes {' or '.join(SUFFIXES)}, not {path.name}")
