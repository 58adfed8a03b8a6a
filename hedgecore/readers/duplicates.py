"""Readers of one thing that was both named and found: it is read, and counted, once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from hedgecore.interfaces.reader import AbstractReader
from hedgecore.readers.rows import OWNER
from hedgecore.registry.specs import schema


def each_once(readers: Iterable[AbstractReader]) -> list[AbstractReader]:
    """Readers of which no two read one thing: two that do are one, with all that both name.

    A position by its number is the same with its owner and without; an owner's part of a pool is
    the same whichever gauges or bins of it are named.
    """
    alike = dict[Hashable, list[AbstractReader]]()
    for each in readers:
        group = alike.setdefault(_thing(each), [])
        pairs = ((index, _joined(other, each)) for index, other in enumerate(group))
        index, both = next((pair for pair in pairs if pair[1] is not None), (len(group), each))
        group[index : index + 1] = [both or each]
    return [one for group in alike.values() for one in group]


def _thing(reader: AbstractReader) -> Hashable:
    """Kind and fields that tell one thing from another: neither the owner nor its parts."""
    aside = (OWNER, *reader.parts)
    return (type(reader), *(getattr(reader, n) for n in schema(type(reader)) if n not in aside))


def _joined(one: AbstractReader, other: AbstractReader) -> AbstractReader | None:
    """One reader of what both read; None where that is two things: two owners', or a price's."""
    mine, owners = type(one), [getattr(each, OWNER, None) for each in (one, other)]
    parts = {name: (*getattr(one, name), *getattr(other, name)) for name in one.parts}
    if one == other:
        return one
    if owners[0] == owners[1] and None not in owners:
        same = {name: getattr(one, name) for name in schema(mine)}
        return mine(**same | {name: tuple(dict.fromkeys(each)) for name, each in parts.items()})
    if None not in owners or any(getattr(one, name) != getattr(other, name) for name in parts):
        return None
    return other if owners[0] is None else one
