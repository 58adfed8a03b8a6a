"""Expiry of a contract: as time left, or as a moment on the market's clock."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import numpy as np
from attrs import Attribute, evolve

from hedgecore import Market, SpecError, fields
from hedgecore_derivatives.contract import Array


class Dated(Protocol):
    """Contract that has exactly one of the two fields below."""

    @property
    def expiry_years(self) -> float | None: ...  # noqa: D102 - the fields below say
    @property
    def expiry(self) -> float | None: ...  # noqa: D102


MOST_YEARS = 20.0
Any_ = TypeVar("Any_", bound=Any)


def expiry_years() -> Any:
    """Field for the time left, which stays as it is until the contract is entered."""
    return fields.number(
        "time to expiry; fixed as a moment, `expiry`, once it is entered at a known time",
        "years",
        fields.NONNEGATIVE,
        optional=True,
        likely=fields.Rule("at most 20 years", lambda x: x <= MOST_YEARS),
        validator=_one,
    )


def expiry() -> Any:
    """Field for the moment, on the clock of `Market.time`."""
    return fields.number(
        "when it expires, instead of expiry_years: on the clock of the market's time",
        "years",
        fields.FINITE,
        optional=True,
        validator=_not_both,
    )


def years_left(model: Dated, market: Market) -> Array:
    """Time to expiry, 0 once it has passed: one number, or of the shape of the time.

    Raises:
        SpecError: it expires at a moment, and the market has no time.

    """
    if model.expiry is None:
        return np.asarray(model.expiry_years or 0.0)
    if market.time is None:
        reason = "needs the market's time: give `time`, or expiry_years"
        raise fields.wrong(model, "expiry", reason)
    return np.asarray(np.maximum(model.expiry - market.time, 0.0))


def fix_expiry(model: Any_, market: Market) -> Any_:
    """Contract with its expiry fixed as a moment, where the market has a time."""
    if model.expiry is not None or market.time is None:
        return model
    moved: Any_ = evolve(model, expiry=market.time + model.expiry_years, expiry_years=None)
    return moved


def _one(model: Any, its: Attribute[Any], years: float | None) -> None:
    if years is None and model.expiry is None:
        raise SpecError("needs expiry_years, or expiry", kind=type(model).kind, field=its.name)


def _not_both(model: Any, its: Attribute[Any], moment: float | None) -> None:
    if moment is not None and model.expiry_years is not None:
        raise fields.wrong(model, its.name, "stands beside expiry_years: give one of the two")
