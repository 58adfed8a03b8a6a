"""Tables for people: the same rows as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array

DIGITS = 7
SMALL, LARGE = 1e-6, 1e15
LEFT, RIGHT = ' style="text-align:left"', ' style="text-align:right"'
CAPTION = ' style="text-align:left;font-weight:bold;white-space:nowrap"'
SCROLL = ' style="overflow-x:auto;margin-bottom:1em"'
"""Styles within elements: a cell's sanitiser takes sheets away, and a theme has its own colours."""
WARNING = "Warning:"
"""Word in front of what to doubt, which stands on top of a page."""


class Table(NamedTuple):
    """A title, column heads, and rows of ready text; the first column is aligned left."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def amount(number: ArrayLike | None) -> str:
    """Quantity with seven significant digits; arrays as their range, None as unknown."""
    return "unknown" if number is None else _range_text(np.asarray(number), _significant)


def cash(number: ArrayLike | None) -> str:
    """Money with two decimals, or more digits where it is less than a cent."""
    return "unknown" if number is None else _range_text(np.asarray(number), _money)


def percent(number: ArrayLike | None) -> str:
    """Fraction as a percentage; a dash for None."""
    return "–" if number is None else _range_text(np.asarray(number), lambda x: f"{100 * x:,.2f} %")


def text(table: Table) -> str:
    """Table in plain characters."""
    lines = [table.heads, *table.rows]
    wide = [max(len(line[i]) for line in lines) for i in range(len(table.heads))]
    body = ["  ".join(_cells(line, wide)).rstrip() for line in lines]
    rule = "-" * max(map(len, body))
    return "\n".join([table.title, rule, body[0], rule, *body[1:]])


def html(table: Table) -> str:
    """Table as an HTML element, everything escaped; one too wide for its place scrolls."""
    heads, *rows = (_html_row(tag, row) for tag, row in _lines(table))
    caption = f"<caption{CAPTION}>{_escape(table.title)}</caption>"
    body = f"<thead>{heads}</thead><tbody>{''.join(rows)}</tbody>"
    return f"<div{SCROLL}><table{RIGHT}>{caption}{body}</table></div>"


def _lines(table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    """Tag of a cell and the cells of a line, line by line, the heads first."""
    yield "th", table.heads
    yield from (("td", row) for row in table.rows)


def _html_row(tag: str, row: Sequence[str]) -> str:
    """Line of cells, the first aligned left."""
    styles = [LEFT, *([""] * (len(row) - 1))]
    cells = zip(styles, row, strict=True)
    return f"<tr>{''.join(f'<{tag}{style}>{_escape(cell)}</{tag}>' for style, cell in cells)}</tr>"


def page_text(tables: Iterable[Table], lines: Iterable[str], warnings: Sequence[str] = ()) -> str:
    """Page in plain characters: warnings, tables, and the sentences below them."""
    above = ["\n".join(f"{WARNING} {each}" for each in warnings)] if warnings else []
    return "\n\n".join([*above, *map(text, tables), "\n".join(lines)])


def page_html(tables: Iterable[Table], lines: Iterable[str], warnings: Sequence[str] = ()) -> str:
    """Page as HTML, for a notebook: warnings, tables, and the sentences below them."""
    above = (f"<p><strong>{WARNING}</strong> {_escape(each)}</p>" for each in warnings)
    return "".join([*above, *map(html, tables), *(f"<p>{_escape(line)}</p>" for line in lines)])


def _escape(given: str) -> str:
    from html import escape  # noqa: PLC0415 - brings a table of entities, which text needs not

    return escape(given)


def _cells(line: Sequence[str], wide: Iterable[int]) -> Iterator[str]:
    for index, (cell, width) in enumerate(zip(line, wide, strict=True)):
        yield cell.rjust(width) if index else cell.ljust(width)


def _range_text(numbers: Array, write: Callable[[float], str]) -> str:
    if not numbers.size:
        return "–"
    if not numbers.ndim:
        return write(float(numbers))
    return f"{write(float(numbers.min()))} … {write(float(numbers.max()))}"


def _significant(x: float) -> str:
    if x == 0 or not SMALL <= abs(x) < LARGE:
        return "0" if x == 0 else f"{x:.5g}"
    decimals = max(0, DIGITS - 1 - int(np.floor(np.log10(abs(x)))))
    shown = f"{x:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _money(x: float) -> str:
    return f"{x:,.2f}".replace("-0.00", "0.00") if abs(x) >= 0.01 or abs(x) < 1e-9 else f"{x:,.2g}"  # noqa: PLR2004
