"""Static replication: a position's payoff by a strip of listed options, its error proven."""

from __future__ import annotations

from hedgecore import hookimpl
from hedgecore_static_strip.bound import Band, band
from hedgecore_static_strip.payoff import Payoff
from hedgecore_static_strip.static_strip import StaticStrip
from hedgecore_static_strip.strike_weights import density, replication_value
from hedgecore_static_strip.strip import Strip, carr_madan, interpolation, minimax

__all__ = [
    "Band",
    "Payoff",
    "StaticStrip",
    "Strip",
    "band",
    "carr_madan",
    "density",
    "hedgecore_solvers",
    "interpolation",
    "minimax",
    "replication_value",
]


@hookimpl
def hedgecore_solvers() -> list[type]:
    """Provide `strip`."""
    return [StaticStrip]
