"""Shapes on both sides of a formula: prices S+(m,) become (m, N), results (…, N) become S+(…).

One price is not worth an array: it is a point, m of Python's own floats, which costs a twentieth.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from sys import float_info
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import PriceError
from hedgecore.market.labels import is_frame, refuse_labels
from hedgecore.numerics.arrays import PLAIN, Array, LabelledRows, is_masked, row_labels

PAIR = 2
MOST = float_info.max
ARRAY, FLOAT64 = np.ndarray, np.dtype(np.float64)
REAL = "iuf"
"""Kinds of the dtypes of numbers."""


def point(price: Any, m: int) -> tuple[tuple[float, ...] | None, int]:
    """Floats of one point, (m,), and how many axes of one it stands in.

    None where `price` is not plainly one, a number or an array S+(m,), and where it is no price.
    """
    if m > 1:
        return _vector(price, m)
    axes = 0
    if type(price) is ARRAY:
        if price.size != 1 or (price.dtype is not FLOAT64 and not _is_numeric(price)):
            return None, 0
        axes, price = price.ndim, price.item()
    if type(price) is float and 0.0 < price <= MOST:  # the shortest way, of most calls
        return (price,), axes
    return ((float(price),), axes) if _is_price(price) else (None, 0)


def _vector(price: Any, m: int) -> tuple[tuple[float, ...] | None, int]:
    axes = 0
    if type(price) is ARRAY:
        if price.size != m or price.shape[-1:] != (m,) or not _is_numeric(price):
            return None, 0
        price, axes = price.ravel().tolist(), price.ndim - 1
    if not isinstance(price, list | tuple) or len(price) != m:
        return None, 0
    for each in price:
        if not (type(each) is float and 0.0 < each <= MOST) and not _is_price(each):
            return None, 0
    return tuple(map(float, price)), axes


def _is_numeric(array: Array) -> bool:
    """True for an array of numbers: dates have items that are whole numbers, too."""
    return array.dtype.kind in REAL


def _is_price(number: Any) -> bool:
    """True for a plain number, positive and finite."""
    return (isinstance(number, float) or type(number) is int) and 0.0 < number <= MOST


def flat_prices(
    price: ArrayLike, kind: str, assets: Sequence[str]
) -> tuple[Array, tuple[int, ...]]:
    """Prices (m, N) of all but the last of the assets, positive and finite; and S.

    Raises:
        PriceError: a price is none, or the last axis does not fit the assets.

    """
    given, m = _numbers(price, assets), len(assets) - 1
    if m > 1 and given.shape[-1:] != (m,):
        wanted = f"a last axis of {m}, the prices of {assets[:-1]} in {assets[-1]}"
        raise PriceError(f"{kind}: price of shape {given.shape} needs {wanted}")
    shape = given.shape if m == 1 else given.shape[:-1]
    flat = given.reshape(1, -1) if m == 1 else np.moveaxis(given, -1, 0).reshape(m, -1)
    if not _are_prices(flat):
        bad = flat[~((flat > 0) & (flat < np.inf))][0]
        raise PriceError(f"{kind}: price {bad} must be positive and finite")
    return flat, shape


def _are_prices(flat: Array) -> bool:
    """True where all are positive and finite; by places, which take three quarters of values."""
    if not flat.size:
        return True  # and where one is NaN, argmin and argmax are its place
    return flat.item(flat.argmin()) > 0.0 and flat.item(flat.argmax()) <= MOST


def _numbers(given: ArrayLike, assets: Sequence[str]) -> Array:
    if type(given) is ARRAY and given.dtype is FLOAT64:
        return given
    if type(given) not in PLAIN:
        if is_masked(given):
            raise PriceError("a price is masked, and unknown is no number: drop or fill it")
        _refuse_labels(given, assets)
    elif isinstance(given, list | tuple) and given and row_labels(given[0]) is not None:
        raise PriceError("prices are a list of labelled series: align them, and give one array")
    try:
        array = np.asarray(given)
        if array.dtype.kind not in REAL:
            raise TypeError(f"dtype {array.dtype}")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        raise PriceError(f"a price is a number or an array, not {given!r:.80} ({error})") from error
    return array.astype(np.float64, copy=False)


def _refuse_labels(given: Any, assets: Sequence[str]) -> None:
    """Refuse a frame, and a series labelled by asset: a pool takes prices in its own order."""
    if is_frame(given):
        what = f"a frame with the columns {', '.join(map(str, given.columns)):.80}"
    elif isinstance(given, LabelledRows) and {*islice(given.index, len(assets))} & {*assets}:
        what = f"a series labelled {', '.join(map(str, given.index)):.80}"
    else:
        refuse_labels("the price", given, ())
        return
    reason = "give its numbers, in the order of the pool's assets, by to_numpy()"
    raise PriceError(f"{what} is no array: {reason}")


def reshape(array: Array, shape: tuple[int, ...]) -> Array:
    """Array lead+(N,) as S+lead, without axes of one, as a pair's; a scalar as np.float64."""
    if len(shape) == 1 and array.ndim < 3:  # noqa: PLR2004 - the shortest way, of most calls
        return array if array.ndim == 1 else (array.T if len(array) > 1 else array[0])
    wide = [size for size in array.shape[:-1] if size > 1]
    lead, back = len(wide), array.reshape((*wide, *shape))
    found: Array = back.transpose(*range(lead, back.ndim), *range(lead))[()] if lead else back[()]
    return found


def number(given: float, axes: int) -> Array:
    """A float as np.float64, or as an array with so many axes of one."""
    found: Any = np.array(given, ndmin=axes) if axes else np.float64(given)
    return found  # type: ignore[no-any-return]


def point_vector(holdings: Sequence[float], axes: int) -> Array:
    """All but the last of n floats, (m,) after axes of one, a pair's as a number."""
    if len(holdings) > PAIR:
        return np.array(holdings[:-1], FLOAT64, ndmin=axes + 1)
    # As `number` says it, at a call less.
    base: Any = np.array(holdings[0], FLOAT64, ndmin=axes) if axes else np.float64(holdings[0])
    return base  # type: ignore[no-any-return]


def point_matrix(rows: Sequence[Sequence[float]], axes: int) -> Array:
    """Rows of floats, (m, m) after axes of one, a pair's as one number."""
    return number(rows[0][0], axes) if len(rows) == 1 else np.array(rows, ndmin=axes + 2)


def point_numbers(
    value: float, holdings: Sequence[float], rows: Sequence[Sequence[float]], axes: int
) -> tuple[Any, Any, Any, Any]:
    """Value S, all but the last of n holdings, gamma, and all holdings S+(n,)."""
    if len(holdings) > PAIR:
        vector, matrix = point_vector(holdings, axes), point_matrix(rows, axes)
        return number(value, axes), vector, matrix, np.array(holdings, FLOAT64, ndmin=axes + 1)
    base, bend, array, float64 = holdings[0], rows[0][0], np.array, np.float64
    if not axes:
        return float64(value), float64(base), float64(bend), array(holdings, FLOAT64)
    worth, slope = array(value, ndmin=axes), array(bend, ndmin=axes)
    all_held = array(holdings, FLOAT64, ndmin=axes + 1)
    return worth, array(base, FLOAT64, ndmin=axes), slope, all_held
