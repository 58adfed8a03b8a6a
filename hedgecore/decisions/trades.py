"""Orders: which instrument is there for which asset, and what an order is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import evolve

from hedgecore.interfaces.cost import Trades
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.engine.view import View

DAYS = 365.0


def hedged_by(traded: Sequence[Instrument], asset: str) -> list[int]:
    """Return which instruments are there to hedge an asset; all, where none says so."""
    found = [i for i, each in enumerate(traded) if asset in each.hedges]
    return found or list(range(len(traded)))


def chosen(gamma: Array, rows: Sequence[int]) -> Array:
    """Return the entries of S+(n, n) over some of the assets."""
    return np.asarray(gamma[..., list(rows), :][..., list(rows)])


def order(
    view: View, traded: Sequence[Instrument], contracts: Array, notional: Array, charge: Array
) -> Trades:
    """Return orders at all moments of a view, S+(k,)."""
    assets = [each.hedges[0] for each in traded]
    days = view.dt[..., None] * DAYS
    daily = view.row("volume", assets) / np.where(days > 0, days, np.nan)
    return Trades(
        instruments=traded,
        contracts=contracts,
        notional=notional,
        charge=charge,
        market=view.market,
        vol=view.vols(assets),
        volume=daily,
    )


def some(whole: Trades, which: tuple[Any, ...]) -> Trades:
    """Return those orders at the moments S[which]."""
    parts = {
        n: getattr(whole, n)[which] for n in ("contracts", "notional", "charge", "vol", "volume")
    }
    return evolve(whole, market=there(whole.market, which), **parts)


def there(market: Market, which: tuple[Any, ...]) -> Market:
    """Return a market of shape (K, N) at some of its moments."""
    shape = market.shape
    prices = {
        a: np.broadcast_to(p, shape)[which] if p.ndim else p for a, p in market.prices.items()
    }
    vols = {
        a: np.broadcast_to(v, shape)[which] if np.ndim(v) else v for a, v in market.vols.items()
    }
    time = np.broadcast_to(market.time, shape)[which] if np.ndim(market.time) else market.time
    return evolve(market, prices=prices, vols=vols, time=time)
