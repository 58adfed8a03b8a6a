"""Long arrays a block at a time, so that what a formula makes on its way stays in a cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

BLOCK = 8192


def in_blocks(formula: Callable[..., Sequence[Any]], *arrays: Any) -> Sequence[Any]:
    """Return the rows of a formula of arrays (N,), block by block; of floats, as they are."""
    if isinstance(arrays[0], float) or len(arrays[0]) <= BLOCK:
        return formula(*arrays)
    starts = range(0, len(arrays[0]), BLOCK)
    parts = [formula(*(array[at : at + BLOCK] for array in arrays)) for at in starts]
    return [np.concatenate(rows) for rows in zip(*parts, strict=True)]
