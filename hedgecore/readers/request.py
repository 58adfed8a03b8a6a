"""What is asked for, and the readers that read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from hedgecore.errors import ReaderError, SpecError, placed
from hedgecore.interfaces.reader import AbstractReader, AbstractSource, Reading, SearchRequest
from hedgecore.readers.sources import Kinds, reader_of
from hedgecore.registry.specs import schema, unknown_field


@frozen(kw_only=True)
class ReadRequest:
    """What to read.

    Attributes:
        owner: whose positions and balances.
        pools: ``ADDRESS``, or ``READER:ADDRESS`` where a reader is not to be found by asking.
        positions: ``READER:ID``, and more of the reader's fields: ``READER:ID,contract=0x…``.
        feeds: asset → ``ADDRESS``, and more fields: ``0x…,max_age=90000``.
        tokens: further tokens to count in the owner's wallet.
        without: kinds of readers that are left out, or single ones: ``READER:ID``.

    """

    owner: str | None = None
    pools: Sequence[str] = ()
    positions: Sequence[str] = ()
    feeds: Mapping[str, str] = field(factory=dict)
    tokens: Sequence[str] = ()
    without: Sequence[str] = ()


def canonical(venue: AbstractSource, ask: ReadRequest) -> ReadRequest:
    """Return it with every address as the venue writes it."""
    pools = (each.rpartition(":") for each in ask.pools)
    return evolve(
        ask,
        owner=None if ask.owner is None else venue.canonical(ask.owner),
        pools=["".join((kind, colon, venue.canonical(its))) for kind, colon, its in pools],
        tokens=[venue.canonical(each) for each in ask.tokens],
    )


@frozen
class Found:
    """The readers that read what was asked for, and what was not looked for, in words."""

    readers: Sequence[AbstractReader]
    notes: Sequence[str]


def find(venue: AbstractSource, kinds: Kinds, ask: ReadRequest) -> Found:
    """Return the readers of all that is asked for, but wallets.

    Raises:
        ReaderError: a pool is none, or nothing was asked for.

    """
    for each in ask.without:
        reader_of(kinds, each.partition(":")[0])
    if not (ask.owner or ask.pools or ask.positions):
        raise ReaderError("name an owner, a pool or a position: nothing else says what to read")
    kinds = {kind: cls for kind, cls in kinds.items() if kind not in ask.without and not cls.last}
    named = [_named(kinds, each) for each in ask.positions]
    named += [_feed(kinds, asset, each) for asset, each in ask.feeds.items()]
    pools = _pools(venue, kinds, ask.pools)
    unknown = {kind: _missing(cls, venue) for kind, cls in kinds.items()}
    searched = {k: cls for k, cls in kinds.items() if pools.get(k) or not unknown[k]}
    talks = [
        (
            f"looking for {kind}",
            cls.find(venue, SearchRequest(owner=ask.owner, pools=pools.get(kind, ()))),
        )
        for kind, cls in searched.items()
    ]
    found = [each for group in venue.converse(talks) for each in group]
    notes = [_unlooked(k, names) for k, names in unknown.items() if names and ask.owner]
    kept, idle = _without(list(dict.fromkeys([*named, *found])), ask)
    return Found(kept, [*notes, *(f"{each}: there is none to leave out" for each in idle)])


def wallets(
    venue: AbstractSource, kinds: Kinds, ask: ReadRequest, readings: Iterable[Reading]
) -> list[AbstractReader]:
    """Return the readers of the owner's balances of all tokens that were met, and of those named.

    A token whose balance is a position that was read is not counted again.
    """
    readings = list(readings)
    receipts = {each for reading in readings for each in reading.receipts}
    met = dict.fromkeys([*ask.tokens, *(t for reading in readings for t in reading.tokens)])
    wanted = SearchRequest(
        owner=ask.owner, tokens=tuple(each for each in met if each not in receipts)
    )
    last = {k: cls for k, cls in kinds.items() if cls.last and k not in ask.without}
    talks = [(f"looking for {kind}", cls.find(venue, wanted)) for kind, cls in last.items()]
    return [each for group in venue.converse(talks) for each in group]


def fields_of(cls: type[AbstractReader], text: str) -> dict[str, Any]:
    """Return the fields in ``VALUE,name=value,…``; the first one is the reader's first field."""
    first, *rest = text.split(",")
    pairs = [(next(iter(schema(cls))), first), *(each.partition("=")[::2] for each in rest)]
    return {name.strip(): _plain(value.strip()) for name, value in pairs}


def build_reader(cls: type[AbstractReader], given: Mapping[str, Any]) -> AbstractReader:
    """Return a reader from its fields.

    Raises:
        SpecError: a field is unknown, missing or wrong.

    """
    known = schema(cls)
    for name in given:
        if name not in known:
            raise SpecError(unknown_field(cls, name), kind=cls.kind, field=str(name)[:80])
    try:
        return cls(**given)
    except TypeError as error:
        raise SpecError(str(error), kind=cls.kind) from error


def _plain(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _named(kinds: Kinds, text: str) -> AbstractReader:
    """Return the reader that ``READER:ID,field=value`` names."""
    kind, colon, rest = text.partition(":")
    if not colon:
        raise ReaderError(f"{text!r:.80}: a position is named as READER:ID, like evm-uniswap-v3:1")
    cls = reader_of(kinds, kind)
    given = fields_of(cls, rest)
    return build_reader(cls, given)


def _feed(kinds: Kinds, asset: str, text: str) -> AbstractReader:
    feeds = [cls for cls in kinds.values() if {"feed", "asset"} <= schema(cls).keys()]
    if not feeds:
        raise ReaderError("no reader of price feeds is installed")
    with placed(f"the feed of {asset}"):
        return build_reader(feeds[0], {**fields_of(feeds[0], text), "asset": asset})


def _pools(venue: AbstractSource, kinds: Kinds, named: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return kind → addresses of its pools; each address is asked what it is, unless it is said."""
    found: dict[str, tuple[str, ...]] = {}
    for text in named:
        kind, colon, address = text.rpartition(":")
        mine = [kind] if colon and reader_of(kinds, kind) else _recognised(venue, kinds, address)
        found[mine[0]] = (*found.get(mine[0], ()), address)
    return found


def _recognised(venue: AbstractSource, kinds: Kinds, address: str) -> list[str]:
    """Return the one kind that an address is of."""
    talks = [
        (f"asking {address} for {kind}", cls.recognise(venue, address))
        for kind, cls in kinds.items()
    ]
    mine = [kind for kind, is_so in zip(kinds, venue.converse(talks), strict=True) if is_so]
    if not mine:
        raise ReaderError(
            f"{address} is no pool that an installed reader knows at {_moment(venue)} (asked:"
            f" {', '.join(kinds)}): check the address and the chain, or leave it out"
        )
    if len(mine) > 1:
        raise ReaderError(f"{address} may be {' or '.join(mine)}: say which, as READER:ADDRESS")
    return mine


def _moment(venue: AbstractSource) -> str:
    """Return the moment in short words, without hashes."""
    said = (f"{name} {each}" for name, each in venue.stamp.items())
    return ", ".join(each for each in said if len(each) <= SHORT)


SHORT = 30


def _without(
    found: list[AbstractReader], ask: ReadRequest
) -> tuple[list[AbstractReader], list[str]]:
    """Return the readers that are not left out one by one, and what names none of them."""
    single = {each.lower(): each for each in ask.without if ":" in each}
    names = {each: str(each).replace(" ", ":", 1).lower() for each in found}
    kept = [each for each in found if names[each] not in single]
    return kept, [text for name, text in single.items() if name not in names.values()]


def _missing(cls: type[AbstractReader], venue: AbstractSource) -> list[str]:
    return [each for each in cls.needs if each not in venue.contracts]


def _unlooked(kind: str, names: Sequence[str]) -> str:
    given = " ".join(f"--contract {each}=0x…" for each in names)
    return f"{kind}: the owner's were not looked for, since its contract here is not known: {given}"
