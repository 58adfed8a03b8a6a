"""Lots and minimum sizes: the contracts that can be ordered, nearest to those one would want."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

TIE = 1e-12
"""Residuals that differ by less than this part of the target are equal."""
ROUNDING = 1e-12
"""A least order that is so little, relatively, above a whole number of lots is that number."""
DUST = 1e-13
"""A trade that moves less than this part of what it is to offset is rounding, and no order."""

Stage = tuple[Array, Array]
"""A Greek to be neutral, in cash: per contract, S+(rows, k), and of the target, S+(rows,)."""


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

    def refuses(self, amount: Array) -> NDArray[np.bool_]:
        """True where an amount, S, contracts, is smaller than an order may be."""
        return np.asarray((amount != 0) & (np.abs(amount) < self.least))

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


def without_dust(number: Array, size: Array | float) -> Array:
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
