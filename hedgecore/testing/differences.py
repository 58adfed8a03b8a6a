"""The judge: derivatives by Richardson's extrapolation in log price, with their own error.

Central differences at steps h, h/4, h/16, … each lose the next even power of h when combined. Every
three neighbours make one estimate; the difference of its last two orders bounds what is truncated,
and the size of the numbers what is rounded. The step with the least of both is taken, so that the
judge works on a curve that is smooth over decades, and on a peg that is a millionth wide, and says
how well it did. No step reaches across a break.

Source: Richardson 1911; Ridders, *Accurate computation of F'(x) and F'(x)F''(x)*, 1982.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from hedgecore.numerics.arrays import Array
from hedgecore.testing.answers import Answer, answers_or_nan
from hedgecore.testing.law import LawBroken, compare, place

WIDEST = 0.25
LEVELS = 17
RATIO = 4.0
MARGIN = 0.9
"""The part of the way to a break that the widest step may take."""
NARROWEST = 2.0**-35
"""Of a shorter step, the rounding of the price itself is a part too large."""
EPSILON = 2.0**-52
ROUNDING = 4.0
"""Rounding of a formula's result, units in the last place."""
TINY = 1e-290
"""A number below this has lost digits to underflow."""
SAFETY = 15.0
"""Largest ratio of the judge's error to its estimate."""
PRECISION = 1e-6
"""Tolerance of a derivative, relative, beyond the judge's own error."""
CONCLUSIVE = 2e-5
"""The judge's error, with its safety, above which a price tells nothing."""
ALIVE = 1e-5
"""A slope less than this part of the function, per unit of log price, is none to speak of.

It is compared all the same; but where it bends within a thousandth, rounding outweighs it."""
LITTLE = 1e-4
"""Disagreement that may be a formula's rounding; what is more is a feature of the curve."""
ENOUGH = 3


class Slope(NamedTuple):
    """An estimate of ∂f/∂log p, (N, q), with its error (infinite: none), and the size of f."""

    slope: Array
    error: Array
    size: Array

    def per(self, prices: Array) -> Slope:
        """Derivatives by price instead of by the logarithm of price."""
        return Slope(*(part / prices[:, None] for part in self))


def log_slope(
    function: Callable[[Array], Answer], points: Array, axis: int, breaks: Sequence[float] = ()
) -> Slope:
    """Slope ∂f/∂log p of one price, estimated at each of the points (N, d).

    Args:
        function: takes points (K, d), returns f and the size of the terms it is summed from, both
            (K, q). Points that it refuses are left out.
        points: prices, positive.
        axis: which of the d prices moves.
        breaks: prices where f or its derivatives jump; only where d is 1.

    """
    widest = np.minimum(WIDEST, MARGIN * _room(points[:, axis], breaks))
    steps = widest * RATIO ** -np.arange(LEVELS)[:, None]
    steps = np.where(steps < NARROWEST, np.nan, steps)
    stencil = np.broadcast_to(points, (2, *steps.shape, points.shape[1])).copy()
    stencil[..., axis] *= np.exp(np.nan_to_num(np.stack([steps, -steps])))
    flat = answers_or_nan(function, stencil.reshape(-1, points.shape[1]))
    values, sizes = (part.reshape(*stencil.shape[:-1], -1) for part in flat)
    with np.errstate(all="ignore"):
        return _best(values, np.nanmax(sizes, axis=(0, 1), initial=0.0), steps[..., None])


def _room(prices: Array, breaks: Sequence[float]) -> Array:
    """Distance of the logarithm of each price from the nearest break, (N,)."""
    if not len(breaks):
        return np.full(len(prices), np.inf)
    places = np.asarray(breaks)
    return np.asarray(np.abs(np.log1p((prices[:, None] - places) / places)).min(axis=1))


def _best(values: Array, sizes: Array, steps: Array) -> Slope:
    """Best of all estimates from values (2, levels, N, q) at steps (levels, N, 1)."""
    sizes = np.where((sizes > 0) & (sizes < TINY), np.inf, sizes)
    plain = (values[0] - values[1]) / (2 * steps)
    second = (RATIO**2 * plain[1:] - plain[:-1]) / (RATIO**2 - 1)
    third = (RATIO**4 * second[1:] - second[:-1]) / (RATIO**4 - 1)
    rounding = EPSILON * (ROUNDING * sizes + np.abs(third))
    rounded = np.fmax(rounding, _noise(third, steps[2:])) / steps[2:]
    cut = np.maximum(np.abs(third - second[1:]), _slow(third))
    error = np.maximum(cut, _contradiction(third, rounded)) + rounded
    error = np.where(np.isnan(error), np.inf, error)
    padded = np.pad(error, ((1, 1), (0, 0), (0, 0)), constant_values=np.inf)
    error = np.maximum(error, np.minimum(padded[:-2], padded[2:]))  # one neighbour must agree
    best = error.argmin(axis=0)[None]
    slope, least = (np.take_along_axis(part, best, axis=0)[0] for part in (third, error))
    return Slope(np.where(np.isfinite(least), slope, np.nan), least, sizes)


def _slow(estimates: Array) -> Array:
    """Error of each estimate where it falls as the step, and no faster.

    So it does beside a kink of the slope itself: there both orders are off alike, and the next
    longer step by four times as much. Elsewhere longer steps are off by far more.
    """
    apart = np.pad(np.abs(np.diff(estimates, axis=0)), ((1, 1), (0, 0), (0, 0)))
    longer, shorter = apart[:-1], apart[1:]
    return np.where(longer <= RATIO**2 * shorter, longer / ((RATIO - 1) * SAFETY), 0.0)


def _contradiction(estimates: Array, rounded: Array) -> Array:
    """Contradiction of each estimate by shorter steps, beyond their own rounding.

    Wide steps over a narrow feature agree with each other, and are wrong: only short ones see it.
    But where wide ones agree closely, and are a little off, short ones may follow the rounding of
    the formula: then nobody knows, and the error is as large as they are apart.
    """
    apart = np.abs(estimates[:, None] - estimates)
    shorter = np.triu(np.ones(apart.shape[:2], dtype=bool), 1)[..., None, None]
    little = (apart <= LITTLE * np.abs(estimates[:, None])) & (_spread(estimates) <= apart / SAFETY)
    counted = np.where(shorter, apart - SAFETY * rounded, np.where(little, apart, 0.0))
    return np.asarray(np.where(np.isnan(counted), 0.0, counted).max(axis=1))


def _spread(estimates: Array) -> Array:
    """Distance of each estimate from the farther of its two neighbours."""
    apart = np.abs(np.diff(estimates, axis=0))
    padded = np.pad(apart, ((1, 1), (0, 0), (0, 0)), constant_values=np.inf)
    return np.asarray(np.maximum(padded[:-1], padded[1:]))


def _noise(estimates: Array, steps: Array) -> Array:
    """Noise of the function itself, (N, q): the least that four neighbours show."""
    apart = np.abs(np.diff(estimates, axis=0)) * steps[1:]
    shown = np.maximum(np.maximum(apart[2:], apart[1:-1]), apart[:-2])
    least: Array = np.where(np.isnan(shown), np.inf, shown).min(axis=0)
    return np.where(np.isfinite(least), least, 0.0)


def judge(points: Array, got: Array, truth: Slope, reason: str, floor: float = 0.0) -> None:
    """Require the slopes `got`, (N, q), to be the judge's, wherever that knows them.

    What is off by 1e-4 of itself is found at every conclusive price; `floor` is a rounding that is
    granted besides, relative to the largest slope at that price.

    Raises:
        LawBroken: a slope is wrong, or too few prices are conclusive to tell.

    """
    scale = np.fmax(np.abs(got), np.abs(truth.slope))
    known = np.isfinite(truth.error)
    largest = scale.max(axis=1, keepdims=True, initial=0.0, where=known)
    tolerance = PRECISION * scale + SAFETY * truth.error + floor * largest + TINY
    expected = np.where(known, truth.slope, got)
    compare(points, got, expected, np.where(known, tolerance, np.inf), reason)
    alive = np.abs(got) > ALIVE * truth.size
    sure = alive & (truth.error * SAFETY <= CONCLUSIVE * scale)
    needed = min(ENOUGH, int(alive.any(axis=1).sum()))
    if sure.any(axis=1).sum() < needed:
        first = int(np.argmax(alive.any(axis=1)))
        count = f"{sure.any(axis=1).sum()} of {len(points)} prices"
        said = f"inconclusive: differences are good enough at {count} only; try other prices"
        raise LawBroken(said, price=place(points, first))
