"""Tables that fit the terminal, 80 columns where there is none: whole numbers, folded names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size

import typer

from hedgecore.cli.terminal import stdout
from hedgecore.cli.terminal.layout import LETTER, RULE, fold, grid, side_by_side
from hedgecore.tables.printable import printable
from hedgecore.tables.render import WARNING, Table

TITLE, LABEL = "bold", "dim"


def columns() -> int:
    """Columns of the terminal, or what the variable COLUMNS says; 80 where neither is known."""
    return get_terminal_size((80, 25)).columns


def say(line: str = "", style: str = "") -> None:
    """Print one line, its indent kept, folded where it is too long."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    lines = fold(printable(line), columns() - len(indent))
    _print([indent + each for each in lines], style)


def verbatim(text: str, *, nl: bool = True) -> None:
    """Print `text` as it is, to be copied, with the end of a line behind it where `nl` says so."""
    typer.echo(text, file=stdout.stream(), nl=nl)


def warn(lines: Sequence[str], *, aside: bool = False) -> None:
    """Print warnings, on top of what they are about; `aside`, on stderr."""
    for line in lines:
        _print(side_by_side(WARNING, printable(line), columns()), aside=aside)
    if lines:
        _print([""], aside=aside)


def notes(lines: Iterable[str]) -> None:
    """Print remarks, each with a bullet."""
    for line in lines:
        _print(side_by_side("•", printable(line), columns()))


def show(table: Table, names: int = 1) -> None:
    """Print a table whose first `names` columns are names and the rest numbers.

    What is too wide has its heads folded, then its names, never its numbers; where these do not
    fit side by side, each row is a block of lines instead.
    """
    _print_table(table, grid(table, names, columns()), names)


def prose(table: Table) -> None:
    """Print a table of words: every column may be folded, down to a letter."""
    _print_table(table, grid(table, len(table.heads), columns(), LETTER), 1)


def _print_table(table: Table, lines: Sequence[str] | None, names: int) -> None:
    """Print a title, and below it the lines of a grid, or a block for each row where none fits."""
    say(table.title, TITLE)
    if lines is not None:
        _print_grid(lines)
        return
    for row in table.rows:
        _block(table.heads, row, names)


def _print_grid(lines: Sequence[str]) -> None:
    rule = next(i for i, line in enumerate(lines) if line.startswith(RULE))
    is_unicode = (stdout.stream().encoding or "").lower().startswith("utf")
    _print(lines[:rule], LABEL)
    _print([lines[rule] if is_unicode else "-" * len(lines[rule]), *lines[rule + 1 :]])


def _block(heads: Sequence[str], row: Sequence[str], names: int) -> None:
    say(" · ".join(cell for cell in row[:names] if cell), LABEL)
    wide = max(map(len, heads[names:]), default=0)
    for head, cell in zip(heads[names:], row[names:], strict=True):
        _print(side_by_side(f"  {printable(head):{wide}}", printable(cell), columns()))


def _print(lines: Iterable[str], style: str = "", *, aside: bool = False) -> None:
    """Print lines as they are, in a style where a terminal has any."""
    text = "\n".join(line.rstrip() for line in lines)
    if style and _has_styles():
        text = typer.style(text, **{style: True})
    typer.echo(text, file=None if aside else stdout.stream(), err=aside)


def _has_styles() -> bool:
    if os.environ.get("TERM") == "dumb" or "NO_COLOR" in os.environ:
        return False
    return stdout.stream().isatty()
