"""A book as a payoff of one price: its pools along their curves, the rest as it pays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import numpy as np

from hedgecore import HedgeError, PairPool, PoolModel, Portfolio, Priced, entered
from hedgecore_static_strip.listed import HOUR, Listed
from hedgecore_static_strip.payoff import Array, Concave, Payoff
from hedgecore_static_strip.scene import Scene, straight
from hedgecore_static_strip.shelf import RIGHTS


@runtime_checkable
class Standing(Protocol):
    """A pool as it stands, `at_state()`: at expiry it is taken along its curve."""

    @property
    def model(self) -> PoolModel: ...  # noqa: D102


def payoff_of(target: Priced, scene: Scene) -> Payoff:
    """Return what a target is worth at expiry, in cash, as a function of the asset's price.

    Raises:
        HedgeError: a part is neither a pool, nor linear, nor an option of this expiry.

    """
    found = Payoff(())
    for name, priced, amount in _parts(target, "the target", 1.0):
        if amount:
            found = found + amount * _part(name, priced, scene)
    return found


def _parts(priced: Priced, name: str, amount: float) -> Iterator[tuple[str, Priced, float]]:
    if not isinstance(priced, Portfolio):
        yield name, priced, amount
        return
    for part in priced.parts:
        yield from _parts(part.priced, part.name, amount * part.amount)


def _part(name: str, priced: Priced, scene: Scene) -> Payoff:
    if isinstance(priced, Standing) and isinstance(priced.model, PoolModel):
        priced = priced.model
    if isinstance(priced, PoolModel):
        return Payoff([(1.0, _pool(priced, scene))], _breaks(priced, scene))
    held = entered(priced, scene.now)
    if isinstance(held, Listed):
        return _option(name, held, scene)
    if not straight(held, scene):
        reason = "is neither a pool, nor linear in the price, nor an option of the strip's expiry"
        raise HedgeError(f"{name!r} {reason}: its payoff is not known")
    return _linear(held, scene)


def _pool(pool: PoolModel, scene: Scene) -> Concave:
    """Return a pool's worth and slope; concave in each price, since it is the least of linear."""

    def worth(prices: Array) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):  # a gamma of -inf is not looked at
            found = pool.exposure(scene.at(prices))
        slope = np.zeros_like(prices)
        if scene.asset in found.assets:
            slope = slope + found.delta[..., found.assets.index(scene.asset)]
        return slope * 0.0 + found.value, slope

    return worth


def _breaks(pool: PoolModel, scene: Scene) -> tuple[float, ...]:
    """Return the asset's prices where a pair breaks."""
    if not isinstance(pool, PairPool) or scene.asset not in pool.assets:
        return ()
    base, quote = pool.assets
    if scene.asset == base:
        return tuple(each * float(scene.now.price(quote)) for each in pool.breakpoints())
    return tuple(float(scene.now.price(base)) / each for each in pool.breakpoints())


def _linear(held: Priced, scene: Scene) -> Payoff:
    ends = np.array(scene.ends)
    first, last = (float(each) for each in np.broadcast_to(held.worth(scene.at(ends)), (2,)))
    return Payoff([(1.0, _bent(ends, np.array([first, last])))])


def _option(name: str, held: Listed, scene: Scene) -> Payoff:
    """Return an option's payoff: convex, so minus a concave one held short."""
    moment = held.expiry
    if moment is None or not scene.first - HOUR <= moment <= scene.last + HOUR:
        raise HedgeError(f"{name!r} does not expire with the strip: its payoff then is not known")
    strike = held.strike * scene.coin(held.quote)
    if held.underlying != scene.asset or held.option_type not in RIGHTS:
        return _linear(held, scene)
    knots = np.unique([scene.ends[0], np.clip(strike, *scene.ends), scene.ends[1]])
    worth = np.broadcast_to(held.worth(scene.at(knots)), knots.shape)
    return Payoff([(-1.0, _bent(knots, -worth))], (strike,))


def _bent(knots: Array, values: Array) -> Concave:
    """Return a polygon as a concave function."""
    slopes = np.diff(values) / np.diff(knots)

    def worth(prices: Array) -> tuple[Array, Array]:
        cell = np.clip(np.searchsorted(knots, prices, side="right") - 1, 0, len(slopes) - 1)
        return np.interp(prices, knots, values), slopes[cell]

    return worth
