"""Performance as tables, sentences and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hedgecore.analysis.book_performance import BookPerformance
from hedgecore.analysis.performance import Performance
from hedgecore.report.frames import Columns, named_columns
from hedgecore.tables.render import Table, cash, percent

NOT_STATED = "not stated"
LINES = (
    ("Deposited", "deposited"),
    ("Withdrawn", "withdrawn"),
    ("Worth now", "value"),
    ("Worth if held", "hold_value"),
)
HELD_APART = "positions alone, without the hedge"


def tables(found: BookPerformance) -> list[Table]:
    """Tables of what is there, of where the profit came from, and of the returns."""
    columns = (*found.positions, found.total)
    heads = [each.name or "all" for each in columns]
    unit = found.total.numeraire
    worth = [(title, *(cash(getattr(each, field)) for each in columns)) for title, field in LINES]
    parts = [
        (name.capitalize(), *(_part(each, name) for each in columns)) for name in found.total.parts
    ]
    parts.append(("Net", *(cash(each.net) for each in columns)))
    rates = [
        ("Money-weighted, a year", *(_rate(each.money_weighted) for each in columns)),
        (f"Time-weighted, {HELD_APART}", *(_rate(each.time_weighted) for each in columns)),
    ]
    return [
        Table(f"What was put in, and what is there, {unit}", ("", *heads), worth),
        Table(f"Where the profit came from, {unit}", ("", *heads), parts),
        Table("Returns", ("", *heads), rates),
    ]


def remarks(found: BookPerformance) -> list[str]:
    """Sentences on the time, on what the sum leaves out, and on what is needed for the rest."""
    total = found.total
    return [*_span(total), *_silence(total), *total.missing, *found.notes]


def columns(found: BookPerformance) -> Columns:
    """Columns of amounts, parts of the profit and returns; a row for each position, and for all."""
    heads = [field for _, field in LINES]
    parts = list(found.total.parts)
    rows = {
        name: [
            *(getattr(its, field) for field in heads),
            *(its.parts.get(part) for part in parts),
            *(its.net, its.money_weighted, its.time_weighted),
        ]
        for name, its in found.items()
    }
    return named_columns(
        "position", rows, [*heads, *parts, "net", "money_weighted", "time_weighted"]
    )


def document(found: BookPerformance) -> dict[str, Any]:
    """Mapping for JSON: the total, each position, warnings."""
    return {
        "numeraire": found.total.numeraire,
        "start": None if found.total.start is None else found.total.start.isoformat(),
        "end": found.total.end.isoformat(),
        "total": _document(found.total),
        "positions": {each.name: _document(each) for each in found.positions},
        "notes": list(found.notes),
        "warnings": list(found.warnings),
    }


def _document(each: Performance) -> dict[str, Any]:
    return {
        "deposited": each.deposited,
        "withdrawn": each.withdrawn,
        "value": each.value,
        "hold_value": each.hold_value,
        "uncollected": dict(each.uncollected),
        "parts": dict(each.parts),
        "not_stated": list(each.not_stated),
        "missing": list(each.missing),
        "net": each.net,
        "money_weighted": each.money_weighted,
        "time_weighted": each.time_weighted,
    }


def _part(each: Performance, name: str) -> str:
    if name not in each.parts:
        return "–"
    return NOT_STATED if name in each.not_stated else cash(each.parts[name])


def _rate(number: float | None) -> str:
    return "unknown" if number is None else percent(number)


def _span(total: Performance) -> Iterator[str]:
    if total.start is not None:
        days = (total.end - total.start).total_seconds() / 86_400.0
        yield f"From {total.start:%Y-%m-%d} to {total.end:%Y-%m-%d %H:%M} UTC, {days:.1f} days."


def _silence(total: Performance) -> Iterator[str]:
    if total.not_stated:
        yield (
            f"Net leaves out what is not stated: {', '.join(total.not_stated)}. Say 0 where it is."
        )
