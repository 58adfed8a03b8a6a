"""State that both pools of Gyroscope's have: balances of which one may be none, and rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import Attribute, Factory
from numpy.typing import ArrayLike

from hedgecore import Market, fields, prices_in_quote
from hedgecore.pools.scaled import scale_value

ALL_ONE = Factory(lambda pool: (1.0,) * len(pool.assets), takes_self=True)


def balances() -> Any:
    """Field of what the whole pool holds, of which one may be 0."""
    about = "what the whole pool holds; one may be 0, out of the range"
    return fields.numbers(about, "whole units", fields.NONNEGATIVE, validator=_not_both_zero)


def rates() -> Any:
    """Field of what each balance is multiplied by; all 1 unless given."""
    about = "what a balance is multiplied by; 1 each unless given. Frozen here"
    return fields.numbers(about, "scaled per coin", default=ALL_ONE)


def scaled_balances(
    balances: tuple[float, float], rates: tuple[float, float]
) -> tuple[float, float]:
    """Balances times their rates."""
    return balances[0] * rates[0], balances[1] * rates[1]


def shared_balances(balances: tuple[float, float], share: float) -> tuple[float, float]:
    """Share of the balances."""
    return share * balances[0], share * balances[1]


def rate_value(model: Any, price: ArrayLike) -> Any:
    """Sensitivity ∂value/∂ln(rates) at fixed balances, S+(2,) of the quote; zero at the spot.

    V·cᵢ − pᵢxᵢ, where cᵢ is the part of the worth that coin i is at the pool's own spot.
    """
    return scale_value(model, model.balances, price)


def frozen_fields() -> Mapping[str, str]:
    """Field → what moves it."""
    return {"rates": "what the coins earn"}


def frozen_slopes(model: Any, market: Market) -> Mapping[str, Any]:
    """Field → ∂worth/∂ln(field); rates of 1 are no rates."""
    if all(rate == 1.0 for rate in model.rates):
        return {}
    price, quote = prices_in_quote(model.assets, market)
    return {"rates": rate_value(model, price) * quote[..., None]}


def _not_both_zero(model: Any, its: Attribute[Any], given: tuple[float, ...]) -> None:
    if not any(given):
        raise fields.wrong(model, its.name, f"{given} must not both be 0")
