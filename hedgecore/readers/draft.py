"""A book from what was read: its prices, positions, balances, and where each is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from typing import Any

from attrs import evolve, frozen

from hedgecore.books.sources import unread_of
from hedgecore.errors import ReaderError
from hedgecore.interfaces.source import AbstractSource, Progress, result_of
from hedgecore.readers.claims import (
    claim_rows,
    contradictions,
    token_notes,
    unstated_rows,
    with_prices,
)
from hedgecore.readers.naming import unique
from hedgecore.readers.options import BookOptions
from hedgecore.readers.parts import (
    SourcePart,
    SourceTables,
    chain_of,
    check_chains,
    contracts_on,
    for_chain,
    notes_of,
    side_by_side,
)
from hedgecore.readers.pricing import ASSETS, claims_of, links
from hedgecore.readers.request import (
    Kinds,
    ReadRequest,
    canonical,
    installed_readers,
    kinds_of,
    open_source,
)
from hedgecore.readers.rows import Named, as_of_field, name_readings, position_of
from hedgecore.readers.search import find, wallets
from hedgecore.readers.unread import (
    nothing_read,
    split_unbuilt,
    split_unread,
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
        return unread_of(self.tables["source"])

    def at(self, time: float | None) -> BookDraft:
        """The draft with the moment of its prices, where that is known."""
        unit, rest = {"numeraire": self.tables["numeraire"]}, self.tables
        return evolve(self, tables={**unit, **as_of_field(time), **rest})

    def with_notes(self, more: Sequence[str]) -> BookDraft:
        """The draft with further notes before its own."""
        return evolve(self, notes=[*more, *self.notes])


def read_book(
    rpc: Secret | Sequence[Secret],
    request: ReadRequest,
    writing: BookOptions | None = None,
    *,
    registry: Registry | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> BookDraft:
    """Read a book, everything at one moment, of each chain where there are several.

    What cannot be read or priced stays visible: ``[source.unread]`` has its address, and why.

    Args:
        rpc: where the source is reached; several, each of another chain.
        request: what to read.
        writing: how to write it.
        registry: the kinds that are installed.
        progress: told how many of how many readers are done.
        options: as `AbstractSource.open` takes them: block, chain, contracts, seconds, max_age.

    Raises:
        ReaderError: the source failed, or nothing could be read, or nothing of it has a price.
        SpecError: what was asked for is malformed.

    """
    kinds, writing = installed_readers(registry), writing or BookOptions()
    rpcs = [rpc] if isinstance(rpc, Secret) else list(rpc)
    with ExitStack() as opened:
        sources = [opened.enter_context(open_source(kinds, each, **options)) for each in rpcs]
        contracts = options.get("contracts") or {}
        told: dict[str, Any] = {
            "names": writing.names,
            "progress": progress,
            "contracts": contracts,
        }
        blocks = str(options.get("block") or "").split(",")
        ids = [str(each.stamp["chain"]) for each in sources]
        check_chains(request, [*contracts, *blocks], ids)
        parts = [
            _part(each, kinds, _request_for(request, sources, each), **told) for each in sources
        ]
        made = draft(side_by_side(parts), writing, registry)
    times = [each.time for each in parts]
    oldest = None if None in times else min(each for each in times if each is not None)
    return made.at(oldest).with_notes(notes_of(parts))


def _request_for(
    request: ReadRequest, sources: Sequence[AbstractSource], source: AbstractSource
) -> ReadRequest:
    """Request that one of several sources is asked."""
    return for_chain(request, str(source.stamp["chain"]), first=source is sources[0])


def _part(
    source: AbstractSource,
    every: Kinds,
    asked: ReadRequest,
    *,
    names: Mapping[str, str],
    progress: Progress | None,
    contracts: Mapping[str, str],
) -> SourcePart:
    """Read what is asked of one source; a feed must not fail, since prices are to be from it."""
    kinds, request = kinds_of(source, every), canonical(source, asked)
    found = find(source, kinds, request)
    first = source.try_read(found.readers, progress)
    for reader, reading in zip(found.readers, first, strict=True):
        if reader in found.feeds:
            result_of(reading)
    read, unread = split_unread(found.readers, first)
    more = wallets(source, kinds, request, [reading for _, reading in read])
    held, lost = split_unread(more, source.try_read(more))
    chain = str(source.stamp["chain"])
    named = [(*chain_of(its), name) for its, name in names.items()]
    return SourcePart(
        read=[*read, *held],
        unread=[*found.unread, *unread, *lost],
        notes=found.notes,
        stamp={**source.stamp, "contracts": contracts_on(chain, contracts)},
        time=source.time,
        names={source.canonical(i): name for of, i, name in named if of in ("", chain)},
    )


def draft(
    parts: Sequence[SourcePart], writing: BookOptions, registry: Registry | None
) -> BookDraft:
    """Tables of a book from what its readers read."""
    given = {its: name for part in parts for its, name in part.names.items()}
    named, names = name_readings([one for part in parts for one in part.read], given)
    of = [part for part in parts for _ in part.read]
    owner = {each.name: part for each, part in zip(named, of, strict=True)}
    read, odd = split_unbuilt(named, registry)
    stated = writing.tables.get("assets", {})
    claims, wrong = _claims(read, names, writing, registry)
    its = worth(read, writing, {**claims, **stated}, registry)
    untold = [one for each in read for one in unread_tokens(each.reading, names)]
    unread = [*(one for part in parts for one in part.unread), *odd, *untold]
    unread += without_price(its, names)
    if not (its.positions or its.holdings):
        unsought = (note for part in parts for note in part.notes)
        raise ReaderError("; ".join([nothing_read(unread) or EMPTY, *unsought]))
    claims = with_prices(claims, its.prices)
    follow = {each.asset for each in its.taken if each.read == ASSETS and each.asset in claims}
    instruments, notes = _instruments(its, writing, {**claims, **stated})
    fixed = {*writing.prices, its.unit, *follow}
    tables = {
        "numeraire": its.unit,
        "prices": _shown_prices(its, follow),
        "assets": {**claims, **stated} or [],
        "position": _rows(its.positions, writing),
        "holding": its.holdings,
        "instrument": instruments,
        **{name: its for name, its in writing.tables.items() if name != "assets"},
        "source": SourceTables(owner, its, names, fixed, unread).of(parts),
    }
    said = [note for each in its.read for note in each.reading.notes]
    said += [*token_notes((each.reading for each in its.read), names), *wrong.values()]
    return BookDraft({k: v for k, v in tables.items() if v != []}, [*said, *notes])


def _claims(
    read: Sequence[Named],
    names: Mapping[str, str],
    writing: BookOptions,
    registry: Registry | None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Rows of ``[assets]`` that contracts state, and sentences on those that pools contradict."""
    every = claim_rows((each.reading for each in read), names)
    claims = unstated_rows(every, writing.tables.get("assets", {}), writing.prices)
    found = [one for each in read for one in links(each.name, each.reading, registry)]
    wrong = contradictions(claims, found)
    return {asset: row for asset, row in claims.items() if asset not in wrong}, wrong


def _shown_prices(its: Worth, follow: AbstractSet[str]) -> dict[str, float]:
    """Prices, without those that follow from others by ``[assets]``."""
    shown = (a for a in its.prices if a not in follow and (a != its.unit or a in its.assets))
    return {asset: its.prices[asset] for asset in shown}


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
    """Tables of perps, and notes: of the assets that are named, or of all not near 1."""
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
"""Distance from the numeraire's price within which an asset is taken for a claim on it."""
