"""Table of the state of two coins, from which `pair_kernels` are a step of Newton's method away.

One rise r = (p_i − p_m)/p_m is left of two prices, so that tau and d = 1/a of `curve` are functions
of one number. The table has both as cubics on 32 parts of each octave of 1 + max(Ann, 1) r, good to
1e-8 and better for every Ann; the bits of a double name the part.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hedgecore import divide_exact
from hedgecore_curve_stableswap import curve

PARTS = 32
REACH = 20.0
"""Binary logarithm of the widest rise in the table."""
NODES = 4
"""Of a cubic."""


def parameters(amplification: float, worth: float, rates: tuple[float, ...]) -> tuple[Any, ...]:
    """Numbers of the loops: Ann, the price at which coins are even, the table, D over rates."""
    base, quote = rates
    ann, fair = 2.0 * amplification, divide_exact(base, quote)
    return ann, *fair, table(ann), worth / base, worth / quote


@lru_cache(maxsize=64)
def table(ann: float) -> NDArray[np.float64]:
    """Coefficients (parts, 8) of tau and 1/a, cubics through their values at Chebyshev's nodes."""
    many = max(ann, 1.0)
    octaves = math.ceil(math.log2(1.0 + many) + REACH)
    starts = np.outer(2.0 ** np.arange(octaves), 1.0 + np.arange(PARTS) / PARTS).ravel()
    widths = np.repeat(2.0 ** np.arange(octaves), PARTS)
    at = (0.5 + 0.5 * np.cos((np.arange(NODES) + 0.5) * (np.pi / NODES))) / PARTS
    rise = (starts - 1.0 + np.outer(at, widths)).ravel() / many
    tau, _, depth = curve.state(ann, [np.zeros_like(rise), rise])
    powers = np.vander(at, increasing=True)
    cubics = [np.linalg.solve(powers, each.reshape(NODES, -1)) for each in (tau, depth)]
    return np.ascontiguousarray(np.concatenate(cubics).T)
