"""A pair's pool along the one price that moves it: its own Greeks, and no matrix of two assets.

Where the quote is the numeraire, or costs 1 of it all along, the pool's numbers in its quote are
those in cash; and where nobody asks how it bends along the quote, its gamma is one number.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast
from hedgecore.pools.pair import PairPool
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.simulation.legs.valuation import Greek, LegValues, without_zeros


def pair_values(priced: Any, view: MarketGrid) -> LegValues | None:
    """Values of a unit of a pair at the moments of a view; None where more is to be asked."""
    if not isinstance(priced, PairPool) or view.bent is None:
        return None
    base, quote = priced.assets
    if base not in view.assets or quote in view.bent or not _is_plain(base, quote, view):
        return None
    price = view.market.price(base)
    value, delta, gamma, holdings = priced.greeks(broadcast(price, view.shape))
    i = view.assets.index(base)
    greeks: dict[Greek, Array] = {("delta", (i,)): delta, ("gamma", (i, i)): gamma}
    if quote in view.assets:
        greeks["delta", (view.assets.index(quote),)] = holdings[..., 1]
    return LegValues(end=value, worth=value, greeks=without_zeros(greeks, view.shape))


def _is_plain(base: str, quote: str, view: MarketGrid) -> bool:
    """True if neither asset is a claim, and one quote is one numeraire at all moments."""
    market = view.market
    if base in market.assets or quote in market.assets:
        return False
    unit = market.price(quote)
    return not unit.ndim and bool(np.equal(unit, 1.0))
