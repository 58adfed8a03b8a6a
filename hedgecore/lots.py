"""Lots and minimum sizes: the contracts that can be ordered, nearest to those one would want."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from hedgecore.market import Array

MOST = 10
"""Up to so many stepped instruments all neighbours are tried (2**MOST); beyond, the nearest."""
TIE = 1e-12
"""Residuals that differ by less than this part of the target are equal."""

Solve = Callable[[Sequence[Array], Sequence[Array]], Array]


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

    def _lots(self, amount: Array, rounding: Callable[[Array], Array]) -> Array:
        return rounding(amount / self.lot) * self.lot if self.lot else amount


def best_steps(
    ideal: Array,
    steps: Sequence[Steps],
    matrices: Sequence[Array],
    targets: Sequence[Array],
    solve: Solve,
) -> Array:
    """Return orderable quantities, S+(k,): those that leave least, Greek by Greek.

    Each stepped instrument takes one of its two neighbours of `ideal`; the others are solved again
    beside them, so that what trades in any amount takes up what rounding leaves.

    Args:
        ideal: quantities without steps, S+(k,).
        steps: of each of the k instruments.
        matrices: per Greek, S+(rows, k), in cash per contract.
        targets: per Greek, S+(rows,), in cash.
        solve: the best quantities for matrices and targets where any amount can be had.

    """
    stepped = np.array([step.any for step in steps])
    tried = _combinations(ideal[..., stepped], [step for step in steps if step.any])
    candidates = np.empty((len(tried), *ideal.shape))
    candidates[..., stepped] = tried
    if not stepped.all():
        pairs = zip(matrices, targets, strict=True)
        left = [target + np.matvec(matrix[..., stepped], tried) for matrix, target in pairs]
        candidates[..., ~stepped] = solve([matrix[..., ~stepped] for matrix in matrices], left)
    return _least(candidates, matrices, targets)


def _combinations(ideal: Array, steps: Sequence[Steps]) -> Array:
    """Return what to try, (c,)+S+(k,): each choice among neighbours, or the nearest if too many."""
    around = [step.around(ideal[..., i]) for i, step in enumerate(steps)]
    if len(around) <= MOST:
        return np.stack([np.stack(choice, axis=-1) for choice in product(*around)])
    low, high = (np.stack(side, axis=-1) for side in zip(*around, strict=True))
    return np.where(np.abs(ideal - low) <= np.abs(ideal - high), low, high)[None]


def _least(candidates: Array, matrices: Sequence[Array], targets: Sequence[Array]) -> Array:
    """Return, per market, the candidate with the least residual of the first Greek, then next."""
    standing = np.zeros(candidates.shape[:-1])
    for matrix, target in zip(matrices, targets, strict=True):
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
