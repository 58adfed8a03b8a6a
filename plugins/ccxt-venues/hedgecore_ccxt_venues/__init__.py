"""Exchanges by ccxt, each with a tested table of its own: Deribit, OKX, Binance."""

from __future__ import annotations

from hedgecore import AbstractVenue, hookimpl
from hedgecore_ccxt_venues.binance.venue import Binance
from hedgecore_ccxt_venues.deribit.venue import Deribit
from hedgecore_ccxt_venues.okx.venue import Okx

__all__ = ["Binance", "Deribit", "Okx"]


@hookimpl
def hedgecore_venues() -> list[type[AbstractVenue]]:
    """Provide the venues that have a table."""
    return [Deribit, Okx, Binance]
