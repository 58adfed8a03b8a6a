"""A market that has moved: other prices, other volatilities, some days later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import ArrayLike

from hedgecore.errors import AssetError, SpecError, did_you_mean
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array

YEAR = 365.0
"""Days."""


def moved(
    market: Market,
    *,
    prices: Mapping[str, ArrayLike] | None = None,
    vols: Mapping[str, ArrayLike] | None = None,
    days: ArrayLike = 0.0,
) -> Market:
    """Return the market with other prices and volatilities, `days` later; the rest stays.

    Arrays broadcast as NumPy's do: (N, 1) and (M,) make a grid of (N, M) scenarios.

    Args:
        market: of one price each; where it has no time, its time is 0.
        prices: asset → new prices.
        vols: asset → new volatilities, per square root of a year.
        days: that pass, 0 or more.

    Raises:
        AssetError: the market has no such price, or no such volatility.
        PriceError: a price is not positive and finite, or shapes do not broadcast.
        SpecError: the numeraire is to move, a volatility is negative, or days are.

    """
    new, bent = dict(prices or {}), _volatilities(market, vols or {})
    for asset in new:
        market.price(asset)
        if asset == market.numeraire:
            raise SpecError(f"{asset} is the numeraire, whose price is always 1", kind="scenario")
    whole = evolve(
        market, prices={**market.prices, **new}, vols=bent, time=_later(market, np.asarray(days))
    )
    return _spread(whole, [bent[name] for name in vols or {}])


def _later(market: Market, days: Array) -> Any:
    """Return the market's time some days later; as it is, where none passes."""
    if not np.all((days >= 0) & (days < np.inf)):
        raise SpecError(f"must be 0 or more, not {np.min(days):g}", kind="scenario", field="days")
    origin = 0.0 if market.time is None else market.time
    return (origin + days / YEAR)[()] if np.any(days) else market.time


def _volatilities(market: Market, vols: Mapping[str, ArrayLike]) -> dict[str, Any]:
    for name, given in vols.items():
        if name not in market.vols:
            known = ", ".join(market.vols) or "none"
            near = did_you_mean(name, market.vols)
            raise AssetError(f"the market has no volatility of {name!r:.80} (it has {known}){near}")
        number = np.asarray(given, dtype=np.float64)
        if not np.all((number >= 0) & (number < np.inf)):
            reason = f"must be finite, and 0 or more, not {given!r:.80}"
            raise SpecError(reason, kind="scenario", field=f"vols.{name:.80}")
    return {**market.vols, **{name: np.asarray(each, float) for name, each in vols.items()}}


def _spread(market: Market, others: Iterable[Array]) -> Market:
    """Return the market with a shape that the arrays of `others` have a part in."""
    shape = np.broadcast_shapes(market.shape, *(each.shape for each in others))
    if shape == market.shape or not market.prices:
        return market
    first = next(iter(market.prices))
    wide = {**market.prices, first: np.broadcast_to(market.prices[first], shape)}
    return evolve(market, prices=wide)
