"""Lots and minimum sizes: the contracts that can be ordered, nearest to those one would want."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import round_for_ties

MOST = 10
"""Of so many of the finest stepped instruments both neighbours are tried (2**MOST); else one."""
TIE = 1e-12
"""Residuals that differ by less than this part of the target are equal."""
ROUNDING = 1e-12
"""A least order that is so little, relatively, above a whole number of lots is that number."""
DUST = 1e-13
"""A trade that moves less than this part of what it is to offset is rounding, and no order."""

Stage = tuple[Array, Array]
"""A Greek to be neutral, in cash: per contract, S+(rows, k), and of the target, S+(rows,)."""
Solve = Callable[[Sequence[Stage]], Array]


class OrderSizes(NamedTuple):
    """Sizes of orders, contracts: whole numbers of a lot, and none or at least the fewest.

    Attributes:
        lot: contracts, of one instrument or of each; 0 where any amount trades.
        least: the fewest contracts of one order, likewise or of any shape that goes with amounts.

    Example:
        >>> sizes = hc.OrderSizes(lot=0.01, least=0.065)
        >>> float(sizes.nearest(-0.0799)), float(sizes.nearest(0.03)), float(sizes.fewest)
        (-0.08, 0.0, 0.07)

    """

    lot: Array | float
    least: Array | float = 0.0

    @property
    def any(self) -> bool:
        """True if some amounts cannot be ordered."""
        return bool(np.any(np.asarray(self.lot) > 0) or np.any(np.asarray(self.least) > 0))

    @property
    def fewest(self) -> Array:
        """Fewest contracts of an order that are whole lots, S."""
        least = np.asarray(self.least, dtype=np.float64)
        low, high = self._neighbours(least)
        return np.where(least - low <= ROUNDING * least, low, high)

    def around(self, amount: Array) -> tuple[Array, Array]:
        """Sizes next to an amount, S, contracts: towards zero, and away from zero."""
        wanted, fewest = np.abs(amount), self.fewest
        low, high = self._neighbours(wanted)
        low = np.where(low < fewest, 0.0, low)
        high = np.where(wanted > 0, np.maximum(high, fewest), 0.0)
        return np.copysign(low, amount), np.copysign(high, amount)

    def nearest(self, amount: Array) -> Array:
        """Size that leaves least of an amount, S, contracts; of two, the smaller.

        It is what `best_steps` comes to where one instrument alone offsets something.
        """
        low, high = self.around(amount)
        tie = TIE * np.abs(amount)
        return np.where(np.abs(amount - low) <= np.abs(high - amount) + tie, low, high)

    def refuses(self, amount: Array) -> bool:
        """True if any of these amounts, contracts, is smaller than an order may be."""
        return bool(np.any((amount != 0) & (np.abs(amount) < self.least)))

    def _neighbours(self, amount: Array) -> tuple[Array, Array]:
        """Multiples of the lot at or below, and at or above `amount`, 0 or more."""
        stepped = np.asarray(self.lot) > 0
        if not stepped.any():
            return amount, amount
        lot = np.where(stepped, self.lot, 1.0)
        count = np.floor(amount / lot)
        low, high = lot_multiple(count, lot), lot_multiple(count + 1, lot)
        off = 1.0 * (high <= amount) - (low > amount)
        if off.any():
            low, high = lot_multiple(count + off, lot), lot_multiple(count + off + 1, lot)
        high = np.where(low == amount, low, high)
        return np.where(stepped, low, amount), np.where(stepped, high, amount)


def lot_multiple(count: Array, lot: Array | float) -> Array:
    """Multiple of a lot, S: the double nearest the number ``count · lot``.

    Args:
        count: whole numbers, S.
        lot: one, or of a shape that goes with the counts. With 15 digits at most it is the decimal
            that it is written as: 0.01 is one hundredth, not the double beside it. With more, as
            1/3 has, it is the double that it is.

    >>> float(lot_multiple(np.float64(8), 0.01)), float(lot_multiple(np.float64(-3250), 1.0))
    (0.08, -3250.0)

    """
    count, lot = np.asarray(count), np.asarray(lot, dtype=np.float64)
    numerator, denominator = _ratios(lot)
    whole = count * numerator
    if np.all(denominator <= EXACT) and np.all(np.abs(whole) <= EXACT):
        return np.asarray(whole / denominator)
    counts, lots = (np.broadcast_to(each, whole.shape).ravel().tolist() for each in (count, lot))
    exact = [int(k) * n / d for k, (n, d) in zip(counts, map(_ratio, lots), strict=True)]
    return np.array(exact, dtype=np.float64).reshape(whole.shape)


def _ratios(lot: Array) -> tuple[Array | float, Array | float]:
    """Numerators and denominators of lots, each as the double nearest to it."""
    if not lot.ndim:
        numerator, denominator = _ratio(float(lot))
        return float(numerator), float(denominator)
    ratios = [_ratio(each) for each in lot.ravel().tolist()]
    numerators, denominators = np.array(ratios, dtype=np.float64).reshape(*lot.shape, 2).T
    return numerators.T, denominators.T


@lru_cache(maxsize=4096)
def _ratio(lot: float) -> tuple[int, int]:
    """Numerator and denominator of a lot."""
    written = Decimal(repr(lot))
    kept = len(written.normalize().as_tuple().digits) <= DIGITS
    return written.as_integer_ratio() if kept else lot.as_integer_ratio()


EXACT = 2.0**53
"""Up to here whole numbers are doubles, and a quotient of two is the double nearest to it."""
DIGITS = 15
"""Digits of a decimal that its double always keeps."""


def without_dust(number: Array, size: Array) -> Array:
    """Number, S, but 0 where it is no more than the rounding of numbers of a size, S."""
    dust = np.abs(number) <= DUST * size
    if dust.any():
        number = number.copy(order="K")
        np.copyto(number, 0.0, where=dust)
    return number


def trades_without_dust(trades: Array, stages: Sequence[Stage], scales: Sequence[Array]) -> Array:
    """Trades, S+(k,), without those that are but the rounding of what is hedged already.

    Args:
        trades: S+(k,).
        stages: the Greeks, in order of importance.
        scales: of each stage, the size of what target and held have apart, S+(rows,).

    """
    moved = np.zeros(np.shape(trades))
    for (matrix, _), scale in zip(stages, scales, strict=True):
        each = np.abs(matrix * trades[..., None, :])
        size = scale + each.sum(axis=-1)
        part = each / np.where(size > 0, size, np.inf)[..., None]
        moved = np.maximum(moved, np.max(part, axis=-2))
    return np.where(moved <= DUST, 0.0, trades)


def best_steps(
    ideal: Array, steps: Sequence[OrderSizes], stages: Sequence[Stage], solve: Solve
) -> Array:
    """Orderable quantities, S+(k,): those that leave least, Greek by Greek.

    From the coarsest step to the finest, each instrument takes its two neighbours in turn, and the
    rest is solved again beside it: what rounding one leaves, a finer one or one that trades in any
    amount takes up. One that would then order less than its minimum is stepped too. For several
    instruments on several assets it is the best of many, not proven the best of all.

    Args:
        ideal: quantities without steps, S+(k,).
        steps: of each of the k instruments.
        stages: the Greeks, in order of importance.
        solve: the best quantities where any amount can be had.

    """
    stepped = np.array([step.lot > 0 for step in steps])
    while True:
        best = _least(_candidates(ideal, steps, stages, solve, stepped=stepped), stages)
        short = np.array([step.refuses(best[..., i]) for i, step in enumerate(steps)])
        if not (short & ~stepped).any():
            return best
        stepped = stepped | short


def _candidates(
    ideal: Array,
    steps: Sequence[OrderSizes],
    stages: Sequence[Stage],
    solve: Solve,
    *,
    stepped: NDArray[np.bool_],
) -> Array:
    """Quantities to choose from, (c,)+S+(k,), the stepped ones all on their grid.

    Two ways of getting there: each solved again beside the one before it, and the neighbours of
    the ideal quantities as they are. Neither is always the better one.
    """
    order = np.argsort(-round_for_ties(_coarseness(steps, stages)), kind="stable")
    coarsest = [i for i in order if stepped[i]]
    one_by_one = at_once = ideal[None].copy()
    free = np.ones(len(steps), dtype=bool)
    for place, i in enumerate(coarsest):
        both = len(coarsest) - place <= MOST
        one_by_one = _branch(one_by_one, i, steps[i], both=both)
        at_once = _branch(at_once, i, steps[i], both=both)
        free[i] = False
        one_by_one = _beside(one_by_one, stages, solve, free=free)
    return np.concatenate([one_by_one, _beside(at_once, stages, solve, free=~stepped)])


def _beside(
    tried: Array, stages: Sequence[Stage], solve: Solve, *, free: NDArray[np.bool_]
) -> Array:
    """Candidates with what is free solved again beside what is not."""
    if free.any():
        fixed = tried[..., ~free]
        left = [(m[..., free], t + np.matvec(m[..., ~free], fixed)) for m, t in stages]
        tried[..., free] = solve(left)
    return tried


def _branch(tried: Array, i: int, step: OrderSizes, *, both: bool) -> Array:
    """Candidates with instrument i on its grid: at both neighbours, or the nearest."""
    low, high = step.around(tried[..., i])
    if not both:
        wanted = tried[..., i]
        low = high = np.where(np.abs(wanted - low) <= np.abs(wanted - high), low, high)
    branches = np.concatenate([tried, tried]) if both else tried.copy()
    branches[..., i] = np.concatenate([low, high]) if both else low
    return branches


def _coarseness(steps: Sequence[OrderSizes], stages: Sequence[Stage]) -> Array:
    """Cash that the smallest step of each instrument moves, (k,)."""
    least = np.array([max(np.max(step.lot), np.max(step.least, initial=0.0)) for step in steps])
    return np.asarray(least * _cash(stages).reshape(-1, len(steps)).max(axis=0))


def _cash(stages: Sequence[Stage]) -> Array:
    """Cash that one contract moves in the first Greek, S+(k,)."""
    return np.asarray(np.abs(stages[0][0]).sum(axis=-2))


def _least(candidates: Array, stages: Sequence[Stage]) -> Array:
    """Candidate, per market, with the least residual of the first Greek, then of the next."""
    standing = np.zeros(candidates.shape[:-1])
    for matrix, target in stages:
        loss = np.linalg.norm(target + np.matvec(matrix, candidates), axis=-1)
        loss = np.where(standing == 0, loss, np.inf)
        tie = loss.min(axis=0) + TIE * np.linalg.norm(target, axis=-1)
        standing = np.where(loss <= tie, 0.0, np.inf)
    traded = round_for_ties(_smallness(candidates * _cash(stages)))
    best = np.argmin(standing + traded, axis=0)
    return np.asarray(np.take_along_axis(candidates, best[None, ..., None], axis=0)[0])


def _smallness(traded: Array) -> Array:
    """Number below 1 that prefers less cash traded among equals."""
    size = np.abs(traded).sum(axis=-1)
    return np.asarray(size / (1.0 + size.max(axis=0)))
