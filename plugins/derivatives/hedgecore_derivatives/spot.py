"""`spot`: the asset itself."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Exposure, Market, fields
from hedgecore_derivatives.contract import Array, Contract, whole


@frozen(kw_only=True)
class Spot(Contract):
    """One unit of an asset, bought or sold: worth its price, delta 1, gamma 0."""

    kind = "spot"
    example = {"name": "ETH-SPOT", "asset": "WETH", "lot": 0.0001, "fee": 0.001}

    asset: str = fields.name("what is bought or sold")

    @property
    def hedges(self) -> tuple[str, ...]:
        """The asset."""
        return (self.asset,)

    @property
    def contract_size(self) -> float:
        """One unit."""
        return 1.0

    def worth(self, market: Market) -> Array:
        """Price, S."""
        return whole(market, market.price(self.asset))

    def notional(self, market: Market) -> Array:
        """Price, S."""
        return self.worth(market)

    def exposure(self, market: Market) -> Exposure:
        """Delta of one."""
        return Exposure.of(market, market.price(self.asset), {self.asset: 1.0})
