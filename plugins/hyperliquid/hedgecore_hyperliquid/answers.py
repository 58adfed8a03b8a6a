"""Values in answers of Hyperliquid: each is what it should be, or a ValueError."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

USDC = "USDC"
CENT = Decimal("1e-6")
"""To so much the venue rounds amounts of USDC."""
THOUSAND = 1000


def text(given: Any) -> str:
    """Text."""
    if not isinstance(given, str):
        raise ValueError(given)  # noqa: TRY004 - an answer is wrong, not a program
    return given


def amount(given: Any) -> Decimal:
    """Number that is written as a text, finite."""
    found = Decimal(text(given))
    if not found.is_finite():
        raise ValueError(given)
    return found


def whole(given: Any) -> int:
    """Whole number."""
    if type(given) is not int:
        raise ValueError(given)
    return given


def rows(given: Any) -> list[Any]:
    """List, which the SDK makes a table of where an answer is no JSON."""
    if not isinstance(given, list):
        raise ValueError(given)  # noqa: TRY004
    return given


def seconds(given: Any) -> float:
    """Seconds since 1970, of milliseconds."""
    return whole(given) / THOUSAND


def is_near(one: Decimal, other: Decimal, parts: int) -> bool:
    """True if two sums of so many rounded parts can be the same."""
    return abs(one - other) <= CENT * (parts + 1)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum of amounts."""
    return sum(amounts, Decimal(0))
