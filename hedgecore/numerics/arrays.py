"""Arrays of float64, which every number of hedgecore is."""

from __future__ import annotations

import sys
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
PLAIN = (float, int, np.ndarray, np.float64, list, tuple)
"""Types without labels; a protocol is slow to ask."""


@runtime_checkable
class LabelledColumns(Protocol):
    """Table with names of its columns: a DataFrame of pandas or of polars."""

    columns: Any

    def to_numpy(self) -> Any: ...  # noqa: D102 - the numbers alone


@runtime_checkable
class LabelledRows(Protocol):
    """Object with a label for each of its rows: a Series or a DataFrame of pandas."""

    index: Any

    def to_numpy(self) -> Any: ...  # noqa: D102 - the numbers alone


def row_labels(given: Any) -> list[Any] | None:
    """Labels of the rows of a series or a frame; None where they merely count, or are none."""
    if type(given) in PLAIN or not isinstance(given, LabelledRows):
        return None
    labels = list(given.index)
    return None if labels == list(range(len(labels))) else labels


def read_only(array: Array) -> Array:
    """View of an array that cannot be written into."""
    view = array.view()
    view.flags.writeable = False
    return view


def is_masked(given: object) -> bool:
    """True if some entry is masked; `numpy.ma`, which a start does without, is not imported."""
    masks = sys.modules.get("numpy.ma")
    return masks is not None and bool(masks.is_masked(given))
