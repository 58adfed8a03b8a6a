"""A book from what was read: its prices, positions, balances, and where each is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from hedgecore.errors import ReaderError
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.reading import Reading
from hedgecore.interfaces.source import AbstractSource, Progress
from hedgecore.readers.claims import claim_rows, unstated_rows, with_prices
from hedgecore.readers.naming import unique
from hedgecore.readers.pricing import (
    ASSETS,
    Link,
    claim_links,
    claims_of,
    derive_prices,
    links,
    unit_of,
)
from hedgecore.readers.request import (
    Kinds,
    ReadRequest,
    canonical,
    installed_readers,
    kinds_of,
    open_source,
)
from hedgecore.readers.rows import (
    Named,
    as_of_field,
    assets_of,
    holdings_of,
    name_readings,
    position_of,
    sources_of,
    unique_rows,
)
from hedgecore.readers.search import find, wallets
from hedgecore.registry.registry import Registry
from hedgecore.tables.secret import Secret


@frozen(kw_only=True)
class BookOptions:
    """Options of the book that is written of a reading.

    Attributes:
        numeraire: what prices are in; the best that there is unless given.
        prices: asset → price in the numeraire, which goes before what was read.
        names: token id → name of the asset.
        perps: the assets of which a perp may be traded; None for all that a hedge may need.
        tables: more tables of the book, instruments and a request say, which are kept as they are.
        at: "state" or "market" for every position; as a book takes it, unless given.

    """

    numeraire: str | None = None
    prices: Mapping[str, float] = field(factory=dict)
    names: Mapping[str, str] = field(factory=dict)
    perps: Sequence[str] | None = None
    tables: Mapping[str, Any] = field(factory=dict)
    at: str | None = None


@frozen
class BookDraft:
    """A book that was read: its tables, and what to say of them."""

    tables: dict[str, Any]
    notes: Sequence[str]

    def at(self, time: float | None) -> BookDraft:
        """The draft with the moment of its prices, where that is known."""
        unit, rest = {"numeraire": self.tables["numeraire"]}, self.tables
        return evolve(self, tables={**unit, **as_of_field(time), **rest})

    def with_notes(self, more: Sequence[str]) -> BookDraft:
        """The draft with further notes before its own."""
        return evolve(self, notes=[*more, *self.notes])


def read_book(
    rpc: Secret,
    request: ReadRequest,
    writing: BookOptions | None = None,
    *,
    registry: Registry | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> BookDraft:
    """Read a book: everything at one moment, or nothing.

    Args:
        rpc: where the source is reached.
        request: what to read.
        writing: how to write it.
        registry: the kinds that are installed.
        progress: told how many of how many readers are done.
        options: as `AbstractSource.open` takes them: block, chain, contracts, seconds, max_age.

    Raises:
        ReaderError: something could not be read, or an asset has no price.
        SpecError: what was asked for is malformed.

    """
    kinds = installed_readers(registry)
    with open_source(kinds, rpc, **options) as source:
        writing = writing or BookOptions()
        names = {source.canonical(its): name for its, name in writing.names.items()}
        readers, readings, notes = _read(source, kinds_of(source, kinds), request, progress)
        stamp = {**source.stamp, "contracts": options.get("contracts") or {}}
        made = draft(readers, readings, stamp, evolve(writing, names=names), registry)
        return made.at(source.time).with_notes(notes)


def _read(
    source: AbstractSource, kinds: Kinds, request: ReadRequest, progress: Progress | None
) -> tuple[list[AbstractReader], list[Reading], Sequence[str]]:
    request = canonical(source, request)
    found = find(source, kinds, request)
    first = source.read(found.readers, progress)
    more = wallets(source, kinds, request, first)
    return [*found.readers, *more], [*first, *source.read(more)], found.notes


def draft(
    readers: Sequence[AbstractReader],
    readings: Sequence[Reading],
    stamp: Mapping[str, Any],
    writing: BookOptions,
    registry: Registry | None,
) -> BookDraft:
    """Tables of a book from what its readers read."""
    read, names = name_readings(readers, readings, writing.names)
    positions = [each for each in read if each.reading.position is not None and each.reading.held]
    holdings = unique_rows(row for each in read for row in holdings_of(each))
    if not (positions or holdings):
        raise ReaderError(
            "what was looked for holds nothing: check the owner, the chain, the pools"
        )
    assets = assets_of(positions, holdings, registry)
    stated = writing.tables.get("assets", {})
    claims = unstated_rows(claim_rows(readings, names), stated)
    prices, taken, unit = _prices(read, assets, writing, claims, registry)
    claims = with_prices(claims, prices)
    follow = {each.asset for each in taken if each.read == ASSETS and each.asset in claims}
    shown = [a for a in prices if a not in follow and (a != unit or unit in assets)]
    claimed = {**claims, **stated}
    instruments, notes = _instruments(assets, prices, unit, writing, claimed)
    tables = {
        "numeraire": unit,
        "prices": {asset: prices[asset] for asset in shown},
        "assets": claimed or [],
        "position": _rows(positions, writing),
        "holding": holdings,
        "instrument": instruments,
        **{name: its for name, its in writing.tables.items() if name != "assets"},
        "source": sources_of(read, names, taken, stamp, {*writing.prices, unit, *follow}),
    }
    read_notes = [note for each in read for note in each.reading.notes]
    return BookDraft({k: v for k, v in tables.items() if v != []}, [*read_notes, *notes])


def _rows(positions: Sequence[Named], writing: BookOptions) -> list[dict[str, Any]]:
    rows, taken = list[dict[str, Any]](), list[str]()
    for each in positions:
        name = unique(each.reading.name, taken)
        taken.append(name)
        rows.append(position_of(each, name, writing.at))
    return rows


def _prices(
    read: Sequence[Named],
    assets: Sequence[str],
    writing: BookOptions,
    claims: Mapping[str, Any],
    registry: Registry | None,
) -> tuple[dict[str, float], list[Link], str]:
    """Asset → price of all that have one, the links that say so, and the numeraire.

    Raises:
        ReaderError: an asset of the book has none.

    """
    stated = writing.tables.get("assets", {})
    every = claims_of({**claims, **stated})
    roots = every.underlying(assets)
    found = [link for each in read for link in links(each.name, each.reading, registry)]
    unit = writing.numeraire or ("USD" if writing.prices else unit_of(found, roots))
    prices, taken = derive_prices({unit: 1.0, **writing.prices}, [*claim_links(every), *found])
    derived = {*prices, *stated}
    missing = [asset for asset in roots if asset not in derived]
    if missing:
        raise ReaderError(
            f"no pool that was read leads from {unit} to a price of {', '.join(missing)}: name a"
            f" pool (--pool), a feed (--feed {missing[0]}=0x…), a price (--price {missing[0]}=…),"
            " count in another asset (--numeraire), or leave out what holds it (--skip"
            " READER:ID)"
        )
    return prices, taken, unit


def _instruments(
    assets: Sequence[str],
    prices: Mapping[str, float],
    unit: str,
    writing: BookOptions,
    claimed: Mapping[str, Any],
) -> tuple[list[dict[str, Any]], list[str]]:
    """Tables of perps, and notes: of the assets that are named, or of all not near 1."""
    if writing.perps is None and "instrument" in writing.tables:
        return [], []
    roots = claims_of(claimed).underlying(assets)
    others = [asset for asset in roots if asset != unit and asset in prices]
    near = [asset for asset in others if abs(prices[asset] - 1) < PEGGED]
    chosen = writing.perps if writing.perps is not None else [a for a in others if a not in near]
    left = [] if writing.perps is not None else near
    perps = [{"name": f"{each}-PERP", "kind": "perp", "underlying": each} for each in chosen]
    about = f"{', '.join(left)}: no perp is written for what trades within {PEGGED:.0%} of {unit}"
    return perps, [about] if left else []


PEGGED = 0.02
"""Distance from the numeraire's price within which an asset is taken for a claim on it."""
