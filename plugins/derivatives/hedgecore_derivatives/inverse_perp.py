"""`inverse-perp`: a perpetual on so many dollars, margined and settled in the underlying."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Market, fields
from hedgecore_derivatives.contract import whole
from hedgecore_derivatives.forward import Array, Forward, coin, coin_of
from hedgecore_derivatives.funding import funding, funding_basis, funding_hours, funding_rate


@frozen(kw_only=True)
class InversePerp(Forward):
    """A perpetual on c units of the quote, of price u, whose profit is paid in the underlying.

    It pays c (1/P₀ − u/S) coins, and they are worth

        V = c (S/P₀ − u),    ∂V/∂S = c/P₀,    ∂V/∂u = −c,    Γ = 0,

    as a linear contract on c/P₀ coins is. Where the quote is the numeraire u is 1 for good, and
    there is no such term. A new contract is entered at P₀ = S/u, and worth nothing. The coins that
    margin it are a holding of their own: the account is what to hedge, not the contract.
    """

    kind = "inverse-perp"
    example = {"name": "BTC-PERPETUAL", "underlying": "WBTC", "contract_size": 10, "fee": 0.0005}

    quote: str | None = coin("the coin or currency that prices and the size are in")
    contract_size: float = fields.number("of one contract", "units of the quote", default=1.0)
    funding_rate: float | None = funding_rate()
    funding_hours: float = funding_hours()
    funding_basis: str | None = funding_basis()

    def notional(self, market: Market) -> Array:
        """Notional c u of one contract, numeraire, S."""
        return whole(market, self.contract_size * market.price(self._coin(market)))

    def carry(self, market: Market) -> Array | None:
        """Funding of one contract bought, in cash per day.

        It is −rate · (24/hours) · c u S/P, as c u/P coins are what the notional is at price P.
        """
        return funding(self, market, self._at)

    def _at(self, market: Market, price: Array) -> Array:
        return self.notional(market) * (market.price(self.underlying) / price)

    def _coin(self, market: Market) -> str:
        return coin_of(self, "quote", self.quote, market)

    def _amount(self, entry: Array, growth: Array) -> Array:  # noqa: ARG002 - whatever its growth
        return self.contract_size / entry
