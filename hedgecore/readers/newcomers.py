"""Newcomers: positions of a book's owners that the book does not have yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from hedgecore.interfaces.source import AbstractSource
from hedgecore.readers.request import ReadRequest, installed_readers
from hedgecore.readers.rows import OWNER
from hedgecore.readers.search import Found, find
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import spec_of


def newcomers(
    tables: Mapping[str, Any], source: AbstractSource, *, registry: Registry | None = None
) -> Found:
    """Readers of positions that the owners in ``[source.read]`` have, and the book has not.

    Beside them what was not found out: one kind's does not keep those of the others from being
    told. A book that names no owner there, since each position was named by its number, has none.
    """
    rows = tables["source"]["read"].values()
    kinds = {k: cls for k, cls in installed_readers(registry).items() if cls.source is type(source)}
    owners = list(dict.fromkeys(str(row[OWNER]) for row in rows if row.get(OWNER)))
    if not owners:
        return Found((), (), (), ())
    found, known = find(source, kinds, ReadRequest(owner=owners)), [dict(row) for row in rows]
    new = [each for each in found.readers if not _is_known(dict(spec_of(each)), known)]
    return evolve(found, readers=new)


def _is_known(table: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> bool:
    """True if a book has what a table reads, perhaps by its number and without its owner."""
    bare = {key: its for key, its in table.items() if key != OWNER}
    return table in known or bare in known
