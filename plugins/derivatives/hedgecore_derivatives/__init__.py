"""Instruments: what a hedge is made of."""

from __future__ import annotations

from hedgecore import Instrument, hookimpl
from hedgecore_derivatives.future import Future
from hedgecore_derivatives.inverse_perp import InversePerp
from hedgecore_derivatives.perp import Perp
from hedgecore_derivatives.spot import Spot

__all__ = ["Future", "InversePerp", "Perp", "Spot", "hedgecore_instruments"]


@hookimpl
def hedgecore_instruments() -> list[type[Instrument]]:
    """Provide `spot`, `perp`, `inverse-perp` and `future`."""
    return [Spot, Perp, InversePerp, Future]
