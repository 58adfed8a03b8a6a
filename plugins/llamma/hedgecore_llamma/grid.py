"""The prices at which bands begin and end, as double-doubles.

Band n is [pd, pu) of the oracle's price, pu = base_price ((A−1)/A)ⁿ and pd that of band n + 1. With
the oracle frozen at p, it trades between market prices p³/pu² and p³/pd². What is left near an edge
is a difference of prices: the edges have 32 digits, since one rounded to a double would cost as
many digits as the price is near.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
EXACT = Context(prec=60, Emin=-999999, Emax=999999)
"""Decimal arithmetic of 60 digits; ours alone, no process-wide setting is touched."""


class Prices(NamedTuple):
    """Prices as unevaluated sums, ``high + low``, arrays of one shape."""

    high: Any
    low: Any

    def less(self, other: Prices) -> Any:
        """Return the difference: exact where both are within a factor of two."""
        return (self.high - other.high) + (self.low - other.low)

    def take(self, at: Any) -> Prices:
        """Return those at places `at`."""
        return Prices(self.high[at], self.low[at])


def upper_edge(base_price: float, amplification: int, band: int) -> Decimal:
    """Return pu of a band, to 60 digits."""
    step = EXACT.divide(Decimal(amplification - 1), Decimal(amplification))
    return EXACT.multiply(Decimal(base_price), EXACT.power(step, band))


def market_price(oracle_price: float, edge: Decimal) -> Decimal:
    """Return the market price at which a frozen oracle has a band's edge: p³/pu²."""
    cube = EXACT.power(Decimal(oracle_price), 3)
    return EXACT.divide(cube, EXACT.power(edge, 2))


def prices(exact: list[Decimal]) -> Prices:
    """Return the double-doubles nearest to exact prices (K,)."""
    high = [float(each) for each in exact]
    low = [float(EXACT.subtract(each, Decimal(h))) for each, h in zip(exact, high, strict=True)]
    return Prices(np.array(high), np.array(low))
