"""One asset's price at one moment, all else as it is now: what payoffs are functions of."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from hedgecore import HedgeError, Market, Priced
from hedgecore_static_strip.payoff import Array

LINEAR = 1e-9
"""Tolerance of a line, as a part of its size."""
LOOKS = 33


@frozen(eq=False, kw_only=True)
class PriceRange:
    """A range of prices of one asset, at the expiry of a strip.

    Attributes:
        asset: whose price moves; all others stay.
        now: the market, with a time.
        ends: the range, in the numeraire.
        first: when the first option of the strip expires, on the clock of `now`.
        last: when the last one does; payoffs are taken then.

    """

    asset: str
    now: Market
    ends: tuple[float, float]
    first: float
    last: float

    @property
    def price(self) -> float:
        """The asset's price now."""
        return float(self.now.price(self.asset))

    @property
    def years(self) -> float:
        """The time to expiry."""
        return self.last - float(self.now.time or 0.0)

    def at(self, prices: Array) -> Market:
        """Market at expiry, with these prices of the asset (n,)."""
        return evolve(self.now, prices={**self.now.prices, self.asset: prices}, time=self.last)

    def coin(self, quote: str | None) -> float:
        """Price of a quote coin, which does not move; 1 for the numeraire.

        Raises:
            HedgeError: it is the asset itself.

        """
        if quote == self.asset:
            raise HedgeError(f"an option of {quote} has its strike in {quote}")
        return 1.0 if quote is None else float(self.now.price(quote))


def is_linear(priced: Priced, span: PriceRange) -> bool:
    """Say whether something is linear in the price, to rounding, wherever it is looked at."""
    prices = np.linspace(*span.ends, LOOKS)
    worth = np.broadcast_to(priced.worth(span.at(prices)), prices.shape)
    line = np.interp(prices, prices[[0, -1]], worth[[0, -1]])
    slope = abs(worth[-1] - worth[0]) / (prices[-1] - prices[0])
    size = np.max(np.abs(worth)) + slope * prices[-1]
    return bool(np.max(np.abs(worth - line)) <= LINEAR * size)
