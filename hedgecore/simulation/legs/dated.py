"""Legs that expire: settled in cash once their time has come, or rolled into the next of the kind.

The first step to end at an expiry or after it settles, at the prices there. The next contract is
the same one begun later: with the same strike, or with the same moneyness. Then it is the first
contract in a market whose price is scaled by λ = S(start)/S(roll), and its worth is divided by λ:

    V(S) = V₀(λS)/λ,    ∂V/∂S = V₀′(λS),    ∂²V/∂S² = λ V₀″(λS),

exact for what is homogeneous in price and strike, as options and futures are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from attrs import evolve, frozen

from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.leg import AbstractLeg, values_at
from hedgecore.simulation.legs.valuation import (
    Greek,
    LegValues,
    concatenate,
    empty_values,
    with_settlement,
)

MOMENT = 1e-12
"""Years by which a step may end before an expiry, by rounding, and still be the one to settle."""


KEEPS = ("strike", "moneyness")


class Running(NamedTuple):
    """The contract that runs: how long after the first it began, in years, and its λ (N,)."""

    late: float
    scale: Array
    runs: bool = True


@frozen(eq=False, kw_only=True)
class DatedLeg(AbstractLeg):
    """Leg that expires.

    Attributes:
        name: of the leg.
        priced: the contract as entered at the start.
        underlying: the asset that its strike is of.
        spot: the price of the underlying at the start.
        expiry: of the first contract, on the market's clock.
        tenor: years from the start to that expiry, and of each later contract.
        roll: "strike" or "moneyness", what the next contract keeps; else there is no next.
        deaf: whether its volatility is its own.

    """

    name: str
    priced: Priced
    underlying: str
    spot: float
    expiry: float
    tenor: float
    roll: str | None = None
    deaf: bool = False

    @property
    def ends(self) -> float:
        """The expiry of the first contract."""
        return self.expiry

    def begin(self, start: MarketGrid, paths: int) -> Running:  # noqa: ARG002 - as the base has it
        """State of the first contract, running since the start."""
        return Running(0.0, np.ones(paths))

    def walk(self, view: MarketGrid, state: Running) -> tuple[LegValues, Running]:
        """Values of a unit, contract after contract, and the contract that runs at the end."""
        parts: list[LegValues] = []
        row = 0
        while row < view.shape[0]:
            last, due = self._until(view, row, state)
            part = self._over(view.rows_between(row, last + 1), state)
            if due:
                state = self._next(view, last, state)
                fresh = self._over(view.rows_between(last, last + 1), state)
                part = with_settlement(part, fresh, kept=state.runs)
            parts.append(part)
            row = last + 1
        return concatenate(parts), state

    def _until(self, view: MarketGrid, row: int, state: Running) -> tuple[int, bool]:
        """Last row of the contract that runs at `row`, and whether it expires there."""
        moments = view.market.time[row:, 0]
        due = (moments >= self.expiry + state.late - MOMENT) & state.runs
        return (row + int(np.argmax(due)), True) if due.any() else (view.shape[0] - 1, False)

    def _next(self, view: MarketGrid, row: int, state: Running) -> Running:
        if self.roll not in KEEPS:
            return state._replace(runs=False)
        late = float(view.market.time[row, 0]) - (self.expiry - self.tenor)
        if self.roll == "strike":
            return Running(late, state.scale)
        here = np.broadcast_to(view.market.price(self.underlying), view.shape)[row]
        return Running(late, np.broadcast_to(self.spot / here, state.scale.shape))

    def _over(self, view: MarketGrid, state: Running) -> LegValues:
        """Contract that runs over the moments of a view; nothing where none does."""
        if not state.runs:
            return empty_values(values_at(self, view))
        scale = state.scale
        there = values_at(self, view.with_market(self._local(view.market, state)))
        worth = there.end / scale
        greeks = {
            greek: number * self._scaling(greek, view.assets, scale)
            for greek, number in there.greeks.items()
        }
        return evolve(
            there,
            end=worth,
            worth=worth,
            greeks=greeks,
            daily=there.daily / scale,
            notional=there.notional / scale,
            charge=there.charge / scale,
        )

    def _scaling(self, greek: Greek, assets: Sequence[str], scale: Array) -> Array:
        """Factor of a Greek of the first contract, (N,), that makes it the running one's."""
        name, places = greek
        if name not in {"delta", "gamma"}:
            return 1.0 / scale
        factor = scale if name == "gamma" else np.ones(1)
        for i in places:
            factor = factor * (1.0 if assets[i] == self.underlying else 1.0 / scale)
        return factor

    def _local(self, market: Market, state: Running) -> Market:
        if not state.late:
            return market
        moved = {self.underlying: market.price(self.underlying) * state.scale}
        return evolve(market, prices={**market.prices, **moved}, time=market.time - state.late)
