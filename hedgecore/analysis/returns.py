"""Rates of return of an investment with flows: money-weighted, and time-weighted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.bisection import bisect

STEEPEST = 700.0
"""Bound of the logarithm of a yearly growth: exp of more is no double."""
HALVINGS = 120


def money_weighted(years: Sequence[float], cash: Sequence[float]) -> float | None:
    """Internal rate of return a year: at which flows and what is there at the end sum to nothing.

    Args:
        years: of each flow, (n,), since any moment.
        cash: paid out to the investor, (n,), negative where paid in; the worth at the end with it.

    Returns:
        A fraction a year, compounded; None where no rate, or more than one, can be it: where all
        flows are of one sign or of one moment, or the balance at that rate changes sides.

    Examples:
        >>> round(money_weighted([0.0, 1.0], [-100.0, 110.0]), 12)
        0.1

    """
    times, places = np.unique(np.asarray(years, dtype=np.float64), return_inverse=True)
    weights = np.asarray(cash, dtype=np.float64)
    flows = np.bincount(places, weights, minlength=len(times)).astype(np.float64)
    times, flows = times[flows != 0], flows[flows != 0]
    if not times.size or np.all(flows >= 0) or np.all(flows <= 0):
        return None
    steepest = STEEPEST / max(1.0, times[-1] - times[0])
    ends = [_parts(times, flows, each).sum() > 0 for each in (-steepest, steepest)]
    if ends[0] == ends[1]:
        return None

    def is_below(growth: float) -> bool:
        return bool((_parts(times, flows, growth).sum() > 0) == ends[1])

    growth = bisect(is_below, -steepest, steepest, HALVINGS)
    return float(np.expm1(growth)) if _is_only(_parts(times, flows, growth)) else None


def time_weighted(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Growth of one unit that was there all the time, less one, whatever was added or taken out.

    Args:
        before: worth at the end of each period, (n,), what it paid out meanwhile included.
        after: worth at the beginning of each, (n,).

    Returns:
        A fraction of the whole time; None where a period begins with nothing.

    Examples:
        >>> round(time_weighted([110.0, 330.0], [100.0, 300.0]), 12)
        0.21

    """
    begins = np.asarray(after, dtype=np.float64)
    if not begins.size or np.any(begins <= 0):
        return None
    return float(np.prod(np.asarray(before, dtype=np.float64) / begins)) - 1.0


def _parts(times: Array, flows: Array, growth: float) -> Array:
    """Flows, (n,), at the worth that they have at the first of their moments, or at the last.

    The one at which none is more than itself: their sum has the same sign, and is a number.
    """
    start = times[-1] if growth < 0 else times[0]
    return np.asarray(flows * np.exp(growth * (start - times)), dtype=np.float64)


def _is_only(parts: Array) -> bool:
    """True if no other rate does it: the investor is never a debtor on the way (Norstrøm)."""
    balance, tiny = np.cumsum(parts)[:-1], 1e-9 * np.abs(parts).max()
    return bool(np.all(balance <= tiny) or np.all(balance >= -tiny))
