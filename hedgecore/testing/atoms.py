"""The law of atoms: across a break delta changes by the atom there, and by the gamma beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.testing import answers as said
from hedgecore.testing.grids import PAIR, spread_over
from hedgecore.testing.law import compare, law, require

WIDTHS = np.array([1e-3, 1e-6, 1e-9])[:, None]
"""To both sides of a break, of the logarithm; one that tells is enough."""
ROOM = 0.45
"""The part of the way to the next break that the widest may take."""
MOST = 200
"""Number of breaks to try, evenly over all."""
POWER = 4
"""Nodes crowd towards the break as the fourth power, since gamma may be singular there."""
ORDERS = (10, 20)
"""Of Gauss's rule; how much they differ says how good the second is."""
SAFETY = 15.0
SUMMED = 1e-9
"""Tolerance of a change of delta, of the two deltas; and `ROUNDED`, of the whole worth."""
ROUNDED = 1e-10


@law
def delta_jumps_by_atoms(model: PoolModel, prices: ArrayLike | None = None) -> None:  # noqa: ARG001
    """Between a < b delta changes by Σ atoms + ∫ gamma; atoms are negative, and are breaks.

    Source: delta of a concave V falls, so that its measure is a density, gamma, and atoms
    (Lebesgue). Tried round each break; elsewhere `breaks_named` and `gamma_is_d_delta` say it.
    """
    atoms, named = model.atoms(), set(model.breakpoints())
    for price, mass in atoms:
        require(price in named, f"breakpoints() does not name the price of the atom at {price}")
        require(-np.inf < mass <= 0, f"the atom at {price} is not negative", got=mass)
    if len(model.assets) == PAIR and named:
        _judge(model, np.unique(model.breakpoints()), np.array(atoms).reshape(-1, 2))


def _judge(model: PoolModel, breaks: Array, atoms: Array) -> None:
    """Require the change of delta across breaks (K,) to be what is told, at one width at least."""
    points, widths = _neighbourhoods(breaks)
    masses = np.where(atoms[:, 0] == points[:, None], atoms[:, 1], 0.0).sum(axis=1)
    ends = points * np.exp(np.stack([-widths[0], widths[1]]))
    delta, rounding = _delta(model, ends)
    (below, error_below), (above, error_above) = (_integral(model, points, end) for end in ends)
    got, due = delta[1] - delta[0], masses + above - below
    allowed = rounding.sum(axis=0) + SAFETY * (error_below + error_above)
    told = np.isfinite(got) & np.isfinite(due) & np.isfinite(allowed)
    excess = np.where(told, np.abs(got - due) / allowed, 0.0)
    best = excess.argmin(axis=0)[None]
    parts = (np.where(told, part, 0.0) for part in (got, due, allowed))
    got, due, allowed = (np.take_along_axis(part, best, axis=0)[0] for part in parts)
    reason = "delta does not change by the atoms and the integral of gamma"
    compare(points[:, None], got, due, allowed, reason)


def _neighbourhoods(breaks: Array) -> tuple[Array, Array]:
    """Breaks to try, (K,), and how far to go below and above, (2, W, K), in logs."""
    gaps = np.concatenate([[np.inf], np.log(breaks[1:] / breaks[:-1]), [np.inf]])
    each = np.stack([breaks, ROOM * gaps[:-1], ROOM * gaps[1:]], axis=1)
    points, *room = spread_over(each, MOST).T
    return points, np.minimum(WIDTHS, np.stack(room)[:, None])


def _delta(model: PoolModel, prices: Array) -> tuple[Array, Array]:
    """Delta at prices of any shape, and what the rounding of it, and of them, may do."""
    points = prices.reshape(-1, 1)
    found = said.greeks_at(model, points)
    size = (
        SUMMED * np.abs(found.delta)
        + ROUNDED * said.gross(points, found.holdings)[:, None] / points
    )
    moved = SAFETY * said.ULPS * np.abs(points * found.gamma[:, :, 0])
    return found.delta.reshape(prices.shape), (size + moved).reshape(prices.shape)


def _integral(model: PoolModel, start: Array, end: Array) -> tuple[Array, Array]:
    """Integral of gamma from start (K,) to end (W, K), and how far two rules are apart."""
    rough, fine = (_by_gauss(model, start, end, order) for order in ORDERS)
    return fine, np.abs(fine - rough)


def _by_gauss(model: PoolModel, start: Array, end: Array, order: int) -> Array:
    nodes, weights = np.polynomial.legendre.leggauss(order)
    along, weights = (nodes + 1) / 2, weights / 2
    width = (end - start)[..., None]
    at = start[:, None] + width * along**POWER
    gamma = said.greeks_at(model, at.reshape(-1, 1)).gamma.reshape(at.shape)
    parts = gamma * POWER * along ** (POWER - 1) * width
    return np.asarray(np.where(np.isneginf(gamma), 0.0, parts) @ weights)
