"""Trades at all moments of a frame, as costs take them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hedgecore.interfaces.cost import Trades
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import MarketGrid
from hedgecore.units import DAYS_PER_YEAR


def trades_over(
    view: MarketGrid, traded: Sequence[Instrument], contracts: Array, notional: Array, charge: Array
) -> Trades:
    """Trades at all moments of a view, S+(k,)."""
    assets = [each.hedges[0] for each in traded]
    return Trades(
        instruments=traded,
        contracts=contracts,
        notional=notional,
        charge=charge,
        market=view.market,
        vol=view.vols_of(assets),
        volume=view.spread([_daily_volume(view, asset) for asset in assets]),
    )


def _daily_volume(view: MarketGrid, asset: str) -> Array | float:
    """Volume of an asset per day, S, from that of each bar or step; NaN where unknown."""
    volume, bar = view.rows.get(f"volume:{asset}"), view.rows.get(f"bar:{asset}", np.nan)
    if volume is None:
        return np.nan
    days = np.where(np.isnan(bar), view.dt, bar) * DAYS_PER_YEAR
    return np.asarray(volume / np.where(days > 0, days, np.nan))
