"""StableSwap pools: Curve's, and the stable pools of Balancer, which keep the same invariant.

The mathematics stands in `curve` (the state at any price) and `curvature` (gamma).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Factory, frozen
from numpy.typing import ArrayLike

from hedgecore import Alternative, BasketPool, Kernel, Market, fields, hookimpl, prices_in_quote
from hedgecore.pools import pool_share
from hedgecore.pools.scaled import scale_value
from hedgecore_curve_stableswap import curvature, curve, kernels, pair_kernels, pair_table

ALL_ONE = Factory(lambda pool: (1.0,) * len(pool.assets), takes_self=True)


@frozen(kw_only=True)
class CurveStableswap(BasketPool):
    """A share of a StableSwap pool; fees earned are in the balances.

    The amplification is what Curve's ``A()`` returns, so that Ann = A·n; Balancer's is amp/1000.
    A coin's rate is what the pool multiplies its balance by: 1, or what a wstETH is worth in ETH.

    Frozen: `amplification`, which its owner may ramp, and `rates`. `rate_value` and
    `amplification_value` say what a change of them is worth.
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

    @classmethod
    def alternatives(cls) -> Mapping[str, Alternative]:
        """Names that a table may hold beside the fields."""
        about = "what the pool holds, in any proportion to it, where `balances` are not known"
        ratios = Alternative(about, "any", "one positive number for each asset", ("balances",))
        return {**pool_share.pool_alternatives("balances"), "proportions": ratios}

    @classmethod
    def examples(cls) -> Mapping[str, Mapping[str, Any]]:
        """Title → a table, one for each way to state a position."""
        base = {name: cls.example[name] for name in ("assets", "amplification")}
        pool = {"balances": cls.example["balances"]}
        return {
            "a share of a pool": cls.example,
            "worth of a share of a pool": {**base, **pool, "worth": 10_000.0},
            "worth, and what the pool is made of": {
                **base, "proportions": [17, 17, 66], "worth": 10_000.0,
            },
            "worth at prices": {**base, "worth": 10_000.0, "price": [1.0007, 1.0007]},
            "one amount of a share of a pool": {**base, **pool, "amounts": {"USDC": 1_700.0}},
            "all amounts": {**base, "amounts": [1_660.0, 1_700.0, 6_640.0]},
        }  # fmt: skip

    @classmethod
    def canonical(cls, table: Mapping[str, Any], market: Market | None = None, /) -> dict[str, Any]:
        """Fields alone, of a table that may state the position by `worth` or `amounts`."""
        if table.get("proportions") is None:
            return pool_share.share_fields(cls, "balances", table, market, _at_prices)
        return pool_share.proportion_fields(cls, "balances", table, market)

    @cached_property
    def invariant(self) -> float:
        """D of the whole pool, in scaled units: its worth at the peg."""
        return curve.invariant(self.amplification, self._rates * self._balances)

    def rate_value(self, price: ArrayLike) -> Any:
        """Sensitivity ∂value/∂ln(rates) at fixed balances, S+(n,) of the quote; 0 at the spot."""
        return scale_value(self, self.balances, price)

    def amplification_value(self, price: ArrayLike) -> Any:
        """Sensitivity ∂value/∂ln A at fixed balances, S of the quote; 0 at the spot.

        V (∂ln D/∂ln A at the balances − ∂ln D/∂ln A at what is held at the price).
        """
        greeks = self.greeks(price)
        held = np.moveaxis(np.asarray(greeks.holdings), -1, 0)
        there = curve.elasticity(
            self.amplification,
            [
                x * (rate / (self.share * self.invariant))
                for x, rate in zip(held, self.rates, strict=True)
            ],
        )
        own = self._balances * (self._rates / self.invariant)
        return greeks.value * (curve.elasticity(self.amplification, own) - there)

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field → what moves it."""
        return {"amplification": "ramps of the pool's owner", "rates": "what the coins earn"}

    def frozen_slopes(self, market: Market, /) -> Mapping[str, Any]:
        """Field → ∂worth/∂ln(field), S or S+(n,), in the numeraire; rates of 1 are no rates."""
        price, quote = prices_in_quote(self.assets, market)
        ramp = {"amplification": self.amplification_value(price) * quote}
        if all(rate == 1.0 for rate in self.rates):
            return ramp
        return {**ramp, "rates": self.rate_value(price) * quote[..., None]}

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

    def _kernel(self) -> Kernel | None:
        if not curve.SMALLEST_A <= self.amplification <= curve.LARGEST_A:
            return None  # the formulas refuse it
        given = self.amplification, self.share * self.invariant, self.rates
        if len(self.assets) == curve.PAIR:
            return Kernel(pair_kernels.greeks, pair_table.parameters(*given), pair_kernels.flat)
        return Kernel(kernels.greeks, given, kernels.flat)

    def _spot(self) -> Any:
        return curve.spot(self.amplification, self._balances, self._rates)[:-1]

    def _current_holdings(self) -> Any:
        return self.share * self._balances


def _at_prices(pool: CurveStableswap, prices: tuple[float, ...]) -> list[float]:
    """Amounts at prices, in proportion: those of a pool whose invariant is 1."""
    return [float(x) for x in curve.holdings(pool.amplification, 1.0, prices, pool.rates)]


@hookimpl
def hedgecore_pools() -> list[type[CurveStableswap]]:
    """Provide `curve-stableswap`."""
    return [CurveStableswap]
