"""Prices of ticks as double-doubles, 1.0001^tick to 32 digits, and the chain's integer √prices."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, inf, nextafter
from typing import NamedTuple

TICK_BASE = "1.0001"
MIN_TICK, MAX_TICK = -887272, 887272
MIN_SQRT_PRICE_X96 = 4295128739
MAX_SQRT_PRICE_X96 = 1461446703485210103287273052203988822378723970342
EXACT = Context(prec=60, Emin=-999999, Emax=999999)
"""Decimal arithmetic with 60 digits; ours alone, no process-wide setting is touched."""


class Edge(NamedTuple):
    """A price as an unevaluated sum of two doubles, ``high + low``, with |low| ≤ ulp(high)/2."""

    high: float
    low: float = 0.0

    @property
    def first_inside(self) -> float:
        """The first double at or above it: from there on, the right limit is."""
        return self.high if self.low <= 0 else nextafter(self.high, inf)


def edge(exact: Decimal) -> Edge:
    """Edge as the double-double nearest to `exact`."""
    high = float(exact)
    return Edge(high, float(EXACT.subtract(exact, Decimal(high))))


@lru_cache(maxsize=65536)
def tick_price(tick: int, exponent: int, base: str = TICK_BASE) -> Decimal:
    """``base^tick · 10^exponent`` to 60 digits; the base is a decimal, 1.0001 mostly.

    This is the ideal price, which the curve is drawn with: `tick_root` is the contract's.
    """
    return EXACT.power(Decimal(base), tick).scaleb(exponent, EXACT)


@lru_cache(maxsize=65536)
def tick_edge(tick: int, exponent: int, base: str = TICK_BASE) -> Edge:
    """``base^tick · 10^exponent`` as a double-double."""
    return edge(tick_price(tick, exponent, base))


def tick_edges(
    lower: int, upper: int, decimals: tuple[int, int], *, inverted: bool, base: str = TICK_BASE
) -> tuple[Edge, Edge]:
    """Prices between two ticks, in whole units, ascending."""
    exponent = decimals[0] - decimals[1]
    if inverted:
        return tick_edge(-upper, -exponent, base), tick_edge(-lower, -exponent, base)
    return tick_edge(lower, exponent, base), tick_edge(upper, exponent, base)


@lru_cache(maxsize=65536)
def tick_root(tick: int, base: str = TICK_BASE) -> Fraction:
    """√price at a tick in units of 2⁻⁹⁶; of base 1.0001 rounded up, as TickMath has it.

    That is the ideal one to 1e-18 up to |tick| = 500 000, and 2e-10 above it at MIN_TICK. The
    ideal one itself is returned for other bases.
    """
    ideal = EXACT.multiply(tick_price(tick, 0, base).sqrt(EXACT), 2**96)
    return Fraction(ceil(ideal) if base == TICK_BASE else ideal)


def payout(
    liquidity: float, root: int, lower: Fraction, upper: Fraction
) -> tuple[Fraction, Fraction]:
    """Raw token0 and token1 that a contract pays at a √price, before it rounds down.

    Args:
        liquidity: raw.
        root: √price in units of 2⁻⁹⁶, as the edges are.
        lower: √price where the range begins.
        upper: √price where it ends.

    """
    depth, at = Fraction(liquidity), min(max(Fraction(root), lower), upper)
    return depth * 2**96 * (upper - at) / (at * upper), depth * (at - lower) / 2**96


def price_at(root: int, decimals: tuple[int, int], *, inverted: bool) -> float:
    """Price in whole units at a √price in units of 2⁻⁹⁶."""
    price = Fraction(root**2, 2**192) * Fraction(10) ** (decimals[0] - decimals[1])
    return float(1 / price if inverted else price)
