"""`swap`: an order that is filled by a pool, along its curve, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from attrs import Attribute, Converter, field, frozen

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.numerics.arrays import Array
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import build

HALVINGS = 200
WIDEST = 20.0
"""The log of how far a swap may take the pool's price, either way."""


def _pool() -> Any:
    """Field for the pool: a model, or its table."""

    def convert(given: Any, model: Any, its: Attribute[Any]) -> Any:
        pool = build(given) if isinstance(given, Mapping) else given
        if not isinstance(pool, PoolModel) or len(pool.assets) != 2:  # noqa: PLR2004 - a pair
            raise fields.wrong(model, its.name, f"must be a pool of two assets, not {pool!r:.80}")
        return pool

    return field(
        converter=Converter(convert, takes_self=True, takes_field=True),
        metadata={"about": "the pool", "unit": "table of a pool", "rule": "a pool of two assets"},
    )


@frozen(kw_only=True)
class Swap(AbstractCost):
    """Cost of a swap: its shortfall from the market's price, the pool arbitraged before each.

    Before a swap the pool stands at the market's price m. Buying Q of the base takes the pool to
    the price s at which x(m) − x(s) = Q, and costs (y(s) − y(m))/(1 − f) of the quote; selling Q
    puts in Q, of which the curve takes Q (1 − f), and gives y(m) − y(s). The cost is what is paid
    over Q m, or received under it, in the numeraire. It is that of one order alone.
    """

    kind = "swap"
    symmetric: ClassVar[bool] = False
    example = {
        "instrument": "ETH-SPOT",
        "pool": {"kind": "uniswap-v2", "assets": ["ETH", "USD"], "reserves": [5.0, 900.0]},
        "fee": 0.003,
    }

    instrument: str = fields.name("which instrument is traded in the pool")
    pool: Any = _pool()  # noqa: RUF009 - a field
    fee: float | None = fields.number(
        "of a swap; the pool's own unless given",
        "fraction",
        fields.FRACTION,
        optional=True,
        likely=fields.SMALL_FEE,
    )

    def cost(self, trades: Trades) -> Array:
        """Cost of each order in the instrument; 0 for the others."""
        cost = np.zeros(trades.contracts.shape)
        for k, each in enumerate(trades.instruments):
            if each.name == self.instrument:
                base, quote = (trades.market.price(asset) for asset in self.pool.assets)
                units = trades.contracts[..., k] * (trades.notional[..., k] / base)
                cost[..., k] = quote * self._over(units, base / quote)
        return cost

    def proportional_rate(self, trades: Trades) -> Array:
        """Fee, which a small swap pays; 0 for the others."""
        mine = [each.name == self.instrument for each in trades.instruments]
        return np.broadcast_to(np.where(mine, self._fee, 0.0), trades.notional.shape)

    @property
    def _fee(self) -> float:
        fee = self.pool.fee if self.fee is None else self.fee
        if fee is None:
            raise SpecError("the pool's fee is unknown: give it", kind=self.kind, field="fee")
        return float(fee)

    def _over(self, units: Array, price: Array) -> Array:
        """Cost of a swap over the market's price, in the quote, of the shape of both."""
        units, price = np.broadcast_arrays(units, price)
        there = self.pool.greeks(price).holdings
        taken = np.where(units > 0, units, units * (1.0 - self._fee))
        after = self.pool.greeks(self._price_at(there[..., 0] - taken, price, units)).holdings
        paid = after[..., 1] - there[..., 1]
        paid = np.where(units > 0, paid / (1.0 - self._fee), paid)
        return np.where(units == 0, 0.0, paid - units * price)

    def _price_at(self, base: Array, price: Array, units: Array) -> Array:
        """Price at which the pool holds `base`, by bisection in its logarithm."""
        low = np.where(units > 0, 0.0, -WIDEST)
        high = np.where(units > 0, WIDEST, 0.0)
        ends = [self.pool.delta(price * np.exp(end)) for end in (high, low)]
        if np.any((base < ends[0]) | (base > ends[1])):
            reason = f"the pool cannot fill an order for {self.instrument!r:.80} of this size"
            raise SpecError(reason, kind=self.kind, field="pool")
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            above = self.pool.delta(price * np.exp(middle)) > base
            low, high = np.where(above, middle, low), np.where(above, high, middle)
            if not np.any(high - low > 1e-15 * np.maximum(np.abs(low), np.abs(high))):
                break
        return np.asarray(price * np.exp(0.5 * (low + high)))
