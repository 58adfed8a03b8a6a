"""What every policy obeys: its answer is a part of the way; a cooldown, lots, the least order."""

from __future__ import annotations

import numpy as np

from hedgecore.errors import SpecError
from hedgecore.interfaces.policy import AbstractPolicy, Observation
from hedgecore.numerics.arrays import Array

ROUNDING = 1e-12
"""Years by which a cooldown may be short, by rounding."""


def asked(policy: AbstractPolicy, now: Observation) -> Array:
    """Return the part of the way that a policy wants to trade, S+(m,).

    Raises:
        SpecError: it is no array of that shape, or holds a number that is not from 0 to 1: a NaN,
            say, which would trade nothing in silence.

    """
    part = np.asarray(policy.fraction(now))
    if part.shape != now.delta.shape:
        reason = f"must be of the shape of delta, {now.delta.shape}, not {part.shape}"
        raise SpecError(reason, kind=policy.kind, field="part")
    if part.size and not (part.min() >= 0 and part.max() <= 1):
        bad = part[~((part >= 0) & (part <= 1))][0]
        raise SpecError(f"must be from 0 to 1, not {bad}", kind=policy.kind, field="part")
    return part


def allowed(part: Array, now: Observation, cooldown: float) -> Array:
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
