"""Arrays of float64, which every number of hedgecore is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def read_only(array: Array) -> Array:
    """View of an array that cannot be written into."""
    view = array.view()
    view.flags.writeable = False
    return view
