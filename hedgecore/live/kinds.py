"""The venue that the core itself provides, through the same hook as any plugin."""

from __future__ import annotations

from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.live.paper import Paper
from hedgecore.registry.markers import hookimpl


@hookimpl
def hedgecore_venues() -> list[type[AbstractVenue]]:
    """Provide the account on paper."""
    return [Paper]
