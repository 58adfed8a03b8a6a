"""A book read again, from what it says it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from attrs import field, frozen

from hedgecore.books.sources import parts_of, refuse_several_chains
from hedgecore.errors import ReaderError, SpecError, at_place
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.source import AbstractSource, Progress
from hedgecore.readers.claims import claim_rows, refresh_rows, token_notes
from hedgecore.readers.naming import assets_by_name, unique
from hedgecore.readers.pricing import Link, claim_links, claims_of, links
from hedgecore.readers.request import Kinds, build_reader, installed_readers, open_source, reader_of
from hedgecore.readers.rows import (
    Named,
    as_of_field,
    holdings_of,
    in_book_names,
    names_now,
    position_fields,
    unique_rows,
)
from hedgecore.readers.unread import Unread, unread_holding, unread_tokens
from hedgecore.readers.worth import no_price
from hedgecore.registry.registry import Registry
from hedgecore.tables.files import check_bounds
from hedgecore.tables.secret import Secret

KEPT = ("quote",)
"""Fields of a position that are a matter of taste, and stay as the book has them."""


@frozen
class Change:
    """Number in a book as it was and as it is: None where there was none, or is none now."""

    table: str
    key: str
    before: Any
    after: Any


@frozen
class Refreshed:
    """A book's tables read again.

    Attributes:
        tables: of the book.
        changes: numbers that are others now.
        notes: sentences on what has gone, or come.
        sizes: name in ``[source.read]`` → raw units of the position, which its owner alone changes;
            0 where it is its owner's no more.
        holders: name → account that has the position now, where that is not its owner.

    """

    tables: dict[str, Any]
    changes: Sequence[Change]
    notes: Sequence[str]
    sizes: Mapping[str, int] = field(factory=dict)
    holders: Mapping[str, str] = field(factory=dict)


def open_book_source(
    tables: Mapping[str, Any], rpc: Secret, *, registry: Registry | None = None, **options: Any
) -> AbstractSource:
    """Source that a book was read from, open at one moment; see `refresh_book`."""
    check_bounds(tables)
    source, readers = _source(tables), _book_readers(tables, registry)
    mine = {type(each).kind: type(each) for each in readers.values()}
    options.setdefault("since", None if options.get("block") else source.get("block"))
    options["contracts"] = {**source.get("contracts", {}), **(options.get("contracts") or {})}
    return open_source(mine, rpc, chain=source.get("chain"), **options)


def reread(
    tables: Mapping[str, Any],
    reached: AbstractSource,
    *,
    registry: Registry | None = None,
    progress: Progress | None = None,
    taken: Iterable[str] = (),
) -> Refreshed:
    """Tables of a book as its source has them, which is open and stays so; `taken` are names."""
    source, readers = _source(tables), _book_readers(tables, registry)
    readings = reached.read(list(readers.values()), progress)
    names = names_now(source.get("assets", {}), readings, taken)
    rows = zip(readers.items(), readings, strict=True)
    read = [Named(name, reader, in_book_names(reading, names)) for (name, reader), reading in rows]
    after = deepcopy(dict(tables)) | as_of_field(reached.time)
    notes = [note for each in read for note in each.reading.notes]
    notes += token_notes(readings, names)
    untold = [one for each in readings for one in unread_tokens(each, names)]
    notes += [f"{each.name}: {each.reason}" for each in untold]
    notes += _positions(after, read)
    _holdings(after, read)
    claims = refresh_rows(after, claim_rows(readings, names))
    after |= {"assets": claims} if claims else {}
    _prices(after, read, registry)
    own = {"assets": assets_by_name(names), **_unread_now(source, untold)}
    after["source"] = {**source, **reached.stamp, **own}
    _drop_prices(after)
    return Refreshed(after, list(changes(tables, after)), notes, _sizes(read), _holders(read))


def _unread_now(source: Mapping[str, Any], untold: Iterable[Unread]) -> dict[str, Any]:
    """Field ``unread`` of a source with the balances that are unknown now, not those that were."""
    was = source.get("unread", {})
    found = {name: row for name, row in was.items() if not _is_balance(row)}
    for each in untold:
        found[unique(each.name, found)] = each.row
    return {"unread": found} if found or "unread" in source else {}


def _is_balance(row: Mapping[str, Any]) -> bool:
    """True if a row of what is unread is a token's balance that was not told, or has no price."""
    return "kind" not in row and not row.keys().isdisjoint({"token", "amount"})


def _sizes(read: Sequence[Named]) -> dict[str, int]:
    """Name → raw units of each position; where its reader says none, 1 if there is one."""
    its = {each.name: each.reading for each in read if each.reading.position is not None}
    return {n: (1 if one.size is None else one.size) * one.held for n, one in its.items()}


def _holders(read: Sequence[Named]) -> dict[str, str]:
    """Name → account that has a position, where that is not its owner."""
    its = {each.name: each.reading for each in read if not each.reading.held}
    return {name: one.owner for name, one in its.items() if one.owner is not None}


def _book_readers(
    tables: Mapping[str, Any], registry: Registry | None
) -> dict[str, AbstractReader]:
    return _readers(_source(tables)["read"], installed_readers(registry))


def _source(tables: Mapping[str, Any]) -> Mapping[str, Any]:
    source = tables.get("source")
    refuse_several_chains(source)
    if not isinstance(source, Mapping) or not isinstance(source.get("read"), Mapping):
        raise ReaderError(
            "the book does not say where it was read from: it has no [source.read.…], which"
            " `hedgecore read` writes"
        )
    return source


def _readers(read: Mapping[str, Any], kinds: Kinds) -> dict[str, AbstractReader]:
    found = {}
    for name, table in read.items():
        with at_place(f"source.read.{name}"):
            if not isinstance(table, Mapping) or not isinstance(table.get("kind"), str):
                raise SpecError("must be a table with a kind")
            rest = {key: each for key, each in table.items() if key != "kind"}
            found[name] = build_reader(reader_of(kinds, table["kind"]), rest)
    return found


def _positions(tables: dict[str, Any], read: Sequence[Named]) -> Iterator[str]:
    """Put what was read into the positions; say of which nothing is left, and which is not in."""
    rows = tables.get("position", [])
    for each in read:
        mine = [row for row in rows if row.get("source") == each.name]
        for row in mine:
            row.update((k, v) for k, v in position_fields(each).items() if k not in KEPT)
        if mine and not each.reading.held:
            rows[:] = [row for row in rows if row.get("source") != each.name]
            owner = each.reading.owner
            why = "nothing is left of it" if owner is None else f"it is {owner}'s now"
            yield f"{mine[0].get('name')}: {why}, so it is out of the book"
        if not mine and each.reading.held and each.reading.position is not None:
            yield f"{each.name}: there is a position now, and the book has none of it: read it anew"


def _holdings(tables: dict[str, Any], read: Sequence[Named]) -> None:
    """Put what was read into the holdings, in place; new ones come last."""
    names = {each.name for each in read}
    now = {(each.name, row["asset"]): row for each in read for row in holdings_of(each)}
    kept = list[dict[str, Any]]()
    for row in tables.get("holding", []):
        its = now.pop((row.get("source"), row.get("asset")), None)
        if row.get("source") not in names:
            kept.append(row)
        elif its is not None:
            kept.append({**row, "amount": its["amount"]})
    if kept or now or "holding" in tables:
        tables["holding"] = unique_rows([*kept, *now.values()])


def _drop_prices(tables: dict[str, Any]) -> None:
    """Take balances without a price out of the holdings, to ``[source.unread]``, in place."""
    unit, source = str(tables.get("numeraire", "USD")), tables["source"]
    every = claims_of(tables.get("assets", {}))
    stated = {unit, *tables.get("prices", {}), *tables.get("assets", {})}
    unread = dict(source.get("unread", {}))
    held = list[dict[str, Any]]()
    for row in tables.get("holding", []):
        roots = every.underlying([row["asset"]]) if "source" in row else ()
        if lacking := [each for each in roots if each not in stated]:
            lost = unread_holding(row, no_price(unit, lacking), source["assets"])
            unread[lost.name] = lost.row
        else:
            held.append(row)
    tables |= {"holding": held} if "holding" in tables else {}
    source |= {"unread": unread} if unread or "unread" in source else {}


def _prices(tables: dict[str, Any], read: Sequence[Named], registry: Registry | None) -> None:
    """Take each price that has a source from there again."""
    every = (link for each in read for link in links(each.name, each.reading, registry))
    stated = claim_links(claims_of(tables.get("assets", {})))
    found = {(each.asset, each.unit, each.read): each for each in (*every, *stated)}
    prices = tables.setdefault("prices", {})
    todo = dict(tables["source"].get("prices", {}))
    there = {name: p for name, p in prices.items() if name not in todo}
    there.setdefault(tables.get("numeraire", "USD"), 1.0)
    while todo:
        ready = [asset for asset, its in todo.items() if its.get("in") in there]
        if not ready:
            raise ReaderError(f"the prices of {', '.join(todo)} lead to no known one")
        for asset in ready:
            its = todo.pop(asset)
            link = _link(found, asset, its)
            there[asset] = prices[asset] = link.price * there[its["in"]]


def _link(found: Mapping[tuple[str, str, str], Link], asset: str, its: Mapping[str, Any]) -> Link:
    key = (asset, str(its.get("in")), str(its.get("read")))
    if key not in found:
        raise ReaderError(
            f"{key[2]} no longer says what {asset} is worth in {key[1]}: it is empty, or gone; take"
            f" {asset} out of [source.prices], and give its price"
        )
    return found[key]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Changes of numbers between two books, in the order of their tables."""
    was, now = _numbers(before), _numbers(after)
    for table, key in dict.fromkeys([*was, *now]):
        pair = was.get((table, key)), now.get((table, key))
        if pair[0] != pair[1]:
            yield Change(table, key, *pair)


def _numbers(tables: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    prices = {("prices", asset): price for asset, price in tables.get("prices", {}).items()}
    rows = {
        (str(row.get("name")), key): each
        for row in (*tables.get("position", []), *tables.get("instrument", []))
        for key, each in row.items()
        if key not in ("name", "source")
    }
    held = {
        (
            f"holding ({row.get('source', row.get('name', 'given'))})",
            str(row.get("asset")),
        ): row.get("amount")
        for row in tables.get("holding", [])
    }
    rates = {
        ("assets", asset): row.get("rate")
        for asset, row in tables.get("assets", {}).items()
        if isinstance(row, Mapping)
    }
    blocks = {
        (f"source {chain}".strip(), "block"): each.get("block")
        for chain, each in parts_of(tables.get("source", {})).items()
    }
    return {**prices, **rates, **rows, **held, **blocks}
