"""Arrays S+(k,) of a few columns, each of which lies in memory on its own.

A column of an array in C order is every k-th of its numbers, so that each pass over it costs what
a pass over all of them does. Here the last axis is the outermost in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgecore.numerics.arrays import Array

HUGE = 1e150
"""Numbers within this are finite, and so are their squares."""
PART = 8192
"""Numbers of one scalar product: of more, OpenBLAS makes threads, which wait for one another."""


def empty_columns(shape: tuple[int, ...], *then: int) -> Array:
    """Array S+then, unfilled."""
    k, n = len(then), len(shape)
    return np.empty((*then, *shape)).transpose(*range(k, k + n), *range(k))


def zero_columns(shape: tuple[int, ...], *then: int) -> Array:
    """Array S+then of zeros; a column that is made flat is a view, to be written into."""
    whole = empty_columns(shape, *then)
    whole[...] = 0.0
    return whole


def column_stack(columns: Sequence[Array], shape: tuple[int, ...], *then: int) -> Array:
    """Array S+then of columns, S or less; not to be written into.

    One column is itself, and columns of which none varies over S are one small row.

    Args:
        columns: S or less each.
        shape: S.
        then: how many there are; or k and m of k rows of m, row by row.

    """
    then = then or (len(columns),)
    if len(columns) == 1:
        return broadcast(columns[0], shape)[(..., *(None,) * len(then))]
    if all(column.size == 1 for column in columns):
        return repeat(np.array([column.item() for column in columns]).reshape(then), shape)
    whole = empty_columns(shape, *then)
    for place, column in zip(np.ndindex(*then), columns, strict=True):
        whole[(..., *place)] = column
    return whole


def take(columns: Array, places: NDArray[np.intp]) -> Array:
    """Columns S+(k,) at flat places of S, (n, k)."""
    k = columns.shape[-1]
    one = distinct(columns)
    if one.size == k:
        return np.broadcast_to(one.reshape(k), (len(places), k))
    picked = empty_columns((len(places),), k)
    for i in range(k):
        picked[..., i] = columns[..., i].reshape(-1).take(places)
    return picked


def any_column(flags: NDArray[Any]) -> NDArray[np.bool_]:
    """Truth of "any of the last axis is not 0" of flags S+(k,), S."""
    if flags.shape[-1] == 1:
        return np.asarray(flags[..., 0] != 0)
    return np.asarray(np.logical_or.reduce(flags != 0, axis=-1))


def count_steps(flags: NDArray[np.bool_]) -> NDArray[Any]:
    """Steps of each path at which a flag S stands, (N,)."""
    kind = np.uint8 if len(flags) <= np.iinfo(np.uint8).max else np.intp
    return np.asarray(np.add.reduce(flags.view(np.uint8), axis=0, dtype=kind))


def broadcast(number: Array, shape: tuple[int, ...]) -> Array:
    """Number over S: itself, where it has that shape; broadcasting is not free."""
    if number.shape == shape:
        return number
    return repeat(number.reshape(()), shape) if number.size == 1 else np.broadcast_to(number, shape)


def repeat(part: Array, shape: tuple[int, ...]) -> Array:
    """View S+part that is the same all over S; a tenth of the time of `np.broadcast_to`."""
    strides = (0,) * len(shape) + part.strides
    whole: Array = np.ndarray((*shape, *part.shape), part.dtype, part, strides=strides)
    whole.flags.writeable = False
    return whole


def common_shape(shapes: Collection[tuple[int, ...]]) -> tuple[int, ...]:
    """Shape to which some shapes broadcast: the widest, most often, to which all others do.

    Raises:
        ValueError: they do not broadcast.

    """
    widest = max(shapes, key=lambda shape: (len(shape), shape), default=())
    for shape in shapes:
        pairs = zip(reversed(shape), reversed(widest), strict=False)
        if not all(one in {1, whole} for one, whole in pairs):
            return np.broadcast_shapes(*shapes)
    return widest


def distinct(number: NDArray[Any]) -> NDArray[Any]:
    """View of an array whose axes along which all numbers are one and the same have length 1."""
    if 0 not in number.strides:
        return number
    return number[tuple(slice(1) if step == 0 else slice(None) for step in number.strides)]


def is_within(number: Array, most: float) -> bool:
    """True if the squares of all numbers add up to that of `most` or less: so all are within it.

    One pass, and no array beside; where it is False, some numbers may be too large, or none.
    """
    flat = distinct(number).ravel(order="K")
    parts = (flat[start : start + PART] for start in range(0, flat.size, PART))
    return bool(sum(part.dot(part) for part in parts) <= most * most)


def compact(number: Array, shape: tuple[int, int]) -> Array:
    """Number S, or (1, 1) where it is the same all over S."""
    whole = broadcast(number, shape)
    first, known = whole[:1, :1], distinct(whole)
    if (known[-1:, -1:] == first).all() and (known == first).all():
        return first.copy()
    return whole
