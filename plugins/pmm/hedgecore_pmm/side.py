"""One side of a proactive market maker: an asset that is sold below its target.

With the oracle price i, the asset's target T and its curvature K, the marginal price in units of i
is 1 − K + K (T/r)² where r of the asset is left (DODO: *A proactive market maker*, 2020; EulerSwap
writes 1 − c for K). So with u the price's excess over the oracle's, u = P/i − 1 ≥ 0,

    r = T √(K/(u+K)),    T − r = T · u/(u+K) / (1 + √(K/(u+K))),
    ∫ of the price over what is sold = (T − r)(1 − K + K T/r),    K T/r = √(K (u+K)),
    −dr/du = r / (2 (u+K)).

No two of these nearly cancel, and each stands at K = 0, where all of T is sold at i at once. What
is left at a minimum m > 0 is reached at u = K (T−m)(T+m)/m², and the side is empty from there on.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np


class Side(NamedTuple):
    """An asset's curvature K, its target, and the least that is left of it."""

    k: float
    target: float
    minimum: float

    @property
    def sold_at_once(self) -> float:
        """Amount sold at the oracle price: all above the minimum where K is 0, asset units."""
        return 0.0 if self.k else self.target - self.minimum


def growth_at_end(k: float, target: float, minimum: float) -> Fraction | None:
    """Price over the oracle's, u + 1, at which the minimum is reached; None without a minimum."""
    if not k:
        return Fraction(1)
    return 1 + Fraction(k) * ((Fraction(target) / Fraction(minimum)) ** 2 - 1) if minimum else None


def reached(exact: Fraction) -> float:
    """First double at or above a price, from which on it has been passed."""
    try:
        nearest = float(exact)
    except OverflowError:
        return math.inf
    return nearest if nearest >= exact else math.nextafter(nearest, math.inf)


def sale(excess: Any, side: Side, sells: Any) -> tuple[Any, Any]:
    """Amounts (N,) left of the asset, and brought by what is sold over the oracle price.

    The excess is 0 or more, floats or arrays; `sells` tells where the side does, which the excess
    alone says unless K is 0.
    """
    if not side.k:
        return _where(sells, side.minimum, side.target), sells * side.sold_at_once
    steepness = excess + side.k
    sold = excess / steepness
    sold *= side.target
    root = _root(side.k / steepness)
    sold /= 1.0 + root
    steepness *= root
    left = side.target * root
    if side.minimum:
        left = _most(left, side.minimum)
        sold = _least(sold, side.target - side.minimum)
        steepness = _least(steepness, side.k * (side.target / side.minimum))
    steepness += 1.0 - side.k
    sold *= steepness
    return left, sold


def slope(excess: Any, side: Side, left: Any) -> Any:
    """−dr/d(excess), (N,), given what is left; no minimum is thought of."""
    return left / (2.0 * (excess + side.k)) if side.k else excess * 0.0


def _root(number: Any) -> Any:
    return math.sqrt(number) if isinstance(number, float) else np.sqrt(number)


def _most(number: Any, other: float) -> Any:
    return max(number, other) if isinstance(number, float) else np.maximum(number, other)


def _least(number: Any, other: float) -> Any:
    return min(number, other) if isinstance(number, float) else np.minimum(number, other)


def _where(which: Any, one: float, other: float) -> Any:
    return (one if which else other) if isinstance(which, bool) else np.where(which, one, other)
