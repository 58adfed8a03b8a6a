"""Volatilities and interest rates that options ask of a market besides prices, by name."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from attrs import Attribute, evolve
from numpy.typing import NDArray

from hedgecore import AssetError, Market, SpecError, fields

Array: TypeAlias = NDArray[np.float64]

Model = TypeVar("Model", bound=Any)

LOWEST = -float(np.finfo(np.float64).max)


def vol() -> Any:
    """Field for a volatility of the instrument's own."""
    return fields.number(
        "annual volatility; the market's for the underlying unless given",
        "per square root of a year",
        fields.NONNEGATIVE,
        optional=True,
        likely=fields.SMALL_VOL,
    )


def vol_at() -> Any:
    """Field for the market's volatility when the instrument's own was seen."""
    about = (
        "the market's volatility when `vol` was seen, which moves with it from there, by as much;"
        " `vol` stays as it is unless given; fixed once it is entered"
    )
    return fields.number(
        about, "per square root of a year", fields.NONNEGATIVE, optional=True, validator=_beside
    )


def _beside(model: Any, its: Attribute[Any], seen: float | None) -> None:
    if seen is not None and model.vol is None:
        raise fields.wrong(model, its.name, "stands without `vol`: give that too")


def with_vol_at(model: Model, market: Market) -> Model:
    """Option with `vol_at` fixed as the market's, where both have a volatility."""
    known = market.vols.get(model.underlying)
    if model.vol is None or model.vol_at is not None or known is None or np.ndim(known):
        return model
    seen: Model = evolve(model, vol_at=known)
    return seen


def vol_of(model: Any, market: Market) -> Array:
    """Volatility that `model` is to be taken at: its own, or the market's.

    With `vol_at` its own has moved by as much as the market's has since then, and is at least 0.

    Raises:
        AssetError: neither is there: unknown is not zero.
        SpecError: the market's is no number of 0 or more.

    """
    if model.vol is not None and model.vol_at is None:
        return np.asarray(model.vol)
    asset = model.underlying
    if asset not in market.vols:
        reason = f"the market has no volatility of {asset!r:.80} for {model.name!r:.80}"
        raise AssetError(f"{reason}: give it among `vols`, or as the field `vol`")
    found = _number("vols", asset, market.vols[asset], 0.0)
    if model.vol is None:
        return found
    return np.asarray(np.maximum(model.vol + (found - model.vol_at), 0.0))


def rate_of(market: Market, name: str) -> Array:
    """Rate of the market on `name`, continuously compounded, annual; 0 where it has none."""
    return _number("rates", name, market.rates.get(name, 0.0), LOWEST)


def _number(what: str, name: str, given: Any, least: float) -> Array:
    number = np.asarray(given)
    fine = number.dtype.kind in "iuf" and np.all((number >= least) & (number < np.inf))
    if not fine:
        reason = f"must be finite{', and 0 or more' if not least else ''}, not {given!r:.80}"
        raise SpecError(reason, kind="market", field=f"{what}.{name:.80}")
    return number.astype(np.float64)
