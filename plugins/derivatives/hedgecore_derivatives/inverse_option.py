"""`inverse-option`: a European call or put, paid for and settled in the underlying."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Market
from hedgecore_derivatives.contract import Array, whole
from hedgecore_derivatives.vanilla import Vanilla


@frozen(kw_only=True)
class InverseOption(Vanilla):
    """A European call or put whose premium and payoff are in coins of the underlying, as Deribit's.

    Its payoff is worth what that of an `option` is, C in the numeraire, and its premium is P₀ coins
    per unit:

        V = c (C(S) − P₀ S),    ∂V/∂S = c (Δ − P₀),    ∂²V/∂S² = c Γ,

    with Δ and Γ of Black's formula. So there are two deltas. Owned outright, P₀ = 0, it adds c Δ to
    the coins in the account: that is Deribit's per-option delta, `option_delta`. Bought at the
    mark, P₀ = C/S, it takes its premium out of those coins, and adds c (Δ − C/S): Deribit's net
    delta, `net_delta`. Coins B beside options with their premium paid have a delta of B + c Δ
    = (B + c C/S) + c (Δ − C/S): equity plus net delta.
    """

    kind = "inverse-option"
    example = {
        "name": "BTC-27JUN26-60000-P",
        "underlying": "WBTC",
        "option_type": "put",
        "strike": 60_000.0,
        "expiry_years": 0.25,
        "vol": 0.5,
    }

    def option_delta(self, market: Market) -> Array:
        """Δ per unit, S: ∂C/∂S, what Deribit shows as an option's `greeks.delta`."""
        return whole(market, self._mark(market).units)

    def net_delta(self, market: Market) -> Array:
        """Δ − C/S per unit, S: what Deribit adds to the equity of an account."""
        return self.option_delta(market) - self.price(market)

    def _payment_coin(self, market: Market) -> str:  # noqa: ARG002 - the coins that it is on
        return self.underlying
