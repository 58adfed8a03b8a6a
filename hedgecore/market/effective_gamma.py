"""Effective gamma: how much delta changes over a move that happens, not over none.

A density says how delta changes where the price is. It is 0 between the bins of a ladder, −∞ where
a Solidly pool is at par, and on a peg steeper than a per cent it says of a move of 1 % what no move
can do. Over a move h of the price of asset j, either way,

    Γ_jj = [Δ_j(P_j (1 + h)) − Δ_j(P_j (1 − h))] / (2 h P_j),

and the same of the other deltas, each pair of them averaged so that the matrix is symmetric.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
from attrs import evolve

from hedgecore.errors import HedgecoreError
from hedgecore.market.exposure import Exposure
from hedgecore.market.instrument import Priced
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio, SupportsEntry, Tradable, enter
from hedgecore.numerics.arrays import Array

ROUNDING = 1e-9
MOVE = 0.01
"""The move of a price that gamma is read by, a fraction, unless another is said."""
APART = 0.1
"""Least distance from the density, relative, at which the effective gamma stands in its place."""

ELSEWHERE = 1.7
"""Factor of all prices but the numeraire's, from one entry to another that is tried."""


@runtime_checkable
class SupportsOwnState(Priced, Protocol):
    """Object that stands at a state of its own, and moves along its curve from there."""

    def from_own_state(self, market: Market, /) -> Priced:
        """Thing that is here what it holds now, and elsewhere where its curve leads from there."""
        ...


def effective_gamma(priced: Priced, market: Market, move: float = MOVE) -> Array:
    """Effective gamma over the assets of an exposure, S+(n, n), asset units per numeraire.

    Args:
        priced: anything with an exposure.
        market: where; prices of shape S.
        move: h, a fraction of the price, either way.

    """
    if market.shape and _is_entered(priced):
        found = _of_any_entry(priced, market, move)
        return _market_by_market(priced, market, move) if found is None else found
    return _by_slopes(_from_own_state(priced, market), market, move)


def _by_slopes(thing: Priced, market: Market, move: float) -> Array:
    """Effective gamma, S+(n, n), of what is revalued as it stands."""
    assets = thing.exposure(market).in_underlying(market).assets
    columns = [_slope(thing, assets, asset, market, move) for asset in assets]
    if not columns:
        return np.zeros((*market.shape, 0, 0))
    gamma = np.stack(columns, axis=-1)
    return np.asarray(0.5 * (gamma + np.swapaxes(gamma, -1, -2)))


def effective_exposure(priced: Priced, market: Market, move: float = MOVE) -> Exposure:
    """Exposure whose gamma is effective wherever that is over a tenth from the density.

    Of a portfolio it is decided part by part, so that parts add up to the whole. What does not move
    at all, a fixed exposure, keeps its density; so does what cannot be priced so far away.
    """
    whole = priced.exposure(market).in_underlying(market)
    if isinstance(priced, Portfolio):
        parts = _parts_from_own_state(priced, market)
        terms = list(parts.answers(lambda part: effective_exposure(part, market, move)))
        return evolve(whole, gamma=Exposure.sum(terms, whole.assets).gamma) if terms else whole
    try:
        found = effective_gamma(priced, market, move)
    except HedgecoreError:
        return whole
    return evolve(whole, gamma=_mixture(whole.gamma, found))


def _is_entered(priced: Priced) -> bool:
    """True if some of it is revalued from where it was entered, which is one market."""
    if isinstance(priced, Portfolio):
        return any(_is_entered(part.priced) for part in priced.parts)
    if isinstance(priced, Tradable):
        return _is_entered(priced.priced)
    return isinstance(priced, SupportsEntry) and not isinstance(priced, SupportsOwnState)


def _of_any_entry(priced: Priced, market: Market, move: float) -> Array | None:
    """Effective gamma, S+(n, n), where two far entries give the same; None where it matters."""
    if isinstance(priced, Portfolio) or 0 in market.shape:
        return None
    here = _one_of(market, (0,) * len(market.shape))
    moved = here.prices.keys() - {here.numeraire}
    prices = {**here.prices, **{asset: ELSEWHERE * here.price(asset) for asset in moved}}
    entries = here, evolve(here, prices=prices)
    near, far = (_by_slopes(_from_own_state(priced, at), market, move) for at in entries)
    return near if np.array_equal(near, far) else None


def _market_by_market(priced: Priced, market: Market, move: float) -> Array:
    """Effective gamma, S+(n, n), from that in each of the markets S."""
    count = len(priced.exposure(market).in_underlying(market).assets)
    gamma = np.empty((*market.shape, count, count))
    for place in np.ndindex(market.shape):
        gamma[place] = effective_gamma(priced, _one_of(market, place), move)
    return gamma


def _one_of(market: Market, place: tuple[int, ...]) -> Market:
    """One of the markets S."""

    def at(number: Any) -> Any:
        return np.broadcast_to(number, market.shape)[place] if np.ndim(number) else number

    def each(numbers: Mapping[str, Any]) -> dict[str, Any]:
        return {name: at(number) for name, number in numbers.items()}

    return evolve(
        market, prices=each(market.prices), vols=each(market.vols), rates=each(market.rates),
        time=at(market.time),
    )  # fmt: skip


def is_density(gamma: Array, density: Array) -> bool:
    """True if a gamma is the density, to rounding: no move stands in place of any entry."""
    known = np.abs(density[np.isfinite(density)])
    rounding = ROUNDING * known.max(initial=0.0)
    return bool(np.allclose(gamma, density, rtol=ROUNDING, atol=rounding))


def _parts_from_own_state(whole: Portfolio, market: Market) -> Portfolio:
    return Portfolio((name, _from_own_state(each, market), k) for name, each, k in whole.parts)


def _from_own_state(priced: Priced, market: Market) -> Priced:
    """Thing as it is revalued from here: at its own state, or as entered here, if that is one."""
    if isinstance(priced, Portfolio):
        return _parts_from_own_state(priced, market)
    if isinstance(priced, Tradable):
        return evolve(priced, priced=_from_own_state(priced.priced, market))
    if isinstance(priced, SupportsOwnState):
        return priced.from_own_state(market)
    return priced if market.shape else enter(priced, market)


def _slope(
    priced: Priced, assets: tuple[str, ...], asset: str, market: Market, move: float
) -> Array:
    """Change of every delta per change of one price, S+(n,)."""
    there = _either_way(market, asset, move)
    delta = priced.exposure(there).in_underlying(there).over(assets).delta
    up, down = np.broadcast_to(delta, (2, *market.shape, len(assets)))
    return np.asarray((up - down) / (2.0 * move * market.price(asset)[..., None]))


def _either_way(market: Market, asset: str, move: float) -> Market:
    """Market (2,)+S where one price is higher and lower; the numeraire's moves all others."""
    factor = 1.0 + move * np.array([1.0, -1.0]).reshape((2,) + (1,) * len(market.shape))
    if asset != market.numeraire:
        return market.shifted(prices={asset: market.price(asset) * factor})
    others = {a: p / factor for a, p in market.prices.items() if a != asset}
    return market.shifted(prices=others)


def _mixture(density: Array, effective: Array) -> Array:
    """Effective entries wherever they are known and over a tenth from the density."""
    effective = np.broadcast_to(effective, density.shape)
    moves = (effective != 0).any(axis=(-2, -1), keepdims=True) | (density == 0)
    with np.errstate(invalid="ignore"):
        near = np.abs(effective - density) <= APART * np.abs(density)
    apart = ~near | np.isinf(density)
    return np.where(apart & moves & np.isfinite(effective), effective, density)
