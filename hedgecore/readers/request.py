"""Request for a reading, the readers that it names, and the source that they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import NOTHING, evolve, field, frozen

from hedgecore.errors import ReaderError, SpecError, UnknownKindError, at_place, did_you_mean
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.source import AbstractSource
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.registry.specs import schema, unknown_field
from hedgecore.tables.secret import Secret

HOOK = "hedgecore_readers"
NONE = (
    "no reader is installed: pip install hedgecore-evm-readers reads EVM chains;"
    " `hedgecore plugins doctor` says what is broken"
)
CONTRACT = "contract"
"""The field of a reader that says which contract knows what it reads."""
Kinds = Mapping[str, type[AbstractReader]]


@frozen(kw_only=True)
class ReadRequest:
    """Request for what is to be read.

    Attributes:
        owner: whose positions and balances; several, if a sequence.
        pools: ``ADDRESS``, or ``READER:ADDRESS`` where a reader is not to be found by asking.
        positions: ``READER:ID``, and more of the reader's fields: ``READER:ID,contract=0x…``.
        feeds: asset → ``ADDRESS``, and more fields: ``0x…,max_age=90000``.
        tokens: further tokens to count in the owner's wallet.
        without: kinds of readers that are left out, or single ones: ``READER:ID``.

    """

    owner: str | Sequence[str] | None = None
    pools: Sequence[str] = ()
    positions: Sequence[str] = ()
    feeds: Mapping[str, str] = field(factory=dict)
    tokens: Sequence[str] = ()
    without: Sequence[str] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Owners, each once."""
        given = (self.owner,) if isinstance(self.owner, str) else (self.owner or ())
        return tuple(dict.fromkeys(given))


def canonical(source: AbstractSource, request: ReadRequest) -> ReadRequest:
    """The request with every address as the source writes it."""
    pools = (each.rpartition(":") for each in request.pools)
    return evolve(
        request,
        owner=[source.canonical(each) for each in request.owners],
        pools=["".join((kind, colon, source.canonical(its))) for kind, colon, its in pools],
        tokens=[source.canonical(each) for each in request.tokens],
    )


def installed_readers(registry: Registry | None = None) -> dict[str, type[AbstractReader]]:
    """Kind → class of every reader that is installed.

    Raises:
        ReaderError: there is none.

    """
    registry = default_registry() if registry is None else registry
    kinds: dict[str, type[AbstractReader]] = {k: registry[k] for k in registry.kinds(HOOK)}
    if not kinds:
        raise ReaderError(NONE)
    return kinds


def reader_of(kinds: Kinds, kind: str) -> type[AbstractReader]:
    """Class of one kind.

    Raises:
        UnknownKindError: no installed reader is called so.

    """
    if kind not in kinds:
        near = did_you_mean(kind, kinds)
        raise UnknownKindError(f"no reader is called {kind!r:.80}{near} ({', '.join(kinds)})")
    return kinds[kind]


def open_source(kinds: Kinds, rpc: Secret, **options: Any) -> AbstractSource:
    """Source of all these readers, open.

    Raises:
        ReaderError: they read sources of different kinds; or the source's own.

    """
    sources = {cls.source for cls in kinds.values() if cls.source.takes(rpc)}
    if len(sources) > 1:
        names = ", ".join(sorted(each.__name__ for each in sources))
        raise ReaderError(
            f"readers of several kinds of source take this RPC ({names}): leave the others' plugins"
            " out by HEDGECORE_BLOCK=name"
        )
    if not sources:
        raise ReaderError("no installed reader takes such an RPC: EVM chains have an http(s) URL")
    return sources.pop().open(rpc, **options)


def kinds_of(source: AbstractSource, kinds: Kinds) -> Kinds:
    """Kinds that read this source."""
    return {kind: cls for kind, cls in kinds.items() if isinstance(source, cls.source)}


def fields_of(cls: type[AbstractReader], text: str) -> dict[str, Any]:
    """Fields in ``VALUE,name=value,…``; the first one is the reader's first field."""
    first, *rest = text.split(",")
    pairs = [(next(iter(schema(cls))), first), *(each.partition("=")[::2] for each in rest)]
    return {name.strip(): _plain(value.strip()) for name, value in pairs}


def build_reader(cls: type[AbstractReader], given: Mapping[str, Any]) -> AbstractReader:
    """Reader from its fields.

    Raises:
        SpecError: a field is unknown, missing or wrong.

    """
    known = schema(cls)
    for name in given:
        if name not in known:
            raise SpecError(unknown_field(cls, name), kind=cls.kind, field=str(name)[:80])
    missing = [n for n, its in known.items() if its.default is NOTHING and n not in given]
    if missing:
        raise SpecError(f"needs {', '.join(missing)}", kind=cls.kind, field=missing[0])
    return cls(**given)


def _plain(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def reader_by_name(source: AbstractSource, kinds: Kinds, text: str) -> AbstractReader:
    """Reader that ``READER:ID,field=value`` names.

    Its contract is the one that is known at the source, unless it is given.

    Raises:
        ReaderError: it names no reader, or no contract is known.

    """
    kind, colon, rest = text.partition(":")
    if not colon:
        raise ReaderError(f"{text!r:.80}: a position is named as READER:ID, like evm-uniswap-v3:1")
    cls = reader_of(kinds, kind)
    return build_reader(cls, {**_contract(source, cls, text), **fields_of(cls, rest)})


def _contract(source: AbstractSource, cls: type[AbstractReader], text: str) -> dict[str, str]:
    """Field of the contract that a reader needs, where it needs one and has none."""
    field = schema(cls).get(CONTRACT)
    optional = field is not None and field.default is not NOTHING and not cls.needs
    if field is None or optional or f",{CONTRACT}=" in text.replace(" ", ""):
        return {}
    name, known = cls.deployments(source)
    if len(known) == 1:
        return {CONTRACT: known[0]}
    named = f"name it with the position: {text:.200},{CONTRACT}="
    if known:
        raise ReaderError(f"{text:.80}: {name} is {' and '.join(known)} here: {named}{known[0]}")
    if not name:
        raise ReaderError(f"{text:.80}: the contract that it is in is not said: {named}0x…")
    given = f"give --contract {name}=0x…, or {named}0x…"
    raise ReaderError(f"{text:.80}: where {name} stands here is not known: {given}")


def feed_by_name(kinds: Kinds, asset: str, text: str) -> AbstractReader:
    """Reader of an asset's price that ``ADDRESS,field=value`` names.

    Raises:
        ReaderError: no reader of feeds is installed.

    """
    feeds = [cls for cls in kinds.values() if {"feed", "asset"} <= schema(cls).keys()]
    if not feeds:
        raise ReaderError("no reader of price feeds is installed")
    with at_place(f"the feed of {asset}"):
        return build_reader(feeds[0], {**fields_of(feeds[0], text), "asset": asset})
