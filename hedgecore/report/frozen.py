"""Frozen inputs of a book, as a sentence, a table and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from hedgecore.analysis.frozen import FrozenInput
from hedgecore.tables.render import Table, amount, cash

TITLE = "Frozen at what the book says"
FEW = 6
"""Positions that a sentence names; the rest is counted."""


def remarks(inputs: Sequence[FrozenInput]) -> list[str]:
    """Sentence on the fields that stand still; none without any."""
    rest = "They move by themselves, and the curve with them: read them anew before a hedge."
    return [f"{TITLE}: {_names(inputs)}. {rest}"] if inputs else []


def later_remarks(inputs: Sequence[FrozenInput]) -> list[str]:
    """Sentence on the fields that stand still while prices move on; none without any."""
    head = "Frozen all the while, though they move by themselves"
    return [f"{head}: {_names(inputs)}."] if inputs else []


def _names(inputs: Sequence[FrozenInput]) -> str:
    fields: dict[str, dict[str, None]] = {}
    for each in inputs:
        fields.setdefault(each.position, {})[each.field] = None
    named = [f"{', '.join(own)} of {name}" for name, own in fields.items()][:FEW]
    more = f"; and of {len(fields) - FEW} more" if len(fields) > FEW else ""
    return f"{'; '.join(named)}{more}"


def sentences(inputs: Sequence[FrozenInput], unit: str) -> Iterator[str]:
    """Sentence on each number that stands still: its value, what moves it, and what that does."""
    for each in inputs:
        of = "" if each.of is None else f" ({each.of})"
        worth = f"what a rise of 1 % is worth has no closed form: try another {each.field}"
        if each.slope is not None:
            worth = f"a rise of 1 % is worth {_with_sign(each.slope)} {unit}"
        yield (
            f"{each.position}: {each.field}{of} is taken as {amount(each.value)}, moved by "
            f"{each.moved_by}; {worth}."
        )


def table(inputs: Sequence[FrozenInput], unit: str) -> Table:
    """Table of the numbers that stand still, and of what a rise of each is worth."""
    heads = ("position", "field", "of", "value", f"rise of 1 % {unit}")
    rows = [
        (
            each.position,
            each.field,
            each.of or "",
            amount(each.value),
            "–" if each.slope is None else cash(each.slope),
        )
        for each in inputs
    ]
    return Table(TITLE, heads, rows)


def document(inputs: Sequence[FrozenInput]) -> list[dict[str, Any]]:
    """Rows for JSON; `slope` is per rise of 1 %, null where that has no closed form."""
    return [attrs.asdict(each) for each in inputs]


def of_kind(fields: Mapping[str, str]) -> list[str]:
    """Sentences on the fields of a kind that stand still, and what moves each."""
    return [f"{name} is moved by {what}." for name, what in fields.items()]


def _with_sign(number: float) -> str:
    return f"{'+' if number > 0 else ''}{cash(number)}"
