"""The ledger: where each step's change of equity comes from, to the last cent.

Over a step, with what is held as it begins, and all Greeks as it begins,

    ΔV = Δ·dS + ½ dSᵀΓdS + Θ dt + vega·dσ + fees + funding + carry + basis + costs + gas + residual

The residual is what full revaluation says beside the first four, and is shown, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from attrs import frozen

from hedgecore.market import Array
from hedgecore.simulation.held import Held
from hedgecore.simulation.view import View, shifted

COLUMNS = (
    "delta",
    "gamma",
    "theta",
    "vega",
    "fees",
    "funding",
    "carry",
    "costs",
    "gas",
    "basis",
    "residual",
)
DAYS = 365.0


class Entry(NamedTuple):
    """What one leg brings to one column, by an asset where it is of one: (K, N), in cash."""

    leg: str
    asset: str
    column: str
    cash: Array


@frozen(eq=False, kw_only=True)
class Moves:
    """What the market did over each step, S = (K, N), over the n assets.

    Attributes:
        assets: n names.
        moving: those of them whose price moved.
        prices: S+(n,), dS.
        vols: S+(n,), dσ, 0 where the market names none.
        dt: (K, 1), years.

    """

    assets: tuple[str, ...]
    moving: tuple[int, ...]
    prices: Array
    vols: Array
    dt: Array


def moves(view: View, prices: Array, vols: Array) -> Moves:
    """Return the moves of a frame, from the prices and vols before it, (N, n)."""
    move = view.prices - shifted(prices, view.prices)
    bent = vols_of(view)
    return Moves(
        assets=view.assets,
        moving=tuple(i for i in range(len(view.assets)) if move[..., i].any()),
        prices=move,
        vols=bent - shifted(vols, bent),
        dt=view.dt,
    )


def vols_of(view: View) -> Array:
    """Return the volatilities of all assets, S+(n,), 0 where the market names none."""
    return np.nan_to_num(view.vols(view.assets))


def entries(
    leg: str, amount: Array, there: Held, before: Held, moved: Moves, daily: str
) -> Iterator[Entry]:
    """Yield what a leg brings over a frame, `amount` S of it being held as each step begins.

    Args:
        leg: its name.
        amount: S.
        there: a unit at the end of each step.
        before: a unit before the first, one step.
        moved: what the market did.
        daily: the column that its daily cash is for.

    """
    left = amount * (there.end - shifted(before.worth[0], there.worth))
    for entry in _greeks(leg, amount, there, before, moved):
        left = left - entry.cash
        yield entry
    for column, cash in there.flows.items():
        yield Entry(leg, "", column, amount * cash)
    if there.daily.any() or before.daily.any():
        per_day = np.broadcast_to(there.daily, there.worth.shape)
        cash = amount * shifted(before.daily[0], per_day) * (moved.dt * DAYS)
        yield Entry(leg, "", daily, cash)
    if there.basis.any() or before.basis.any():
        basis = np.broadcast_to(there.basis, there.worth.shape)
        gained = amount * (basis - shifted(before.basis[0], basis))
        left = left - gained
        yield Entry(leg, "", "basis", gained)
    yield Entry(leg, "", "residual", left)


def _greeks(leg: str, amount: Array, there: Held, before: Held, moved: Moves) -> Iterator[Entry]:
    delta = shifted(before.delta[0], there.delta)
    curved = there.gamma.any() or before.gamma.any()
    gamma = shifted(before.gamma[0], there.gamma) if curved else None
    for i in moved.moving:
        step, name = moved.prices[..., i], moved.assets[i]
        yield Entry(leg, name, "delta", amount * delta[..., i] * step)
        if gamma is not None:
            yield Entry(leg, name, "gamma", 0.5 * amount * step * _bent(gamma, i, moved))
    if there.theta.any() or before.theta.any():
        theta = shifted(before.theta[0], there.theta)
        yield Entry(leg, "", "theta", amount * theta * moved.dt)
    if (there.vega.any() or before.vega.any()) and moved.vols.any():
        vega = shifted(before.vega[0], there.vega)
        for i, name in enumerate(moved.assets):
            yield Entry(leg, name, "vega", amount * vega[..., i] * moved.vols[..., i])


def _bent(gamma: Array, i: int, moved: Moves) -> Array:
    """Return Σ_j Γ_ij dS_j; where Γ is infinite it says nothing, and the residual has it."""
    rows = [np.where(np.isfinite(gamma[..., i, j]), gamma[..., i, j], 0.0) for j in moved.moving]
    return np.asarray(
        sum(row * moved.prices[..., j] for row, j in zip(rows, moved.moving, strict=True))
    )
