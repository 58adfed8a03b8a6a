"""The search for what is to be read: positions of an owner, pools by address, wallets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from hedgecore.errors import ReaderError, SearchError
from hedgecore.interfaces.reader import AbstractReader, SearchRequest
from hedgecore.interfaces.reading import Reading
from hedgecore.interfaces.source import AbstractSource, Conversation
from hedgecore.readers.duplicates import each_once
from hedgecore.readers.request import Kinds, ReadRequest, feed_by_name, reader_by_name, reader_of
from hedgecore.readers.unread import Unread


@frozen
class Found:
    """The readers that read what was asked for.

    Attributes:
        readers: of all of it, but wallets.
        feeds: those among them that must not fail: prices are to be taken from them.
        unread: searches that failed, though something is there, or may be.
        notes: what was not looked for, in words.

    """

    readers: Sequence[AbstractReader]
    feeds: Sequence[AbstractReader]
    unread: Sequence[Unread]
    notes: Sequence[str]


def find(source: AbstractSource, kinds: Kinds, request: ReadRequest) -> Found:
    """Readers of all that is asked for, but wallets.

    Raises:
        ReaderError: a pool is none, or nothing was asked for.

    """
    for each in request.without:
        reader_of(kinds, each.partition(":")[0])
    if not (request.owners or request.pools or request.positions):
        raise ReaderError("name an owner, a pool or a position: nothing else says what to read")
    kinds = {
        kind: cls for kind, cls in kinds.items() if kind not in request.without and not cls.last
    }
    named = [reader_by_name(source, kinds, each) for each in request.positions]
    feeds = [feed_by_name(kinds, asset, each) for asset, each in request.feeds.items()]
    pools = _pools(source, kinds, request.pools)
    unknown = {kind: _missing_contracts(cls, source) for kind, cls in kinds.items()}
    searched = {k: cls for k, cls in kinds.items() if pools.get(k) or not unknown[k]}
    talks = [
        (
            f"looking for {kind}" if owner is None else f"looking for {kind} of {owner}",
            cls.find(source, SearchRequest(owner=owner, pools=pools.get(kind, ()))),
        )
        for owner in request.owners or (None,)
        for kind, cls in searched.items()
    ]
    found, unread, notes = _search(talks, source)
    notes += [_skipped_note(k, names) for k, names in unknown.items() if names and request.owners]
    kept, idle = _without(each_once([*named, *feeds, *found]), request)
    notes += [f"{each}: there is none to leave out" for each in idle]
    return Found(kept, feeds, unread, notes)


def _search(
    talks: Sequence[tuple[str, Conversation[list[AbstractReader]]]], source: AbstractSource
) -> tuple[list[AbstractReader], list[Unread], list[str]]:
    """Readers that searches found, the searches that failed, and notes on those not made."""
    found, unread, notes = list[AbstractReader](), list[Unread](), list[str]()
    for (name, _), group in zip(talks, source.attempt(talks), strict=True):
        found += group.found if isinstance(group, ReaderError) else group
        if isinstance(group, SearchError):
            notes.append(str(group))
        elif isinstance(group, ReaderError):
            unread.append(Unread(name, str(group)))
    return found, unread, notes


def wallets(
    source: AbstractSource, kinds: Kinds, request: ReadRequest, readings: Iterable[Reading]
) -> list[AbstractReader]:
    """Readers of the owners' balances of all tokens that were met, and of those named.

    A token whose balance is a position that was read is not counted again.
    """
    readings = list(readings)
    receipts = {each for reading in readings for each in reading.receipts}
    met = dict.fromkeys([*request.tokens, *(t for reading in readings for t in reading.tokens)])
    counted = tuple(each for each in met if each not in receipts)
    last = {k: cls for k, cls in kinds.items() if cls.last and k not in request.without}
    talks = [
        (f"looking for {kind}", cls.find(source, SearchRequest(owner=owner, tokens=counted)))
        for owner in request.owners or (None,)
        for kind, cls in last.items()
    ]
    return [each for group in source.converse(talks) for each in group]


def _pools(
    source: AbstractSource, kinds: Kinds, named: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Kind → addresses of its pools; each address is asked what it is, unless it is said."""
    told = [text.rpartition(":") for text in named]
    asked = list(dict.fromkeys(address for kind, colon, address in told if not colon))
    known = _recognise(source, kinds, asked)
    found: dict[str, tuple[str, ...]] = {}
    for kind, colon, address in told:
        if colon:
            reader_of(kinds, kind)
        mine = kind if colon else known[address]
        found[mine] = (*found.get(mine, ()), address)
    return found


def _recognise(source: AbstractSource, kinds: Kinds, addresses: Sequence[str]) -> dict[str, str]:
    """Address → the one kind that it is of; all of them are asked side by side."""
    pairs = [(address, kind) for address in addresses for kind in kinds]
    talks = [
        (f"asking {address} for {kind}", kinds[kind].recognise(source, address))
        for address, kind in pairs
    ]
    mine: dict[str, list[str]] = {address: [] for address in addresses}
    for (address, kind), is_so in zip(pairs, source.converse(talks), strict=True):
        if is_so:
            mine[address].append(kind)
    return {address: _only_kind(address, its, kinds, source) for address, its in mine.items()}


def _only_kind(address: str, mine: Sequence[str], kinds: Kinds, source: AbstractSource) -> str:
    """The one kind that an address is of."""
    if not mine:
        raise ReaderError(
            f"{address} is no pool that an installed reader knows at {_moment(source)} (asked:"
            f" {', '.join(kinds)}): check the address and the chain, or leave it out"
        )
    if len(mine) > 1:
        raise ReaderError(f"{address} may be {' or '.join(mine)}: say which, as READER:ADDRESS")
    return mine[0]


def _moment(source: AbstractSource) -> str:
    """Moment in short words, without hashes."""
    said = (f"{name} {each}" for name, each in source.stamp.items())
    return ", ".join(each for each in said if len(each) <= SHORT)


SHORT = 30


def _without(
    found: list[AbstractReader], request: ReadRequest
) -> tuple[list[AbstractReader], list[str]]:
    """Readers that are not left out one by one, and what names none of them."""
    single = {each.lower(): each for each in request.without if ":" in each}
    names = {each: str(each).replace(" ", ":", 1).lower() for each in found}
    kept = [each for each in found if names[each] not in single]
    return kept, [text for name, text in single.items() if name not in names.values()]


def _missing_contracts(cls: type[AbstractReader], source: AbstractSource) -> list[str]:
    return [each for each in cls.needs if each not in source.contracts]


def _skipped_note(kind: str, names: Sequence[str]) -> str:
    given = " ".join(f"--contract {each}=0x…" for each in names)
    return f"{kind}: the owner's were not looked for, since its contract here is not known: {given}"
