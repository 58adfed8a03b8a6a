"""Models from plain tables, and back: ``build(spec_of(model)) == model``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, overload

import attrs
import numpy as np

from hedgecore.errors import HedgecoreError, SpecError, did_you_mean
from hedgecore.market.market import Market
from hedgecore.pools.alternatives import Alternative, SupportsAlternatives
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.renamed import now_called
from hedgecore.tables.files import check_bounds

T = TypeVar("T")
WRITTEN = "written"
"""Key of a field's metadata for a function from its value to what stands in a table."""


@overload
def build(
    table: Mapping[str, Any],
    cls: type[T],
    *,
    registry: Registry | None = None,
    market: Market | None = None,
) -> T: ...


@overload
def build(
    table: Mapping[str, Any],
    cls: None = None,
    *,
    registry: Registry | None = None,
    market: Market | None = None,
) -> Any: ...


def build(
    table: Mapping[str, Any],
    cls: type | None = None,
    *,
    registry: Registry | None = None,
    market: Market | None = None,
) -> Any:
    """Model that `table` describes: ``kind``, and the fields of that kind.

    Args:
        table: plain, as it stands in a file.
        cls: class of the kind, which a type checker then knows the result to be of.
        registry: of kinds; all that is installed unless given.
        market: prices that a table may leave out, and whose numeraire the `worth` of a position is
            in; without one it is in the quote, at the pool's own price.

    Raises:
        UnknownKindError: no plugin provides the kind.
        SpecError: a field is unknown, missing or wrong, or the kind is no `cls`; it is named, with
            what would be right.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> type(pool).__name__, float(pool.spot())
        ('UniswapV2', 3000.0)

    """
    if not isinstance(table, Mapping):
        raise SpecError(f"a model is built from a table, not from {table!r:.80}")
    check_bounds(table)
    kind = table.get("kind")
    if not isinstance(kind, str):
        raise SpecError(f"must name a kind, like 'uniswap-v3', not {kind!r:.80}", field="kind")
    found = (default_registry() if registry is None else registry)[kind]
    if cls is not None and not issubclass(found, cls):
        raise SpecError(f"{kind!r:.80} is no {cls.__name__}", field="kind")
    given = {str(name): value for name, value in table.items() if name != "kind"}
    _check_names(found, kind, given)
    try:
        if issubclass(found, SupportsAlternatives):
            given = found.canonical(given, market)
        return found(**given)
    except HedgecoreError:
        raise
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise SpecError(str(error) or type(error).__name__, kind=kind) from error


def spec_of(model: Any) -> dict[str, Any]:
    """Table that builds `model`: JSON-safe, without fields that are None by default.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> hc.spec_of(pool)["reserves"], hc.build(hc.spec_of(pool)) == pool
        ([10.0, 30000.0], True)

    """
    return {"kind": type(model).kind, **_table(model)}


def schema(cls: type) -> dict[str, attrs.Attribute[Any]]:
    """Fields of a table of this class, name → attrs field, in order.

    Example:
        >>> list(hc.schema(hc.default_registry()["uniswap-v2"]))
        ['assets', 'reserves', 'share', 'fee']

    """
    if not attrs.has(cls):
        raise SpecError(f"{cls.__name__} is no attrs class, so it has no table")
    return {each.alias or each.name: each for each in attrs.fields(cls) if each.init}


def kind_of(thing: Any) -> str | None:
    """Kind of a thing, as a table names it; None of what has none, a balance say."""
    kind = getattr(type(thing), "kind", None)
    return kind if isinstance(kind, str) else None


def _alternatives(cls: type) -> Mapping[str, Alternative]:
    """Alternatives that a table of this class may hold beside its fields; mostly none."""
    return cls.alternatives() if issubclass(cls, SupportsAlternatives) else {}


def unknown_field(cls: Any, name: str) -> str:
    """Reason of an error on a field that a table of this class may not hold: what it may hold."""
    known = dict.fromkeys([*schema(cls), *_alternatives(cls)])
    near = now_called(name, renames(cls)) or did_you_mean(name, known)
    return f"there is no such field{near} (the fields of {cls.kind} are {', '.join(known)})"


def renames(cls: type) -> Mapping[str, str]:
    """Old name → new name of the fields of a kind, as its class variable `renamed` says."""
    said = getattr(cls, "renamed", {})
    return said if isinstance(said, Mapping) else {}


def refuse_unknown(cls: type, kind: str, given: Mapping[str, Any]) -> None:
    """Raise a SpecError on a name that a table of this class may not hold."""
    known = {*schema(cls), *_alternatives(cls)}
    for name in given:
        if name not in known:
            raise SpecError(unknown_field(cls, name), kind=kind, field=name[:80])


def _check_names(cls: type, kind: str, given: Mapping[str, Any]) -> None:
    refuse_unknown(cls, kind, given)
    fields, others = schema(cls), _alternatives(cls)
    stated = {name for other in others if other in given for name in others[other].instead_of}
    missing = [
        name
        for name, f in fields.items()
        if f.default is attrs.NOTHING and name not in given and name not in stated
    ]
    if missing:
        ways = ["".join(_ways(name, others)) for name in missing]
        raise SpecError(f"needs {', '.join(ways)}", kind=kind, field=missing[0])


def _ways(name: str, others: Mapping[str, Alternative]) -> tuple[str, str]:
    """Field, and what may stand in its place, in brackets."""
    instead = [other for other, its in others.items() if name in its.instead_of]
    return name, f" (or {', '.join(instead)})" if instead else ""


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if attrs.has(type(value)):
        return _table(value) if kind_of(value) is None else spec_of(value)
    return value.item() if isinstance(value, np.generic) else value


def _table_value(value: Any, field: attrs.Attribute[Any]) -> Any:
    """Value of a field as its table has it, by the field's own `WRITTEN` where it has one."""
    write = field.metadata.get(WRITTEN)
    return value if write is None else write(value)


def _table(model: Any) -> dict[str, Any]:
    fields = schema(type(model))
    values = {name: _table_value(getattr(model, f.name), f) for name, f in fields.items()}
    silent = {name for name, f in fields.items() if f.default is None and values[name] is None}
    return {name: _plain(value) for name, value in values.items() if name not in silent}
