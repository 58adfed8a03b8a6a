"""Rounding of several instruments together to quantities that can be ordered, market by market."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.hedging.lots import TIE, OrderSizes, Stage
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import round_for_ties

MOST = 10
"""Of so many of the finest stepped instruments both neighbours are tried (2**MOST); else one."""

Solve = Callable[[Sequence[Stage]], Array]


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
    shape, count = ideal.shape[:-1], ideal.shape[-1]
    every = Rounding(
        ideal.reshape(-1, count),
        [OrderSizes(step.lot, _flat(step.least, shape)) for step in steps],
        [(_flat(matrix, shape, 2), _flat(target, shape, 1)) for matrix, target in stages],
    )
    best, order = every.ideal.copy(), every.order()
    stepped = np.broadcast_to([step.lot > 0 for step in steps], best.shape).copy()
    left = np.arange(len(best))
    while left.size:
        for alike in _groups(np.concatenate([order, stepped], axis=-1)[left]):
            some = left[alike]
            first, here = some[0], every.at(some)
            coarsest = [i for i in order[first] if stepped[first, i]]
            tried = _candidates(here, solve, coarsest)
            best[some] = _least(tried, here.stages)
        short = [step.refuses(best[:, i]) for i, step in enumerate(every.steps)]
        refused = np.stack(short, axis=-1)[left] & ~stepped[left]
        stepped[left] |= refused
        left = left[refused.any(axis=-1)]
    return best.reshape(ideal.shape)


class Rounding(NamedTuple):
    """Quantities to be made orderable in N markets, each by itself.

    Attributes:
        ideal: (N, k), contracts.
        steps: of each of the k instruments; least orders (N,).
        stages: the Greeks, (N, rows, k) and (N, rows).

    """

    ideal: Array
    steps: Sequence[OrderSizes]
    stages: Sequence[Stage]

    def at(self, some: NDArray[np.intp]) -> Rounding:
        """Those of some of the markets."""
        if len(some) == len(self.ideal):
            return self
        steps = [OrderSizes(step.lot, np.asarray(step.least)[some]) for step in self.steps]
        stages = [(matrix[some], target[some]) for matrix, target in self.stages]
        return Rounding(self.ideal[some], steps, stages)

    def order(self) -> NDArray[np.intp]:
        """Instruments, (N, k), from the coarsest step to the finest, by the cash that it moves."""
        least = np.stack([np.maximum(step.lot, step.least) for step in self.steps], axis=-1)
        coarseness = round_for_ties(least * _cash(self.stages))
        return np.argsort(-coarseness, axis=-1, kind="stable")


def _flat(number: Array | float, shape: tuple[int, ...], axes: int = 0) -> Array:
    """Numbers of shape S or less, with further axes, as (N, …)."""
    own = np.shape(number)[np.ndim(number) - axes :]
    return np.broadcast_to(number, (*shape, *own)).reshape(-1, *own)


def _groups(rows: Array) -> list[NDArray[np.intp]]:
    """Places of rows, (N, c), that are the same: most often of all."""
    if (rows == rows[0]).all():
        return [np.arange(len(rows))]
    _, which = np.unique(rows, axis=0, return_inverse=True)
    return [np.flatnonzero(which.ravel() == group) for group in range(which.max() + 1)]


def _candidates(markets: Rounding, solve: Solve, coarsest: Sequence[int]) -> Array:
    """Quantities to choose from, (c, N, k), those of `coarsest` all on their grid.

    Two ways of getting there: each solved again beside the one before it, and the neighbours of
    the ideal quantities as they are. Neither is always the better one.
    """
    ideal, steps, stages = markets
    one_by_one = at_once = ideal[None].copy()
    free = np.ones(len(steps), dtype=bool)
    for place, i in enumerate(coarsest):
        both = len(coarsest) - place <= MOST
        one_by_one = _branch(one_by_one, i, steps[i], both=both)
        at_once = _branch(at_once, i, steps[i], both=both)
        free[i] = False
        one_by_one = _beside(one_by_one, stages, solve, free=free)
    return np.concatenate([one_by_one, _beside(at_once, stages, solve, free=free)])


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
