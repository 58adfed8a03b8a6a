"""Stable pools of Solidly and its forks, Aerodrome and Velodrome: x³y + y³x constant.

The mathematics stands in `curve`.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import BasketPool, fields, hookimpl
from hedgecore_solidly import curve


@frozen(kw_only=True)
class SolidlyStable(BasketPool):
    """A share of a stable pool of Solidly's; fees earned are not in the reserves.

    Gamma is −∞ at a price of exactly 1 and finite everywhere else. The volatile pools of the same
    contracts keep x·y: they are of the kind `uniswap-v2`.
    """

    kind = "solidly-stable"
    accepts_floats = True
    example = {
        "assets": ["DAI", "USDC"],
        "reserves": [366_405.4, 285_095.1],
        "share": 0.25,
        "fee": 0.0005,
    }

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    reserves: tuple[float, float] = fields.numbers("what the whole pool holds", "whole units")
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def depth(self) -> float:
        """The fourth root of k/2, of what is held: at the peg, that much of both."""
        x, y = self.reserves
        return self.share * math.sqrt(
            math.sqrt(x) * math.sqrt(y) * math.hypot(x, y) / math.sqrt(2.0)
        )

    def _holdings(self, prices: Any) -> Any:
        base, quote = prices
        return curve.holdings(self.depth, curve.skew(base, quote))

    def _gamma(self, prices: Any, holdings: Any) -> Any:
        base, quote = prices
        own = curve.gamma(curve.skew(base, quote), quote, *holdings)
        ratio = base / quote
        cross = -own * ratio
        return [[own, cross], [cross, -cross * ratio]]

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        skew = curve.skew(prices[0], 1.0)
        holdings[0], holdings[1] = curve.holdings(self.depth, skew)
        gamma[0] = curve.gamma(skew, 1.0, *holdings)
        return True

    def _spot(self) -> float:
        """Marginal price at the reserves, y(y² + 3x²)/(x(x² + 3y²))."""
        x, y = self.reserves
        q = y / x
        return q * (q * q + 3.0) / (1.0 + 3.0 * (q * q))

    def _breakpoints(self) -> tuple[float]:
        return (1.0,)

    def _current_holdings(self) -> Any:
        return self.share * np.array(self.reserves)


@hookimpl
def hedgecore_pools() -> list[type[SolidlyStable]]:
    """Provide `solidly-stable`."""
    return [SolidlyStable]
