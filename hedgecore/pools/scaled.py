"""Pools whose invariant sees each balance times a scale: a rate, or CryptoSwap's price scale.

With such an invariant of degree one, V = min { p·x : φ(s∘x) ≥ φ(s∘b) } has the multiplier V/φ, and
by the envelope theorem ∂V/∂ln sᵢ = V cᵢ − pᵢxᵢ at fixed balances b, where cᵢ is the part of the
worth that asset i is at the pool's own spot: what the arbitrage after a change brings or takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel


def scale_value(pool: PoolModel, balances: Sequence[float], price: ArrayLike) -> Array:
    """Sensitivity ∂value/∂ln(scale) of each of n assets at fixed balances, S+(n,), in the quote.

    Zero at the pool's own spot.

    Args:
        pool: with a spot of its own.
        balances: (n,) of the whole pool, in the order of its assets.
        price: as of `PoolModel.value`.

    """
    held = np.asarray(pool.greeks(price).holdings)
    prices = np.ones_like(held)
    prices[..., :-1] = np.reshape(price, prices[..., :-1].shape)
    cash = prices * held
    own: Any = np.append(np.atleast_1d(pool.spot()), 1.0) * balances
    return np.asarray(cash.sum(axis=-1, keepdims=True) * (own / own.sum()) - cash)
