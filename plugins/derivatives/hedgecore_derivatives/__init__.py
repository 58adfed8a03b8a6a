"""Instruments: what a hedge is made of."""

from __future__ import annotations

from hedgecore import Instrument, hookimpl
from hedgecore_derivatives.black import Black, black
from hedgecore_derivatives.everlasting_option import EverlastingOption
from hedgecore_derivatives.funding import premium_rate
from hedgecore_derivatives.future import Future
from hedgecore_derivatives.inverse_future import InverseFuture
from hedgecore_derivatives.inverse_option import InverseOption
from hedgecore_derivatives.inverse_perp import InversePerp
from hedgecore_derivatives.loan import Loan
from hedgecore_derivatives.option import Option
from hedgecore_derivatives.perp import Perp
from hedgecore_derivatives.power_perp import PowerPerp
from hedgecore_derivatives.quanto_perp import QuantoPerp
from hedgecore_derivatives.spot import Spot

__all__ = [
    "Black",
    "EverlastingOption",
    "Future",
    "InverseFuture",
    "InverseOption",
    "InversePerp",
    "Loan",
    "Option",
    "Perp",
    "PowerPerp",
    "QuantoPerp",
    "Spot",
    "black",
    "hedgecore_instruments",
    "premium_rate",
]


@hookimpl
def hedgecore_instruments() -> list[type[Instrument]]:
    """Provide all of these kinds."""
    linear: list[type[Instrument]] = [Spot, Loan, Perp, InversePerp, QuantoPerp]
    dated: list[type[Instrument]] = [Future, InverseFuture, Option, InverseOption]
    return [*linear, *dated, PowerPerp, EverlastingOption]
