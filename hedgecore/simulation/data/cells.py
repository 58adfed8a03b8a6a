"""Columns of a CSV or Parquet file, each cell with the line that it stands on."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore.errors import HedgecoreError, SpecError, did_you_mean
from hedgecore.extras import how_to_install
from hedgecore.numerics.arrays import Array

Lines = NDArray[np.intp]
UNITS = ((1e8, 1e11, 1.0), (1e11, 1e14, 1e-3), (1e14, 1e17, 1e-6), (1e17, 1e20, 1e-9))
"""From, below, seconds: what a number that stands for a moment counts since 1970."""


@frozen(eq=False)
class Cells:
    """Some columns of one file.

    Attributes:
        file: its name.
        lines: (R,), the line of each row; in Parquet the row, from 1.
        columns: name → R cells, text or numbers.
        torn: lines with another number of cells than the head.

    """

    file: str
    lines: Lines
    columns: dict[str, list[Any]]
    torn: tuple[int, ...] = ()


def read(path: str) -> Cells:
    """All columns of a file; ``.csv`` and ``.parquet`` are read (extra ``parquet``).

    Raises:
        SpecError: no such file, another suffix, no head, or not readable.

    """
    readers = {".csv": _csv, ".parquet": _parquet}
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise SpecError(f"{path!r:.200}: a history is a .csv or a .parquet file")
    try:
        return reader(Path(path))
    except HedgecoreError:
        raise
    except (OSError, ValueError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)[:200]
        raise SpecError(f"{Path(path).name} cannot be read: {reason}") from error


def _csv(path: Path) -> Cells:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        first = next(reader, [])
        head = [name.strip() for name in first]
        if not any(head):
            raise SpecError(f"{path.name} is empty: its first line must name the columns")
        lines, rows, torn = [], [], []
        if _is_row(head):
            lines, rows = [reader.line_num], [first]
            head = [str(number) for number in range(1, 1 + len(first))]
        for row in reader:
            if len(row) == len(head):
                rows.append(row)
                lines.append(reader.line_num)
            elif row:
                torn.append(reader.line_num)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in head]
    return Cells(
        path.name, np.array(lines, dtype=np.intp), _by_name(path, head, columns), tuple(torn)
    )


def _is_row(cells: list[str]) -> bool:
    """True if a first line holds numbers, not names; 0, 1, 2 … are names that pandas gives."""
    if cells == [str(number) for number in range(len(cells))]:
        return False
    return any(map(_is_number, cells))


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _parquet(path: Path) -> Cells:
    try:
        from pyarrow import parquet  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        reason = how_to_install("Parquet", "parquet")
        raise SpecError(f"{path.name} cannot be read: {reason}") from error
    table = parquet.read_table(path)
    columns = [column.to_pylist() for column in table.columns]
    lines = np.arange(1, table.num_rows + 1)
    return Cells(path.name, lines, _by_name(path, table.column_names, columns))


def _by_name(
    path: Path, head: Collection[str], columns: Iterable[list[Any]]
) -> dict[str, list[Any]]:
    twice = [name for name in head if list(head).count(name) > 1]
    if twice:
        raise SpecError(f"{path.name} has two columns called {twice[0]!r:.80}")
    return dict(zip(head, columns, strict=True))


def column(cells: Cells, name: str) -> list[Any]:
    """Cells of a column, in any case; SpecError, with the nearest, if there is none."""
    found = column_name(cells, name)
    if found is None:
        known = ", ".join(cells.columns)
        near = did_you_mean(name, cells.columns)
        raise SpecError(f"{cells.file} has no column {name!r:.80}{near} (it has {known:.300})")
    return cells.columns[found]


def column_name(cells: Cells, name: str) -> str | None:
    """Name of a column as the file writes it: as it is, or else the one that differs by case."""
    if name in cells.columns:
        return name
    alike = [each for each in cells.columns if each.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def numbers(cells: Iterable[Any]) -> Array:
    """Cells as numbers, (R,); nan where one is none."""
    cells = list(cells)
    try:
        return np.array(cells, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_number(cell) for cell in cells], dtype=np.float64)


def moments(cells: Iterable[Any]) -> Array:
    """Cells as seconds since 1970, (R,); nan where one is no moment.

    Seconds, milliseconds, microseconds or nanoseconds, told apart by their size; or ISO 8601, in
    UTC where it names no zone.
    """
    cells = list(cells)
    try:
        given = np.array(cells, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_moment(cell) for cell in cells], dtype=np.float64)
    return _seconds(given)


def _seconds(given: Array) -> Array:
    found = np.full_like(given, np.nan)
    for low, high, unit in UNITS:
        within = (given >= low) & (given < high)
        found[within] = given[within] * unit
    return found


def _number(cell: Any) -> float:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return np.nan


def _moment(cell: Any) -> float:
    if isinstance(cell, datetime):
        return _utc(cell)
    number = _number(cell)
    if number == number:  # noqa: PLR0124 - false for nan alone
        return float(_seconds(np.array([number]))[0])
    try:
        return _utc(datetime.fromisoformat(str(cell).strip()))
    except ValueError:
        return np.nan


def _utc(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
