"""Fields of a CryptoSwap table that others have not, or that its attributes call otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sized
from numbers import Real
from typing import Any

from attrs import Converter, field

from hedgecore import fields

RAW = 1e6
"""A gamma that only a raw integer of the contract is: the least of those is 1e10."""


def gamma() -> Any:
    """Field `gamma`, whose attribute has another name: a pool's gamma is a method."""

    def convert(given: Any, model: Any) -> float:
        value = _positive_number(given, model, "gamma")
        if value >= RAW:
            reason = f"must be the contract's gamma() over 1e18, below {RAW:g}, not {given!r:.80}"
            raise fields.wrong(model, "gamma", reason)
        return value

    return _field(convert, "gamma", "the contract's gamma() over 1e18", "fraction")


def balances() -> Any:
    """Field `balances`, one number a coin; the attribute of that name is by asset."""
    return _numbers(
        "balances", "what the whole pool holds, in the order of coins", "whole units", 0
    )


def price_scale() -> Any:
    """Field `price_scale`, one number a coin but the first; a pair's may be bare."""
    about = "of each coin but the first, in the first; frozen here"
    return _numbers("price_scale", about, "coin 0 per coin", 1)


def _numbers(name: str, about: str, unit: str, without: int) -> Any:
    """Field of positive numbers, one for each coin without the first so many."""

    def convert(given: Any, model: Any) -> tuple[float, ...]:
        if without and isinstance(given, Real):
            given = (given,)
        if (
            isinstance(given, str)
            or not isinstance(given, Iterable)
            or not isinstance(given, Sized)
        ):
            raise fields.wrong(model, name, f"must be a list, not {given!r:.80}")
        coins = model.coins[without:]
        if len(given) != len(coins):
            count = f"has {len(given)} entries for the {len(coins)} coins {coins}"
            raise fields.wrong(model, name, count)
        return tuple(_positive_number(each, model, name) for each in given)

    return _field(convert, name, about, unit)


def _field(convert: Callable[[Any, Any], Any], name: str, about: str, unit: str) -> Any:
    meta = {"about": about, "unit": unit, "rule": fields.POSITIVE.says}
    return field(alias=name, converter=Converter(convert, takes_self=True), metadata=meta)


def _positive_number(given: Any, model: Any, name: str) -> float:
    if isinstance(given, bool) or not isinstance(given, Real):
        raise fields.wrong(model, name, f"must be a number, not {given!r:.80}")
    try:
        value = float(given)
    except OverflowError:
        value = math.inf
    if not fields.POSITIVE.holds(value):
        raise fields.wrong(model, name, f"must be {fields.POSITIVE.says}, not {given!r:.80}")
    return value
