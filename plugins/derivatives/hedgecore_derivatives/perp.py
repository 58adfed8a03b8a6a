"""`perp`: a linear perpetual, margined and settled in one coin."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore import Market, fields
from hedgecore_derivatives.contract import whole
from hedgecore_derivatives.forward import Array, Forward, coin, coin_of
from hedgecore_derivatives.funding import funding, funding_basis, funding_hours, funding_rate


@frozen(kw_only=True)
class Perp(Forward):
    """A perpetual on S whose profit is paid in the settlement coin, of price u.

    With c the contract's size and P₀ the entry price, in settlement coins,

        V = c (S − P₀u),    ∂V/∂S = c,    ∂V/∂u = −cP₀,    Γ = 0,

    so ``P·Δ = V``. Where the coin is the numeraire u is 1 for good, and there is no such term. A
    new contract is entered at the market's price, P₀ = S/u, and worth nothing.
    """

    kind = "perp"
    example = {"name": "ETH-PERP", "underlying": "WETH", "lot": 0.001, "fee": 0.0005}

    settlement: str | None = coin("the coin that profit is paid in")
    contract_size: float = fields.number("of one contract", "units of the underlying", default=1.0)
    funding_rate: float | None = funding_rate()
    funding_hours: float = funding_hours()
    funding_basis: str | None = funding_basis()

    def notional(self, market: Market) -> Array:
        """Notional c S of one contract, numeraire, S."""
        return whole(market, self._at(market, market.price(self.underlying)))

    def carry(self, market: Market) -> Array | None:
        """Funding of one contract bought, in cash per day: −rate · (24/hours) · c P."""
        return funding(self, market, self._at)

    def _at(self, market: Market, price: Array) -> Array:  # noqa: ARG002 - like inverse ones
        return price if self.contract_size == 1 else self.contract_size * price

    def _coin(self, market: Market) -> str:
        return coin_of(self, "settlement", self.settlement, market)

    def _amount(self, entry: Array, growth: Array) -> Array:
        return np.full_like(entry, self.contract_size * growth)
