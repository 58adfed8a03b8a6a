"""Prices to try: round the model's own, round its breaks, near and far, and at extremes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.testing.answers import greeks_at, spot_of
from hedgecore.testing.law import NothingAnswered

NEAR = np.array([1e-9, 1e-7, 1e-5, 1e-3, 1e-2, 0.1, 0.5])
"""Steps of the logarithm, to both sides of what is special."""
DECADES = np.array([1, 2, 3, 4.5, 6, 9, 12])
INSIDE = np.array([0.02, 0.2, 0.5, 0.7, 0.95])
"""Places between two breaks, as fractions of the way by their logarithms."""
REACH = 6.01
"""Decades to either side within which derivatives are judged."""
PAIR = 2
MOST_BREAKS = 12
SPREADS = (1e-6, 1e-4, 1e-2, 0.3, 1.5)
"""Standard deviations of the logarithms of basket prices."""
DRAWS = 5
CRASHES = (0.5, 1e-2, 1e-5)
SEED = 20210423


def prices_to_try(model: PoolModel, prices: ArrayLike | None = None) -> Array:
    """Prices to check at, (N, m): as given, or those of the grid that are answered.

    A model may refuse prices outside its domain; that it does not refuse too much is a law.

    Raises:
        NothingAnswered: none of the grid is.

    """
    if prices is not None:
        given = np.array(prices, dtype=np.float64)
        return np.asarray(given.reshape(-1, len(model.assets) - 1))
    points = grid(model)
    answered: Array = points[~np.isnan(greeks_at(model, points).value)]
    if not len(answered):
        raise NothingAnswered("it answers at none of the prices tried")
    return answered


def moderate(model: PoolModel, prices: ArrayLike | None = None) -> Array:
    """Prices to differentiate at, (N, m): those tried within 12 decades.

    Past six decades to either side, what is left of an asset is less than the rounding of all:
    formulas that are right and finite there have no derivative to speak of.
    """
    points = prices_to_try(model, prices)
    if prices is not None:
        return points
    middles = np.array([centre(model), *(np.full(points.shape[1], b) for b in few_breaks(model))])
    far = np.abs(np.log10(points[:, None] / middles)).max(axis=2).min(axis=1)
    near: Array = points[far <= REACH]
    return near


def grid(model: PoolModel) -> Array:
    """All prices that a check tries unless told which, (N, m)."""
    return _pair_grid(model) if len(model.assets) == PAIR else _basket_grid(model)


def centre(model: PoolModel) -> Array:
    """Price to start from, (m,): the model's own, amid its breaks, or 1."""
    spot = spot_of(model)
    if spot is not None:
        return spot
    breaks = model.breakpoints()
    middle = np.exp(np.mean(np.log(breaks))) if breaks else 1.0
    return np.full((len(model.assets) - 1,), float(middle))


def few_breaks(model: PoolModel) -> Array:
    """Breaks, or a dozen of them spread over all."""
    return spread_over(np.array(model.breakpoints()), MOST_BREAKS)


def _pair_grid(model: PoolModel) -> Array:
    middle, breaks = centre(model), few_breaks(model)
    steps = np.concatenate([-NEAR[::-1], NEAR])
    special = np.unique(np.concatenate([middle, breaks, [1.0]]))
    parts = [
        special,
        np.nextafter(special, 0),
        np.nextafter(special, np.inf),
        np.outer(np.concatenate([middle, breaks[:2], breaks[-2:], [1.0]]), np.exp(steps)),
        np.outer(middle, 10.0 ** np.concatenate([-DECADES, DECADES])),
        *(low * (high / low) ** INSIDE for low, high in pairwise(breaks)),
    ]
    points = np.unique(np.concatenate([np.ravel(part) for part in parts]))
    return points[(points > 0) & (points < np.inf)][:, None]


def _basket_grid(model: PoolModel) -> Array:
    middle, m = centre(model), len(model.assets) - 1
    random = np.random.default_rng(SEED)
    moves = [spread * random.standard_normal((DRAWS, m)) for spread in SPREADS]
    crash = [np.log(part) * row for part in CRASHES for row in (*np.eye(m), -np.ones(m))]
    logs = np.concatenate([np.zeros((1, m)), *moves, np.array(crash)])
    return np.concatenate([middle * np.exp(logs), np.ones((1, m))])


def spread_over(points: Array, most: int) -> Array:
    """Points, at most so many of them, evenly over all."""
    if len(points) <= most:
        return points
    index: Any = np.linspace(0, len(points) - 1, most).round().astype(int)
    return np.asarray(points[index])
