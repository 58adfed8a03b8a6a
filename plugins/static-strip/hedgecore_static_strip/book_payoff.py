"""A book as a payoff of one price: its pools along their curves, the rest as it pays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

import numpy as np

from hedgecore import HedgeError, PairPool, PoolModel, Portfolio, Priced, enter
from hedgecore_static_strip.listed_options import HOUR, ListedOption
from hedgecore_static_strip.payoff import Array, Concave, Payoff
from hedgecore_static_strip.price_range import PriceRange, is_linear
from hedgecore_static_strip.strip_instruments import RIGHTS


@runtime_checkable
class PoolAtState(Protocol):
    """A pool as it stands, `at_state()`: at expiry it is taken along its curve."""

    @property
    def model(self) -> PoolModel: ...  # noqa: D102


def payoff_of(target: Priced, span: PriceRange) -> Payoff:
    """Worth of a target at expiry, cash, as a function of the asset's price.

    Raises:
        HedgeError: a part is neither a pool, nor linear, nor an option of this expiry.

    """
    found = Payoff(())
    for name, priced, amount in _parts(target, "the target", 1.0):
        if amount:
            found = found + amount * _part(name, priced, span)
    return found


def _parts(priced: Priced, name: str, amount: float) -> Iterator[tuple[str, Priced, float]]:
    if not isinstance(priced, Portfolio):
        yield name, priced, amount
        return
    for part in priced.parts:
        yield from _parts(part.priced, part.name, amount * part.amount)


def _part(name: str, priced: Priced, span: PriceRange) -> Payoff:
    if isinstance(priced, PoolAtState) and isinstance(priced.model, PoolModel):
        priced = priced.model
    if isinstance(priced, PoolModel):
        return Payoff([(1.0, _pool(priced, span))], _breaks(priced, span))
    held = enter(priced, span.now)
    if isinstance(held, ListedOption):
        return _option(name, held, span)
    if not is_linear(held, span):
        reason = "is neither a pool, nor linear in the price, nor an option of the strip's expiry"
        raise HedgeError(f"{name!r} {reason}: its payoff is not known")
    return _linear(held, span)


def _pool(pool: PoolModel, span: PriceRange) -> Concave:
    """Pool's worth and slope; concave in each price, since it is the least of linear."""

    def worth(prices: Array) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):  # a gamma of -inf is not looked at
            found = pool.exposure(span.at(prices))
        slope = np.zeros_like(prices)
        if span.asset in found.assets:
            slope = slope + found.delta[..., found.assets.index(span.asset)]
        return slope * 0.0 + found.value, slope

    return worth


def _breaks(pool: PoolModel, span: PriceRange) -> tuple[float, ...]:
    """Asset's prices where a pair breaks."""
    if not isinstance(pool, PairPool) or span.asset not in pool.assets:
        return ()
    base, quote = pool.assets
    if span.asset == base:
        return tuple(each * float(span.now.price(quote)) for each in pool.breakpoints())
    return tuple(float(span.now.price(base)) / each for each in pool.breakpoints())


def _linear(held: Priced, span: PriceRange) -> Payoff:
    ends = np.array(span.ends)
    first, last = (float(each) for each in np.broadcast_to(held.worth(span.at(ends)), (2,)))
    return Payoff([(1.0, _concave(ends, np.array([first, last])))])


def _option(name: str, held: ListedOption, span: PriceRange) -> Payoff:
    """Option's payoff: convex, so minus a concave one held short."""
    moment = held.expiry
    if moment is None or not span.first - HOUR <= moment <= span.last + HOUR:
        raise HedgeError(f"{name!r} does not expire with the strip: its payoff then is not known")
    strike = held.strike * span.coin(held.quote)
    if held.underlying != span.asset or held.option_type not in RIGHTS:
        return _linear(held, span)
    knots = np.unique([span.ends[0], np.clip(strike, *span.ends), span.ends[1]])
    worth = np.broadcast_to(held.worth(span.at(knots)), knots.shape)
    return Payoff([(-1.0, _concave(knots, -worth))], (strike,))


def _concave(knots: Array, values: Array) -> Concave:
    """Polygon as a concave function."""
    slopes = np.diff(values) / np.diff(knots)

    def worth(prices: Array) -> tuple[Array, Array]:
        cell = np.clip(np.searchsorted(knots, prices, side="right") - 1, 0, len(slopes) - 1)
        return np.interp(prices, knots, values), slopes[cell]

    return worth
