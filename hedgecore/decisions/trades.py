"""Which instruments trade for which asset, and what a trade there costs at least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array


def instruments_for(instruments: Sequence[Instrument], asset: str, market: Market) -> list[int]:
    """Places of the instruments that are there to hedge an asset; all, where none says so."""
    hedged = [market.assets.underlying(each.hedges) for each in instruments]
    found = [i for i, each in enumerate(hedged) if asset in each]
    return found or list(range(len(instruments)))


def cheapest_rate(
    costs: Sequence[AbstractCost], trades: Trades, by: Sequence[Sequence[int]]
) -> Array:
    """Least proportional cost of trading each of m assets, S+(m,), a fraction.

    Args:
        costs: of trading.
        trades: of nothing, in k instruments.
        by: of each asset, the places of the instruments that trade for it.

    """
    of_each = sum(
        (cost.proportional_rate(trades) for cost in costs), np.zeros(trades.notional.shape)
    )
    least = [np.min(of_each[..., list(them)], axis=-1) for them in by]
    return np.stack(least, axis=-1) if least else of_each[..., :0]
