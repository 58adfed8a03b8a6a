"""Rows of a book: what each reader read, under a name, with the assets as the book calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve, frozen

from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.reading import Reading
from hedgecore.pools.model import PoolModel
from hedgecore.readers.naming import (
    assets_by_name,
    names_by_asset,
    names_of,
    sum_by_name,
    unique,
    with_names,
)
from hedgecore.readers.pricing import Link
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build, schema, spec_of

OWNER = "owner"
"""Field of a reader that says whose something is."""
SHOWN = 10
"""Characters of a reader's first field that stand in its name."""


@frozen
class Named:
    """A reader and what it read, under a name, with the assets as the book calls them."""

    name: str
    reader: AbstractReader
    reading: Reading


def name_readings(
    read: Sequence[tuple[AbstractReader, Reading]], given: Mapping[str, str]
) -> tuple[list[Named], dict[str, str]]:
    """Readings under names of their own, and token id → name of every asset."""
    names = names_of((t for _, each in read for t in each.tokens.values()), given)
    found: list[Named] = []
    for reader, reading in read:
        name = unique(name_of(reader), [each.name for each in found])
        found.append(Named(name, reader, in_book_names(reading, names)))
    return found, names


def names_now(
    assets: Mapping[str, Any], readings: Iterable[Reading], taken: Iterable[str] = ()
) -> dict[str, str]:
    """Token id → name of the assets that a book knows, and of those that are new.

    No new one has a name that is taken, by an asset of another chain say.
    """
    known = names_by_asset(assets)
    given = {f"another's {name}": name for name in taken} | known
    return {**known, **names_of((t for r in readings for t in r.tokens.values()), given)}


def in_book_names(reading: Reading, names: Mapping[str, str]) -> Reading:
    """Reading whose assets are named as the book names them."""
    quoted = (
        evolve(each, asset=names.get(each.asset, each.asset), unit=names.get(each.unit, each.unit))
        for each in reading.quotations
    )
    return evolve(
        reading,
        position=None if reading.position is None else with_names(reading.position, names),
        holdings=sum_by_name(reading.holdings, names),
        depth=sum_by_name(reading.depth, names),
        quotations=tuple(quoted),
    )


def position_of(each: Named, name: str, at: str | None) -> dict[str, Any]:
    """Row of ``[[position]]``, without fields that are not known."""
    return {
        "name": name,
        **position_fields(each),
        **({"at": at} if at else {}),
        "source": each.name,
    }


def position_fields(each: Named) -> dict[str, Any]:
    """Table of a position, without fields that are not known."""
    return {name: its for name, its in (each.reading.position or {}).items() if its is not None}


def holdings_of(each: Named) -> list[dict[str, Any]]:
    """Rows of ``[[holding]]``: what is not 0, and what it is by its name."""
    its = each.reading
    of = "" if its.position is None else f", {its.name}"
    return [
        {
            "name": f"{asset} {its.holdings_name}{of}",
            "asset": asset,
            "amount": held,
            "source": each.name,
        }
        for asset, held in its.holdings.items()
        if held
    ]


def as_of_field(seconds: float | None) -> dict[str, str]:
    """Field ``as_of`` of a book, UTC, from seconds since 1970; none where no calendar has them."""
    try:
        return (
            {} if seconds is None else {"as_of": datetime.fromtimestamp(seconds, UTC).isoformat()}
        )
    except (OverflowError, ValueError, OSError):
        return {}


def unique_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose names are numbered where they are taken; rows without a name stay so."""
    found = list[dict[str, Any]]()
    for row in rows:
        taken = [each["name"] for each in found if "name" in each]
        found.append({**row, "name": unique(row["name"], taken)} if "name" in row else {**row})
    return found


def assets_of(
    positions: Iterable[Named], holdings: Iterable[Mapping[str, Any]], registry: Registry | None
) -> list[str]:
    """Every asset that a price is needed of, once."""
    found: dict[str, None] = {}
    for each in positions:
        model = build(position_fields(each), registry=registry)
        assets = model.assets if isinstance(model, PoolModel) else each.reading.depth
        found |= dict.fromkeys(assets)
    return list(found | dict.fromkeys(row["asset"] for row in holdings))


def sources_of(
    read: Sequence[Named],
    names: Mapping[str, str],
    taken: Sequence[Link],
    stamp: Mapping[str, Any],
    given: Iterable[str],
) -> dict[str, Any]:
    """``[source]``: the moment, the assets, where each price is from, the readers."""
    fixed = set(given)
    prices = {e.asset: {"read": e.read, "in": e.unit} for e in taken if e.asset not in fixed}
    return {
        **{name: each for name, each in stamp.items() if each != {}},
        "assets": assets_by_name(names),
        **({"prices": prices} if prices else {}),
        "read": {each.name: reader_table(each) for each in read},
    }


def reader_table(each: Named) -> dict[str, Any]:
    """Table of a reader in ``[source.read]``, with the owner of what was read where one is said.

    So a position that is another's once the book is read again is out of it.
    """
    table, owner = spec_of(each.reader), each.reading.owner
    has = OWNER in schema(type(each.reader)) and each.reading.held
    return {**table, OWNER: owner} if has and owner is not None else table


def name_of(reader: AbstractReader) -> str:
    """Short name of a reader: its kind, and the start of its first field."""
    first = next(iter(schema(type(reader))))
    return f"{reader.kind}-{str(getattr(reader, first))[:SHOWN]}"
