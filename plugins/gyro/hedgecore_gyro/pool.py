"""What both pools of Gyroscope's have: balances of which one may be none, and rates."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import Attribute, Factory
from numpy.typing import ArrayLike

from hedgecore import fields

ALL_ONE = Factory(lambda pool: (1.0,) * len(pool.assets), takes_self=True)


def balances() -> Any:
    """Return the field of what the whole pool holds, of which one may be 0."""
    about = "what the whole pool holds; one may be 0, out of the range"
    return fields.numbers(about, "whole units", fields.NONNEGATIVE, validator=_not_both_zero)


def rates() -> Any:
    """Return the field of what each balance is multiplied by; all 1 unless given."""
    about = "what a balance is multiplied by; 1 each unless given. Frozen here"
    return fields.numbers(about, "scaled per coin", default=ALL_ONE)


def scaled_balances(
    balances: tuple[float, float], rates: tuple[float, float]
) -> tuple[float, float]:
    """Return the balances times their rates."""
    return balances[0] * rates[0], balances[1] * rates[1]


def shared_balances(balances: tuple[float, float], share: float) -> tuple[float, float]:
    """Return the share of the balances."""
    return share * balances[0], share * balances[1]


def rate_value(model: Any, price: ArrayLike) -> Any:
    """Return ∂value/∂ln(rates) at fixed balances, S+(2,) of the quote.

    The invariant is of degree one in the scaled balances, and its gradient there is the pool's own
    price; the worth at scaled prices is a minimum. So that is V·cᵢ − pᵢxᵢ, where cᵢ is the part of
    the worth that coin i is at the pool's own spot. Zero at that price.
    """
    greeks, given = model.greeks(price), np.asarray(price, dtype=float)
    own = np.array([model.spot() * model.balances[0], model.balances[1]])
    cash = np.asarray(greeks.holdings) * np.stack([given, np.ones_like(given)], axis=-1)
    return np.multiply.outer(greeks.value, own / own.sum()) - cash


def _not_both_zero(model: Any, its: Attribute[Any], given: tuple[float, ...]) -> None:
    if not any(given):
        raise fields.wrong(model, its.name, f"{given} must not both be 0")
