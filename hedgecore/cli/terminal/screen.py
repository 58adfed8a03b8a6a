"""Tables that fit the terminal, 80 columns where there is none: whole numbers, folded names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from textwrap import fill

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from hedgecore.tables.printable import printable
from hedgecore.tables.render import WARNING, Table

NAME = 10
"""A column of names may be folded down to so many characters; one of numbers never is."""
GAP = 2
TITLE, LABEL = "bold", "dim"


def screen() -> Console:
    """Terminal, which takes text as text: no markup, no emoji, no guessing."""
    return Console(markup=False, emoji=False, highlight=False)


def say(line: str = "", style: str = "") -> None:
    """Print one line, its indent kept, folded where it is too long."""
    indent = len(line) - len(line.lstrip(" "))
    text = _text(line, style)
    screen().print(Padding(text, (0, 0, 0, indent), expand=False) if indent else text)


def verbatim(text: str) -> None:
    """Print `text` as it is, to be copied."""
    screen().print(Text(text), soft_wrap=True)


def warn(lines: Sequence[str], *, aside: bool = False) -> None:
    """Print warnings, on top of what they are about; `aside`, on stderr."""
    out = Console(markup=False, emoji=False, highlight=False, stderr=aside)
    for line in lines:
        out.print(_side_by_side(WARNING, _text(line)))
    if lines:
        out.print()


def notes(lines: Iterable[str]) -> None:
    """Print remarks, each with a bullet."""
    for line in lines:
        screen().print(_side_by_side("•", _text(line)))


def show(table: Table, names: int = 1) -> None:
    """Print a table whose first `names` columns are names and the rest numbers.

    What is too wide has its heads folded, then its names, never its numbers; where these do not
    fit side by side, each row is a block of lines instead.
    """
    say(table.title, TITLE)
    folded = table._replace(heads=_fold(table, names))
    for form, least in ((table, None), (folded, None), (folded, NAME)):
        if _width(form, names, least) <= screen().width:
            screen().print(_grid(form, names))
            return
    for row in table.rows:
        _block(table.heads, row, names)


def prose(table: Table) -> None:
    """Print a table of words: every column may be folded."""
    say(table.title, TITLE)
    screen().print(_grid(table, len(table.heads)))


def _text(line: str, style: str = "") -> Text:
    return Text(printable(line), style=style, overflow="fold")


def _fold(table: Table, names: int) -> list[str]:
    """Heads, those of numbers folded to the width of the numbers, or of a word."""
    columns = list(zip(table.heads, *table.rows, strict=True))[names:]
    wide = [max(map(cell_len, [*head.split(), *cells])) for head, *cells in columns]
    heads = zip(table.heads[names:], wide, strict=True)
    return [*table.heads[:names], *(fill(printable(head), width) for head, width in heads)]


def _width(table: Table, names: int, least: int | None) -> int:
    """Columns that a table takes whose names may be folded to `least`."""
    columns = list(zip(table.heads, *table.rows, strict=True))
    wide = [max(cell_len(line) for cell in each for line in cell.split("\n")) for each in columns]
    words = [each if least is None else min(each, least) for each in wide[:names]]
    return sum(words) + sum(wide[names:]) + GAP * len(columns) + len(columns) - 1


def _grid(table: Table, names: int) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, padding=(0, GAP // 2), header_style=LABEL)
    for head in table.heads[:names]:
        grid.add_column(Text(head), overflow="fold")
    for head in table.heads[names:]:
        grid.add_column(Text(head), justify="right", no_wrap=True)
    for above, row in pairwise([[""], *table.rows]):
        first = "" if names > 1 and row[0] == above[0] else row[0]
        grid.add_row(_text(first), *map(_text, row[1:]))
    return grid


def _block(heads: Sequence[str], row: Sequence[str], names: int) -> None:
    say(" · ".join(cell for cell in row[:names] if cell), LABEL)
    wide = max(map(cell_len, heads[names:]))
    for head, cell in zip(heads[names:], row[names:], strict=True):
        screen().print(_side_by_side(f"  {printable(head):{wide}}", _text(cell)))


def _side_by_side(left: str, right: RenderableType) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(left, overflow="fold"), right)
    return grid
