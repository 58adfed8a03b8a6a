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

from hedgecore.numerics.arrays import Array, read_only
from hedgecore.numerics.columns import HUGE, is_within
from hedgecore.simulation.engine.products import (
    Factor,
    OpeningValues,
    PlacedNumbers,
    StepChange,
    StepProduct,
    StepValues,
)
from hedgecore.simulation.engine.view import MarketGrid, previous
from hedgecore.simulation.legs.valuation import NONE, LegValues
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

HALF = StepValues(read_only(np.full((1, 1), 0.5)))


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
    product: StepProduct | PlacedNumbers
    less: tuple[LedgerEntry, ...] = ()

    @classmethod
    def of(cls, leg: str, column: str, cash: Array) -> LedgerEntry:
        """Entry of cash in each step, S."""
        return cls(leg, "", column, StepProduct.of((len(cash), cash.shape[1]), StepValues(cash)))

    def add_to(self, total: Array) -> None:
        """Add the contribution of each step to a total, S."""
        self.product.add_to(total)
        for each in self.less:
            total -= each.cash

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
        vols=_vol_changes(view, before),
        dt=view.dt,
    )


def _changes(
    there: Sequence[Array], before: Sequence[Array], shape: tuple[int, int]
) -> dict[int, Array]:
    """Place → change over each step, of those numbers that change."""
    pairs = enumerate(zip(there, before, strict=True))
    changes = ((i, StepChange(then[-1:], now).whole(shape)) for i, (now, then) in pairs)
    return {i: change for i, change in changes if change[0, 0] or change.any()}


def _vol_changes(view: MarketGrid, before: MarketGrid) -> dict[int, Array]:
    """Changes of the volatilities; none where it is one mapping of them before and after."""
    if view.market.vols is before.market.vols:
        return {}
    return _changes(_without_nan(view.vols), _without_nan(before.vols), view.shape)


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

    def began(self, name: str) -> OpeningValues:
        """Number of a unit, by name, as each step began."""
        return OpeningValues(getattr(self.before, name), getattr(self.there, name))

    def greek(self, name: str, *assets: int) -> OpeningValues:
        """One of the Greeks of a unit as each step began."""
        return OpeningValues(self.before.greek(name, *assets), self.there.greek(name, *assets))

    def has(self, name: str) -> bool:
        """True if the number `name` is anywhere not 0, at either end of the stay."""
        both = getattr(self.there, name), getattr(self.before, name)
        return any(number is not NONE and number.any() for number in both)

    def has_greek(self, *greek: Any) -> bool:
        """True if a Greek of the stay is stored at either end: one that is 0 throughout is not."""
        return greek in self.there.greeks or greek in self.before.greeks

    def gain(self) -> StepChange | StepValues:
        """Change of a unit's worth over each step, up to a settlement at its end."""
        end, worth, before = self.there.end, self.there.worth, self.before.worth
        if end is worth:
            return StepChange(before, worth)
        return StepValues(end - previous(before, worth, worth.shape))

    def product(self, *factors: Factor) -> StepProduct:
        """Product of the amount and of factors of a unit."""
        return StepProduct.of(self.there.worth.shape, StepValues(self.amount), *factors)


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
        gained = StepChange(stay.before.basis, stay.there.basis)
        known.append(LedgerEntry(leg, "", "basis", stay.product(gained)))
    yield from known
    for column, cash in stay.there.flows.items():
        yield LedgerEntry(leg, "", column, stay.product(StepValues(cash)))
    if stay.has("daily"):
        days = StepValues(moved.dt * DAYS_PER_YEAR)
        yield LedgerEntry(leg, "", daily, stay.product(stay.began("daily"), days))
    yield LedgerEntry(leg, "", "residual", stay.product(stay.gain()), tuple(known))


def _greeks(leg: str, stay: LegStay, moved: MarketMoves) -> Iterator[LedgerEntry]:
    for i, step in moved.prices.items():
        name = moved.assets[i]
        if stay.has_greek("delta", (i,)):
            product = stay.product(stay.greek("delta", i), StepValues(step))
            yield LedgerEntry(leg, name, "delta", product)
        bend = _bend(stay, i, moved)
        if bend:
            yield LedgerEntry(leg, name, "gamma", stay.product(HALF, StepValues(step), *bend))
    if stay.has_greek("theta", ()):
        yield LedgerEntry(leg, "", "theta", stay.product(stay.greek("theta"), StepValues(moved.dt)))
    for i, change in moved.vols.items():
        if stay.has_greek("vega", (i,)):
            product = stay.product(stay.greek("vega", i), StepValues(change))
            yield LedgerEntry(leg, moved.assets[i], "vega", product)


def _bend(stay: LegStay, i: int, moved: MarketMoves) -> tuple[Factor, ...]:
    """Factors of Σ Γ_ij dS_j over j, of all Γ that are finite; () where there are none.

    The residual has what comes of an infinite one.
    """
    pairs = [
        (_finite(stay.greek("gamma", i, j)), StepValues(step))
        for j, step in moved.prices.items()
        if stay.has_greek("gamma", (i, j))
    ]
    if len(pairs) < 2:  # noqa: PLR2004 - no sum
        return pairs[0] if pairs else ()
    shape = stay.there.worth.shape
    return (StepValues(reduce(np.add, [StepProduct.of(shape, *pair).whole() for pair in pairs])),)


def _finite(gamma: OpeningValues) -> OpeningValues:
    """Gamma, 0 where it is infinite."""
    known = [each if is_within(each, HUGE) else _zero_where_infinite(each) for each in gamma]
    return OpeningValues(*known)


def _zero_where_infinite(number: Array) -> Array:
    return np.where(np.isfinite(number), number, 0.0)
