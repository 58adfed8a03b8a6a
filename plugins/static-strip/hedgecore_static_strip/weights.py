"""How many options at each strike: the weights of Carr and Madan, and of interpolation.

A payoff V of one price is, for any κ (Carr, Madan, Towards a Theory of Volatility Trading, 1998),

    V(S) = V(κ) + V′(κ)(S − κ) + ∫₀^κ V″(K) (K − S)⁺ dK + ∫_κ^∞ V″(K) (S − K)⁺ dK,

so −V″(K) dK puts below κ and calls above, with −V′(κ) of the underlying, leave V(κ) whatever S.
For a pool V″ is its gamma: a v3 range of liquidity L is hedged with (L/2) K^(−3/2) dK.

With listed strikes the weight of each is a change of slope: of V over the cell that is nearer to
it than to any other strike or end of the range (beside κ, cells end there), or of the polygon that
meets V at the strikes and at both ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore import HedgeError, PoolModel
from hedgecore_static_strip.menu import Menu
from hedgecore_static_strip.payoff import Array, Payoff

PANELS = 256
NODES = 16
NOTHING = 1e-10
"""The part of the largest order below which another is but rounding."""


def density(pool: PoolModel, strikes: ArrayLike) -> Array:
    """Return how many options per unit of strike offset one pool: −V″(K) = −gamma, 0 or more.

    Args:
        pool: of two assets.
        strikes: of any shape, in the pool's quote.

    """
    return np.asarray(-pool.gamma(strikes))


def replicated(
    pool: PoolModel,
    price: float,
    options: Callable[[Array], Array],
    *,
    low: float,
    high: float,
) -> float:
    """Return V(κ) + ∫ V″(K) O(K) dK: what the pool is worth as Carr's and Madan's strip of options.

    With O what the option costs that is out of the money, the put below κ and the call above, and κ
    the forward price, this is the expected worth of the pool at expiry, under the prices of options
    alone. Source: Carr, Madan (1998). The integral is by Gauss and Legendre on the strike's
    logarithm, in panels that end at κ and at the pool's breaks.

    Args:
        pool: of two assets, its delta without jumps.
        price: κ, in the pool's quote.
        options: strikes (n,) → the price of one such option each, undiscounted.
        low: the lowest strike; where gamma or the options have come to nothing.
        high: the highest.

    """
    inside = [x for x in (price, *pool.breakpoints()) if low < x < high]
    ends = np.log(np.union1d(np.geomspace(low, high, PANELS + 1), inside))
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = 0.5 * np.diff(ends)[:, None]
    strikes = np.exp(0.5 * (ends[1:] + ends[:-1])[:, None] + half * nodes).ravel()
    parts = pool.gamma(strikes) * options(strikes) * strikes * (half * weights).ravel()
    return float(pool.value(price) + np.sum(parts))


@frozen(eq=False)
class Aim:
    """What a strip is to pay: its kinks at the strikes, and its slope where the price is now.

    Attributes:
        kinks: change of slope at each strike, (m − 2,): options to hold, of size 1.
        slope: between the strikes around the price.

    """

    kinks: Array
    slope: float


def cells(payoff: Payoff, knots: Array, price: float) -> Aim:
    """Return Carr's and Madan's strip: each strike takes the curvature of what is nearest to it."""
    ends, here = 0.5 * (knots[:-1] + knots[1:]), _cell(knots, price)
    if knots[here] < price < knots[here + 1]:  # what bends below κ is for puts, the rest for calls
        ends[here] = price
    return Aim(-np.diff(payoff.slope(ends)), -float(payoff.slope(ends[here])))


def polygon(payoff: Payoff, knots: Array, price: float) -> Aim:
    """Return the strip that offsets the payoff at every knot."""
    slopes = np.diff(payoff.value(knots)) / np.diff(knots)
    return Aim(-np.diff(slopes), -float(slopes[_cell(knots, price)]))


WAYS: dict[str, Callable[[Payoff, Array, float], Aim]] = {
    "carr-madan": cells,
    "interpolate": polygon,
}


def contracts(menu: Menu, aim: Aim, price: float, *, lots: bool) -> Array:
    """Return how many contracts of each instrument come nearest to an aim, (k,).

    One option a strike: puts below the price and calls from it on, where both are listed. With lots
    each is the nearest that can be ordered, and the underlying takes up the slope.
    """
    slopes, cell = menu.slopes, _cell(menu.knots, price)
    found = np.zeros(len(menu.names))
    for knot in range(1, len(menu.knots) - 1):
        option = _listed(menu, knot, below=menu.knots[knot] < price)
        bend = slopes[knot, option] - slopes[knot - 1, option]
        found[option] = aim.kinks[knot - 1] / bend
    found[np.abs(found) <= NOTHING * np.max(np.abs(found))] = 0.0
    if lots:
        found = menu.orderable(found)
    found[-1] = (aim.slope - slopes[cell, :-1] @ found[:-1]) / slopes[cell, -1]
    return menu.orderable(found) if lots else found


def _listed(menu: Menu, knot: int, *, below: bool) -> int:
    """Return which option to take at a knot."""
    there: Sequence[int] = np.flatnonzero(menu.strikes == knot).tolist()
    if not there:
        raise HedgeError(f"no option has the strike {menu.knots[knot]:g}")
    return next((each for each in there if menu.puts[each] == below), there[0])


def _cell(knots: Array, price: float) -> int:
    """Return between which two knots the price is; at a strike, the interval below."""
    return int(np.clip(np.searchsorted(knots, price) - 1, 0, len(knots) - 2))
