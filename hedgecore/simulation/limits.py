"""What every policy obeys: a cooldown, lots, and the least order."""

from __future__ import annotations

import numpy as np

from hedgecore.market import Array
from hedgecore.policy import Moments

ROUNDING = 1e-12
"""Years by which a cooldown may be short, by rounding."""


def allowed(part: Array, now: Moments, cooldown: float) -> Array:
    """Return `part`, S+(m,), but 0 within `cooldown` years of the last trade."""
    if not cooldown:
        return part
    cold = np.asarray(now.time - now.last_time) < cooldown - ROUNDING
    return np.where(cold[..., None], 0.0, part)


def worthwhile(orders: Array, notional: Array, least: float) -> Array:
    """Return orders S+(k,), but 0 where one is of less than `least` in cash."""
    return np.where(np.abs(orders) * notional < least, 0.0, orders) if least else orders


def placed(orders: Array, lot: Array, least: Array) -> Array:
    """Return orders S+(k,) as they can be placed: to the nearest lot (k,), or none below `least`.

    Args:
        orders: contracts.
        lot: the step of each instrument; 0 is any amount.
        least: the fewest contracts of an order, (k,) or S+(k,).

    """
    if lot.any():
        step = np.where(lot > 0, lot, 1.0)
        orders = np.where(lot > 0, np.round(orders / step) * step, orders)
    return np.where(np.abs(orders) < least, 0.0, orders) if least.any() else orders
