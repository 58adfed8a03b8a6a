"""Venues on EVM chains: orders are transactions, and the chain proves what became of them."""

from __future__ import annotations

from hedgecore import AbstractVenue, hookimpl
from hedgecore_evm_venues.perp_v2 import PerpV2
from hedgecore_evm_venues.session import PerpSession

__all__ = ["PerpSession", "PerpV2"]


@hookimpl
def hedgecore_venues() -> list[type[AbstractVenue]]:
    """Provide the venues."""
    return [PerpV2]
