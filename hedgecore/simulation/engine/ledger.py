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

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid, lag
from hedgecore.simulation.legs.valuation import LegValues
from hedgecore.units import DAYS_PER_YEAR

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


class LedgerEntry(NamedTuple):
    """What one leg brings to one column, by an asset where it is of one: (K, N), in cash."""

    leg: str
    asset: str
    column: str
    cash: Array


@frozen(eq=False, kw_only=True)
class MarketMoves:
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


def moves(view: MarketGrid, prices: Array, vols: Array) -> MarketMoves:
    """Moves of a frame, from the prices and vols before it, (N, n)."""
    move = view.prices - lag(prices, view.prices)
    bent = vols_of(view)
    return MarketMoves(
        assets=view.assets,
        moving=tuple(i for i in range(len(view.assets)) if move[..., i].any()),
        prices=move,
        vols=bent - lag(vols, bent),
        dt=view.dt,
    )


def vols_of(view: MarketGrid) -> Array:
    """Volatilities of all assets, S+(n,), 0 where the market names none."""
    return np.nan_to_num(view.vols(view.assets))


class LegStay(NamedTuple):
    """A leg over a frame.

    Attributes:
        amount: S, how much of it is held as each step begins.
        there: a unit at the end of each step.
        before: a unit before the first step.

    """

    amount: Array
    there: LegValues
    before: LegValues

    def lag(self, name: str) -> Array:
        """Number of a unit, by name, as each step began."""
        then = getattr(self.there, name)
        whole = np.broadcast_to(then, (*self.there.worth.shape, *then.shape[2:]))
        return lag(getattr(self.before, name)[0], whole)

    def has(self, name: str) -> bool:
        """Whether one of its numbers is anything but 0."""
        return bool(getattr(self.there, name).any() or getattr(self.before, name).any())


def entries(leg: str, stay: LegStay, moved: MarketMoves, daily: str) -> Iterator[LedgerEntry]:
    """Yield what a leg brings over a frame.

    Args:
        leg: its name.
        stay: how much of what is held.
        moved: what the market did.
        daily: the column that its daily cash is for.

    """
    amount, there = stay.amount, stay.there
    left = amount * (there.end - stay.lag("worth"))
    for entry in _greeks(leg, stay, moved):
        left = left - entry.cash
        yield entry
    for column, cash in there.flows.items():
        yield LedgerEntry(leg, "", column, amount * cash)
    if stay.has("daily"):
        yield LedgerEntry(leg, "", daily, amount * stay.lag("daily") * (moved.dt * DAYS_PER_YEAR))
    if stay.has("basis"):
        gained = amount * (there.basis - stay.lag("basis"))
        left = left - gained
        yield LedgerEntry(leg, "", "basis", gained)
    yield LedgerEntry(leg, "", "residual", left)


def _greeks(leg: str, stay: LegStay, moved: MarketMoves) -> Iterator[LedgerEntry]:
    amount, delta = stay.amount, stay.lag("delta")
    gamma = stay.lag("gamma") if stay.has("gamma") else None
    for i in moved.moving:
        step, name = moved.prices[..., i], moved.assets[i]
        yield LedgerEntry(leg, name, "delta", amount * delta[..., i] * step)
        if gamma is not None:
            yield LedgerEntry(leg, name, "gamma", 0.5 * amount * step * _bent(gamma, i, moved))
    if stay.has("theta"):
        yield LedgerEntry(leg, "", "theta", amount * stay.lag("theta") * moved.dt)
    if moved.vols.any() and stay.has("vega"):
        vega = stay.lag("vega")
        for i, name in enumerate(moved.assets):
            yield LedgerEntry(leg, name, "vega", amount * vega[..., i] * moved.vols[..., i])


def _bent(gamma: Array, i: int, moved: MarketMoves) -> Array:
    """Sum Σ_j Γ_ij dS_j over finite Γ; the residual has what comes of an infinite one."""
    rows = [np.where(np.isfinite(gamma[..., i, j]), gamma[..., i, j], 0.0) for j in moved.moving]
    return np.asarray(
        sum(row * moved.prices[..., j] for row, j in zip(rows, moved.moving, strict=True))
    )
