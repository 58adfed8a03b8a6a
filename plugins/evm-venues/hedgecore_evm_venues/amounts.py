"""Amounts of contracts as exact decimals, and back."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

EXACT = Context(prec=120)
"""Digits that hold any amount of a contract."""
WEI = 18


def units(raw: int, decimals: int = WEI) -> Decimal:
    """Amount in whole units, exactly."""
    return Decimal(raw).scaleb(-decimals, EXACT).normalize(EXACT)


def raw_of(amount: Decimal, decimals: int = WEI) -> int:
    """Amount in the smallest units; a ValueError where it is no whole number of them."""
    scaled = amount.scaleb(decimals, EXACT)
    if scaled != scaled.to_integral_value():
        raise ValueError(amount)
    return int(scaled)


def rounded(amount: Decimal, *, up: bool) -> int:
    """Amount in wei, rounded up or down."""
    scaled = amount.scaleb(WEI, EXACT)
    return int(scaled.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
