"""A book from what was read: its prices, positions, balances, and where each is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from hedgecore.errors import ReaderError
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.reading import Reading
from hedgecore.interfaces.source import AbstractSource, Progress, known
from hedgecore.readers.claims import claim_rows, contradicted, token_notes, unstated, with_prices
from hedgecore.readers.naming import unique
from hedgecore.readers.options import BookOptions
from hedgecore.readers.pricing import ASSETS, claims_of, links
from hedgecore.readers.request import (
    Kinds,
    ReadRequest,
    canonical,
    installed,
    kinds_of,
    open_source,
)
from hedgecore.readers.rows import Named, as_of_field, name_readings, position_of, sources_of
from hedgecore.readers.search import find, wallets
from hedgecore.readers.unread import (
    Unread,
    apart,
    buildable,
    nothing_read,
    unread_rows,
    unread_tokens,
)
from hedgecore.readers.worth import Worth, without_price, worth
from hedgecore.registry.registry import Registry
from hedgecore.tables.secret import Secret

EMPTY = "what was looked for holds nothing: check the owner, the chain, the pools"


@frozen
class BookDraft:
    """A book that was read: its tables, and what to say of them."""

    tables: dict[str, Any]
    notes: Sequence[str]

    @property
    def unread(self) -> Mapping[str, Mapping[str, Any]]:
        """Name → what could not be read or priced, and why."""
        found: Mapping[str, Mapping[str, Any]] = self.tables["source"].get("unread", {})
        return found

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
    """Read a book, everything at one moment.

    What cannot be read or priced stays visible: ``[source.unread]`` has its address, and why.

    Args:
        rpc: where the source is reached.
        request: what to read.
        writing: how to write it.
        registry: the kinds that are installed.
        progress: told how many of how many readers are done.
        options: as `AbstractSource.open` takes them: block, chain, contracts, seconds, max_age.

    Raises:
        ReaderError: the source failed, or nothing could be read, or nothing of it has a price.
        SpecError: what was asked for is malformed.

    """
    kinds = installed(registry)
    with open_source(kinds, rpc, **options) as source:
        writing = writing or BookOptions()
        names = {source.canonical(its): name for its, name in writing.names.items()}
        found = _read(source, kinds_of(source, kinds), request, progress)
        stamp = {**source.stamp, "contracts": options.get("contracts") or {}}
        made = draft(found, stamp, evolve(writing, names=names), registry)
        return made.at(source.time).with_notes(found.notes)


@frozen
class _Found:
    """What was read, what could not be, and what to say."""

    read: Sequence[tuple[AbstractReader, Reading]]
    unread: Sequence[Unread]
    notes: Sequence[str]


def _read(
    source: AbstractSource, kinds: Kinds, request: ReadRequest, progress: Progress | None
) -> _Found:
    """Read what is asked for; a feed must not fail, since prices are to be from it."""
    request = canonical(source, request)
    found = find(source, kinds, request)
    first = source.try_read(found.readers, progress)
    for reader, reading in zip(found.readers, first, strict=True):
        if reader in found.feeds:
            known(reading)
    read, unread = apart(found.readers, first)
    more = wallets(source, kinds, request, [reading for _, reading in read])
    held, lost = apart(more, source.try_read(more))
    return _Found([*read, *held], [*found.unread, *unread, *lost], found.notes)


def draft(
    found: _Found, stamp: Mapping[str, Any], writing: BookOptions, registry: Registry | None
) -> BookDraft:
    """Tables of a book from what its readers read."""
    named, names = name_readings(found.read, writing.names)
    read, odd = buildable(named, registry)
    stated = writing.tables.get("assets", {})
    claims = unstated(claim_rows((each.reading for each in read), names), stated)
    wrong = contradicted(claims, [one for e in read for one in links(e.name, e.reading, registry)])
    claims = {asset: row for asset, row in claims.items() if asset not in wrong}
    its = worth(read, writing, {**claims, **stated}, registry)
    untold = [one for each in read for one in unread_tokens(each.reading, names)]
    unread = [*found.unread, *odd, *untold, *without_price(its, names)]
    if not (its.positions or its.holdings):
        raise ReaderError(nothing_read(unread) or EMPTY)
    claims, unit = with_prices(claims, its.prices), its.unit
    follow = {each.asset for each in its.taken if each.read == ASSETS and each.asset in claims}
    shown = [a for a in its.prices if a not in follow and (a != unit or unit in its.assets)]
    claimed = {**claims, **stated}
    instruments, notes = _instruments(its, writing, claimed)
    source = sources_of(its.read, names, its.taken, stamp, {*writing.prices, unit, *follow})
    tables = {
        "numeraire": unit,
        "prices": {asset: its.prices[asset] for asset in shown},
        "assets": claimed or [],
        "position": _rows(its.positions, writing),
        "holding": its.holdings,
        "instrument": instruments,
        **{name: its for name, its in writing.tables.items() if name != "assets"},
        "source": source | ({"unread": unread_rows(unread)} if unread else {}),
    }
    read_notes = [note for each in its.read for note in each.reading.notes]
    read_notes += [*token_notes((each.reading for each in its.read), names), *wrong.values()]
    return BookDraft({k: v for k, v in tables.items() if v != []}, [*read_notes, *notes])


def _rows(positions: Sequence[Named], writing: BookOptions) -> list[dict[str, Any]]:
    rows, taken = list[dict[str, Any]](), list[str]()
    for each in positions:
        name = unique(each.reading.name, taken)
        taken.append(name)
        rows.append(position_of(each, name, writing.at))
    return rows


def _instruments(
    its: Worth, writing: BookOptions, claimed: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Perps: of the assets that are named, or of all that do not trade near 1."""
    prices, unit = its.prices, its.unit
    if writing.perps is None and "instrument" in writing.tables:
        return [], []
    roots = claims_of(claimed).underlying(its.assets)
    others = [asset for asset in roots if asset != unit and asset in prices]
    near = [asset for asset in others if abs(prices[asset] - 1) < PEGGED]
    chosen = writing.perps if writing.perps is not None else [a for a in others if a not in near]
    left = [] if writing.perps is not None else near
    perps = [{"name": f"{each}-PERP", "kind": "perp", "underlying": each} for each in chosen]
    about = f"{', '.join(left)}: no perp is written for what trades within {PEGGED:.0%} of {unit}"
    return perps, [about] if left else []


PEGGED = 0.02
"""What trades so near to the numeraire is taken for a claim on it."""
