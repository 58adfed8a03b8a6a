"""Weights of the strikes: those of Carr and Madan, and of interpolation.

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
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.payoff_matrix import PayoffMatrix

PANELS = 256
NODES = 16
NOTHING = 1e-10
"""The part of the largest order below which another is but rounding."""


def density(pool: PoolModel, strikes: ArrayLike) -> Array:
    """Density of options per unit of strike that offset one pool: −V″(K) = −gamma, 0 or more.

    Args:
        pool: of two assets.
        strikes: of any shape, in the pool's quote.

    """
    return np.asarray(-pool.gamma(strikes))


def replication_value(
    pool: PoolModel,
    price: float,
    options: Callable[[Array], Array],
    *,
    low: float,
    high: float,
) -> float:
    """V(κ) + ∫ V″(K) O(K) dK: what the pool is worth as Carr's and Madan's strip of options.

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
class StripTarget:
    """Target of a strip: kinks at the strikes, and the slope where the price is now.

    Attributes:
        kinks: change of slope at each strike, (m − 2,): options to hold, of size 1.
        slope: between the strikes around the price.

    """

    kinks: Array
    slope: float


def cells(payoff: Payoff, knots: Array, price: float) -> StripTarget:
    """Carr's and Madan's strip: each strike takes the curvature of what is nearest to it."""
    ends, here = 0.5 * (knots[:-1] + knots[1:]), _cell(knots, price)
    if knots[here] < price < knots[here + 1]:  # what bends below κ is for puts, the rest for calls
        ends[here] = price
    return StripTarget(-np.diff(payoff.slope(ends)), -float(payoff.slope(ends[here])))


def polygon(payoff: Payoff, knots: Array, price: float) -> StripTarget:
    """Strip that offsets the payoff at every knot."""
    slopes = np.diff(payoff.value(knots)) / np.diff(knots)
    return StripTarget(-np.diff(slopes), -float(slopes[_cell(knots, price)]))


WAYS: dict[str, Callable[[Payoff, Array, float], StripTarget]] = {
    "carr-madan": cells,
    "interpolate": polygon,
}


def contracts(matrix: PayoffMatrix, aim: StripTarget, price: float, *, lots: bool) -> Array:
    """Contracts of each instrument that come nearest to a target, (k,).

    One option a strike: puts below the price and calls from it on, where both are listed. With lots
    each is the nearest that can be ordered, and the underlying takes up the slope.
    """
    slopes, cell = matrix.slopes, _cell(matrix.knots, price)
    found = np.zeros(len(matrix.names))
    for knot in range(1, len(matrix.knots) - 1):
        option = _option_index(matrix, knot, below=matrix.knots[knot] < price)
        bend = slopes[knot, option] - slopes[knot - 1, option]
        found[option] = aim.kinks[knot - 1] / bend
    found[np.abs(found) <= NOTHING * np.max(np.abs(found))] = 0.0
    if lots:
        found = matrix.orderable(found)
    found[-1] = (aim.slope - slopes[cell, :-1] @ found[:-1]) / slopes[cell, -1]
    return matrix.orderable(found) if lots else found


def _option_index(matrix: PayoffMatrix, knot: int, *, below: bool) -> int:
    """Index of the option to take at a knot."""
    there: Sequence[int] = np.flatnonzero(matrix.strikes == knot).tolist()
    if not there:
        raise HedgeError(f"no option has the strike {matrix.knots[knot]:g}")
    return next((each for each in there if matrix.puts[each] == below), there[0])


def _cell(knots: Array, price: float) -> int:
    """Between which two knots the price is; at a strike, the interval below."""
    return int(np.clip(np.searchsorted(knots, price) - 1, 0, len(knots) - 2))
