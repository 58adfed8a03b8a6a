"""Things that could not be read or priced: each stays visible, by name, address and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from hedgecore.errors import ReaderError, SpecError, UnknownKindError
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.reading import Reading
from hedgecore.readers.naming import unique
from hedgecore.readers.rows import Named, name_of, position_fields
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build, spec_of

SHOWN = 3
"""So many reasons are told where nothing could be read."""


@frozen
class Unread:
    """A thing whose amount or worth is unknown.

    Attributes:
        name: what it is called.
        reason: why it is unknown, and what to do.
        fields: of its reader, or of the balance: kind, number, address.

    """

    name: str
    reason: str
    fields: Mapping[str, Any] = field(factory=dict)

    @property
    def row(self) -> dict[str, Any]:
        """Table under ``[source.unread]``."""
        return {**self.fields, "reason": self.reason}


def unread_reader(reader: AbstractReader, reason: str) -> Unread:
    """Thing that a reader was to read, and could not."""
    return Unread(name_of(reader), reason, spec_of(reader))


def unread_position(its: Named, reason: str) -> Unread:
    """A position that was read, and cannot be priced or built."""
    return Unread(its.name, reason, {**spec_of(its.reader), "what": its.reading.name})


def unread_tokens(reading: Reading, names: Mapping[str, str]) -> list[Unread]:
    """Tokens of which a reading says that it could not read a balance."""
    return [
        Unread(f"{names.get(its, its)} {reading.holdings_name}", why, {"token": its})
        for its, why in reading.unknown.items()
    ]


def unread_holding(row: Mapping[str, Any], reason: str, ids: Mapping[str, Any]) -> Unread:
    """A balance without a price, by its token's address; `ids` are name → address."""
    asset = row["asset"]
    return Unread(
        row["name"], reason, {"asset": asset, "token": ids.get(asset), "amount": row["amount"]}
    )


def split_unread(
    readers: Sequence[AbstractReader], readings: Sequence[Reading | ReaderError]
) -> tuple[list[tuple[AbstractReader, Reading]], list[Unread]]:
    """Readers with what they read, and those that could not."""
    read, unread = list[tuple[AbstractReader, Reading]](), list[Unread]()
    for reader, reading in zip(readers, readings, strict=True):
        if isinstance(reading, ReaderError):
            unread.append(unread_reader(reader, str(reading)))
        else:
            read.append((reader, reading))
    return read, unread


def split_unbuilt(
    read: Iterable[Named], registry: Registry | None
) -> tuple[list[Named], list[Unread]]:
    """Readings whose positions are of a kind that builds, and the others."""
    kept, unread = list[Named](), list[Unread]()
    for each in read:
        try:
            if each.reading.position is not None:
                build(position_fields(each), registry=registry)
        except (SpecError, UnknownKindError) as error:
            unread.append(unread_position(each, f"{each.name}: {error}"))
        else:
            kept.append(each)
    return kept, unread


def nothing_read(unread: Sequence[Unread]) -> str:
    """Sentence on a search of which nothing could be read."""
    told = "; ".join(each.reason for each in unread[:SHOWN])
    more = f"; and {len(unread) - SHOWN} more" if len(unread) > SHOWN else ""
    return f"{told}{more}"


def unread_rows(unread: Iterable[Unread]) -> dict[str, dict[str, Any]]:
    """``[source.unread]``: name → row; a name that is taken is numbered."""
    found = dict[str, dict[str, Any]]()
    for each in unread:
        found[unique(each.name, found)] = each.row
    return found
