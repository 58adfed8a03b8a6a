"""Instruments: what a hedge is made of. Each name is imported from its module at first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hedgecore import hookimpl

if TYPE_CHECKING:
    from hedgecore import Instrument
    from hedgecore_derivatives.black76 import Black, black
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

INSTRUMENTS = {
    "Spot": "spot",
    "Loan": "loan",
    "Perp": "perp",
    "InversePerp": "inverse_perp",
    "QuantoPerp": "quanto_perp",
    "Future": "future",
    "InverseFuture": "inverse_future",
    "Option": "option",
    "InverseOption": "inverse_option",
    "PowerPerp": "power_perp",
    "EverlastingOption": "everlasting_option",
}
"""Class → its module; a book of one perp needs one of them."""
FORMULAS = {"Black": "black76", "black": "black76", "premium_rate": "funding"}


@hookimpl
def hedgecore_instruments() -> list[type[Instrument]]:
    """Provide all of these kinds."""
    return [__getattr__(name) for name in INSTRUMENTS]


def __getattr__(name: str) -> Any:
    module = {**INSTRUMENTS, **FORMULAS}.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
