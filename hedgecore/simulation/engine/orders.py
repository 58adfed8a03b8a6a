"""Trades at the moments of a frame, as costs take them: what no cost asks for is not made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.interfaces.cost import Trades
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import column_stack, take
from hedgecore.simulation.engine.view import MarketGrid, market_at
from hedgecore.units import DAYS_PER_YEAR


class VenueFee(NamedTuple):
    """Fee of one contract: S or less by a rule of its own, or else a rate, NaN where unknown."""

    own: Array | None
    rate: float


class TradedContracts(NamedTuple):
    """Contracts as venues trade them: k instruments, the notional of one, S+(k,), and its fee."""

    instruments: Sequence[Instrument]
    notional: Array
    fees: Sequence[VenueFee]


class FrameTrades(Trades):
    """Trades at all moments of a view, S+(k,), or at flat places of S, (n, k)."""

    view: MarketGrid
    terms: TradedContracts
    places: NDArray[np.intp] | None

    def __init__(
        self,
        view: MarketGrid,
        terms: TradedContracts,
        orders: Array,
        places: NDArray[np.intp] | None = None,
    ) -> None:
        parts = {"view": view, "terms": terms, "places": places}
        for name, part in {**parts, "instruments": terms.instruments}.items():
            object.__setattr__(self, name, part)
        object.__setattr__(self, "contracts", self._pick(orders))
        object.__setattr__(self, "notional", self._pick(terms.notional))

    def _pick(self, columns: Array) -> Array:
        return columns if self.places is None else take(columns, self.places)

    @property
    def charge(self) -> Array:
        """Fee of one contract, cash; NaN where unknown."""
        each = [
            fee.rate * self.notional[..., k] if fee.own is None else self._own(fee.own)
            for k, fee in enumerate(self.terms.fees)
        ]
        return column_stack(each, self.notional.shape[:-1])

    def _own(self, charge: Array) -> Array:
        return self._pick(self.view.spread([charge]))[..., 0]

    @cached_property
    def market(self) -> Market:
        """Market at the moments."""
        market, shape, places = self.view.market, self.view.shape, self.places
        if places is None:
            return market
        return market_at(market, lambda number: _taken(number, shape, places))

    @cached_property
    def vol(self) -> Array:
        """Volatility of what each hedges; NaN where unknown."""
        return self._pick(self.view.vols_of(self._assets))

    @cached_property
    def volume(self) -> Array:
        """Volume per day in what each hedges; NaN where unknown."""
        each = [_daily_volume(self.view, asset) for asset in self._assets]
        return self._pick(self.view.spread(each))

    @property
    def _assets(self) -> list[str]:
        return [each.hedges[0] for each in self.instruments]


def _taken(number: Array, shape: tuple[int, int], places: NDArray[np.intp]) -> Array:
    """Numbers at flat places of S, (n,), of an array S or less."""
    if number.shape == shape:
        return number.reshape(-1).take(places)
    return np.asarray(np.broadcast_to(number, shape).flat[places])


def _daily_volume(view: MarketGrid, asset: str) -> Array | float:
    """Volume of an asset per day, S, from that of each bar or step; NaN where unknown."""
    volume, bar = view.rows.get(f"volume:{asset}"), view.rows.get(f"bar:{asset}", np.nan)
    if volume is None:
        return np.nan
    days = np.where(np.isnan(bar), view.dt, bar) * DAYS_PER_YEAR
    return np.asarray(volume / np.where(days > 0, days, np.nan))
