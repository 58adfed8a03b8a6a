"""Greeks as rows of numbers in cash: what a hedge makes neutral.

Each takes an exposure over at least the assets of the rows, those first, and returns S+(rows,). All
are in the numeraire, so that a millionth of a WBTC and a trillion SHIB are numbers of one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from hedgecore.exposure import Exposure
from hedgecore.market import Array

Row = Callable[[Exposure, Sequence[str], Array], Array]


def delta(exposure: Exposure, assets: Sequence[str], prices: Array) -> Array:
    """Return the cash delta of each asset."""
    return prices * exposure.delta[..., : len(assets)]


def gamma(exposure: Exposure, assets: Sequence[str], prices: Array) -> Array:
    """Return the change of each cash delta per 1 % move of its own price."""
    own = np.arange(len(assets))
    return np.asarray(0.01 * prices**2 * exposure.gamma[..., own, own])


def cross_gamma(exposure: Exposure, assets: Sequence[str], prices: Array) -> Array:
    """Return the same for each pair of assets, an asset with itself included."""
    i, j = np.triu_indices(len(assets))
    return np.asarray(0.01 * prices[..., i] * prices[..., j] * exposure.gamma[..., i, j])


def vega(exposure: Exposure, assets: Sequence[str], prices: Array) -> Array:
    """Return the worth gained per unit of each asset's volatility."""
    named = [exposure.other.get(f"vega:{asset}", np.zeros(())) for asset in assets]
    shape = prices.shape[:-1]
    return np.stack([np.broadcast_to(each, shape) for each in named], axis=-1)


GREEKS: Mapping[str, Row] = {"delta": delta, "gamma": gamma, "vega": vega}
"""By the name that a request calls it."""
