"""The ledger: where each step's change of equity comes from, to the last cent.

Over a step, with what is held as it begins, and all Greeks as it begins,

    ΔV = Δ·dS + ½ dSᵀΓdS + Θ dt + vega·dσ + fees + funding + carry + basis + costs + gas + residual

The residual is what full revaluation says beside the first four, and is shown, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen

from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid, previous
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
    """Contribution of one leg to one column, of one asset where there is one: (K, N), in cash."""

    leg: str
    asset: str
    column: str
    cash: Array


@frozen(eq=False, kw_only=True)
class MarketMoves:
    """Moves of the market over each step, S = (K, N), in each of the n assets.

    Attributes:
        assets: n names.
        prices: place of an asset → dS, of those whose price moved.
        vols: place of an asset → dσ, of those whose volatility moved.
        dt: (K, 1), years.

    """

    assets: tuple[str, ...]
    prices: Mapping[int, Array]
    vols: Mapping[int, Array]
    dt: Array


def moves(view: MarketGrid, before: MarketGrid) -> MarketMoves:
    """Moves of a frame from the moment before it."""
    return MarketMoves(
        assets=view.assets,
        prices=_changes(view.prices, before.prices, view.shape),
        vols=_changes(_without_nan(view.vols), _without_nan(before.vols), view.shape),
        dt=view.dt,
    )


def _changes(
    there: Sequence[Array], before: Sequence[Array], shape: tuple[int, int]
) -> dict[int, Array]:
    """Place → change over each step, of those numbers that change."""
    pairs = enumerate(zip(there, before, strict=True))
    changes = ((i, now - previous(then[-1:], now, shape)) for i, (now, then) in pairs)
    return {i: change for i, change in changes if change.any()}


def _without_nan(vols: Sequence[Array]) -> list[Array]:
    """Volatilities, 0 where the market names none."""
    return [np.where(np.isnan(vol), 0.0, vol) for vol in vols]


class LegStay(NamedTuple):
    """A leg over a frame.

    Attributes:
        amount: S or (1, N), how much of it is held as each step begins.
        there: a unit at the end of each step.
        before: a unit before the first step.

    """

    amount: Array
    there: LegValues
    before: LegValues

    def began(self, name: str) -> Array:
        """Number of a unit, by name, as each step began."""
        return self._previous(getattr(self.before, name), getattr(self.there, name))

    def greek(self, name: str, *assets: int) -> Array:
        """One of the Greeks of a unit as each step began."""
        return self._previous(self.before.greek(name, *assets), self.there.greek(name, *assets))

    def has(self, name: str) -> bool:
        """True if the number `name` is anywhere not 0, at either end of the stay."""
        return bool(getattr(self.there, name).any() or getattr(self.before, name).any())

    def has_greek(self, *greek: Any) -> bool:
        """True if a Greek of the stay is stored at either end: one that is 0 throughout is not."""
        return greek in self.there.greeks or greek in self.before.greeks

    def _previous(self, before: Array, there: Array) -> Array:
        return previous(before, there, self.there.worth.shape)


def entries(leg: str, stay: LegStay, moved: MarketMoves, daily: str) -> Iterator[LedgerEntry]:
    """Entries of a leg over a frame: its Greeks, flows and daily cash, and the rest as the last.

    Args:
        leg: its name.
        stay: how much of what is held.
        moved: what the market did.
        daily: the column that its daily cash is for.

    """
    amount, there = stay.amount, stay.there
    left = amount * (there.end - stay.began("worth"))
    for entry in _greeks(leg, stay, moved):
        left -= entry.cash
        yield entry
    for column, cash in there.flows.items():
        yield LedgerEntry(leg, "", column, amount * cash)
    if stay.has("daily"):
        yield LedgerEntry(leg, "", daily, amount * stay.began("daily") * (moved.dt * DAYS_PER_YEAR))
    if stay.has("basis"):
        gained = amount * (there.basis - stay.began("basis"))
        left -= gained
        yield LedgerEntry(leg, "", "basis", gained)
    yield LedgerEntry(leg, "", "residual", left)


def _greeks(leg: str, stay: LegStay, moved: MarketMoves) -> Iterator[LedgerEntry]:
    amount = stay.amount
    for i, step in moved.prices.items():
        name = moved.assets[i]
        if stay.has_greek("delta", (i,)):
            yield LedgerEntry(leg, name, "delta", amount * stay.greek("delta", i) * step)
        bent = [
            _gamma_move(stay, i, j, moved) for j in moved.prices if stay.has_greek("gamma", (i, j))
        ]
        if bent:
            yield LedgerEntry(leg, name, "gamma", 0.5 * amount * step * reduce(np.add, bent))
    if stay.has_greek("theta", ()):
        yield LedgerEntry(leg, "", "theta", amount * stay.greek("theta") * moved.dt)
    for i, change in moved.vols.items():
        if stay.has_greek("vega", (i,)):
            yield LedgerEntry(leg, moved.assets[i], "vega", amount * stay.greek("vega", i) * change)


def _gamma_move(stay: LegStay, i: int, j: int, moved: MarketMoves) -> Array:
    """Product Γ_ij dS_j where Γ is finite; the residual has what comes of an infinite one."""
    gamma = stay.greek("gamma", i, j)
    if not np.isfinite(gamma).all():
        gamma = np.where(np.isfinite(gamma), gamma, 0.0)
    return np.asarray(gamma * moved.prices[j])
