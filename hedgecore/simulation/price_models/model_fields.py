"""The fields that several path models have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import Attribute, Converter, field

import hedgecore.fields as fields

PEG_RULE = "an asset that the model does not move = another asset"


def asset() -> Any:
    """Field for the asset whose price the model moves."""
    return fields.name("whose price moves")


GROWTH = fields.Rule("from -1e6 to 1e6 (5 % a year is 0.05)", lambda x: abs(x) <= 1e6)  # noqa: PLR2004
SMALL_GROWTH = fields.Rule("from -5 to 5 (5 % a year is 0.05)", lambda x: abs(x) <= 5)  # noqa: PLR2004
RATE = fields.Rule("from 1e-9 to 1e9", lambda x: 1e-9 <= x <= 1e9)  # noqa: PLR2004
SPREAD = fields.Rule("from 1e-9 to 1000 (80 % is 0.8)", lambda x: 1e-9 <= x <= 1e3)  # noqa: PLR2004
"""Bounds within which no formula of a path over- or underflows, and nobody means more."""


def drift() -> Any:
    """Field for the growth of the expected price."""
    about = "growth rate of the expected price, continuous"
    return fields.number(about, "per year", GROWTH, default=0.0, likely=SMALL_GROWTH)


def vol() -> Any:
    """Field for a volatility; where it is None, the market's is taken."""
    about = "volatility; the market's where not given"
    small = fields.SMALL_VOL
    return fields.number(about, "per √year", fields.VOL, optional=True, likely=small)


def pegs() -> Any:
    """Field for assets that follow another at the ratio of their starting prices."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> dict[str, str]:
        if not isinstance(given, Mapping):
            raise fields.wrong(model, its.name, f"must be a table, not {given!r:.80}")
        for name, other in given.items():
            _peg(name, other, given, model, its.name)
        return dict(given)

    return field(
        factory=dict,
        converter=_converter(convert),
        metadata={
            "about": "which assets follow another, at the ratio of their starting prices",
            "unit": "names",
            "rule": PEG_RULE,
        },
    )


def _peg(name: Any, other: Any, pegs: Mapping[Any, Any], model: Any, its: str) -> None:
    if not all(isinstance(each, str) and each for each in (name, other)):
        raise fields.wrong(model, its, f"must be asset = asset, not {name!r:.40} = {other!r:.40}")
    if other in pegs or name == other:
        reason = f"{name} follows {other}, which follows another itself: name the last of them"
        raise fields.wrong(model, its, reason)


def files() -> Any:
    """Field for the files of a history."""
    return _files("the history, in the order of time", least=1)


def funding() -> Any:
    """Field for files of funding rates that have times of their own."""
    about = "rates per interval of the asset's perpetual, paid at times of their own"
    return _files(about, least=0, factory=tuple)


def _files(about: str, *, least: int, **default: Any) -> Any:
    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[str, ...]:
        each = (given,) if isinstance(given, str | Path) else given
        good = isinstance(each, list | tuple) and len(each) >= least
        if not good or not all(isinstance(one, str | Path) and str(one) for one in each):
            raise fields.wrong(model, its.name, f"must name files, not {given!r:.80}")
        return tuple(str(one) for one in each)

    rule = "one name, or a list; .csv or .parquet"
    metadata = {"about": about, "unit": "paths", "rule": rule}
    return field(converter=_converter(convert), metadata=metadata, **default)


def _column(given: Any, model: Any, its: Attribute[Any]) -> str:
    """Name of a column; its number, from 1, in a file without a head."""
    if isinstance(given, int) and not isinstance(given, bool) and given > 0:
        return str(given)
    if not isinstance(given, str) or not given:
        reason = f"a column is its name, or its number from 1, not {given!r:.80}"
        raise fields.wrong(model, its.name, reason)
    return given


def columns() -> Any:
    """Field that maps roles to the columns of a history."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> dict[str, str]:
        good = isinstance(given, Mapping)
        if not good or not all(role and isinstance(role, str) for role in given):
            raise fields.wrong(model, its.name, f"must be role = column, not {given!r:.80}")
        return {role: _column(name, model, its) for role, name in given.items()}

    return field(
        factory=dict,
        converter=_converter(convert),
        metadata={
            "about": "which column is what, where names do not say so; by number without a head",
            "unit": "names",
            "rule": "time, price, funding, volume, liquidity, premium; price:X for another asset",
        },
    )


def layout() -> Any:
    """Field for what the columns are."""
    return fields.choice(
        "what the columns are", ("named", "binance-klines", "uniswap-minutes"), default="named"
    )


def decimals() -> Any:
    """Field for the decimals of a pool's two tokens."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> tuple[int, int]:
        if not isinstance(given, list | tuple) or len(given) != 2:  # noqa: PLR2004 - a pair
            raise fields.wrong(model, its.name, f"must be a pair, not {given!r:.80}")
        first, second = (fields.whole(one, 0, 77, model, its.name) for one in given)
        return first, second

    return field(
        default=(6, 18),
        converter=_converter(convert),
        metadata={
            "about": "of token0 and token1, in uniswap-minutes",
            "unit": "digits",
            "rule": "two whole numbers from 0 to 77",
        },
    )


def token() -> Any:
    """Field for which of a pool's tokens is the asset."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> int:
        return fields.whole(given, 0, 1, model, its.name)

    return field(
        default=1,
        converter=_converter(convert),
        metadata={
            "about": "which of the pool's tokens is the asset, in uniswap-minutes",
            "unit": "0 or 1",
            "rule": "0 or 1",
        },
    )


def bad_rows() -> Any:
    """Field for what becomes of bad rows."""
    return fields.choice(
        "what becomes of bad rows; never filled", ("refuse", "leave-out"), default="refuse"
    )


def quote() -> Any:
    """Field for the asset in whose units a history's prices and volumes are."""
    return fields.name(
        "the asset in whose units prices and volumes are; none is the numeraire", optional=True
    )


def _converter(convert: Any) -> Any:
    return Converter(convert, takes_self=True, takes_field=True)
