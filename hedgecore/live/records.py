"""Records to plain JSON and back, equal to the bit: what is written down can be run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints, overload

import attrs
import numpy as np
from attrs import frozen

from hedgecore.errors import HedgecoreError, JournalError
from hedgecore.hedging.solvers import LeastSquares
from hedgecore.live.plain import KIND, SHAPE, TYPE, to_plain
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build

__all__ = ["from_plain", "to_plain"]

Record = TypeVar("Record")

RECORDS = {
    "decisions.fixed_exposure": "FixedContract FixedExposure",
    "decisions.memory": "Memory",
    "decisions.rules": "Rules",
    "hedging.held": "HeldContracts",
    "hedging.problem": "HedgeProblem HedgeRequest",
    "interfaces.account": "Account AccountEvent AccountMargin ContractPosition ContractTerms Debt "
    "Identity TopOfBook",
    "interfaces.orders": "Absent Filled Intent Receipt Unknown",
    "interfaces.policy": "Observation",
    "market.assets": "AssetMap",
    "market.claims": "Multiple PoolShare",
    "market.exposure": "Exposure",
    "market.market": "Market",
    "market.portfolio": "Balance Portfolio Tradable",
}
"""Module → the records of the core: what may stand where a field takes anything priced, say."""


@overload
def from_plain(plain: Any, cls: type[Record], *, registry: Registry | None = None) -> Record: ...


@overload
def from_plain(plain: Any, cls: Any, *, registry: Registry | None = None) -> Any: ...


def from_plain(plain: Any, cls: Any, *, registry: Registry | None = None) -> Any:
    """Record of a class, from what `to_plain` made of one.

    Args:
        plain: JSON.
        cls: of the record; or Decimal, an enum, `tuple[Intent, ...]`: what an annotation may be.
        registry: of kinds; all that is installed unless given.

    Raises:
        JournalError: it is of another class, or its fields are not those of the class.

    Example:
        >>> from hedgecore.interfaces.orders import Absent
        >>> from hedgecore.live.records import from_plain
        >>> from_plain({"type": "Absent", "proof": "its nonce is used"}, Absent)
        Absent(proof='its nonce is used')

    """
    return _Decoder(registry).read(plain, cls)


@frozen
class _Decoder:
    """Values of JSON as annotations say them."""

    registry: Registry | None

    def read(self, plain: Any, hint: Any) -> Any:
        """Value that an annotation stands for."""
        if hint is Any or hint is object:
            return plain
        generic = self._generics().get(get_origin(hint))
        if generic is not None:
            return generic(plain, get_args(hint))
        if hint in LEAVES:
            return LEAVES[hint](plain)
        if not isinstance(hint, type):
            raise JournalError(f"no text is read as {hint}")
        return self._of_class(plain, hint)

    def _generics(self) -> Mapping[Any, Callable[[Any, tuple[Any, ...]], Any]]:
        """Origin of a generic annotation → the method that reads values of such annotations."""
        return {
            Union: self._one_of, UnionType: self._one_of, np.ndarray: _array,
            tuple: self._tuple, list: self._list, Sequence: self._list,
            frozenset: self._set, dict: self._table, Mapping: self._table,
        }  # fmt: skip

    def _one_of(self, plain: Any, arms: tuple[Any, ...]) -> Any:
        reasons = list[str]()
        for arm in arms:
            try:
                return self.read(plain, arm)
            except HedgecoreError as error:
                reasons.append(str(error))
        raise JournalError("; ".join(reasons))

    def _list(self, plain: Any, of: tuple[Any, ...]) -> list[Any]:
        return [self.read(each, of[0]) for each in _as_list(plain)]

    def _set(self, plain: Any, of: tuple[Any, ...]) -> frozenset[Any]:
        return frozenset(self._list(plain, of))

    def _tuple(self, plain: Any, of: tuple[Any, ...]) -> tuple[Any, ...]:
        if of[-1] is Ellipsis:
            return tuple(self._list(plain, of))
        if len(_as_list(plain)) != len(of):
            raise JournalError(f"has {len(plain)} entries, not {len(of)}")
        return tuple(self.read(each, hint) for each, hint in zip(plain, of, strict=True))

    def _table(self, plain: Any, of: tuple[Any, ...]) -> dict[str, Any]:
        return {name: self.read(each, of[1]) for name, each in _as_table(plain).items()}

    def _of_class(self, plain: Any, cls: type) -> Any:
        if issubclass(cls, Enum):
            return _construct(cls, plain)
        if issubclass(cls, tuple):
            row = zip(_as_list(plain), _hints(cls).values(), strict=True)
            return cls(*(self.read(each, hint) for each, hint in row))
        table = _as_table(plain)
        if TYPE in table:
            return self._record(table, _record_class(table[TYPE], cls))
        if table.get(KIND) == LeastSquares.kind:
            return LeastSquares()  # the core's own, which no plugin provides
        if KIND in table:
            return build(table, registry=self.registry)
        raise JournalError(f"is no {cls.__name__}: it names neither a type nor a kind")

    def _record(self, table: Mapping[str, Any], cls: type) -> Any:
        hints = _hints(cls)
        fields = {each.name: each for each in attrs.fields(cls) if each.init}
        unknown = set(table) - set(fields) - {TYPE}
        if unknown:
            raise JournalError(f"a {cls.__name__} has no {', '.join(sorted(unknown))}")
        own = {n: self._field(table[n], hints[n], cls, n) for n in fields if n in table}
        return _construct(cls, **{str(fields[name].alias): each for name, each in own.items()})

    def _field(self, plain: Any, hint: Any, cls: type, name: str) -> Any:
        try:
            return self.read(plain, hint)
        except HedgecoreError as error:
            raise JournalError(f"{cls.__name__}.{name}: {error}") from error


_hints = cache(get_type_hints)


def _construct(cls: Any, *given: Any, **named: Any) -> Any:
    """Instance of a class by its fields; JournalError where the class refuses them."""
    try:
        return cls(*given, **named)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise JournalError(f"is no {cls.__name__}: {error}") from error


def _record_class(name: Any, wanted: type) -> type:
    """Class of a record: the one that is wanted, or a record of the core that may stand there."""
    if name == wanted.__name__:
        return wanted
    module = next((m for m, names in RECORDS.items() if name in names.split()), None)
    if module is None or attrs.has(wanted):
        raise JournalError(f"is a {name!r:.80}, not a {wanted.__name__}")
    return cast("type", vars(import_module(f"hedgecore.{module}"))[name])


def _as_table(plain: Any) -> Mapping[str, Any]:
    if not isinstance(plain, Mapping):
        raise JournalError(f"must be a table, not {plain!r:.80}")
    return plain


def _as_list(plain: Any) -> list[Any]:
    if not isinstance(plain, list | tuple):
        raise JournalError(f"must be a list, not {plain!r:.80}")
    return list(plain)


def _array(plain: Any, of: tuple[Any, ...]) -> Any:
    """Array of the numbers that an annotation of NumPy names."""
    if isinstance(plain, Mapping):
        return np.empty(tuple(plain[SHAPE]), dtype=_dtype(of))
    if _construct(np.array, plain).dtype == object:
        raise JournalError(f"must be numbers, not {plain!r:.80}")
    return _construct(np.array, plain, dtype=_dtype(of))


def _dtype(of: tuple[Any, ...]) -> Any:
    number = get_args(of[1])[0]
    return number if isinstance(number, type) else None


def _exactly(*classes: type) -> Callable[[Any], Any]:
    """Values of some classes, and of no other: true is no number."""

    def read(plain: Any) -> Any:
        if type(plain) not in classes:
            raise JournalError(f"must be of {classes[0].__name__}, not {plain!r:.80}")
        return plain

    return read


def _float(plain: Any) -> float:
    if plain in ("nan", "inf", "-inf"):
        return float(plain)
    return float(_exactly(float, int)(plain))


def _decimal(plain: Any) -> Decimal:
    try:
        return Decimal(_exactly(str)(plain))
    except InvalidOperation as error:
        raise JournalError(f"is no decimal: {plain!r:.80}") from error


def _moment(plain: Any) -> datetime:
    return cast("datetime", _construct(datetime.fromisoformat, _exactly(str)(plain)))


LEAVES: Mapping[Any, Callable[[Any], Any]] = {
    NoneType: _exactly(NoneType),
    None: _exactly(NoneType),
    bool: _exactly(bool),
    int: _exactly(int),
    str: _exactly(str),
    float: _float,
    Decimal: _decimal,
    datetime: _moment,
}
"""Readers of values, by annotations without parts."""
