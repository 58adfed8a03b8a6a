"""Fields that hold tables: name → number, name → range, name → list; bounded, with their unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from numbers import Integral, Real
from typing import Any, TypeAlias

from attrs import Attribute, Converter, Factory, field

from hedgecore import fields
from hedgecore.errors import did_you_mean
from hedgecore.market.magnitudes import MOST

Range: TypeAlias = tuple[float, float]
One: TypeAlias = Callable[[Any, Any, str], Any]
"""Converter of one entry: from what was given, of which model, at which place."""


def amounts(
    about: str, unit: str, rule: fields.Rule = fields.NONNEGATIVE, *, validator: Any = None
) -> Any:
    """Field that holds name → number."""
    says = f"name = a number, {rule.says}"
    return _table(about, unit, says, _number_rule(rule), validator=validator)


def choices(about: str, unit: str, known: Collection[str], default: dict[str, float]) -> Any:
    """Field that holds name → number, 0 or more, its names among `known`."""
    says = f"of {', '.join(known)}: a number, {fields.NONNEGATIVE.says}"
    return _table(about, unit, says, _number_rule(fields.NONNEGATIVE), known=known, default=default)


def ranges(about: str, unit: str) -> Any:
    """Field that holds name → (low, high); one number stands for (−number, number)."""
    return _table(about, unit, "name = [low, high], or one number for both sides", _range)


def lists(about: str, unit: str, rule: fields.Rule) -> Any:
    """Field that holds name → numbers."""
    one = _number_rule(rule)

    def each(given: Any, model: Any, its: str) -> tuple[float, ...]:
        found = tuple(one(number, model, its) for number in _many(given, model, its))
        if not found:
            raise fields.wrong(model, its, "needs one number at least")
        return found

    return _table(about, unit, f"name = numbers, each {rule.says}", each)


def table(about: str, unit: str, says: str, convert: Any, *, validator: Any = None) -> Any:
    """Field that holds a table as `convert(given, model, its)` returns it; empty first."""
    meta = {"about": about, "unit": unit, "rule": says}
    return field(
        default=Factory(dict), converter=_converter(convert), validator=validator, metadata=meta
    )


def finite_number(given: Any, model: Any, its: str) -> float:
    """One finite number."""
    return float(_number_rule(fields.FINITE)(given, model, its))


def name_list(about: str, known: Collection[str]) -> Any:
    """Field that holds some of the names in `known`."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[str, ...]:
        names = tuple(_many(given, model, its.name))
        for name in names:
            _check_name(name, known, model, its.name)
        return names

    meta = {"about": about, "unit": "names", "rule": f"of {', '.join(known)}"}
    return field(default=(), converter=_converter(convert), metadata=meta)


def count(about: str, unit: str, least: int = 0, *, default: int | None = None) -> Any:
    """Field that holds a whole number, `least` or more; None is legal where it is the default."""
    rule = f"a whole number, {least} or more"

    def convert(given: Any, model: Any, its: Attribute[Any]) -> int | None:
        if given is None and default is None:
            return None
        if isinstance(given, bool) or not isinstance(given, Integral) or given < least:
            raise fields.wrong(model, its.name, f"must be {rule}, not {given!r:.80}")
        return int(given)

    meta = {"about": about, "unit": unit, "rule": rule}
    return field(default=default, converter=_converter(convert), metadata=meta)


def switch(about: str, *, default: bool) -> Any:
    """Field that is true or false."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> bool:
        if not isinstance(given, bool):
            raise fields.wrong(model, its.name, f"must be true or false, not {given!r:.80}")
        return given

    meta = {"about": about, "unit": "yes or no", "rule": "true or false"}
    return field(default=default, converter=_converter(convert), metadata=meta)


def _table(
    about: str,
    unit: str,
    says: str,
    one: One,
    *,
    known: Collection[str] | None = None,
    default: Mapping[str, Any] | None = None,
    validator: Any = None,
) -> Any:
    def convert(given: Any, model: Any, its: Attribute[Any]) -> dict[str, Any]:
        if not isinstance(given, Mapping):
            raise fields.wrong(model, its.name, f"must be a table, not {given!r:.80}")
        for name in given:
            _check_name(name, known, model, its.name)
        return {name: one(entry, model, f"{its.name}.{name}") for name, entry in given.items()}

    start = dict(default or {})
    meta = {"about": about, "unit": unit, "rule": says}
    return field(
        default=Factory(lambda: start),
        converter=_converter(convert),
        validator=validator,
        metadata=meta,
    )


def _converter(convert: Callable[[Any, Any, Attribute[Any]], Any]) -> Any:
    return Converter(convert, takes_self=True, takes_field=True)


def _check_name(name: Any, known: Collection[str] | None, model: Any, its: str) -> None:
    if not isinstance(name, str) or not name:
        raise fields.wrong(model, its, f"is by name, not by {name!r:.80}")
    if known is not None and name not in known:
        now = type(model).renamed.get(f"{its}.{name}", "").rpartition(".")[2]
        if now:
            raise fields.wrong(model, its, f"{name!r} is called {now!r} now")
        near = did_you_mean(name, known)
        raise fields.wrong(model, its, f"there is no {name!r:.80}{near} ({', '.join(known)})")


def _many(given: Any, model: Any, its: str) -> Iterable[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise fields.wrong(model, its, f"must be a list, not {given!r:.80}")
    return given


def _number_rule(rule: fields.Rule) -> One:
    def convert(given: Any, model: Any, its: str) -> float:
        if isinstance(given, bool) or not isinstance(given, Real):
            raise fields.wrong(model, its, f"must be a number, not {given!r:.80}")
        number = float(given)
        if not rule.holds(number):
            raise fields.wrong(model, its, f"must be {rule.says}, not {given!r:.80}")
        if number and math.isfinite(number) and not 1.0 / MOST <= abs(number) <= MOST:
            says = f"must be from {1.0 / MOST:g} to {MOST:g} in size, to be computed with"
            raise fields.wrong(model, its, f"{says}, not {given!r:.80}")
        return number

    return convert


ORDERED = fields.Rule("a number or ±inf", lambda x: not math.isnan(x))


def _range(given: Any, model: Any, its: str) -> Range:
    one = _number_rule(ORDERED)
    if isinstance(given, Real):
        most = _number_rule(fields.NONNEGATIVE)(given, model, its)
        return -most, most
    ends = tuple(one(each, model, its) for each in _many(given, model, its))
    if len(ends) != 2 or not ends[0] <= ends[1] or ends[0] == math.inf or ends[1] == -math.inf:  # noqa: PLR2004
        raise fields.wrong(model, its, f"must be [low, high], low ≤ high, not {given!r:.80}")
    return ends[0], ends[1]
