"""`loan`: an asset borrowed, and so owed: short by borrowing."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Exposure, Market, fields
from hedgecore_derivatives.contract import Array, Contract, whole
from hedgecore_derivatives.funding import YEAR


@frozen(kw_only=True)
class Loan(Contract):
    """One unit of an asset owed, grown by the lender's index i since it was borrowed.

        V = −i S,    ∂V/∂S = −i,    Γ = 0

    It is the debt alone: what was borrowed is a holding of its own, until it is sold. Debt grows at
    the borrow rate, which is its carry. A hedge that is long borrows less: a negative amount lends.
    """

    kind = "loan"
    example = {"name": "AAVE-WETH", "asset": "WETH", "borrow_rate": 0.025, "leverage": 4}

    asset: str = fields.name("what is owed")
    index: float = fields.number("what a unit borrowed has grown to", "units owed", default=1.0)
    borrow_rate: float = fields.number(
        "what the debt grows by", "per year, continuous", fields.FINITE, default=0
    )

    @property
    def hedges(self) -> tuple[str, ...]:
        """The asset."""
        return (self.asset,)

    @property
    def contract_size(self) -> float:
        """One unit, as it was borrowed."""
        return 1.0

    def worth(self, market: Market) -> Array:
        """Return what is owed, negative, S."""
        return -self.notional(market)

    def notional(self, market: Market) -> Array:
        """Return i S, of shape S."""
        return whole(market, self.index * market.price(self.asset))

    def carry(self, market: Market) -> Array:
        """Return the interest of one unit borrowed, in cash per day: −rate · i S / 365."""
        return -self.borrow_rate / YEAR * self.notional(market)

    def exposure(self, market: Market) -> Exposure:
        """Return a delta of minus the index."""
        return Exposure.of(market, self.worth(market), {self.asset: -self.index})
