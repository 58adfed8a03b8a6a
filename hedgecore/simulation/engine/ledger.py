"""The ledger: where each step's change of equity comes from, to the last cent.

Over a step, with what is held as it begins, and all Greeks as it begins,

    ΔV = Δ·dS + ½ dSᵀΓdS + Θ dt + vega·dσ + fees + funding + carry + basis + costs + gas + residual

The residual is what full revaluation says beside the first four, and is shown, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import Any, NamedTuple

import numpy as np
from attrs import frozen

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import is_within
from hedgecore.simulation.engine.products import Began, Change, Factor, Level, Product
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
HUGE = 1e150
"""Numbers within this are finite, and so are their squares."""


@frozen(eq=False, slots=False)
class LedgerEntry:
    """Contribution of one leg to one column, of one asset where there is one, in cash.

    Attributes:
        leg: its name.
        asset: its name, or "".
        column: one of `COLUMNS`.
        product: what it is, over the steps of a frame, S = (K, N).
        less: what is to be taken from that.

    """

    leg: str
    asset: str
    column: str
    product: Product
    less: tuple[LedgerEntry, ...] = ()

    @classmethod
    def of(cls, leg: str, column: str, cash: Array) -> LedgerEntry:
        """Entry of cash in each step, S."""
        return cls(leg, "", column, Product.of((len(cash), cash.shape[1]), Level(cash)))

    @cached_property
    def cash(self) -> Array:
        """Contribution of each step, S."""
        return reduce(np.subtract, (each.cash for each in self.less), self.product.whole())

    @cached_property
    def total(self) -> Array:
        """Sum over the steps of each path, (N,)."""
        return reduce(np.subtract, (each.total for each in self.less), self.product.sum())


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

    def began(self, name: str) -> Began:
        """Number of a unit, by name, as each step began."""
        return Began(getattr(self.before, name), getattr(self.there, name))

    def greek(self, name: str, *assets: int) -> Began:
        """One of the Greeks of a unit as each step began."""
        return Began(self.before.greek(name, *assets), self.there.greek(name, *assets))

    def has(self, name: str) -> bool:
        """True if the number `name` is anywhere not 0, at either end of the stay."""
        return bool(getattr(self.there, name).any() or getattr(self.before, name).any())

    def has_greek(self, *greek: Any) -> bool:
        """True if a Greek of the stay is stored at either end: one that is 0 throughout is not."""
        return greek in self.there.greeks or greek in self.before.greeks

    def gain(self) -> Change | Level:
        """Change of a unit's worth over each step, up to a settlement at its end."""
        end, worth, before = self.there.end, self.there.worth, self.before.worth
        if end is worth:
            return Change(before, worth)
        return Level(end - previous(before, worth, worth.shape))

    def product(self, *factors: Factor) -> Product:
        """Product of the amount and of factors of a unit."""
        return Product.of(self.there.worth.shape, Level(self.amount), *factors)


def entries(leg: str, stay: LegStay, moved: MarketMoves, daily: str) -> Iterator[LedgerEntry]:
    """Entries of a leg over a frame: its Greeks, flows and daily cash, and the rest as the last.

    Args:
        leg: its name.
        stay: how much of what is held.
        moved: what the market did.
        daily: the column that its daily cash is for.

    """
    known = list(_greeks(leg, stay, moved))
    if stay.has("basis"):
        gained = Change(stay.before.basis, stay.there.basis)
        known.append(LedgerEntry(leg, "", "basis", stay.product(gained)))
    yield from known
    for column, cash in stay.there.flows.items():
        yield LedgerEntry(leg, "", column, stay.product(Level(cash)))
    if stay.has("daily"):
        days = Level(moved.dt * DAYS_PER_YEAR)
        yield LedgerEntry(leg, "", daily, stay.product(stay.began("daily"), days))
    yield LedgerEntry(leg, "", "residual", stay.product(stay.gain()), tuple(known))


def _greeks(leg: str, stay: LegStay, moved: MarketMoves) -> Iterator[LedgerEntry]:
    for i, step in moved.prices.items():
        name = moved.assets[i]
        if stay.has_greek("delta", (i,)):
            product = stay.product(stay.greek("delta", i), Level(step))
            yield LedgerEntry(leg, name, "delta", product)
        bent = [
            _gamma_move(stay, i, j, moved) for j in moved.prices if stay.has_greek("gamma", (i, j))
        ]
        if bent:
            half = Level(np.full((1, 1), 0.5))
            product = stay.product(half, Level(step), Level(reduce(np.add, bent)))
            yield LedgerEntry(leg, name, "gamma", product)
    if stay.has_greek("theta", ()):
        yield LedgerEntry(leg, "", "theta", stay.product(stay.greek("theta"), Level(moved.dt)))
    for i, change in moved.vols.items():
        if stay.has_greek("vega", (i,)):
            product = stay.product(stay.greek("vega", i), Level(change))
            yield LedgerEntry(leg, moved.assets[i], "vega", product)


def _gamma_move(stay: LegStay, i: int, j: int, moved: MarketMoves) -> Array:
    """Product Γ_ij dS_j where Γ is finite; the residual has what comes of an infinite one."""
    gamma = stay.greek("gamma", i, j).whole(stay.there.worth.shape)
    if not is_within(gamma, HUGE):
        gamma = np.where(np.isfinite(gamma), gamma, 0.0)
    return np.asarray(gamma * moved.prices[j])
