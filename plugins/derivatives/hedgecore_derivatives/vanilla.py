"""Base of European calls and puts: `option`, and `inverse-option` which is paid in coins."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Self

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from hedgecore import Market, StatedPrice, fields
from hedgecore.units import DAYS_PER_YEAR
from hedgecore_derivatives.black76 import black
from hedgecore_derivatives.claim import Claim, Mark, choice
from hedgecore_derivatives.contract import Array, whole
from hedgecore_derivatives.dated import expiry, expiry_years, fix_expiry, years_left
from hedgecore_derivatives.premium import capped_fee, discounted_deposit, fee_cap, margin_floor
from hedgecore_derivatives.rates import rate_of, vol_of
from hedgecore_derivatives.stated import stated_strike_and_premium

SIGNS = {"call": 1.0, "put": -1.0}


@frozen(kw_only=True)
class Vanilla(Claim, ABC):
    """A European call or put; its mark is Black's, on the forward F = (S/u) e^((r−y)T).

    r is the market's rate on the quote coin, y its rate on the underlying; 0 where it has none.
    """

    option_type: str = choice("the right to buy, or to sell", tuple(SIGNS), "call")
    strike: float = fields.number("at which it may be exercised", "quote coins per underlying")
    expiry_years: float | None = expiry_years()
    expiry: float | None = expiry()
    fee_cap: float | None = fee_cap()
    margin_floor: float | None = margin_floor()

    def enter(self, market: Market) -> Self:
        """Option with its entry price, and its expiry as a moment, fixed by the market's."""
        return fix_expiry(Claim.enter(self, market), market)

    def charge(self, market: Market) -> Array | None:
        """Fee of one contract, in cash, S: at most `fee_cap` of its mark."""
        return capped_fee(self, market)

    def stated_prices(self, market: Market) -> Mapping[str, StatedPrice]:
        """Strike, of the underlying in the quote coin, and the premium, if one was to be paid."""
        coin, paid_in = self._coin(market), self._payment_coin(market)
        return stated_strike_and_premium(self, market, coin, paid_in)

    def notional(self, market: Market) -> Array:
        """Notional c S of one contract, numeraire, S."""
        return whole(market, self.contract_size * market.price(self.underlying))

    def margin(self, market: Market, contracts: ArrayLike) -> Array:
        """Margin of contracts, numeraire, S: bought, the premium; sold, that and a part of c S.

        That part is less by what it is out of the money, down to `margin_floor` where that is set.
        """
        bought = np.asarray(contracts, dtype=np.float64) > 0
        held = np.abs(contracts) * self.mark(market).value
        x = market.price(self.underlying) / market.price(self._coin(market))
        out = np.maximum(SIGNS[self.option_type] * (self.strike - x), 0.0) / x
        sold = discounted_deposit(self._deposit(contracts), contracts, out, self.margin_floor)
        return held + np.where(bought, 0.0, sold) * self.notional(market)

    def carry(self, market: Market) -> Array:
        """Carry of one contract bought, if nothing moves, numeraire a day: theta/365."""
        return np.asarray(self.mark(market).other["theta"] / DAYS_PER_YEAR)

    def _mark(self, market: Market) -> Mark:
        asset, coin = self.underlying, self._coin(market)
        found = black(
            market.price(asset) / market.price(coin),
            self.strike,
            years_left(self, market),
            vol_of(self, market),
            rate=rate_of(market, coin),
            dividend=rate_of(market, asset),
            sign=SIGNS[self.option_type],
        )
        other = {
            f"vega:{asset}": found.vega,
            "theta": found.theta,
            f"rho:{coin}": found.rho,
            f"rho:{asset}": found.phi,
        }
        return Mark(found.value, found.delta, found.cash, found.gamma, other)
