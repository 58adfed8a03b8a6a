"""Fields that hold a table of numbers: rows, each with one entry per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from attrs import NOTHING, Attribute

from hedgecore.fields.entries import (
    POSITIVE,
    Rule,
    as_exact_number,
    as_list,
    make_field,
    real,
    whole,
    wrong,
)

MOST_ROWS = 100_000
FEW = 4
"""Rows that a repr shows; a table of more is counted."""


class Column(NamedTuple):
    """One column of a table: the name, the unit, and which entries it takes.

    Example:
        >>> hc.fields.column("price", "quote per base").unit
        'quote per base'

    """

    name: str
    unit: str
    says: str
    entry: Callable[[Any, Any, str], Any]
    """(entry given, model, its place) → the entry, or a SpecError at that place."""


def column(name: str, unit: str, rule: Rule = POSITIVE, *, exact: bool = False) -> Column:
    """Column of numbers that obey `rule`; with `exact`, integers stay integers.

    Example:
        >>> hc.fields.column("price", "quote per base").says
        'positive and finite'

    """

    def entry(given: Any, model: Any, place: str) -> float:
        return (as_exact_number if exact else real)(given, rule, model, place)

    return Column(name, unit, rule.says, entry)


def whole_column(name: str, unit: str, low: int, high: int) -> Column:
    """Column of whole numbers from `low` to `high`, as ints or their digits.

    Example:
        >>> hc.fields.whole_column("tick", "ticks", 0, 9).says
        'a whole number from 0 to 9'

    """

    def entry(given: Any, model: Any, place: str) -> int:
        return whole(given, low, high, model, place)

    return Column(name, unit, f"a whole number from {low} to {high}", entry)


def rows(about: str, *columns: Column, most: int = MOST_ROWS, validator: Any = None) -> Any:
    """Field of a table: from 1 to `most` rows, each one entry per column.

    Example:
        >>> bins = hc.fields.rows("bins", hc.fields.column("price", "quote per base"))
        >>> attrs.make_class("Fund", {"bins": bins})([[1], [2]])
        Fund(bins=((1.0,), (2.0,)))

    """
    heads = f"[{', '.join(each.name for each in columns)}]"

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[tuple[Any, ...], ...]:
        table = tuple(islice(as_list(given, model, its.name), most + 1))
        if not 1 <= len(table) <= most:
            count = f"more than {most}" if table else "none"
            raise wrong(model, its.name, f"needs 1 to {most} rows {heads}, not {count}")
        places = (f"{its.name}[{at}]" for at in range(len(table)))
        return tuple(as_row(row, columns, model, at) for row, at in zip(table, places, strict=True))

    says = "; ".join(f"{each.name} {each.says}" for each in columns)
    unit = ", ".join(f"{each.name} in {each.unit}" for each in columns)
    meta = {"about": about, "unit": unit, "rule": f"1 to {most} rows {heads}; {says}"}
    return make_field(convert, NOTHING, meta, validator, shown=short_repr)


def as_row(given: Any, columns: tuple[Column, ...], model: Any, place: str) -> tuple[Any, ...]:
    """Row of a table, one entry per column."""
    heads = f"[{', '.join(each.name for each in columns)}]"
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise wrong(model, place, f"must be a row {heads}, not {given!r:.80}")
    row = tuple(islice(given, len(columns) + 1))
    if len(row) != len(columns):
        raise wrong(model, place, f"must be a row {heads}, not {row!r:.80}")
    pairs = zip(columns, row, strict=True)
    return tuple(each.entry(number, model, f"{place}.{each.name}") for each, number in pairs)


def short_repr(table: tuple[Any, ...]) -> str:
    """Text of a table: itself, or how many rows it has."""
    return repr(table) if len(table) <= FEW else f"<{len(table)} rows>"
