"""Lots and minimum sizes: the contracts that can be ordered, nearest to those one would want."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

MOST = 10
"""Of so many of the finest stepped instruments both neighbours are tried (2**MOST); else one."""
PLACES = 12
"""Lots of at most so many decimals are written as decimals."""
TIE = 1e-12
"""Residuals that differ by less than this part of the target are equal."""

Stage = tuple[Array, Array]
"""A Greek to be neutral, in cash: per contract, S+(rows, k), and of the target, S+(rows,)."""
Solve = Callable[[Sequence[Stage]], Array]


class Steps(NamedTuple):
    """What may be ordered of one instrument: multiples of `lot`, none or at least `least` (S)."""

    lot: float
    least: Array | float

    @property
    def any(self) -> bool:
        """Whether some amounts cannot be ordered."""
        return self.lot > 0 or bool(np.any(np.asarray(self.least) > 0))

    def around(self, amount: Array) -> tuple[Array, Array]:
        """Return the two amounts that can be ordered, next to `amount`: towards zero, and away."""
        wanted = np.abs(amount)
        low, high = self._lots(wanted, np.floor), self._lots(wanted, np.ceil)
        least = self._lots(np.asarray(self.least), np.ceil)
        low = np.where(low < least, 0.0, low)
        high = np.where(wanted > 0, np.maximum(high, least), 0.0)
        return np.copysign(low, amount), np.copysign(high, amount)

    def refuses(self, amount: Array) -> bool:
        """Whether some of these amounts are smaller than an order may be."""
        return bool(np.any((amount != 0) & (np.abs(amount) < self.least)))

    def _lots(self, amount: Array, rounding: Callable[[Array], Array]) -> Array:
        """Return whole lots, as the decimals of the lot write them: 138.896, not …6000000000002."""
        if not self.lot:
            return amount
        places = -int(Decimal(repr(self.lot)).normalize().as_tuple().exponent)
        whole = rounding(amount / self.lot) * self.lot
        return np.round(whole, places) if 0 <= places <= PLACES else whole


def best_steps(
    ideal: Array, steps: Sequence[Steps], stages: Sequence[Stage], solve: Solve
) -> Array:
    """Return orderable quantities, S+(k,): those that leave least, Greek by Greek.

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
    steps: Sequence[Steps],
    stages: Sequence[Stage],
    solve: Solve,
    *,
    stepped: NDArray[np.bool_],
) -> Array:
    """Return quantities to choose from, (c,)+S+(k,), the stepped ones all on their grid.

    Two ways of getting there: each solved again beside the one before it, and the neighbours of
    the ideal quantities as they are. Neither is always the better one.
    """
    coarsest = [i for i in np.argsort(-_coarseness(steps, stages)) if stepped[i]]
    one_by_one = at_once = ideal[None].copy()
    free = np.ones(len(steps), dtype=bool)
    for place, i in enumerate(coarsest):
        both = len(coarsest) - place <= MOST
        one_by_one = _branched(one_by_one, i, steps[i], both=both)
        at_once = _branched(at_once, i, steps[i], both=both)
        free[i] = False
        one_by_one = _beside(one_by_one, stages, solve, free=free)
    return np.concatenate([one_by_one, _beside(at_once, stages, solve, free=~stepped)])


def _beside(
    tried: Array, stages: Sequence[Stage], solve: Solve, *, free: NDArray[np.bool_]
) -> Array:
    """Return the candidates with what is free solved again beside what is not."""
    if free.any():
        fixed = tried[..., ~free]
        left = [(m[..., free], t + np.matvec(m[..., ~free], fixed)) for m, t in stages]
        tried[..., free] = solve(left)
    return tried


def _branched(tried: Array, i: int, step: Steps, *, both: bool) -> Array:
    """Return the candidates with instrument i on its grid: at both neighbours, or the nearest."""
    low, high = step.around(tried[..., i])
    if not both:
        wanted = tried[..., i]
        low = high = np.where(np.abs(wanted - low) <= np.abs(wanted - high), low, high)
    branches = np.concatenate([tried, tried]) if both else tried.copy()
    branches[..., i] = np.concatenate([low, high]) if both else low
    return branches


def _coarseness(steps: Sequence[Steps], stages: Sequence[Stage]) -> Array:
    """Return the cash that the smallest step of each instrument moves, (k,)."""
    least = np.array([max(step.lot, np.max(step.least, initial=0.0)) for step in steps])
    return np.asarray(least * _cash(stages).reshape(-1, len(steps)).max(axis=0))


def _cash(stages: Sequence[Stage]) -> Array:
    """Return the cash that one contract moves in the first Greek, S+(k,)."""
    return np.asarray(np.abs(stages[0][0]).sum(axis=-2))


def _least(candidates: Array, stages: Sequence[Stage]) -> Array:
    """Return, per market, the candidate with the least residual of the first Greek, then next."""
    standing = np.zeros(candidates.shape[:-1])
    for matrix, target in stages:
        loss = np.linalg.norm(target + np.matvec(matrix, candidates), axis=-1)
        loss = np.where(standing == 0, loss, np.inf)
        tie = loss.min(axis=0) + TIE * np.linalg.norm(target, axis=-1)
        standing = np.where(loss <= tie, 0.0, np.inf)
    best = np.argmin(standing + _smallness(candidates * _cash(stages)), axis=0)
    return np.asarray(np.take_along_axis(candidates, best[None, ..., None], axis=0)[0])


def _smallness(traded: Array) -> Array:
    """Return a number below 1 that prefers less cash traded among equals."""
    size = np.abs(traded).sum(axis=-1)
    return np.asarray(size / (1.0 + size.max(axis=0)))
