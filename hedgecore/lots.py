"""Lots and minimum sizes: the contracts that can be ordered, nearest to those one would want."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.market import Array

MOST = 10
"""Up to so many stepped instruments all neighbours are tried (2**MOST); beyond, the nearest."""
TIE = 1e-12
"""Residuals that differ by less than this part of the target are equal."""

Stage = tuple[Array, Array]
"""A Greek to be neutral, in cash: per contract, S+(rows, k), and of the target, S+(rows,)."""
Solve = Callable[[Sequence[Stage]], Array]


class Steps(NamedTuple):
    """What may be ordered of one instrument: multiples of `lot`, none or at least `min_size`."""

    lot: float
    min_size: float

    @property
    def any(self) -> bool:
        """Whether some amounts cannot be ordered."""
        return self.lot > 0 or self.min_size > 0

    def around(self, amount: Array) -> tuple[Array, Array]:
        """Return the two amounts that can be ordered, next to `amount`: towards zero, and away."""
        wanted = np.abs(amount)
        low, high = self._lots(wanted, np.floor), self._lots(wanted, np.ceil)
        least = self._lots(np.asarray(self.min_size), np.ceil)
        low = np.where(low < least, 0.0, low)
        high = np.where(wanted > 0, np.maximum(high, least), 0.0)
        return np.copysign(low, amount), np.copysign(high, amount)

    def refuses(self, amount: Array) -> bool:
        """Whether some of these amounts are smaller than an order may be."""
        return bool(np.any((amount != 0) & (np.abs(amount) < self.min_size)))

    def _lots(self, amount: Array, rounding: Callable[[Array], Array]) -> Array:
        return rounding(amount / self.lot) * self.lot if self.lot else amount


def best_steps(
    ideal: Array, steps: Sequence[Steps], stages: Sequence[Stage], solve: Solve
) -> Array:
    """Return orderable quantities, S+(k,): those that leave least, Greek by Greek.

    Each instrument with a lot takes one of its two neighbours of `ideal`; the others are solved
    again beside them, so that what trades in any amount takes up what rounding leaves. One that
    would then order less than its minimum takes a neighbour too.

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
    """Return quantities to choose from, (c,)+S+(k,): the stepped on their grid, the rest solved."""
    tried = _combinations(
        ideal[..., stepped], [each for each, on in zip(steps, stepped, strict=True) if on]
    )
    candidates = np.empty((len(tried), *ideal.shape))
    candidates[..., stepped] = tried
    if not stepped.all():
        left = [(m[..., ~stepped], t + np.matvec(m[..., stepped], tried)) for m, t in stages]
        candidates[..., ~stepped] = solve(left)
    return candidates


def _combinations(ideal: Array, steps: Sequence[Steps]) -> Array:
    """Return what to try, (c,)+S+(k,): each choice among neighbours, or the nearest if too many."""
    around = [step.around(ideal[..., i]) for i, step in enumerate(steps)]
    if not around:
        return ideal[None]
    if len(around) <= MOST:
        return np.stack([np.stack(choice, axis=-1) for choice in product(*around)])
    low, high = (np.stack(side, axis=-1) for side in zip(*around, strict=True))
    return np.where(np.abs(ideal - low) <= np.abs(ideal - high), low, high)[None]


def _least(candidates: Array, stages: Sequence[Stage]) -> Array:
    """Return, per market, the candidate with the least residual of the first Greek, then next."""
    standing = np.zeros(candidates.shape[:-1])
    for matrix, target in stages:
        loss = np.linalg.norm(target + np.matvec(matrix, candidates), axis=-1)
        loss = np.where(standing == 0, loss, np.inf)
        tie = loss.min(axis=0) + TIE * np.linalg.norm(target, axis=-1)
        standing = np.where(loss <= tie, 0.0, np.inf)
    best = np.argmin(standing + _smallness(candidates), axis=0)
    return np.asarray(np.take_along_axis(candidates, best[None, ..., None], axis=0)[0])


def _smallness(candidates: Array) -> Array:
    """Return a number below 1 that prefers smaller orders among equals."""
    size = np.abs(candidates).sum(axis=-1)
    return np.asarray(size / (1.0 + size.max(axis=0)))
