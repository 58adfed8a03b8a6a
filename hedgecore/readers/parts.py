"""Parts of a book: what was read of one source, at its one moment, and of several side by side.

Tokens of several chains are apart, whatever they are called and wherever they stand: their ids have
the chain before them; their symbols and what was read have the chain behind, but for the first's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from hedgecore.books.sources import CHAINS
from hedgecore.errors import ReaderError
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.reading import Reading, Token
from hedgecore.readers.naming import with_names
from hedgecore.readers.request import ReadRequest
from hedgecore.readers.rows import as_of_field, sources_of
from hedgecore.readers.unread import Unread, unread_rows
from hedgecore.readers.worth import Worth


@frozen(kw_only=True)
class SourcePart:
    """Readings of one source.

    Attributes:
        read: readers with what they read.
        unread: what could not be read.
        notes: what was not looked for, in words.
        stamp: the source's moment.
        time: the same, seconds since 1970; None where the source does not say.
        names: token id → name that the user gives.
        ids: what stands before the ids of its tokens; nothing for a sole part.

    """

    read: Sequence[tuple[AbstractReader, Reading]]
    unread: Sequence[Unread]
    notes: Sequence[str]
    stamp: Mapping[str, Any]
    time: float | None
    names: Mapping[str, str]
    ids: str = ""

    @property
    def chain(self) -> str:
        """Name of the source."""
        return str(self.stamp["chain"])

    def without_ids(self, lost: Unread) -> Unread:
        """Unread thing whose token has the id that the source itself gives it."""
        token = lost.fields.get("token")
        if not isinstance(token, str):
            return lost
        return evolve(lost, fields={**lost.fields, "token": token.removeprefix(self.ids)})


def side_by_side(parts: Sequence[SourcePart]) -> list[SourcePart]:
    """Parts whose tokens are apart; a sole one as it is."""
    if len(parts) == 1:
        return list(parts)
    first, *others = parts
    return [_with_chain(first, ""), *(_with_chain(each, f" {each.chain}") for each in others)]


def notes_of(parts: Sequence[SourcePart]) -> list[str]:
    """Notes on what was not looked for; of several parts, on which chain."""
    return [
        note if len(parts) == 1 else f"chain {each.chain}: {note}"
        for each in parts
        for note in each.notes
    ]


def for_chain(request: ReadRequest, chain: str, *, first: bool) -> ReadRequest:
    """Request of one chain: what is named as ``CHAIN:…``; the first's, without a chain."""

    def mine(given: Iterable[str]) -> list[str]:
        return [its for of, its in map(chain_of, given) if of == chain or (first and not of)]

    feeds = {asset: chain_of(its) for asset, its in request.feeds.items()}
    return evolve(
        request,
        pools=mine(request.pools),
        positions=mine(request.positions),
        tokens=mine(request.tokens),
        without=[*mine(request.without), *_kinds(request.without)],
        feeds={a: its for a, (of, its) in feeds.items() if of == chain or (first and not of)},
    )


def contracts_on(chain: str, given: Mapping[str, str]) -> dict[str, str]:
    """Contracts of one chain: those that are named for it, before those for every chain."""
    parts = [(*chain_of(name), its) for name, its in given.items()]
    return {name: its for wanted in ("", chain) for of, name, its in parts if of == wanted}


def check_chains(request: ReadRequest, named: Sequence[str], chains: Sequence[str]) -> None:
    """Check that each RPC is of another chain, and what is asked for or `named` of one of these.

    Raises:
        ReaderError: two are of one chain, or none is of that which is named.

    """
    twice = next((each for each in chains if chains.count(each) > 1), None)
    if twice is not None:
        raise ReaderError(f"two of the RPCs are of chain {twice}: name one RPC of each chain")
    every = (request.pools, request.positions, request.tokens, request.without, named)
    for text in (each for group in (*every, request.feeds.values()) for each in group):
        if chain_of(text)[0] not in ("", *chains):
            raise ReaderError(
                f"{text!r:.80} is on chain {chain_of(text)[0]}, and the RPCs are of"
                f" {', '.join(chains)}: name an RPC of that chain too"
            )


def chain_of(text: str) -> tuple[str, str]:
    """Chain that a text names before its first colon, or none, and the rest."""
    chain, colon, rest = text.partition(":")
    return (chain, rest) if colon and chain.isdecimal() else ("", text)


@frozen
class SourceTables:
    """Writer of ``[source]``: of a sole part its table, of several one each, with its own age.

    Attributes:
        owner: name of a reading → the part that it is of.
        its: what was read that has a price.
        names: token id → name of the asset.
        given: assets whose prices are not to be read again.
        unread: what could not be read or priced.

    """

    owner: Mapping[str, SourcePart]
    its: Worth
    names: Mapping[str, str]
    given: set[str]
    unread: Sequence[Unread]

    def of(self, parts: Sequence[SourcePart]) -> dict[str, Any]:
        """Table of all parts."""
        if len(parts) == 1:
            return self._table(parts[0])
        return {CHAINS: {p.chain: {**as_of_field(p.time), **self._table(p)} for p in parts}}

    def _table(self, part: SourcePart) -> dict[str, Any]:
        ids = {i: name for i, name in self.names.items() if i.startswith(part.ids)}
        assets = {*ids.values()}
        taken = [
            each
            for each in self.its.taken
            if (self.owner[each.read] is part if each.read in self.owner else each.asset in assets)
        ]
        read = [each for each in self.its.read if self.owner[each.name] is part]
        mine = {its.removeprefix(part.ids): name for its, name in ids.items()}
        table = sources_of(read, mine, taken, part.stamp, self.given)
        lost = [part.without_ids(each) for each in self.unread if self._is_of(each, part)]
        return table | ({"unread": unread_rows(lost)} if lost else {})

    def _is_of(self, lost: Unread, part: SourcePart) -> bool:
        """True if a part is where something was found: by its reading, or its token's id."""
        if not part.ids or lost in part.unread or self.owner.get(lost.name) is part:
            return True
        return str(lost.fields.get("token", "")).startswith(part.ids)


def _kinds(without: Iterable[str]) -> list[str]:
    return [each for each in without if ":" not in each]


def _with_chain(part: SourcePart, behind: str) -> SourcePart:
    """Part whose tokens have its chain in their ids, and `behind` behind their symbols."""
    before = f"{part.chain}:"

    def token(its: Token) -> Token:
        claim = None if its.claim is None else token(its.claim)
        return evolve(its, id=before + its.id, symbol=its.symbol + behind, claim=claim)

    return evolve(
        part,
        ids=before,
        names={before + its: name for its, name in part.names.items()},
        read=[
            (reader, evolve(_rename_tokens(its, before, token), name=its.name + behind))
            for reader, its in part.read
        ],
    )


def _rename_tokens(reading: Reading, before: str, token: Callable[[Token], Token]) -> Reading:
    ids = {its: before + its for its in reading.tokens}
    return evolve(
        reading,
        position=None if reading.position is None else with_names(reading.position, ids),
        holdings=with_names(reading.holdings, ids),
        depth=with_names(reading.depth, ids),
        tokens={ids[its]: token(each) for its, each in reading.tokens.items()},
        quotations=tuple(
            evolve(e, asset=ids.get(e.asset, e.asset), unit=ids.get(e.unit, e.unit))
            for e in reading.quotations
        ),
        unknown={before + its: why for its, why in reading.unknown.items()},
    )
