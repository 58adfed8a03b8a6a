"""Values in answers of exchanges: each is what it should be, or a ValueError."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

THOUSAND = 1000
NONE = Decimal(0)


class AnswerError(ValueError):
    """An answer that says no, in its code and words."""


def text(given: Any) -> str:
    """Text."""
    if not isinstance(given, str):
        raise ValueError(given)  # noqa: TRY004 - an answer is wrong, not a program
    return given


def amount(given: Any) -> Decimal:
    """Finite number, written as a number or as a text."""
    if type(given) not in (int, str, Decimal):
        raise ValueError(given)
    found = Decimal(given)
    if not found.is_finite():
        raise ValueError(given)
    return found


def whole(given: Any) -> int:
    """Whole number, written as a number or as a text."""
    if type(given) is int:
        return given
    return int(text(given))


def rows(given: Any) -> list[Any]:
    """List."""
    if not isinstance(given, list):
        raise ValueError(given)  # noqa: TRY004
    return given


def flag(given: Any) -> bool:
    """True or False, as such."""
    if not isinstance(given, bool):
        raise ValueError(given)  # noqa: TRY004
    return given


def seconds(given: Any) -> float:
    """Seconds since 1970, of milliseconds."""
    return whole(given) / THOUSAND


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum of amounts."""
    return sum(amounts, NONE)


def is_near(one: Decimal, other: Decimal, parts: int, unit: Decimal) -> bool:
    """True if two sums of so many parts, each rounded to a unit, can be the same."""
    return abs(one - other) <= unit * (parts + 1)


def plain(number: Decimal) -> str:
    """Number as it is written on the wire: no exponent, no trailing zeros."""
    return f"{number.normalize():f}" if number else "0"
