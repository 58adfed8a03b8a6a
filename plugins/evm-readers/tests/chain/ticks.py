"""Ticks and amounts of a range in exact arithmetic, for setting positions up."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import cache
from math import ceil

Q96 = 2**96
LOWEST = 4295128739
HIGHEST = 1461446703485210103287273052203988822378723970342
EXACT = Context(prec=80, Emin=-999999, Emax=999999)


@cache
def _halvings() -> tuple[int, ...]:
    """Return 2¹²⁸ · 1.0001^(−2ⁱ/2), rounded: the constants of TickMath."""
    step = EXACT.sqrt(Decimal("1.0001"))
    return tuple(
        int(EXACT.to_integral_value(EXACT.divide(Decimal(2**128), EXACT.power(step, 2**i))))
        for i in range(20)
    )


def root_at(tick: int) -> int:
    """Return √price at a tick, in units of 2⁻⁹⁶: TickMath's own integers."""
    ratio = 2**128
    for i, halving in enumerate(_halvings()):
        if abs(tick) >> i & 1:
            ratio = ratio * halving >> 128
    if tick > 0:
        ratio = (2**256 - 1) // ratio
    return -(-ratio >> 32)


def root_of(price: Fraction | float) -> int:
    """Return √price in units of 2⁻⁹⁶; the price is of raw token0 in raw token1."""
    exact = Fraction(price)
    ratio = EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return int(EXACT.multiply(ratio.sqrt(EXACT), Q96))


def tick_of(price: Fraction | float, spacing: int) -> int:
    """Return the usable tick nearest to a price of raw token0 in raw token1."""
    exact = Fraction(price)
    ratio = EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return spacing * round(ratio.ln(EXACT) / Decimal("1.0001").ln(EXACT) / spacing)


def amounts(liquidity: int, root: int, lower: int, upper: int) -> tuple[int, int]:
    """Return what a range of liquidity takes at a √price, with room for the rounding."""
    low, high = root_at(lower), root_at(upper)
    held = min(max(root, low), high)
    zero = Fraction(liquidity * Q96 * (high - held), held * high)
    one = Fraction(liquidity * (held - low), Q96)
    return tuple(ceil(each) + 1 for each in (zero, one))
