"""Bounds of a payoff and its strip in a range of prices: proven, not sampled.

Between two neighbouring prices l < u the strip is linear. A concave function A lies below its
tangents at l and u and above its chord, so with B what is held short and h the strip,

    A − B + h  ≤  min(tangent of A at l, tangent of A at u) − chord of B + h,

which is linear on both sides of where the tangents meet: its most is at one of three prices. The
bound exceeds the truth by (u − l)² times a curvature; the interval that may hold the most is cut
until nothing is left to gain. From below it is the same with A and B exchanged. Any slope at a
kink will do for a tangent, so breaks of a model need no care. Roundings are added at the end.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore import HedgeError
from hedgecore_static_strip.payoff import Array, Payoff

ROUNDING = 1e-12
"""The part of all that is added up that its rounding may be: models are good to 1e-14."""
FINE = 1e-9
"""Bounds are sharp to this part of what the sum varies by."""
DEPTH = 80
"""Cuts of one interval: a range of 1 to 1e6 comes to its last bit in 73."""
MARGIN = 0.1
"""An interval is cut no nearer to its ends than this part of it."""


@frozen(eq=False)
class Band:
    """Between which bounds a payoff and its strip stay.

    Attributes:
        least: never less than this, in cash.
        most: never more.
        prices: where it was looked, ascending (N,).
        sums: what was found there, (N,), in cash.

    """

    least: float
    most: float
    prices: Array
    sums: Array

    @property
    def middle(self) -> float:
        """The level from which it is no further one way than the other."""
        return self.least + 0.5 * (self.most - self.least)

    @property
    def half(self) -> float:
        """Greatest distance from the middle, cash."""
        return max(self.most - self.middle, self.middle - self.least)

    def off(self, level: float) -> float:
        """Greatest distance from `level`, cash."""
        return float(np.nextafter(max(self.most - level, level - self.least), np.inf))


@frozen(eq=False)
class _Samples:
    """Some prices: the concave function and its slope, what is taken off it, and the strip."""

    x: Array
    up: Array
    slope: Array
    down: Array
    strip: Array

    @property
    def sums(self) -> Array:
        return self.up - self.down + self.strip

    def only(self, which: NDArray[np.intp]) -> _Samples:
        return _Samples(*(part[which] for part in self._parts))

    def beside(self, their: _Samples) -> _Samples:
        return _Samples(*map(np.concatenate, zip(self._parts, their._parts, strict=True)))

    @property
    def _parts(self) -> tuple[Array, ...]:
        return self.x, self.up, self.slope, self.down, self.strip


@frozen(eq=False)
class _Sum:
    """A payoff and a strip, seen from above; from below where `sign` is −1."""

    payoff: Payoff
    knots: Array
    values: Array
    sign: int

    def look(self, x: Array) -> _Samples:
        up, down = self.payoff.halves(x)[:: self.sign]
        strip = self.sign * np.interp(x, self.knots, self.values)
        return _Samples(x, up[0], up[1], down[0], strip)


def band(payoff: Payoff, knots: Array, values: Array, gross: float = 0.0) -> Band:
    """Band of ``payoff + strip`` between the first knot and the last.

    Args:
        payoff: what is held.
        knots: ascending prices (m,) between which the strip is linear.
        values: what the strip pays there, (m,).
        gross: the most of what was added up to get `values`, whose rounding they carry.

    """
    inside = [x for x in payoff.breaks if knots[0] < x < knots[-1]]
    edges = np.union1d(knots, inside)
    start = np.union1d(edges, 0.5 * (edges[1:] + edges[:-1]))
    sums, size = _value_and_gross(payoff, start)
    sums, size = sums + np.interp(start, knots, values), size + gross + np.max(np.abs(values))
    if not np.isfinite(sums).all():
        bad = start[~np.isfinite(sums)][0]
        raise HedgeError(f"the payoff is not finite at a price of {bad:g}: narrow the range")
    room = FINE * float(np.ptp(sums)) + 0.01 * ROUNDING * size
    high, above = _most(_Sum(payoff, knots, values, 1), start, room)
    low, below = _most(_Sum(payoff, knots, values, -1), start, room)
    prices = np.concatenate([above.x, below.x])
    order = np.argsort(prices, kind="stable")
    seen = np.concatenate([above.sums, -below.sums])[order]
    slack = ROUNDING * size
    return Band(-low - slack, high + slack, prices[order], seen)


def _value_and_gross(payoff: Payoff, price: Array) -> tuple[Array, float]:
    """Payoff at prices (N,), and the most that is added up to get it."""
    long, short = payoff.halves(price)
    gross = np.abs(long) + np.abs(short)
    return long[0] - short[0], float(np.max(gross[0] + price * gross[1]))


def _most(of: _Sum, start: Array, room: float) -> tuple[float, _Samples]:
    """Upper bound of `of`, at most `room` too high, and the prices where it was looked."""
    seen = of.look(start)
    left, right = seen.only(np.arange(len(start) - 1)), seen.only(np.arange(1, len(start)))
    for _ in range(DEPTH):
        bound, cut = _above(left, right)
        best = float(np.max(seen.sums))
        unsettled = np.flatnonzero((bound > best + room) & (cut > left.x) & (cut < right.x))
        if not unsettled.size:
            break
        left, right = left.only(unsettled), right.only(unsettled)
        new = of.look(cut[unsettled])
        seen, left, right = seen.beside(new), left.beside(new), new.beside(right)
    bound, _ = _above(left, right)
    return max(float(np.max(seen.sums)) + room, float(np.max(bound))), seen


def _above(left: _Samples, right: _Samples) -> tuple[Array, Array]:
    """Upper bound of the sum in each interval, and where best to cut it.

    The two tangents are held against each side of where they meet, so that the bound stands
    wherever rounding puts that.
    """
    width, bend = right.x - left.x, left.slope - right.slope
    with np.errstate(all="ignore"):
        meet = (right.up - left.up - right.slope * width) / bend
    meet = np.where(np.isfinite(meet) & (bend > 0), np.clip(meet, 0.0, width), 0.5 * width)
    tangents = (left.up + left.slope * meet, right.up - right.slope * (width - meet))
    part = meet / width
    rest = (1 - part) * (left.strip - left.down) + part * (right.strip - right.down)
    bound = np.maximum(np.maximum(*tangents) + rest, np.maximum(left.sums, right.sums))
    inner = np.clip(meet, MARGIN * width, (1 - MARGIN) * width)
    return bound, left.x + inner
