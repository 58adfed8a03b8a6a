"""Hyperliquid: orders by the official SDK, each with an expiry and a client id."""

from __future__ import annotations

from hedgecore import AbstractVenue, hookimpl
from hedgecore_hyperliquid.session import HyperliquidSession
from hedgecore_hyperliquid.venue import Hyperliquid

__all__ = ["Hyperliquid", "HyperliquidSession"]


@hookimpl
def hedgecore_venues() -> list[type[AbstractVenue]]:
    """Provide the venue."""
    return [Hyperliquid]
