"""Markets to try an instrument in: prices for every name in it, near and far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from hedgecore.exposure import Exposure
from hedgecore.market import Array, Market
from hedgecore.spec import schema
from hedgecore.testing.answers import UNIT

PRICE = 2000.0
SPREADS = (1e-3, 0.05, 0.5)
DRAWS = 6
SEED = 20210423


@frozen(eq=False)
class Setting:
    """Many markets that differ in prices alone.

    Attributes:
        base: the market that they are like.
        assets: whose prices move: all but the numeraire's.
        points: prices (N, k) to check at; the first is the base's own.

    """

    base: Market
    assets: tuple[str, ...]
    points: Array = field(repr=False)

    def market(self, points: Array) -> Market:
        """Return the market at `points` (…, k)."""
        moved = dict(zip(self.assets, np.moveaxis(points, -1, 0), strict=True))
        return evolve(self.base, prices={**self.base.prices, **moved})

    def column(self, exposure: Exposure, asset: str) -> Array:
        """Return delta to one asset, (N,); zero where the exposure leaves it out."""
        if asset not in exposure.assets:
            return np.zeros(len(self.points))
        return np.asarray(exposure.delta[..., exposure.assets.index(asset)])


def setting(instrument: Any, market: Market | None = None) -> Setting:
    """Return the markets to check in: round `market`, or with a price for every name there is."""
    if market is None:
        names = tuple(dict.fromkeys([*instrument.hedges, *_names(instrument)]))
        market = Market(
            prices=dict(zip(names, PRICE / 10.0 ** np.arange(len(names)), strict=True)),
            numeraire=UNIT,
            time=0.0,
            vols=dict.fromkeys(names, 0.8),
            rates=dict.fromkeys((*names, UNIT), 0.04),
        )
    assets = tuple(asset for asset in market.prices if asset != market.numeraire)
    given = market.vector(assets).reshape(-1, len(assets))
    random = np.random.default_rng(SEED)
    steps = [s * random.standard_normal((DRAWS, len(assets))) for s in SPREADS]
    moved = given[:1] * np.exp(np.concatenate(steps))
    return Setting(market, assets, np.concatenate([given, moved]))


def _names(instrument: Any) -> Iterator[str]:
    """Yield every text in the instrument's fields: the names of its assets are among them."""
    for name in schema(type(instrument)):
        yield from _texts(getattr(instrument, name))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    if isinstance(value, tuple | list | Mapping):
        for each in value:
            yield from _texts(each)
