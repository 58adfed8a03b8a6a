"""Layout of tables and sentences as lines of a terminal, whatever width their characters have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, zip_longest
from textwrap import fill

from rich.cells import cell_len, chop_cells, set_cell_size

from hedgecore.tables.printable import printable
from hedgecore.tables.render import Table

NAME = 10
"""A column of names may be folded down to so many characters; one of numbers never is."""
LETTER = 2
"""Columns that any one character fits in."""
GAP, RULE = "   ", "─"


def fold(line: str, width: int) -> list[str]:
    """Lines of at most `width` columns, 2 or more: broken between words, or within a longer one."""
    lines, rest = list[str](), ""
    for word in line.split(" "):
        joined = f"{rest} {word}" if rest else word
        if cell_len(joined) <= width:
            rest = joined
            continue
        lines += [rest] if rest else []
        *whole, rest = chop_cells(word, max(width, LETTER))
        lines += whole
    return [*lines, rest]


def side_by_side(left: str, right: str, width: int) -> list[str]:
    """Lines of two texts side by side, the right one folded; below each other if that is narrow."""
    room = width - cell_len(left) - 1
    if room < NAME:
        return [*fold(left.strip(), width), *fold(right, width)]
    lefts = [left, *[" " * cell_len(left)] * (len(lines := fold(right, room)) - 1)]
    return [f"{each} {line}" for each, line in zip(lefts, lines, strict=True)]


def grid(table: Table, names: int, width: int, least: int = NAME) -> list[str] | None:
    """Lines of a table whose first `names` columns are names; None where it does not fit `width`.

    What is too wide has the heads of its numbers folded, then its names, down to `least` columns.
    """
    plain = _printable_table(table)
    folded = plain._replace(heads=_fold_heads(plain, names))
    for form, smallest in ((plain, None), (folded, None), (folded, least)):
        wide = _widths(form, names, width, smallest)
        if sum(wide) + len(GAP) * len(wide) - 1 <= width:
            return _lines(form, names, wide)
    return None


def _printable_table(table: Table) -> Table:
    heads, *rows = (list(map(printable, row)) for row in (table.heads, *table.rows))
    return table._replace(heads=heads, rows=rows)


def _fold_heads(table: Table, names: int) -> list[str]:
    """Heads, those of numbers folded to the width of the numbers, or of a word."""
    columns = list(zip(table.heads, *table.rows, strict=True))[names:]
    wide = [max(map(cell_len, [*head.split(), *cells])) for head, *cells in columns]
    heads = zip(table.heads[names:], wide, strict=True)
    return [*table.heads[:names], *(fill(head, width) for head, width in heads)]


def _widths(table: Table, names: int, width: int, least: int | None) -> list[int]:
    """Width of each column; of names no less than `least`, the widest reduced first."""
    columns = zip(table.heads, *table.rows, strict=True)
    wide = [max(cell_len(line) for cell in each for line in cell.split("\n")) for each in columns]
    over = 0 if least is None else sum(wide) + len(GAP) * len(wide) - 1 - width
    for _ in range(over):
        widest = max(range(names), key=wide.__getitem__)
        wide[widest] -= wide[widest] > (least or LETTER)
    return wide


def _lines(table: Table, names: int, wide: Sequence[int]) -> list[str]:
    rows = [
        ["" if names > 1 and row[0] == above[0] else row[0], *row[1:]]
        for above, row in pairwise([[""], *table.rows])
    ]
    heads = [block[::-1] for block in _blocks(table.heads, wide)]
    head_lines = reversed(list(zip_longest(*heads, fillvalue="")))  # they stand on the rule
    body = (zip_longest(*_blocks(row, wide), fillvalue="") for row in rows)
    return [
        *(_line(cells, names, wide) for cells in head_lines),
        RULE * (sum(wide) + len(GAP) * len(wide) - 1),
        *(_line(cells, names, wide) for row in body for cells in row),
    ]


def _blocks(cells: Iterable[str], wide: Sequence[int]) -> list[list[str]]:
    """Lines of each cell of a row."""
    return [
        [line for part in cell.split("\n") for line in fold(part, width)]
        for cell, width in zip(cells, wide, strict=True)
    ]


def _line(cells: Sequence[str], names: int, wide: Sequence[int]) -> str:
    """Line of a row: names are aligned left, numbers right."""
    fitted = [
        set_cell_size(cell, width) if index < names else " " * (width - cell_len(cell)) + cell
        for index, (cell, width) in enumerate(zip(cells, wide, strict=True))
    ]
    return " " + GAP.join(fitted)
