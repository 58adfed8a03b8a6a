"""Sensitivity of the bands' worth to the oracle's price and the base price: both are frozen here.

With the oracle frozen, a band's y₀ is of degree one in its x and y, and its worth at the market is
the least of Py + x at the y₀ of its state; so by the envelope theorem V moves by V/y₀ times (∂y₀ at
the state − ∂y₀ at what is held at the market), at fixed x and y. From p A y₀² − b y₀ − x y = 0,

    ∂y₀/∂ln p = (∂b/∂ln p · y₀ − p A y₀²)/(2 p A y₀ − b),    b = (pu/p)(A − 1) x + (p²/pu) A y,

and the same of the base price, which all pu are in proportion to, without p A y₀². Tracking, the
worth is y↑ P/√w within a band, y↑ P above and y↑ √(pu pd) below, and y↑ that of
`tracking.settle_bands`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hedgecore_llamma.grid import Array


class Bands(NamedTuple):
    """Bands at their state: the oracle's price p, A, and pu, y₀, x and y, (K,) each."""

    oracle: float
    amplification: int
    upper: Array
    y0: Array
    x: Array
    y: Array


def frozen_slopes(bands: Bands, price: Any) -> tuple[Array, Array]:
    """Sensitivities ∂V/∂ln p and ∂V/∂ln(base price), S, in the borrowed asset, oracle frozen."""
    x, y = _holdings(bands, price)
    parts = (x + np.asarray(price)[..., None] * y) / bands.y0
    pairs = zip(_y0_slopes(bands, bands.x, bands.y), _y0_slopes(bands, x, y), strict=True)
    oracle, base = (np.sum(parts * (state - there), axis=-1) for state, there in pairs)
    return oracle, base


def tracking_slope(bands: Bands, price: Any) -> Array:
    """Sensitivity ∂V/∂ln(base price), S, in the borrowed asset, the oracle tracking the market."""
    a, upper, y0 = bands.amplification, bands.upper, bands.y0
    lower, p = upper * (a - 1.0) / a, np.asarray(price)[..., None]
    above = y0 * upper / bands.oracle
    under = y0 * bands.oracle**2 / (lower * np.sqrt(upper * lower))
    steep, whole = _steepness(bands, bands.oracle)
    inside = above * whole**1.5, 1.0 - 3.0 * steep
    settled = _by_place(bands, bands.oracle, (above, *inside, under), (1.0, -2.0))
    bend, rest = _steepness(bands, p)
    worth = _by_place(bands, p, (p, p / np.sqrt(rest), bend, np.sqrt(upper * lower)), (0.0, 1.0))
    own = _y0_slopes(bands, bands.x, bands.y)[1] / y0
    return np.asarray(np.sum(settled[0] * worth[0] * (own + settled[1] + worth[1]), axis=-1))


def _by_place(
    bands: Bands, price: Any, sizes: tuple[Any, Any, Any, Any], ends: tuple[float, float]
) -> tuple[Array, Array]:
    """Size and elasticity of each band by where a price is: above it, within, or below."""
    above, within, slope, under = sizes
    lower = bands.upper * (bands.amplification - 1.0) / bands.amplification
    top, bottom = price >= bands.upper, price <= lower
    size = np.where(top, above, np.where(bottom, under, within))
    return size, np.where(top, ends[0], np.where(bottom, ends[1], slope))


def _steepness(bands: Bands, price: Any) -> tuple[Array, Array]:
    """Elasticity A q (p/pu)/w of 1/√w by pu, and w, in each band at its own price next to one."""
    least = (bands.amplification - 1.0) / bands.amplification
    ratio = np.clip(price / bands.upper, least, 1.0)
    fall = 1.0 - ratio
    whole = 1.0 - bands.amplification * fall * fall
    return bands.amplification * fall * ratio / whole, whole


def _holdings(bands: Bands, price: Any) -> tuple[Array, Array]:
    """Borrowed asset and collateral of each band at prices S, S+(K,), oracle frozen."""
    lower = bands.upper * (bands.amplification - 1.0) / bands.amplification
    begin, end = (np.sqrt(bands.oracle**3) / each for each in (bands.upper, lower))
    liquidity = bands.amplification * bands.y0 * np.sqrt(bands.oracle)
    within = np.clip(np.sqrt(price)[..., None], begin, end)
    return liquidity * (within - begin), liquidity * (end - within) / (within * end)


def _y0_slopes(bands: Bands, x: Any, y: Any) -> tuple[Array, Array]:
    """Sensitivities ∂y₀/∂ln p and ∂y₀/∂ln(base price) at fixed x and y, S+(K,)."""
    p, a = bands.oracle, float(bands.amplification)
    cash, coins = bands.upper / p * (a - 1.0) * x, p / bands.upper * p * a * y
    root = 2.0 * p * a * bands.y0 - (cash + coins)
    by_oracle = (2.0 * coins - cash - p * a * bands.y0) * bands.y0 / root
    return by_oracle, (cash - coins) * bands.y0 / root
