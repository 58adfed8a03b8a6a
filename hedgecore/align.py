"""Arrays by asset name: spread over more assets, added, and pairs of names as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import AssetError, SpecError
from hedgecore.market import Array

Pairs = Mapping[tuple[str, str], float]


def scaled(amount: Array, number: Array, axes: int = 0) -> Array:
    """Return ``amount · number``, `number` having `axes` axes after those of `amount`.

    None of something is nothing, however singular it is: 0 · −∞ is 0 here.
    """
    factor = amount.reshape((*amount.shape, *(1,) * axes))
    if not amount.ndim:
        return factor * number if amount else np.zeros_like(number)
    with np.errstate(invalid="ignore"):
        return np.where(factor == 0, 0.0, factor * number)


def total(arrays: Iterable[Array]) -> Array:
    """Return the sum of at least one array; shapes broadcast."""
    return reduce(np.add, arrays)


def spanning(array: Array, shape: tuple[int, ...]) -> Array:
    """Return `array` broadcast to `shape`: itself, where it has that shape."""
    return array if array.shape == shape else np.broadcast_to(array, shape)


def spreading(assets: Sequence[str], over: Sequence[str]) -> Callable[..., Array]:
    """Return what spreads the last axis over `assets`, or the last two, to the assets `over`.

    It is called with an array, how many axes (1 or 2), and what to fill the rest with.

    Raises:
        AssetError: one of `assets` is not among `over`.

    """
    place = {asset: index for index, asset in enumerate(over)}
    for asset in assets:
        if asset not in place:
            raise AssetError(f"{asset!r} is not among the assets {tuple(over)}")
    index = np.array([place[asset] for asset in assets], dtype=np.intp)
    places: tuple[Any, ...] = (index[:, None], index)

    def spread(array: Array, axes: int = 1, fill: float = 0.0) -> Array:
        wide = np.full((*array.shape[: array.ndim - axes], *(len(place),) * axes), fill)
        wide[(..., *places[-axes:])] = array
        return wide

    return spread


def common(prices: Sequence[Array | None]) -> Array | None:
    """Return what all agree on, NaN meaning silence; None where a price stays unknown.

    Raises:
        SpecError: two prices of one asset differ: their exposures were taken in two markets.

    """
    agreed: Array = np.full((1,), np.nan)
    for each in prices:
        if each is not None:
            if np.any((agreed != each) & ~np.isnan(agreed) & ~np.isnan(each)):
                raise SpecError("exposures that were taken at different prices do not add")
            agreed = np.where(np.isnan(agreed), each, agreed)
    return None if np.isnan(agreed).any() else agreed


def pair_matrix(given: ArrayLike | Pairs, assets: Sequence[str], zero: str) -> Array:
    """Return a symmetric quantity over pairs of assets as an (n, n) array in their order.

    Args:
        given: (…, n, n) in the order of `assets`, or (asset, asset) → number, each pair once.
        assets: n names.
        zero: the name whose pairs are zero and need not be given: the numeraire.

    Raises:
        AssetError: a pair is missing: unknown is not zero.
        SpecError: the array does not fit.

    """
    if isinstance(given, Mapping):
        return np.array([[_entry(given, a, b, zero) for b in assets] for a in assets], dtype=float)
    matrix = np.asarray(given, dtype=np.float64)
    n = len(assets)
    if matrix.shape[-2:] != (n, n):
        raise SpecError(f"an array over pairs of {tuple(assets)} is ({n}, {n}), not {matrix.shape}")
    return matrix


def _entry(given: Pairs, one: str, two: str, zero: str) -> float:
    if zero in (one, two):
        return 0.0
    for pair in ((one, two), (two, one)):
        if pair in given:
            return given[pair]
    raise AssetError(f"there is no entry for the pair {(one, two)}: give 0.0 if it is zero")
