"""Mispricing of a pool against the market: inside its fee band, or so far outside."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore.errors import SpecError
from hedgecore.market.market import Market
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.ties import round_for_ties
from hedgecore.pools.model import PoolModel
from hedgecore.units import BASIS_POINT


@frozen(eq=False)
class Mispricing:
    """A pool's own price beside the market's.

    Attributes:
        assets: the pool's, the quote last.
        spot: (n,), the pool's own prices in the quote, which is 1.
        market: (n,), the market's prices in the quote.
        fee: of the pool, None where unknown.
        distance: how far the market is from the spot: the greatest relative price over all pairs
            of assets, less 1.
        far: the two assets of that pair, in the pool's order.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> print(hc.mispricing(pool, hc.Market(prices={"WETH": 3030.0, "USDC": 1.0})))
        WETH in USDC: market 3030, pool 3000, 100 bp (unknown fee)

    """

    assets: tuple[str, ...]
    spot: Array
    market: Array
    fee: float | None
    distance: float
    far: tuple[str, str]

    @property
    def inside(self) -> bool | None:
        """True in the fee band ``s(1−f) ≤ m ≤ s/(1−f)``, where nobody gains; None if f unknown."""
        return None if self.fee is None else 1.0 + self.distance <= 1.0 / (1.0 - self.fee)

    def is_inside(self, usual_fee: float) -> bool:
        """True if nobody gains by moving the pool, at its fee, or at `usual_fee` if unknown."""
        fee = usual_fee if self.fee is None else self.fee
        return 1.0 + self.distance <= 1.0 / (1.0 - fee)

    def __str__(self) -> str:
        base, quote = (self.assets.index(asset) for asset in self.far)
        market, spot = (p[base] / p[quote] for p in (self.market, self.spot))
        fee = "unknown fee" if self.fee is None else f"fee {self.fee / BASIS_POINT:.4g} bp"
        pair, apart = f"{self.far[0]} in {self.far[1]}", f"{self.distance / BASIS_POINT:.4g} bp"
        return f"{pair}: market {market:.7g}, pool {spot:.7g}, {apart} ({fee})"


def mispricing(model: PoolModel, market: Market) -> Mispricing | None:
    """Mispricing of a pool in a market of scalar prices; None if it knows no own price.

    Example:
        >>> pool = hc.build(
        ...     {"kind": "uniswap-v2", "assets": ["WETH", "USDC"], "reserves": [10.0, 30_000.0]}
        ... )
        >>> market = hc.Market(prices={"WETH": 3000.0, "USDC": 1.0}, numeraire="USD")
        >>> hc.mispricing(pool, market).distance
        0.0

    """
    try:
        spot = np.append(model.spot(), 1.0)
    except SpecError:
        return None
    prices = market.vector(model.assets)
    with np.errstate(over="ignore"):
        quoted = prices / prices[-1]
        apart = quoted / spot
    ranked = round_for_ties(apart)
    dear, cheap = int(np.argmax(ranked)), int(np.argmin(ranked))
    distance = float(apart[dear] / apart[cheap] - 1.0)
    first, second = sorted((dear, cheap)) if dear != cheap else (0, len(spot) - 1)
    far = model.assets[first], model.assets[second]
    return Mispricing(model.assets, spot, quoted, model.fee, distance, far)
