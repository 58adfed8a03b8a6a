"""`loan`: an asset borrowed, and so owed: short by borrowing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore import Exposure, Market, StatedPrice, fields
from hedgecore.market.labels import refuse_labels
from hedgecore.units import DAYS_PER_YEAR
from hedgecore_derivatives.collateral import Pledges, collateral, health, liquidation
from hedgecore_derivatives.contract import Array, Contract, whole

SMALL_RATE = fields.Rule("from -1 to 1 a year (5 % is 0.05)", lambda x: -1 <= x <= 1)
GROWN = (0.99, 20.0)
"""Range of what a debt of 1 has usually grown to."""


@frozen(kw_only=True)
class Loan(Contract):
    """One unit of an asset owed, grown by the lender's index i since it was borrowed.

        V = −i S,    ∂V/∂S = −i,    Γ = 0

    It is the debt alone: what was borrowed is a holding of its own, until it is sold. Debt grows at
    the borrow rate, which is its carry. A hedge that is long borrows less: a negative amount lends.
    What is pledged for it gives the loan its health factor, and its prices of liquidation.
    """

    kind = "loan"
    example = {"name": "AAVE-WETH", "asset": "WETH", "borrow_rate": 0.025, "leverage": 4}

    asset: str = fields.name("what is owed")
    index: float = fields.number("what a unit borrowed has grown to", "units owed", default=1.0)
    borrow_rate: float = fields.number(
        "what the debt grows by",
        "per year, continuous",
        fields.FINITE,
        default=0,
        likely=SMALL_RATE,
    )

    collateral: Pledges = collateral()  # noqa: RUF009 - a field

    @property
    def hedges(self) -> tuple[str, ...]:
        """The asset."""
        return (self.asset,)

    @property
    def contract_size(self) -> float:
        """One unit, as it was borrowed."""
        return 1.0

    def stated_prices(self, _market: Market, /) -> Mapping[str, StatedPrice]:
        """Index, which begins at 1 and grows as interest does."""
        owed = f"each {self.asset} borrowed"
        return {"index": StatedPrice(self.index, owed, self.asset, GROWN, {"in ray": 1e27})}

    def worth(self, market: Market) -> Array:
        """Worth of one unit borrowed: the debt, negative, numeraire, S."""
        return -self.notional(market)

    def notional(self, market: Market) -> Array:
        """Notional i S of one unit, numeraire, S."""
        return whole(market, self.index * market.price(self.asset))

    def carry(self, market: Market) -> Array:
        """Interest of one unit borrowed, in cash per day: −rate · i S / 365."""
        return -self.borrow_rate / DAYS_PER_YEAR * self.notional(market)

    def health(self, market: Market, borrowed: ArrayLike) -> Array:
        """Σ θ u P / (q i S), S; below 1 it is liquidated, inf where nothing is owed.

        Args:
            market: all prices.
            borrowed: q, units in all, as they were borrowed.

        """
        refuse_labels("borrowed", borrowed, market.shape)
        return health(self.collateral, market, np.asarray(borrowed) * self.notional(market))

    def liquidation_price(
        self, market: Market, borrowed: ArrayLike, asset: str | None = None
    ) -> Array:
        """Price of one asset at which the health is 1, the others as they are; S.

        Of the asset owed (unless another is named) the loan is liquidated above it, and at any
        price where it is 0. Of a pledge it is liquidated below it, and never where it is 0.

        Raises:
            SpecError: `asset` is neither owed nor pledged.

        """
        refuse_labels("borrowed", borrowed, market.shape)
        asset = self.asset if asset is None else asset
        if asset not in (self.asset, *(pledge[0] for pledge in self.collateral)):
            raise fields.wrong(self, "collateral", f"has no {asset!r:.80}, and it is not owed")
        owed = self.asset, np.asarray(borrowed) * self.index
        return whole(market, liquidation(self.collateral, market, owed, asset))

    def exposure(self, market: Market) -> Exposure:
        """Delta of minus the index."""
        return Exposure.of(market, self.worth(market), {self.asset: -self.index})
