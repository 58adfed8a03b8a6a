"""One price at a time, in Python's own floats: what an array of one costs twenty times as much.

A model that says `scalars` has formulas that run on floats as they run on arrays. Here is what the
floats may settle; all else (arrays, what is no price, 1/0, NaN) is left to the arrays, which answer
or refuse it.
"""

from __future__ import annotations

from collections.abc import Sequence
from sys import float_info
from typing import Any

import numpy as np


def single(price: Any, m: int) -> tuple[float, ...] | None:
    """Return the m prices of one point as floats; None where `price` is not plainly that."""
    if m == 1:
        good = (isinstance(price, float) or type(price) is int) and 0.0 < price <= MOST
        return (float(price),) if good else None
    given = price.tolist() if isinstance(price, np.ndarray) and price.ndim == 1 else price
    if not isinstance(given, list | tuple) or len(given) != m:
        return None
    points = [single(each, 1) for each in given]
    return None if None in points else tuple(map(float, given))


MOST = float_info.max


def settled(value: Any, gamma: Sequence[Sequence[Any]]) -> bool:
    """Tell whether all are floats and none is NaN; one among the holdings makes the value NaN."""
    if not (isinstance(value, float) and value == value):  # noqa: PLR0124
        return False
    for row in gamma:
        for each in row:
            if not (isinstance(each, float) and each == each):  # noqa: PLR0124
                return False
    return True


def vector(held: Sequence[float]) -> Any:
    """Return all but the last of n floats as a public method does: (m,), a pair's as a number."""
    return np.float64(held[0]) if len(held) == PAIR else np.array(held[:-1])


def matrix(rows: Sequence[Sequence[float]]) -> Any:
    """Return m rows of m floats as a public method does: (m, m), a pair's as one number."""
    return np.float64(rows[0][0]) if len(rows) == 1 else np.array(rows)


PAIR = 2
