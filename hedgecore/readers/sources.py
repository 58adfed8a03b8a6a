"""Which readers there are, and the venue that they read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hedgecore.errors import ReaderError, UnknownKindError, did_you_mean
from hedgecore.interfaces.reader import AbstractReader, AbstractSource
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.tables.secret import Secret

HOOK = "hedgecore_readers"
NONE = (
    "no reader is installed: pip install hedgecore-evm-readers reads EVM chains;"
    " `hedgecore plugins doctor` says what is broken"
)
Kinds = Mapping[str, type[AbstractReader]]


def installed(registry: Registry | None = None) -> dict[str, type[AbstractReader]]:
    """Return kind → class of every reader that is installed.

    Raises:
        ReaderError: there is none.

    """
    registry = default_registry() if registry is None else registry
    kinds: dict[str, type[AbstractReader]] = {k: registry[k] for k in registry.kinds(HOOK)}
    if not kinds:
        raise ReaderError(NONE)
    return kinds


def reader_of(kinds: Kinds, kind: str) -> type[AbstractReader]:
    """Return the class of one kind.

    Raises:
        UnknownKindError: no installed reader is called so.

    """
    if kind not in kinds:
        near = did_you_mean(kind, kinds)
        raise UnknownKindError(f"no reader is called {kind!r:.80}{near} ({', '.join(kinds)})")
    return kinds[kind]


def opened(kinds: Kinds, rpc: Secret, **options: Any) -> AbstractSource:
    """Return the venue of all these readers, open.

    Raises:
        ReaderError: they read venues of different kinds; or the venue's own.

    """
    venues = {cls.venue for cls in kinds.values() if cls.venue.takes(rpc)}
    if len(venues) > 1:
        names = ", ".join(sorted(each.__name__ for each in venues))
        raise ReaderError(
            f"readers of several kinds of venue take this RPC ({names}): leave the others' plugins"
            " out by HEDGECORE_BLOCK=name"
        )
    if not venues:
        raise ReaderError("no installed reader takes such an RPC: EVM chains have an http(s) URL")
    return venues.pop().open(rpc, **options)


def kinds_of(venue: AbstractSource, kinds: Kinds) -> Kinds:
    """Return the kinds that read this venue."""
    return {kind: cls for kind, cls in kinds.items() if isinstance(venue, cls.venue)}
