"""Arrays on their way to a formula and back: numbers in, one flat axis in blocks, and S again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hedgecore.errors import PriceError

Array = NDArray[np.float64]
"""Float64 arrays: every number of hedgecore."""
PLAIN = (float, int, np.ndarray, np.float64, list, tuple)
"""What has no labels; asking the others is slow."""
BLOCK = 32768
"""How many prices of a pair a formula sees at once: few enough that its arrays stay in a cache,
enough to hide what calls cost. Baskets see fewer, by their number of assets."""


@runtime_checkable
class LabelledColumns(Protocol):
    """A table with names of its columns: a DataFrame of pandas or of polars."""

    columns: Any

    def to_numpy(self) -> Any: ...  # noqa: D102 - the numbers alone


def numbers(given: ArrayLike) -> Array:
    """Return `given` as float64: itself, if it is.

    Raises:
        PriceError: it is neither a real number nor an array of them; or a frame, whose columns may
            be in any order.

    """
    if type(given) not in PLAIN and isinstance(given, LabelledColumns):
        columns = ", ".join(map(str, given.columns))
        reason = "give its numbers, in the order of the pool's assets, by to_numpy()"
        raise PriceError(f"a frame with the columns {columns:.80} is no array: {reason}")
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "iuf":
            raise TypeError(f"dtype {array.dtype}")  # noqa: TRY301
    except (TypeError, ValueError) as error:
        raise PriceError(f"a price is a number or an array, not {given!r:.80} ({error})") from error
    return array.astype(np.float64, copy=False)


def blocks(size: int, rows: int) -> Iterator[slice]:
    """Yield the blocks of an axis of `size`, for arrays of `rows` rows; one at least."""
    length = max(BLOCK // rows, 1)
    for start in range(0, max(size, 1), length):
        yield slice(start, min(start + length, size))


def sealed(array: Array) -> Array:
    """Return a view that cannot be written into."""
    view = array.view()
    view.flags.writeable = False
    return view


def restored(array: Array, shape: tuple[int, ...]) -> Any:
    """Return lead+(N,) as S+lead, without axes of one, as a pair's; a scalar as np.float64."""
    wide = [size for size in array.shape[:-1] if size > 1]
    lead, back = len(wide), array.reshape((*wide, *shape))
    return back.transpose(*range(lead, back.ndim), *range(lead))[()] if lead else back[()]
