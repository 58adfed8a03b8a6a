"""Arrays by asset name: spread over more assets, added, and pairs of names as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgecore.errors import AssetError, SpecError
from hedgecore.market.labels import is_frame, refuse_labels, square
from hedgecore.numerics.arrays import Array

Pairs = Mapping[tuple[str, str], ArrayLike]


def scale(amount: Array, number: Array, axes: int = 0) -> Array:
    """Product ``amount · number``, `number` having `axes` axes after those of `amount`.

    None of something is nothing, however singular it is: 0 · −∞ is 0 here.
    """
    factor = amount.reshape((*amount.shape, *(1,) * axes))
    if not amount.ndim:
        return factor * number if amount else np.zeros_like(number)
    with np.errstate(invalid="ignore"):
        return np.where(factor == 0, 0.0, factor * number)


def add_arrays(arrays: Iterable[Array]) -> Array:
    """Sum of at least one array; shapes broadcast."""
    return reduce(np.add, arrays)


def congruent(matrix: Array, jacobian: Array) -> Array:
    """``JᵀMJ`` of M, (…, k, k), and J, (…, k, n).

    None of an infinite entry is nothing, and infinite entries that cancel by their signs are, too:
    those of a gamma add up so along a direction in which nothing bends.
    """
    turned = np.swapaxes(jacobian, -1, -2)
    endless = np.isinf(matrix)
    if not endless.any():
        return np.asarray(turned @ matrix @ jacobian)
    side = turned @ np.where(endless, np.sign(matrix), 0.0) @ jacobian
    rest = turned @ np.where(endless, 0.0, matrix) @ jacobian
    return np.where(side != 0, np.copysign(np.inf, side), rest)


def spreader(assets: Sequence[str], over: Sequence[str]) -> Callable[..., Array]:
    """Function that spreads the last axis over `assets`, or the last two, to the assets `over`.

    Called with an array, how many axes (1 or 2), and what to fill the rest with.

    Raises:
        AssetError: one of `assets` is not among `over`.

    """
    index, count = _places(assets, over), len(over)
    places: tuple[Any, ...] = (index[:, None], index)

    def spread(array: Array, axes: int = 1, fill: float = 0.0) -> Array:
        wide = np.full((*array.shape[: array.ndim - axes], *(count,) * axes), fill)
        wide[(..., *places[-axes:])] = array
        return wide

    return spread


class DeltaGamma(Protocol):
    """Delta and gamma over assets, as an exposure has them."""

    @property
    def assets(self) -> tuple[str, ...]: ...  # noqa: D102 - as an exposure has them
    @property
    def delta(self) -> Array: ...  # noqa: D102
    @property
    def gamma(self) -> Array: ...  # noqa: D102
    @property
    def prices(self) -> Array | None: ...  # noqa: D102


def weighted_sums(
    pairs: Sequence[tuple[Array, DeltaGamma]], over: Sequence[str]
) -> tuple[Array, Array]:
    """Sums ``Σ amount · delta`` and ``Σ amount · gamma`` over the assets `over`.

    Raises:
        AssetError: a part has an asset that is not among `over`.

    """
    if all(not k.ndim and each.delta.ndim == 1 for k, each in pairs):
        return _flat(pairs, over)
    placed = [(k, each, spreader(each.assets, over)) for k, each in pairs]
    delta = add_arrays(scale(k, spread(each.delta), 1) for k, each, spread in placed)
    return delta, add_arrays(scale(k, spread(each.gamma, 2), 2) for k, each, spread in placed)


def _flat(pairs: Sequence[tuple[Array, DeltaGamma]], over: Sequence[str]) -> tuple[Array, Array]:
    """Bins of scalars, all at once: one for each asset, and one for each pair of them."""
    n, places = len(over), [_places(each.assets, over) for _, each in pairs]
    wide = [(n * index[:, None] + index).ravel() for index in places]
    delta = _bin_sums(pairs, places, [each.delta for _, each in pairs], n)
    gamma = _bin_sums(pairs, wide, [each.gamma.ravel() for _, each in pairs], n * n)
    return delta, gamma.reshape(n, n)


def _bin_sums(
    pairs: Sequence[tuple[Array, DeltaGamma]],
    bins: Sequence[NDArray[np.intp]],
    numbers: Sequence[Array],
    count: int,
) -> Array:
    """Sums ``Σ amount · number`` by bin; none of something is nothing, as in `scale`."""
    amounts = np.repeat([float(k) for k, _ in pairs], [len(index) for index in bins])
    with np.errstate(invalid="ignore"):
        terms = np.where(amounts == 0, 0.0, amounts * np.concatenate(numbers))
    return np.asarray(np.bincount(np.concatenate(bins), terms, count), dtype=np.float64)


def _places(assets: Sequence[str], over: Sequence[str]) -> NDArray[np.intp]:
    """Places of `assets` in `over`."""
    for asset in assets:
        if asset not in over:
            raise AssetError(f"{asset!r} is not among the assets {tuple(over)}")
    return np.array([over.index(asset) for asset in assets], dtype=np.intp)


def prices_of(parts: Sequence[DeltaGamma], over: Sequence[str]) -> Array | None:
    """Prices of `over` that all parts agree on; None where one stays unknown.

    Raises:
        SpecError: two prices of one asset differ.

    """
    known = [(each.assets, each.prices) for each in parts if each.prices is not None]
    if known and all(prices.ndim == 1 for _, prices in known):
        return _flat_prices(known, over)
    return common_prices([spreader(assets, over)(prices, fill=np.nan) for assets, prices in known])


def _flat_prices(parts: Sequence[tuple[Sequence[str], Array]], over: Sequence[str]) -> Array | None:
    index = np.concatenate([_places(assets, over) for assets, _ in parts])
    prices, agreed = np.concatenate([each for _, each in parts]), np.full(len(over), np.nan)
    known = ~np.isnan(prices)
    agreed[index[known]] = prices[known]
    if np.any(agreed[index[known]] != prices[known]):
        raise SpecError("exposures that were taken at different prices do not add")
    return None if np.isnan(agreed).any() else agreed


def common_prices(prices: Sequence[Array]) -> Array | None:
    """Prices that all agree on, NaN meaning silence; None where a price stays unknown.

    Raises:
        SpecError: two prices of one asset differ: their exposures were taken in two markets.

    """
    agreed: Array = np.full((1,), np.nan)
    for each in prices:
        if np.any((agreed != each) & ~np.isnan(agreed) & ~np.isnan(each)):
            raise SpecError("exposures that were taken at different prices do not add")
        agreed = np.where(np.isnan(agreed), each, agreed)
    return None if np.isnan(agreed).any() else agreed


def pair_matrix(given: ArrayLike | Pairs, assets: Sequence[str], zero: str) -> Array:
    """Symmetric quantity over pairs of assets, (n, n), in their order.

    Args:
        given: (…, n, n) in the order of `assets`; or (asset, asset) → S, each pair once; or
            a frame of pandas or polars, by its labels.
        assets: n names.
        zero: the name whose pairs are zero and need not be given: the numeraire.

    Raises:
        AssetError: a pair is missing: unknown is not zero.
        SpecError: the array does not fit.

    """
    if isinstance(given, Mapping):
        rows = [[_entry(given, a, b, zero) for b in assets] for a in assets]
        wide = np.broadcast_arrays(*(each for row in rows for each in row))
        return np.stack(wide, axis=-1).reshape((*wide[0].shape, len(assets), len(assets)))
    if is_frame(given):
        return square(given, assets, zero)
    matrix = np.asarray(given, dtype=np.float64)
    n = len(assets)
    if matrix.shape[-2:] != (n, n):
        raise SpecError(f"an array over pairs of {tuple(assets)} is ({n}, {n}), not {matrix.shape}")
    return matrix


def _entry(given: Pairs, one: str, two: str, zero: str) -> Array:
    if zero in (one, two):
        return np.zeros(())
    for pair in ((one, two), (two, one)):
        if pair in given:
            refuse_labels(" and ".join(pair), given[pair], (1,))
            return np.asarray(given[pair], dtype=np.float64)
    raise AssetError(f"there is no entry for the pair {(one, two)}: give 0.0 if it is zero")
