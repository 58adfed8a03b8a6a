"""Rules for a class before it is registered: each is a function that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import attrs

from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.interfaces.cost import AbstractCost
from hedgecore.interfaces.income import AbstractIncome
from hedgecore.interfaces.policy import AbstractPolicy
from hedgecore.interfaces.price_model import AbstractPriceModel
from hedgecore.interfaces.reader import AbstractReader
from hedgecore.interfaces.source import AbstractSource
from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.pools.model import PoolModel
from hedgecore.pools.payoff import PayoffPool
from hedgecore.renamed import METHODS

KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FINAL = frozenset(name for name, it in vars(PoolModel).items() if getattr(it, "__final__", False))
"""The public methods of `PoolModel`, which the core alone writes."""
BASES = {f"hedgecore.pools.{name}" for name in ("model", "pair", "payoff", "basket")}


def faults(hook: str, cls: object) -> list[str]:
    """Faults of `cls`, returned by `hook`; an empty list where nothing is wrong."""
    if not isinstance(cls, type):
        return [f"{hook} returned {cls!r:.80}, which is no class"]
    return [*_kind(cls), *_old_names(hook, cls), *RULES.get(hook, _anything)(cls)]


def _kind(cls: type) -> Iterator[str]:
    kind = getattr(cls, "kind", None)
    if not isinstance(kind, str) or not KIND.fullmatch(kind):
        yield f"{cls.__name__}.kind is {kind!r:.80}; it must be in kebab-case, like 'uniswap-v3'"


def _old_names(hook: str, cls: type) -> Iterator[str]:
    """Faults of a class that defines what is no longer looked for, each with its new name.

    A field is free to have any: a cost has a `rate`.
    """
    defined = _own_names(cls) - _field_names(cls)
    for old, new in METHODS.get(hook, {}).items():
        if old in defined:
            yield f"{cls.__name__} defines {old!r}: it is now {new!r}"


def _pool(cls: type) -> Iterator[str]:
    if not issubclass(cls, PoolModel):
        bases = "PairPool, PayoffPool, BasketPool or InvariantPool"
        yield f"{cls.__name__} is no PoolModel: subclass {bases}"
        return
    yield from _attrs_class(cls)
    for name in sorted(FINAL & _own_names(cls)):
        yield f"{cls.__name__} overrides the public method {name!r}: write its formulas instead"
    yield from _formulas(cls)
    needed = ("_value", "_delta") if issubclass(cls, PayoffPool) else ("_holdings",)
    if cls.accepts_floats and not {*needed, "_gamma"} <= _own_names(cls):
        both = f"then it writes {', '.join(needed)} and _gamma, for floats too"
        yield f"{cls.__name__} says `accepts_floats`: {both}"


def _formulas(cls: type) -> Iterator[str]:
    written = {"_value", "_holdings"} & _own_names(cls)
    if not issubclass(cls, PayoffPool):
        if "_value" in written:
            yield f"{cls.__name__} writes _value: derive from PayoffPool, which has the worth alone"
        if "_holdings" not in written:
            yield f"{cls.__name__} does not write _holdings"
        return
    if "_holdings" in written:
        yield f"{cls.__name__} writes both _value and _holdings: two ways to one number"
    if "_value" not in written:
        yield f"{cls.__name__} does not write _value"


def _instrument(cls: type) -> Iterator[str]:
    yield from _attrs_class(cls)
    wanted = {name for part in (Priced, Instrument) for name in vars(part) if name[0] != "_"}
    for name in sorted(wanted - set(dir(cls))):
        yield f"{cls.__name__} has no {name!r}, which every instrument has"


def _reader(cls: type) -> Iterator[str]:
    if not issubclass(cls, AbstractReader):
        yield f"{cls.__name__} is no AbstractReader: subclass it, and write its read(source)"
        return
    yield from _attrs_class(cls)
    source = getattr(cls, "source", None)
    if not isinstance(source, type) or not issubclass(source, AbstractSource):
        yield f"{cls.__name__}.source is {source!r:.80}; it must be a subclass of AbstractSource"
    for name in sorted(getattr(cls, "__abstractmethods__", ())):
        yield f"{cls.__name__} does not write {name!r}"


def _subclass(base: type, writes: str) -> Callable[[type], Iterator[str]]:
    """Rule for a class that is to be a frozen subclass of `base`."""

    def rule(cls: type) -> Iterator[str]:
        if not issubclass(cls, base):
            yield f"{cls.__name__} is no {base.__name__}: subclass it, and write its {writes}"
            return
        yield from _attrs_class(cls)
        for name in sorted(getattr(cls, "__abstractmethods__", ())):
            yield f"{cls.__name__} does not write {name!r}"

    return rule


def _venue(cls: type) -> Iterator[str]:
    yield from _subclass(AbstractVenue, "open")(cls)
    if issubclass(cls, AbstractVenue) and not cls.proof:
        yield f"{cls.__name__} does not say, as `proof`, what proves there that an order is absent"


def _attrs_class(cls: type) -> Iterator[str]:
    if "__attrs_attrs__" not in vars(cls) or not attrs.inspect(cls).is_frozen:
        yield f"{cls.__name__} is no frozen attrs class: decorate it with @attrs.frozen"


def _anything(cls: type) -> Iterator[str]:  # noqa: ARG001 - a hook without rules
    yield from ()


def _own_names(cls: type) -> set[str]:
    """Names that stand in the class or above it, short of the bases."""
    ours = [each for each in cls.__mro__ if each.__module__ not in BASES]
    return _field_names(cls).union(*map(vars, ours))


def _field_names(cls: type) -> set[str]:
    return {each.name for each in attrs.fields(cls)} if attrs.has(cls) else set()


RULES = {
    "hedgecore_pools": _pool,
    "hedgecore_instruments": _instrument,
    "hedgecore_solvers": _subclass(AbstractHedgeSolver, "solve"),
    "hedgecore_readers": _reader,
    "hedgecore_price_models": _subclass(AbstractPriceModel, "sample"),
    "hedgecore_policies": _subclass(AbstractPolicy, "fraction"),
    "hedgecore_costs": _subclass(AbstractCost, "cost"),
    "hedgecore_incomes": _subclass(AbstractIncome, "earned"),
    "hedgecore_venues": _venue,
}
