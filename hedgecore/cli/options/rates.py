"""`--fee` and `--funding`: rates of a book's instruments, instead of what the book says.

    --fee 0.0005             of each instrument
    --fee ETH-PERP=0.0005    of that one; again for more

They are written into the book's tables, so that a run that is saved has them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NamedTuple

import attrs
import typer

from hedgecore.errors import did_you_mean
from hedgecore.registry.registry import default_registry

FEE, FUNDING = "fee", "funding"
FIELDS = {FEE: "fee", FUNDING: "funding_rate"}
"""Option → the field that it gives."""
PLACES = {FEE: ("instrument",), FUNDING: ("instrument", "position")}
"""Option → the tables of a book that it is for; the fee of a position is a pool's swap fee."""

Fees = Annotated[
    list[str] | None,
    typer.Option(
        "--fee",
        metavar="[NAME=]RATE",
        help="Fee of each instrument or of one, instead of the book's; repeatable.",
    ),
]
Fundings = Annotated[
    list[str] | None,
    typer.Option(
        "--funding",
        metavar="[NAME=]RATE",
        help="Funding rate per interval, likewise; longs pay it where it is positive.",
    ),
]


class Rate(NamedTuple):
    """Number of one option, and the name that it is for; None for all."""

    name: str | None
    number: float


def rate_of(text: str) -> Rate | None:
    """Rate that ``[NAME=]RATE`` writes; None where it ends in no number."""
    name, sign, number = text.rpartition("=")
    try:
        return Rate(name if sign else None, float(number))
    except ValueError:
        return None


def with_rates(
    tables: Mapping[str, Any],
    *,
    fee: Iterable[str] | None = None,
    funding: Iterable[str] | None = None,
) -> dict[str, Any]:
    """Tables of a book with the rates that were given, those by name over those of all.

    Raises:
        BadParameter: no rate, or the book has nothing of that name with such a field.

    """
    found = dict(tables)
    for option, given in ((FEE, fee), (FUNDING, funding)):
        rates = [_rate(option, text) for text in given or ()]
        for rate in sorted(rates, key=lambda each: each.name is not None):
            found = _with_rate(found, option, rate)
    return found


def _rate(option: str, text: str) -> Rate:
    rate = rate_of(text)
    if rate is None or rate.name == "":
        raise typer.BadParameter(f"--{option} is RATE or NAME=RATE, not {text!r:.80}")
    return rate


def _with_rate(tables: dict[str, Any], option: str, rate: Rate) -> dict[str, Any]:
    """Tables with one rate in each table that it is for."""
    field, places = FIELDS[option], {at: _rows(tables, at) for at in PLACES[option]}
    names = [str(row.get("name")) for rows in places.values() for row in rows if field in _has(row)]
    if not names or rate.name not in (None, *names):
        near = "" if rate.name is None else did_you_mean(rate.name, names)
        who = "no instrument" if rate.name is None else f"no {rate.name!r:.80}"
        raise typer.BadParameter(f"--{option}: the book has {who} with a `{field}`{near}")
    for at, rows in places.items():
        if rows:
            wanted = (rate.name in (None, str(row.get("name"))) for row in rows)
            tables[at] = [
                {**row, field: rate.number} if mine and field in _has(row) else row
                for row, mine in zip(rows, wanted, strict=True)
            ]
    return tables


def _rows(tables: Mapping[str, Any], at: str) -> list[Mapping[str, Any]]:
    """Tables of a list of a book; none where they are not what a book has, which says so itself."""
    rows = tables.get(at, [])
    fine = isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows)
    return rows if fine else []


def _has(row: Mapping[str, Any]) -> frozenset[str]:
    """Names of the fields of what a table describes; none of a kind that is not known."""
    kind, registry = row.get("kind"), default_registry()
    if not isinstance(kind, str) or kind not in registry:
        return frozenset()
    return frozenset(each.name for each in attrs.fields(registry[kind]))
