"""Sensitivity of a Pendle market's size, at a composition, to the time to expiry and the rate.

Of ln N = ∫ (E − 1) p (1 − p)/(p + E (1 − p)) du from the state u₀ to u, with E = E₀ + (u − u₀)/S,
the derivative by E is p (1 − p)/(p + E (1 − p))². A parameter moves E by a level, and by a part of
its rise: the integrals of both, by Gauss and Legendre on panels of an eighth. The poles are near π
away from the real line, or where E is nothing, at prices that the contract never has.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hedgecore_pendle.size import REACH, Size, shares

WIDTH, NODES = 1 / 8, 10


def size_slopes(size: Size, moved: Any) -> tuple[Any, Any]:
    """Sensitivities of ln N, S each, so far from u₀: ∂/∂E₀, and ∂/∂ln(1/S) with E₀ as it is."""
    last = np.asarray(moved, dtype=np.float64)
    width = np.clip(last, -REACH - max(size.start, 0.0), REACH - min(size.start, 0.0))
    places, weights = _composite(math.ceil(float(np.max(np.abs(width))) / WIDTH) or 1)
    on = width[..., None] * places
    part, rest = shares(size.start + on)
    rise = on / size.scalar
    slope = part * rest / (part + (1.0 + size.growth + rise) * rest) ** 2
    level, steep = (np.sum(weights * each, axis=-1) for each in (slope, slope * rise))
    return width * level, width * steep


def _composite(panels: int) -> tuple[Any, Any]:
    """Nodes and weights of so many panels on [0, 1], (K,)."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    begins = np.arange(panels)[:, None]
    return (
        ((begins + (nodes + 1.0) / 2.0) / panels).ravel(),
        np.tile(weights / (2.0 * panels), panels),
    )
