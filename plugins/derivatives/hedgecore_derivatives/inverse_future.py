"""`inverse-future`: a dated future on so many dollars, margined and settled in the underlying."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Market, fields
from hedgecore_derivatives.forward import coin, coin_of
from hedgecore_derivatives.future import INVERSE, Delivery, Style


@frozen(kw_only=True)
class InverseFuture(Delivery):
    """A future on c units of the quote, of price u, whose profit is paid in the underlying.

    T years before expiry its price is F = S e^(bT) / u by the annual basis b. It pays
    c (1/P₀ − 1/F) coins, and they are worth

        V = c (S/P₀ − u e^(−bT)),    ∂V/∂S = c/P₀,    ∂V/∂u = −c e^(−bT),    Γ = 0,
        theta = −b c u e^(−bT).

    The basis stays as it is when prices move, and so ∂V/∂S does not know it. Where the quote is the
    numeraire u is 1 for good, and there is no such term. A new contract is entered at P₀ = F, and
    worth nothing. The coins that margin it are a holding of their own: hedge the account.
    """

    kind = "inverse-future"
    example = {
        "name": "BTC-26JUN26",
        "underlying": "WBTC",
        "contract_size": 10,
        "expiry_years": 0.25,
        "basis": 0.05,
    }

    quote: str | None = coin("the coin or currency that prices and the size are in")
    contract_size: float = fields.number("of one contract", "units of the quote", default=1.0)

    def _coin(self, market: Market) -> str:
        return coin_of(self, "quote", self.quote, market)

    @property
    def _style(self) -> Style:
        return INVERSE
