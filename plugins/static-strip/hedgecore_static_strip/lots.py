"""Whole lots, counted in decimals: 0.07 is 7 lots of 0.01, and 8 of them are 0.08.

A lot of at most 15 digits is the decimal that it is written as, and each multiple of it the double
nearest to that decimal; any other lot, such as 1/3, is the double that it is.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_DOWN, Context, Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

DIGITS = 15
"""Digits that a double always keeps."""
EXACT = Context(prec=60)
WHOLE = 1e-9
"""Tolerance of a whole number of lots, where a lot is no decimal."""


def nearest_lots(amounts: Array, lots: Array) -> Array:
    """Multiples of the lots that are nearest to the amounts, (k,), contracts; ties to the smaller.

    A lot of 0 leaves its amount as it is.
    """
    pairs = zip(amounts.tolist(), lots.tolist(), strict=True)
    return np.array([_multiple(_nearest(x, lot), lot) if lot else x for x, lot in pairs])


def lots_at_least(amounts: Array, lots: Array) -> Array:
    """Multiples of the lots that are not below the amounts, (k,), contracts."""
    pairs = zip(amounts.tolist(), lots.tolist(), strict=True)
    return np.array([_multiple(_above(x, lot), lot) if lot else x for x, lot in pairs])


def _nearest(amount: float, lot: float) -> int:
    count = EXACT.divide(Decimal(repr(amount)), _written(lot))
    return int(count.to_integral_value(ROUND_HALF_DOWN, EXACT))


def _above(amount: float, lot: float) -> int:
    count, near = EXACT.divide(Decimal(repr(amount)), _written(lot)), _nearest(amount, lot)
    if not _is_decimal(lot) and abs(count - near) <= Decimal(WHOLE) * max(abs(near), 1):
        return near
    return int(count.to_integral_value(ROUND_CEILING, EXACT))


def _multiple(count: int, lot: float) -> float:
    return float(EXACT.multiply(count, _written(lot))) if _is_decimal(lot) else count * lot


def _written(lot: float) -> Decimal:
    """Decimal of a lot: as written, or all digits of the double that is no decimal."""
    return Decimal(repr(lot)) if _is_decimal(lot) else Decimal(lot)


def _is_decimal(lot: float) -> bool:
    return len(Decimal(repr(lot)).normalize().as_tuple().digits) <= DIGITS
