"""Fields of models and instruments: typed, bounded, with their unit and meaning on them.

A frozen attrs class made of these is its own schema: what is wrong with a value is said by kind and
field, and `hedgecore describe` and the reference pages read the same metadata.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from numbers import Integral, Real
from typing import Any, NamedTuple

import attrs
from attrs import NOTHING, Attribute, Converter, field

from hedgecore.errors import SpecError, did_you_mean


class Rule(NamedTuple):
    """Which numbers a field takes: in words, as a test, and a hint for refusals."""

    says: str
    holds: Callable[[float], bool]
    hint: str = ""


MOST = 2**256 - 1
LIKELY = "likely"
"""The key of a field's metadata for what its numbers most often are."""
MOST_ROWS = 100_000
FEW = 4
"""Rows that a repr shows; a table of more is counted."""
DIGITS = re.compile("-?[0-9]{1,78}")

FINITE = Rule("finite", math.isfinite)
POSITIVE = Rule("positive and finite", lambda x: 0 < x < math.inf)
NONNEGATIVE = Rule("0 or more, and finite", lambda x: 0 <= x < math.inf)
FRACTION = Rule("a fraction, at least 0 and less than 1", lambda x: 0 <= x < 1)
FEE = FRACTION._replace(hint="a fraction: 0.003 is 0.3 %")
SHARE = Rule("a part of the whole, more than 0 and at most 1 (5 % is 0.05)", lambda x: 0 < x <= 1)
SMALL_FEE = Rule("at most 0.1 (0.3 % is 0.003)", lambda x: x <= 0.1)  # noqa: PLR2004


class Column(NamedTuple):
    """One column of a table: the name, the unit, and which entries it takes."""

    name: str
    unit: str
    says: str
    entry: Callable[[Any, Any, str], Any]
    """(entry given, model, its place) → the entry, or a SpecError at that place."""


def wrong(model: Any, name: str, reason: str) -> SpecError:
    """Return the error that says what is wrong with one field of `model`."""
    return SpecError(reason, kind=type(model).kind, field=name)


def number(
    about: str,
    unit: str,
    rule: Rule = POSITIVE,
    *,
    default: Any = NOTHING,
    optional: bool = False,
    exact: bool = False,
    likely: Rule | None = None,
    validator: Any = None,
) -> Any:
    """Return a field that holds one number obeying `rule`; None is legal where `optional`.

    With `exact`, integers (and their digits as text) stay integers of any length. A number that
    `likely` does not hold for is taken, and a book warns of it: `unlikely`.
    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> float:
        take = _exact if exact else real
        return take(given, rule, model, its.name)

    meta = _about(about, unit, rule) | ({} if likely is None else {LIKELY: likely})
    return _field(convert, default, meta, validator, optional=optional)


def unlikely(model: Any) -> Iterator[str]:
    """Sentences on numbers of a model that are legal and hardly meant, by their field.

    >>> import hedgecore as hc
    >>> table = {"kind": "uniswap-v2", "assets": ["A", "B"], "reserves": [1, 1], "fee": 0.3}
    >>> list(unlikely(hc.build(table)))
    ['fee is 0.3, which is unlikely: most are at most 0.1 (0.3 % is 0.003)']

    """
    for each in attrs.fields(type(model)) if attrs.has(type(model)) else ():
        rule, value = each.metadata.get(LIKELY), getattr(model, each.name)
        if rule is not None and value is not None and not rule.holds(value):
            yield f"{each.name} is {value:g}, which is unlikely: most are {rule.says}"


def numbers(
    about: str,
    unit: str,
    rule: Rule = POSITIVE,
    *,
    default: Any = NOTHING,
    validator: Any = None,
) -> Any:
    """Return a field that holds one number for each of the model's assets, in their order."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[float, ...]:
        return tuple(real(each, rule, model, its.name) for each in _each(given, model, its.name))

    checks = [_one_each] if validator is None else [_one_each, validator]
    return _field(convert, default, _about(about, unit, rule), checks)


def integer(
    about: str,
    unit: str,
    low: int,
    high: int,
    *,
    default: Any = NOTHING,
    optional: bool = False,
    validator: Any = None,
) -> Any:
    """Return a field that holds a whole number from `low` to `high`, as an int or its digits."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> int:
        return whole(given, low, high, model, its.name)

    words = Rule(f"a whole number from {low} to {high}", math.isfinite)
    return _field(convert, default, _about(about, unit, words), validator, optional=optional)


def integers(about: str, unit: str, low: int, high: int, default: Any = NOTHING) -> Any:
    """Return a field that holds one whole number for each of the model's assets."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[int, ...]:
        each = _each(given, model, its.name)
        return tuple(whole(one, low, high, model, its.name) for one in each)

    words = Rule(f"whole numbers from {low} to {high}", math.isfinite)
    return _field(convert, default, _about(about, unit, words), _one_each)


def column(name: str, unit: str, rule: Rule = POSITIVE, *, exact: bool = False) -> Column:
    """Return a column of numbers that obey `rule`; with `exact`, integers stay integers."""

    def entry(given: Any, model: Any, place: str) -> float:
        return (_exact if exact else real)(given, rule, model, place)

    return Column(name, unit, rule.says, entry)


def whole_column(name: str, unit: str, low: int, high: int) -> Column:
    """Return a column of whole numbers from `low` to `high`, as ints or their digits."""

    def entry(given: Any, model: Any, place: str) -> int:
        return whole(given, low, high, model, place)

    return Column(name, unit, f"a whole number from {low} to {high}", entry)


def rows(about: str, *columns: Column, most: int = MOST_ROWS, validator: Any = None) -> Any:
    """Return a field that holds a table: from 1 to `most` rows, each one entry per column."""
    heads = f"[{', '.join(each.name for each in columns)}]"

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[tuple[Any, ...], ...]:
        table = tuple(islice(_each(given, model, its.name), most + 1))
        if not 1 <= len(table) <= most:
            count = f"more than {most}" if table else "none"
            raise wrong(model, its.name, f"needs 1 to {most} rows {heads}, not {count}")
        places = (f"{its.name}[{at}]" for at in range(len(table)))
        return tuple(_row(row, columns, model, at) for row, at in zip(table, places, strict=True))

    says = "; ".join(f"{each.name} {each.says}" for each in columns)
    unit = ", ".join(f"{each.name} in {each.unit}" for each in columns)
    meta = {"about": about, "unit": unit, "rule": f"1 to {most} rows {heads}; {says}"}
    return _field(convert, NOTHING, meta, validator, shown=_in_short)


def names(about: str, least: int = 2, most: int = 8) -> Any:
    """Return a field that holds from `least` to `most` names of assets."""
    count = f"{least}" if least == most else f"{least} to {most}"

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[str, ...]:
        assets = tuple(_each(given, model, its.name))
        if not least <= len(assets) <= most or not all(isinstance(a, str) and a for a in assets):
            raise wrong(model, its.name, f"needs {count} names of assets, not {assets!r:.120}")
        return assets

    return _field(convert, NOTHING, {"about": about, "unit": "names", "rule": f"{count} names"})


def name(
    about: str, *, default: Any = NOTHING, optional: bool = False, validator: Any = None
) -> Any:
    """Return a field that holds one name; None is legal where `optional`."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> str:
        if not isinstance(given, str) or not given:
            raise wrong(model, its.name, f"must be a name, not {given!r:.80}")
        return given

    meta = {"about": about, "unit": "name"}
    return _field(convert, default, meta, validator, optional=optional)


def flag(about: str, *, default: bool = False) -> Any:
    """Return a field that is true or false."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> bool:
        if not isinstance(given, bool):
            raise wrong(model, its.name, f"must be true or false, not {given!r:.80}")
        return given

    return _field(convert, default, {"about": about, "unit": "yes or no", "rule": "true or false"})


def choice(about: str, known: tuple[str, ...], *, default: str) -> Any:
    """Return a field that holds one word among `known`."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> str:
        if given not in known:
            near = did_you_mean(given, known)
            words = ", ".join(known)
            raise wrong(model, its.name, f"must be one of {words}, not {given!r:.80}{near}")
        return str(given)

    return field(
        default=default,
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": about, "unit": "word", "rule": f"one of {', '.join(known)}"},
    )


def fee(about: str = "swap fee; None where unknown") -> Any:
    """Return the field that every pool has: the fee of a trade, None where unknown."""
    return number(about, "fraction", FEE, optional=True, likely=SMALL_FEE)


def share() -> Any:
    """Return the field for the part of the pool that is held."""
    return number("how much of the pool is held", "fraction of the pool", SHARE, default=1.0)


def whole(given: Any, low: int, high: int, model: Any, its: str) -> int:
    """Return `given` as an exact int within bounds; decimal digits will do (JSON from JavaScript).

    Raises:
        SpecError: it is no whole number, or out of bounds.

    """
    if _is_digits(given):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, Integral) or not low <= int(given) <= high:
        raise wrong(model, its, f"must be a whole number from {low} to {high}, not {given!r:.80}")
    return int(given)


def real(given: Any, rule: Rule, model: Any, its: str) -> float:
    """Return `given` as a float that obeys `rule`.

    Raises:
        SpecError: it is no number, or another; with the rule's hint.

    """
    if isinstance(given, bool) or not isinstance(given, Real):
        raise wrong(model, its, f"must be a number, not {given!r:.80}")
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not rule.holds(value):
        hint = f" ({rule.hint})" if rule.hint else ""
        raise wrong(model, its, f"must be {rule.says}, not {value!r}{hint}")
    return value


def _exact(given: Any, rule: Rule, model: Any, its: str) -> float:
    if not isinstance(given, Integral) and not _is_digits(given):
        return real(given, rule, model, its)
    count = whole(given, 0, MOST, model, its)
    if not rule.holds(count):
        raise wrong(model, its, f"must be {rule.says}, not {count}")
    return count


def _each(given: Any, model: Any, its: str) -> Iterable[Any]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise wrong(model, its, f"must be a list, not {given!r:.80}")
    return given


def _row(given: Any, columns: tuple[Column, ...], model: Any, place: str) -> tuple[Any, ...]:
    heads = f"[{', '.join(each.name for each in columns)}]"
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise wrong(model, place, f"must be a row {heads}, not {given!r:.80}")
    row = tuple(islice(given, len(columns) + 1))
    if len(row) != len(columns):
        raise wrong(model, place, f"must be a row {heads}, not {row!r:.80}")
    pairs = zip(columns, row, strict=True)
    return tuple(each.entry(number, model, f"{place}.{each.name}") for each, number in pairs)


def _in_short(table: tuple[Any, ...]) -> str:
    return repr(table) if len(table) <= FEW else f"<{len(table)} rows>"


def _one_each(model: Any, its: Attribute[Any], value: tuple[float, ...]) -> None:
    if len(value) != len(model.assets):
        count = f"has {len(value)} entries for the {len(model.assets)} assets {model.assets}"
        raise wrong(model, its.name, count)


def _is_digits(given: Any) -> bool:
    return isinstance(given, str) and DIGITS.fullmatch(given) is not None


def _field(
    convert: Callable[[Any, Any, Attribute[Any]], Any],
    default: Any,
    metadata: dict[str, Any],
    validator: Any = None,
    *,
    optional: bool = False,
    shown: Any = True,
) -> Any:
    def converted(given: Any, model: Any, its: Attribute[Any]) -> Any:
        return None if given is None and optional else convert(given, model, its)

    return field(
        default=None if optional and default is NOTHING else default,
        converter=Converter(converted, takes_self=True, takes_field=True),
        validator=validator,
        repr=shown,
        metadata=metadata,
    )


def _about(about: str, unit: str, rule: Rule) -> dict[str, Any]:
    return {"about": about, "unit": unit, "rule": rule.says}
