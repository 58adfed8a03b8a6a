"""`impact`: a large order moves the price against itself, by a square root."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.numerics.arrays import Array
from hedgecore.units import DAYS_PER_YEAR


@frozen(kw_only=True)
class Impact(AbstractCost):
    """The square-root law: an order of Q in cash costs ``Q · Y σ √(Q/V)``.

    σ is the volatility of a day, V what is traded in a day in cash, and Y a number near 1. Where
    they are not given they are the market's vols, and the path's rows "volume:ASSET". Source:
    Almgren, Thum, Hauptmann, Li, *Direct Estimation of Equity Market Impact* (2005); Tóth et al.,
    *Anomalous Price Impact and the Critical Nature of Liquidity* (2011).
    """

    kind = "impact"
    example = {"volume": 5e8, "vol": 0.6}

    y: float = fields.number("Y", "ratio", default=1.0)
    volume: float | None = fields.number(
        "V; the path's unless given", "numeraire per day", optional=True
    )
    vol: float | None = fields.number(
        "annual volatility; the market's unless given", "per √year", fields.VOL,
        optional=True, likely=fields.SMALL_VOL,
    )  # fmt: skip

    def cost(self, trades: Trades) -> Array:
        """Impact ``Y σ Q √(Q/V)``, cash; SpecError where σ or V is unknown."""
        cash = trades.cash
        vol = self._checked_number("vol", trades.vol, self.vol, cash)
        volume = self._checked_number("volume", trades.volume, self.volume, cash)
        some = cash > 0
        part = np.where(some, cash, 0.0) / np.where(some, volume, 1.0)
        return np.where(some, self.y / math.sqrt(DAYS_PER_YEAR) * vol * cash * np.sqrt(part), 0.0)

    def _checked_number(self, name: str, there: Array, own: float | None, cash: Array) -> Array:
        number = there if own is None else np.full(cash.shape, own)
        if np.any((cash > 0) & ~(number > 0 if name == "volume" else number >= 0)):
            where = "the market's vols" if name == "vol" else "the path's rows"
            raise SpecError(f"is neither given nor among {where}", kind=self.kind, field=name)
        return number
