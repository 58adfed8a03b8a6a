"""Greeks as rows of numbers in cash: what a hedge makes neutral.

Each takes k exposures, the assets of the rows and their prices, S+(assets,), and returns a column
for each exposure, S+(rows, k); an asset that an exposure leaves out has none. All are in the
numeraire, so that a millionth of a WBTC and a trillion SHIB are numbers of one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from hedgecore.market.exposure import Exposure
from hedgecore.numerics.arrays import Array

Row = Callable[[Sequence[Exposure], Sequence[str], Array], Array]


def delta(exposures: Sequence[Exposure], assets: Sequence[str], prices: Array) -> Array:
    """Cash delta of each asset."""
    return prices[..., None] * _by_asset(exposures, [each.delta for each in exposures], assets)


def gamma(exposures: Sequence[Exposure], assets: Sequence[str], prices: Array) -> Array:
    """Change of each cash delta per 1 % move of its own price."""
    own = [np.diagonal(each.gamma, axis1=-2, axis2=-1) for each in exposures]
    return np.asarray(0.01 * prices[..., None] ** 2 * _by_asset(exposures, own, assets))


def cross_gamma(exposures: Sequence[Exposure], assets: Sequence[str], prices: Array) -> Array:
    """Gamma of each pair of assets, an asset with itself included."""
    i, j = np.triu_indices(len(assets))
    cash = (0.01 * prices[..., i] * prices[..., j])[..., None]
    return np.asarray(cash * _stack([_pairs(each, assets)[..., i, j] for each in exposures]))


def vega(exposures: Sequence[Exposure], assets: Sequence[str], prices: Array) -> Array:
    """Worth gained per unit of each asset's volatility."""
    shape, none = prices.shape[:-1], np.zeros(())
    rows = [
        _stack([np.broadcast_to(e.other.get(f"vega:{asset}", none), shape) for e in exposures])
        for asset in assets
    ]
    return np.stack(rows, axis=-2)


def _by_asset(
    exposures: Sequence[Exposure], parts: Sequence[Array], assets: Sequence[str]
) -> Array:
    """Matrix S+(assets, k) of parts S+(n,), each in the order of its own exposure's assets."""
    place = {asset: row for row, asset in enumerate(assets)}
    names = [(asset, column) for column, e in enumerate(exposures) for asset in e.assets]
    known = [index for index, (asset, _) in enumerate(names) if asset in place]
    rows, columns = [place[names[i][0]] for i in known], [names[i][1] for i in known]
    shape = np.broadcast_shapes(*{part.shape[:-1] for part in parts})
    wide = [np.broadcast_to(part, (*shape, part.shape[-1])) for part in parts] if shape else parts
    found = np.zeros((*shape, len(assets), len(parts)))
    found[..., rows, columns] = np.concatenate(wide, axis=-1)[..., known]
    return found


def _stack(columns: Sequence[Array]) -> Array:
    return np.stack(np.broadcast_arrays(*columns), axis=-1)


def _pairs(exposure: Exposure, assets: Sequence[str]) -> Array:
    """Gamma over `assets`, S+(assets, assets)."""
    there = [asset for asset in exposure.assets if asset in assets]
    rows = np.array([assets.index(asset) for asset in there], dtype=np.intp)
    held = np.array([exposure.assets.index(asset) for asset in there], dtype=np.intp)
    found = np.zeros((*exposure.gamma.shape[:-2], len(assets), len(assets)))
    found[..., rows[:, None], rows] = exposure.gamma[..., held[:, None], held]
    return found


GREEKS: Mapping[str, Row] = {"delta": delta, "gamma": gamma, "vega": vega}
"""By the name that a request calls it."""
