"""Tick prices as double-doubles: 1.0001^tick to 32 digits, cached."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from math import ceil, inf, nextafter
from typing import NamedTuple

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
    def reached(self) -> float:
        """The first double at or above it: from there on, the right limit is."""
        return self.high if self.low <= 0 else nextafter(self.high, inf)


def edge(exact: Decimal) -> Edge:
    """Return the double-double nearest to `exact`."""
    high = float(exact)
    return Edge(high, float(EXACT.subtract(exact, Decimal(high))))


@lru_cache(maxsize=65536)
def tick_price(tick: int, exponent: int) -> Decimal:
    """Return ``1.0001^tick · 10^exponent`` to 60 digits.

    This is the ideal price, which the curve is drawn with: `tick_root` is the contract's.
    """
    return EXACT.power(Decimal("1.0001"), tick).scaleb(exponent, EXACT)


@lru_cache(maxsize=65536)
def tick_edge(tick: int, exponent: int) -> Edge:
    """Return ``1.0001^tick · 10^exponent`` as a double-double."""
    return edge(tick_price(tick, exponent))


@lru_cache(maxsize=65536)
def tick_root(tick: int) -> int:
    """Return √price at a tick in units of 2⁻⁹⁶, rounded up, as the contract's TickMath has it.

    It is the ideal one to 1e-18 up to |tick| = 500 000, and 2e-10 above it at MIN_TICK.
    """
    return ceil(EXACT.multiply(tick_price(tick, 0).sqrt(EXACT), 2**96))
