"""A book read again, from the chains and the accounts at venues that it says it was read from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from attrs import evolve

from hedgecore.books.as_of import moment
from hedgecore.books.sources import CHAINS, accounts_of, chain_source, parts_of
from hedgecore.errors import ReaderError
from hedgecore.interfaces.source import Progress
from hedgecore.readers.editing import edit_file, toml_editor
from hedgecore.readers.refresh import Refreshed, changes, open_book_source, reread
from hedgecore.readers.refresh_accounts import refresh_accounts
from hedgecore.readers.request import installed_readers, open_source
from hedgecore.registry.registry import Registry
from hedgecore.tables.atomic_write import write
from hedgecore.tables.files import read_tables
from hedgecore.tables.secret import Secret

SECONDS = 60.0


class _Told(TypedDict):
    """Options of every reading."""

    registry: Registry | None
    progress: Progress | None


def refresh_file(path: str | Path, rpc: Secret | Sequence[Secret], **options: Any) -> Refreshed:
    """Read a book file again and replace it, in one step; all that was not read stays as it is.

    Raises:
        ReaderError: as `refresh_book` says; the file is as it was.
        SpecError: it is no book, or cannot be written.

    """
    path = Path(path)
    toml_editor(path)  # what is not installed is said before anything is read
    before = read_tables(path)
    again = refresh_book(before, rpc, **options)
    text, notes = edit_file(path, again.tables)
    write(text, path)
    return Refreshed(again.tables, again.changes, [*again.notes, *notes])


def refresh_book(
    tables: Mapping[str, Any],
    rpc: Secret | Sequence[Secret],
    *,
    registry: Registry | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Refreshed:
    """Tables of a book with all that ``[source]`` names read again, at one moment.

    Args:
        tables: the book.
        rpc: where the source is reached, the chain that the book was read from; several in any
            order, of a book of several chains; none where it is from accounts at venues alone.
        registry: the kinds that are installed.
        progress: told how many of how many readers are done.
        options: as `AbstractSource.open` takes them: block, contracts, seconds, max_age.

    Raises:
        ReaderError: something could not be read, or the book says nothing of where it is from.

    """
    rpcs = [rpc] if isinstance(rpc, Secret) else list(rpc)
    source, told = tables.get("source", {}), _Told(registry=registry, progress=progress)
    if CHAINS in chain_source(source):
        again = _refresh_chains(tables, rpcs, options, **told)
    elif chain_source(source) or not accounts_of(source):
        first = next(iter(rpcs), None) or Secret.from_environment()
        with open_book_source(tables, first, registry=registry, **options) as reached:
            again = reread(tables, reached, **told)
    else:
        again = Refreshed(dict(tables), (), ())
    seconds = options.get("seconds", SECONDS)
    after, notes = refresh_accounts(again.tables, seconds=seconds)
    return evolve(
        again, tables=after, changes=list(changes(tables, after)), notes=[*again.notes, *notes]
    )


def _refresh_chains(
    tables: Mapping[str, Any],
    rpcs: Sequence[Secret],
    options: Mapping[str, Any],
    *,
    registry: Registry | None,
    progress: Progress | None,
) -> Refreshed:
    """Tables of a book of several chains, each read again."""
    reach = _by_chain(tables, rpcs, registry, options)
    after, notes = dict(tables), list[str]()
    for chain in parts_of(tables["source"]):
        mine, taken = _alone(after, chain), _names(after, chain)
        with open_book_source(mine, reach[chain], registry=registry, **options) as reached:
            again = reread(mine, reached, registry=registry, progress=progress, taken=taken)
        after = _with_chain(after, chain, again.tables)
        notes += [f"chain {chain}: {note}" for note in again.notes]
    return Refreshed(after, list(changes(tables, after)), notes)


def _by_chain(
    tables: Mapping[str, Any],
    rpcs: Sequence[Secret],
    registry: Registry | None,
    options: Mapping[str, Any],
) -> dict[str, Secret]:
    """Chain of a book → the RPC that is of it.

    Raises:
        ReaderError: there is none of a chain.

    """
    kinds, seconds = installed_readers(registry), options.get("seconds", SECONDS)
    found = dict[str, Secret]()
    for rpc in rpcs:
        with open_source(kinds, rpc, seconds=seconds, max_age=math.inf) as its:
            found[str(its.stamp["chain"])] = rpc
    missing = [chain for chain in parts_of(tables["source"]) if chain not in found]
    if missing:
        raise ReaderError(
            f"the book was read from chain {' and '.join(missing)} too, and no RPC of those is"
            " given: name one of each chain"
        )
    return found


def _alone(tables: Mapping[str, Any], chain: str) -> dict[str, Any]:
    """Tables of a book as if one of its chains were its source."""
    return {**tables, "source": parts_of(tables["source"])[chain]}


def _with_chain(tables: Mapping[str, Any], chain: str, again: Mapping[str, Any]) -> dict[str, Any]:
    """Tables of a book with one chain read again: as old as the oldest of its chains."""
    age = {"as_of": again["as_of"]} if "as_of" in again else {}
    chains = {**parts_of(tables["source"]), chain: {**again["source"], **age}}
    ages = [each["as_of"] for each in chains.values() if "as_of" in each]
    oldest = {"as_of": min(ages, key=moment)} if ages else {}
    return {**again, **oldest, "source": {**tables["source"], CHAINS: chains}}


def _names(tables: Mapping[str, Any], chain: str) -> set[str]:
    """Names of the assets of a book's other chains."""
    others = (each for name, each in parts_of(tables["source"]).items() if name != chain)
    return {name for each in others for name in each.get("assets", {})}
