"""A pool that charges a fee: its own price moves only when the market leaves its fee band.

With s the pool's price, m the market's and f the fee of a swap, nobody gains by a swap while
s(1 − f) ≤ m ≤ s/(1 − f). Where the market goes further, arbitrage takes the pool to the nearer edge
of that, ``s ← clip(s, m(1 − f), m/(1 − f))``, and pays the fee of what it puts in: f/(1 − f) of
what the curve takes. Swaps of all others are left out (Milionis, Moallemi, Roughgarden, *Automated
Market Making and Arbitrage Profits in the Presence of Fees*, 2023).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from attrs import evolve, frozen

from hedgecore.market.numeraire import in_numeraire
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid, lag
from hedgecore.simulation.legs.leg import AbstractLeg
from hedgecore.simulation.legs.valuation import LegValues, leg_values


class Stand(NamedTuple):
    """State of the pool on each path: its price (N,), and the holdings of a unit, (N, 2)."""

    price: Array
    holdings: Array


@frozen(eq=False, kw_only=True)
class ArbitragedLeg(AbstractLeg):
    """A pair's pool between its own price and the market's.

    Attributes:
        name: of the leg.
        priced: the pool.
        fee: of a swap, a fraction of what is put in.
        spot: the pool's own price at the start.

    """

    name: str
    priced: Any
    fee: float
    spot: float

    def begin(self, start: MarketGrid, paths: int) -> Stand:  # noqa: ARG002 - as the base has it
        """Pool at its own price, on every path."""
        price = np.full(paths, self.spot)
        return Stand(price, self.priced.greeks(price).holdings)

    def walk(self, view: MarketGrid, state: Stand) -> tuple[LegValues, Stand]:
        """Holdings and worth of a unit, and the fees that arbitrage paid it."""
        prices = view.market.vector(self.priced.assets)
        own = self._own_prices(prices[..., 0] / prices[..., 1], state.price)
        greeks = self.priced.greeks(own)
        gamma = np.asarray(greeks.gamma)[None, None]
        parts = np.moveaxis(greeks.holdings, -1, 0)
        there = leg_values(
            in_numeraire(self.priced.assets, parts, gamma, view.market), view.assets, own.shape
        )
        taken = greeks.holdings - lag(state.holdings, greeks.holdings)
        paid = self.fee / (1.0 - self.fee) * np.sum(np.maximum(taken, 0.0) * prices, axis=-1)
        now = Stand(own[-1], greeks.holdings[-1])
        return evolve(there, flows={"fees": paid}), now

    def _own_prices(self, market: Array, price: Array) -> Array:
        """Pool's price after each step, S, from `price` (N,) before the first."""
        low, high = market * (1.0 - self.fee), market / (1.0 - self.fee)
        own = np.empty(np.broadcast_shapes(market.shape, (1, *price.shape)))
        for k in range(len(own)):
            price = own[k] = np.minimum(np.maximum(price, low[k]), high[k])
        return own
