"""Fields of models and instruments: typed, bounded, with their unit and meaning on them.

A frozen attrs class made of these is its own schema: what is wrong with a value is said by kind and
field, and `hedgecore describe` and the reference pages read the same metadata.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import attrs
from attrs import NOTHING, Attribute, Converter, field

from hedgecore.errors import did_you_mean
from hedgecore.fields.addresses import url
from hedgecore.fields.entries import (
    FEE,
    FINITE,
    FRACTION,
    LIKELY,
    MOST,
    NONNEGATIVE,
    PART,
    POSITIVE,
    SHARE,
    SMALL_FEE,
    SMALL_VOL,
    VOL,
    Rule,
    as_exact_number,
    as_list,
    make_field,
    metadata_of,
    one_per_asset,
    real,
    whole,
    wrong,
)
from hedgecore.fields.rows import Column, column, rows, whole_column

__all__ = [
    "FEE",
    "FINITE",
    "FRACTION",
    "MOST",
    "NONNEGATIVE",
    "PART",
    "POSITIVE",
    "SHARE",
    "SMALL_FEE",
    "SMALL_VOL",
    "VOL",
    "Column",
    "Rule",
    "choice",
    "column",
    "fee",
    "flag",
    "integer",
    "integers",
    "name",
    "names",
    "number",
    "numbers",
    "real",
    "rows",
    "share",
    "unlikely",
    "url",
    "whole",
    "whole_column",
    "wrong",
]


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
    """Field of one number that obeys `rule`; None is legal where `optional`.

    With `exact`, integers (and their digits as text) stay integers of any length. A number that
    `likely` does not hold for is taken, and a book warns of it: `unlikely`.

    Example:
        >>> attrs.make_class("Fund", {"size": hc.fields.number("held", "units")})(size=3)
        Fund(size=3.0)

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> float:
        take = as_exact_number if exact else real
        return take(given, rule, model, its.name)

    meta = metadata_of(about, unit, rule) | ({} if likely is None else {LIKELY: likely})
    return make_field(convert, default, meta, validator, optional=optional)


def unlikely(model: Any) -> Iterator[str]:
    """Sentences on numbers of a model that are legal and hardly meant, by their field.

    Example:
        >>> table = {"kind": "uniswap-v2", "assets": ["A", "B"], "reserves": [1, 1], "fee": 0.3}
        >>> list(hc.fields.unlikely(hc.build(table)))
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
    """Field of one number for each of the model's assets, in their order.

    Example:
        >>> held = hc.fields.numbers("of each", "units")
        >>> fund = attrs.make_class("Fund", {"assets": hc.fields.names("held"), "held": held})
        >>> fund(["A", "B"], [1, 2])
        Fund(assets=('A', 'B'), held=(1.0, 2.0))

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[float, ...]:
        return tuple(real(each, rule, model, its.name) for each in as_list(given, model, its.name))

    checks = [one_per_asset] if validator is None else [one_per_asset, validator]
    return make_field(convert, default, metadata_of(about, unit, rule), checks)


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
    """Field of a whole number from `low` to `high`, as an int or its digits.

    Example:
        >>> attrs.make_class("Fund", {"raw": hc.fields.integer("held", "raw units", 0, 100)})("12")
        Fund(raw=12)

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> int:
        return whole(given, low, high, model, its.name)

    words = Rule(f"a whole number from {low} to {high}", math.isfinite)
    return make_field(
        convert, default, metadata_of(about, unit, words), validator, optional=optional
    )


def integers(about: str, unit: str, low: int, high: int, default: Any = NOTHING) -> Any:
    """Field of one whole number for each of the model's assets.

    Example:
        >>> raw = hc.fields.integers("of each", "raw units", 0, 100)
        >>> fund = attrs.make_class("Fund", {"assets": hc.fields.names("held"), "raw": raw})
        >>> fund(["A", "B"], [1, "2"])
        Fund(assets=('A', 'B'), raw=(1, 2))

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[int, ...]:
        each = as_list(given, model, its.name)
        return tuple(whole(one, low, high, model, its.name) for one in each)

    words = Rule(f"whole numbers from {low} to {high}", math.isfinite)
    return make_field(convert, default, metadata_of(about, unit, words), one_per_asset)


def names(about: str, least: int = 2, most: int = 8) -> Any:
    """Field of `least` to `most` names of assets.

    Example:
        >>> attrs.make_class("Fund", {"assets": hc.fields.names("held")})(["A", "B"])
        Fund(assets=('A', 'B'))

    """
    count = f"{least}" if least == most else f"{least} to {most}"

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[str, ...]:
        assets = tuple(as_list(given, model, its.name))
        if not least <= len(assets) <= most or not all(isinstance(a, str) and a for a in assets):
            raise wrong(model, its.name, f"needs {count} names of assets, not {assets!r:.120}")
        return assets

    return make_field(convert, NOTHING, {"about": about, "unit": "names", "rule": f"{count} names"})


def name(
    about: str, *, default: Any = NOTHING, optional: bool = False, validator: Any = None
) -> Any:
    """Field of one name; None is legal where `optional`.

    Example:
        >>> attrs.make_class("Fund", {"asset": hc.fields.name("held")})("A")
        Fund(asset='A')

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> str:
        if not isinstance(given, str) or not given:
            raise wrong(model, its.name, f"must be a name, not {given!r:.80}")
        return given

    meta = {"about": about, "unit": "name"}
    return make_field(convert, default, meta, validator, optional=optional)


def flag(about: str, *, default: bool = False) -> Any:
    """Field that is true or false.

    Example:
        >>> attrs.make_class("Fund", {"open": hc.fields.flag("whether it trades")})()
        Fund(open=False)

    """

    def convert(given: Any, model: Any, its: Attribute[Any]) -> bool:
        if not isinstance(given, bool):
            raise wrong(model, its.name, f"must be true or false, not {given!r:.80}")
        return given

    return make_field(
        convert, default, {"about": about, "unit": "yes or no", "rule": "true or false"}
    )


def choice(about: str, known: tuple[str, ...], *, default: str) -> Any:
    """Field of one word among `known`.

    Example:
        >>> side = hc.fields.choice("which side", ("buy", "sell"), default="buy")
        >>> attrs.make_class("Fund", {"side": side})()
        Fund(side='buy')

    """

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
    """Field that every pool has: the fee of a trade, a fraction; None where unknown.

    Example:
        >>> attrs.make_class("Fund", {"fee": hc.fields.fee()})(0.003)
        Fund(fee=0.003)

    """
    return number(about, "fraction", FEE, optional=True, likely=SMALL_FEE)


def share() -> Any:
    """Field for the part of the pool that is held, a fraction.

    Example:
        >>> attrs.make_class("Fund", {"share": hc.fields.share()})()
        Fund(share=1.0)

    """
    return number("how much of the pool is held", "fraction of the pool", SHARE, default=1.0)
