"""Prices of bins: powers of 1 + step, to 60 digits."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from math import ceil, floor, inf, log, log1p, nextafter
from typing import NamedTuple

EXACT = Context(prec=60, Emin=-999999, Emax=999999)
"""Decimal arithmetic with 60 digits; ours alone, no process-wide setting is touched."""
POINTS = 10_000
"""Of a bin step, in one."""
FARTHEST = 100 * log(10)
"""The logarithm of the highest price, 1e100: beyond it squares of prices are no doubles."""


class BinPrice(NamedTuple):
    """The double nearest to a bin's price, and the first one at or above it."""

    nearest: float
    reached: float


@lru_cache(maxsize=65536)
def bin_price(step: int, index: int, exponent: int) -> BinPrice:
    """``(1 + step/10⁴)^index · 10^exponent``."""
    growth = EXACT.divide(Decimal(POINTS + step), Decimal(POINTS))
    exact = EXACT.power(growth, index).scaleb(exponent, EXACT)
    nearest = float(exact)
    return BinPrice(nearest, nearest if Decimal(nearest) >= exact else nextafter(nearest, inf))


def in_reach(step: int, exponent: int) -> tuple[int, int]:
    """Least and most index whose price is from 1e-100 to 1e100."""
    growth, shift = log1p(step / POINTS), exponent * log(10)
    return ceil((-FARTHEST - shift) / growth), floor((FARTHEST - shift) / growth)
