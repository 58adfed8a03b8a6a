"""Tables that fit the terminal, 80 columns where there is none: whole numbers, folded names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from hedgecore.cli.sentences import plain
from hedgecore.present import Table

NAME = 10
"""A column of names may be folded down to so many characters; one of numbers never is."""
GAP = 2
TITLE, LABEL = "bold", "dim"


def screen() -> Console:
    """Return the terminal, which takes text as text: no markup, no emoji, no guessing."""
    return Console(markup=False, emoji=False, highlight=False)


def say(line: str, style: str = "") -> None:
    """Print one line, folded where it is too long."""
    screen().print(_text(line, style))


def verbatim(text: str) -> None:
    """Print `text` as it is, to be copied."""
    screen().print(Text(text), soft_wrap=True)


def notes(lines: Iterable[str]) -> None:
    """Print remarks, each with a bullet."""
    for line in lines:
        screen().print(_side_by_side("•", _text(line)))


def show(table: Table, names: int = 1) -> None:
    """Print a table whose first `names` columns are names and the rest numbers.

    Where the numbers do not fit side by side, each row is a block of lines instead.
    """
    say(table.title, TITLE)
    if _width(table, names) <= screen().width:
        screen().print(_grid(table, names))
    else:
        for row in table.rows:
            _block(table.heads, row, names)


def prose(table: Table) -> None:
    """Print a table of words: every column may be folded."""
    say(table.title, TITLE)
    screen().print(_grid(table, len(table.heads)))


def _text(line: str, style: str = "") -> Text:
    return Text(plain(line), style=style, overflow="fold")


def _width(table: Table, names: int) -> int:
    columns = list(zip(table.heads, *table.rows, strict=True))
    words = [min(NAME, max(map(cell_len, column))) for column in columns[:names]]
    numbers = [_number_width(head, cells) for head, *cells in columns[names:]]
    return sum(words) + sum(numbers) + GAP * len(columns)


def _number_width(head: str, cells: Sequence[str]) -> int:
    return max(map(cell_len, [*head.split(), *cells]), default=0)


def _grid(table: Table, names: int) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, show_edge=False, padding=(0, GAP // 2), header_style=LABEL)
    for index, head in enumerate(table.heads):
        cells = [row[index] for row in table.rows]
        if index < names:
            grid.add_column(_text(head), overflow="fold", vertical="top")
        else:
            wide = _number_width(head, cells)
            grid.add_column(_text(head), justify="right", min_width=wide, overflow="fold")
    for above, row in pairwise([[""], *table.rows]):
        first = "" if names > 1 and row[0] == above[0] else row[0]
        grid.add_row(_text(first), *map(_text, row[1:]))
    return grid


def _block(heads: Sequence[str], row: Sequence[str], names: int) -> None:
    say(" · ".join(cell for cell in row[:names] if cell), LABEL)
    wide = max(map(cell_len, heads[names:]))
    for head, cell in zip(heads[names:], row[names:], strict=True):
        screen().print(_side_by_side(f"  {plain(head):{wide}}", _text(cell)))


def _side_by_side(left: str, right: RenderableType) -> Grid:
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(left, overflow="fold"), right)
    return grid
