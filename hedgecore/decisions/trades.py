"""Instruments that trade for each asset, and the least proportional cost of a trade there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import column_stack


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
    shape = trades.notional.shape[:-1]
    rates = [cost.proportional_rate(trades) for cost in costs]
    of_each = reduce(np.add, rates) if rates else np.zeros(trades.notional.shape)
    least = [reduce(np.minimum, [of_each[..., k] for k in them]) for them in by]
    return column_stack(least, shape)
