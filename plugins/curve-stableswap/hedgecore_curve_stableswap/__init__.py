"""StableSwap pools: Curve's, and the stable pools of Balancer, which keep the same invariant.

The mathematics stands in `curve` (the state at any price) and `curvature` (gamma).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import Factory, frozen

from hedgecore import BasketPool, fields, hookimpl
from hedgecore_curve_stableswap import curvature, curve

ALL_ONE = Factory(lambda pool: (1.0,) * len(pool.assets), takes_self=True)


@frozen(kw_only=True)
class CurveStableswap(BasketPool):
    """A share of a StableSwap pool; fees earned are in the balances.

    The amplification is what Curve's ``A()`` returns, so that Ann = A·n; Balancer's is amp/1000.
    A coin's rate is what the pool multiplies its balance by: 1, or what a wstETH is worth in ETH.
    """

    kind = "curve-stableswap"
    accepts_floats = True
    example = {
        "assets": ["DAI", "USDC", "USDT"],
        "amplification": 4000.0,
        "balances": [27_137_121.1, 27_662_471.2, 108_298_644.4],
        "share": 0.001,
        "fee": 0.00015,
    }

    assets: tuple[str, ...] = fields.names("of the pool")
    amplification: float = fields.number("A as the contract's A() gives it", "Ann / n")
    balances: tuple[float, ...] = fields.numbers("what the whole pool holds", "whole units")
    rates: tuple[float, ...] = fields.numbers(
        "what a balance is multiplied by; 1 each unless given", "scaled per coin", default=ALL_ONE
    )
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def invariant(self) -> float:
        """D of the whole pool, in scaled units: its worth at the peg."""
        return curve.invariant(self.amplification, self._rates * self._balances)

    @property
    def _rates(self) -> Any:
        return np.array(self.rates)

    @property
    def _balances(self) -> Any:
        return np.array(self.balances)

    def _holdings(self, prices: Any) -> Any:
        held = self.share * self.invariant
        return curve.holdings(self.amplification, held, prices, self.rates)

    def _gamma(self, prices: Any, holdings: Any) -> Any:
        held = self.share * self.invariant
        return curvature.gamma(self.amplification, held, prices, holdings, self.rates)

    def _spot(self) -> Any:
        return curve.spot(self.amplification, self._balances, self._rates)[:-1]

    def _current_holdings(self) -> Any:
        return self.share * self._balances


@hookimpl
def hedgecore_pools() -> list[type[CurveStableswap]]:
    """Provide `curve-stableswap`."""
    return [CurveStableswap]
