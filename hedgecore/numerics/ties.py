"""Choices between numbers that differ by rounding alone: the same on every processor.

The last bits of a sum, of an eigenvector or of an exponential are the processor's. What is the
largest, or comes first, is decided by thirty bits, and among equals by the order of what is chosen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.numerics.arrays import Array

BITS = 30


def round_for_ties(numbers: ArrayLike) -> Array:
    """Numbers to thirty bits each, S: equal where they differ by no more than about 1e-9.

    In bits, not in decimals: whole numbers and short fractions are far from where rounding turns.
    """
    part, power = np.frexp(numbers)
    return np.asarray(np.ldexp(np.rint(np.ldexp(part, BITS)), power - BITS))
