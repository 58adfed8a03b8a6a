"""Amounts of contracts as exact decimals, and back."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

EXACT = Context(prec=120)
"""Digits that hold any amount of a contract."""
WEI = 18


def units(raw: int, decimals: int = WEI) -> Decimal:
    """Amount in whole units, exactly."""
    return Decimal(raw).scaleb(-decimals, EXACT)


def is_whole(amount: Decimal) -> bool:
    """True if an amount is a whole number of wei."""
    if not amount.is_finite():
        return False
    scaled = amount.scaleb(WEI, EXACT)
    return scaled == scaled.to_integral_value()


def round_to_wei(amount: Decimal, *, up: bool) -> int:
    """Amount in wei, rounded up or down."""
    scaled = amount.scaleb(WEI, EXACT)
    return int(scaled.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
