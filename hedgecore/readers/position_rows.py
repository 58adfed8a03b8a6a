"""The rows of a book that come from one reading, and the sources that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from hedgecore.interfaces.reader import AbstractReader, Reading
from hedgecore.readers.naming import (
    assets_by_name,
    names_by_asset,
    names_of,
    renamed,
    summed,
    unique,
)
from hedgecore.readers.pricing import Link
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build, schema, spec_of

SHOWN = 10


@frozen
class Named:
    """A reader and what it read, under a name, with the assets as the book calls them."""

    name: str
    reader: AbstractReader
    reading: Reading


def named(
    readers: Sequence[AbstractReader], readings: Sequence[Reading], given: Mapping[str, str]
) -> tuple[list[Named], dict[str, str]]:
    """Return what was read under names of its own, and token id → name of every asset."""
    names = names_of((t for each in readings for t in each.tokens.values()), given)
    found: list[Named] = []
    for reader, reading in zip(readers, readings, strict=True):
        name = unique(_short(reader), [each.name for each in found])
        found.append(Named(name, reader, in_words(reading, names)))
    return found, names


def names_now(assets: Mapping[str, Any], readings: Iterable[Reading]) -> dict[str, str]:
    """Return token id → name of the assets that a book knows, and of those that are new."""
    known = names_by_asset(assets)
    return {**known, **names_of((t for r in readings for t in r.tokens.values()), known)}


def in_words(reading: Reading, names: Mapping[str, str]) -> Reading:
    """Return a reading whose assets are named as the book names them."""
    quoted = (
        evolve(each, asset=names.get(each.asset, each.asset), unit=names.get(each.unit, each.unit))
        for each in reading.quotations
    )
    return evolve(
        reading,
        position=None if reading.position is None else renamed(reading.position, names),
        holdings=summed(reading.holdings, names),
        depth=summed(reading.depth, names),
        quotations=tuple(quoted),
    )


def position_of(each: Named, name: str, at: str | None) -> dict[str, Any]:
    """Return a row of ``[[position]]``, without fields that are not known."""
    return {"name": name, **known(each), **({"at": at} if at else {}), "source": each.name}


def known(each: Named) -> dict[str, Any]:
    """Return the table of a position, without fields that are not known."""
    return {name: its for name, its in (each.reading.position or {}).items() if its is not None}


def holdings_of(each: Named) -> list[dict[str, Any]]:
    """Return the rows of ``[[holding]]``: what is not 0."""
    rows = each.reading.holdings.items()
    return [{"asset": asset, "amount": held, "source": each.name} for asset, held in rows if held]


def assets_of(
    positions: Iterable[Named], holdings: Iterable[Mapping[str, Any]], registry: Registry | None
) -> list[str]:
    """Return every asset that a price is needed of, once."""
    found: dict[str, None] = {}
    for each in positions:
        found |= dict.fromkeys(build(known(each), registry=registry).assets)
    return list(found | dict.fromkeys(row["asset"] for row in holdings))


def sources_of(
    read: Sequence[Named],
    names: Mapping[str, str],
    taken: Sequence[Link],
    stamp: Mapping[str, Any],
    given: Iterable[str],
) -> dict[str, Any]:
    """Return ``[source]``: the moment, the assets, where each price is from, the readers."""
    fixed = set(given)
    prices = {e.asset: {"read": e.read, "in": e.unit} for e in taken if e.asset not in fixed}
    return {
        **{name: each for name, each in stamp.items() if each != {}},
        "assets": assets_by_name(names),
        **({"prices": prices} if prices else {}),
        "read": {each.name: spec_of(each.reader) for each in read},
    }


def _short(reader: AbstractReader) -> str:
    first = next(iter(schema(type(reader))))
    return f"{reader.kind}-{str(getattr(reader, first))[:SHOWN]}"
