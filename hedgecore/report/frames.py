"""Columns of a record as frames of pandas, Polars and Arrow, and as tables that fit a cell."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import SpecError
from hedgecore.extras import MODULES, how_to_install
from hedgecore.numerics.arrays import Array
from hedgecore.tables.render import Table, amount

Columns: TypeAlias = Mapping[str, Sequence[Any] | Array]
"""Name → one value a row: words, or numbers, NaN where one is unknown."""
SCENARIO = "scenario"
"""Column with the place in S, counted through, where the numbers of a record are arrays."""
MOST = 20
"""Rows of a table in a cell; of a longer one the first and the last half of these are shown."""


def to_pandas(columns: Columns) -> Any:
    """Data frame of pandas."""
    return _module("pandas", "to_pandas").DataFrame(dict(columns))


def to_polars(columns: Columns) -> Any:
    """Data frame of Polars."""
    return _module("polars", "to_polars").DataFrame(dict(columns))


def to_arrow(columns: Columns) -> Any:
    """Table of Arrow."""
    return _module("parquet", "an Arrow stream").table(dict(columns))


def _module(extra: str, what: str) -> Any:
    """Module that an extra brings; SpecError where it is not installed."""
    try:
        return importlib.import_module(MODULES[extra])
    except ModuleNotFoundError as error:
        if error.name != MODULES[extra]:
            raise
        raise SpecError(how_to_install(what, extra)) from error


def row_values(number: ArrayLike | None, shape: tuple[int, ...]) -> Array:
    """Numbers of a row each, (N,), of a number of shape S or less; NaN for None."""
    given = np.asarray(np.nan if number is None else number, dtype=np.float64)
    return np.broadcast_to(given, shape).ravel()


def named_columns(
    head: str,
    parts: Mapping[str, Sequence[ArrayLike | None]],
    heads: Sequence[str],
    shape: tuple[int, ...] = (),
) -> Columns:
    """Columns with a row for each named part, and for each place of S within a part.

    Args:
        head: of the column of names.
        parts: name → its numbers, S or less each, in the order of `heads`.
        heads: of the columns of numbers.
        shape: S.

    Examples:
        >>> columns = named_columns("asset", {"WETH": [2.0], "USDC": [None]}, ["delta"])
        >>> columns["asset"], columns["delta"].tolist()
        (['WETH', 'USDC'], [2.0, nan])

    """
    size = int(np.prod(shape))
    found: dict[str, Any] = {head: [name for name in parts for _ in range(size)]}
    if shape:
        found[SCENARIO] = np.tile(np.arange(size), len(parts))
    for k, column in enumerate(heads):
        found[column] = np.concatenate(
            [np.zeros(0), *(row_values(numbers[k], shape) for numbers in parts.values())]
        )
    return found


def table(title: str, columns: Columns) -> Table:
    """Table of all columns, for people."""
    cells = [[_cell(each) for each in column] for column in columns.values()]
    return Table(title, list(columns), list(zip(*cells, strict=True)))


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else amount(value)


def fit_rows(tables: Iterable[Table], most: int = MOST) -> list[Table]:
    """Tables whose middle rows are left out where there are more than `most`; the title says so."""
    return [each if len(each.rows) <= most else _shorten(each, most // 2) for each in tables]


def _shorten(long: Table, half: int) -> Table:
    count = len(long.rows)
    rows = [*long.rows[:half], ["…"] * len(long.heads), *long.rows[-half:]]
    return Table(f"{long.title} ({2 * half} of {count:,} rows)", long.heads, rows)
