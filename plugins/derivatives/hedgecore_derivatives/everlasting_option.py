"""`everlasting-option`: an option that never expires, and pays for that by funding."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from hedgecore import Market, StatedPrice, fields
from hedgecore.units import HOURS_PER_DAY, HOURS_PER_YEAR
from hedgecore_derivatives.claim import Claim, Mark, choice
from hedgecore_derivatives.contract import Array, whole
from hedgecore_derivatives.funding import funding_hours
from hedgecore_derivatives.premium import capped_fee, fee_cap
from hedgecore_derivatives.rates import vol_of
from hedgecore_derivatives.stated import stated_strike_and_premium

STILL = 1e-200
"""The least σ²T that is told from 0."""
SIGNS = {"call": 1.0, "put": -1.0}


@frozen(kw_only=True)
class EverlastingOption(Claim):
    """A perpetual on an option's payoff at the strike K, funded by mark − payoff per period T.

    Its mark, in quote coins per unit at x = S/u, without interest, is the payoff and a time value
    which is the same for call and put:

        τ = (K/v) (x/K)^((1−v)/2) from the strike on, (K/v) (x/K)^((1+v)/2) below,
        v = √(1 + 8/(σ²T)),
        ∂τ/∂x = τ (1 ∓ v)/(2x),    ∂²τ/∂x² = 2τ/(σ²T x²).

    It is worth its mark less P₀, per unit: a new one nothing. Source: Deri Protocol, closed form
    for funding that accrues continuously (White and Bankman-Fried, Everlasting Options, 2021).
    """

    kind = "everlasting-option"
    example = {
        "name": "BTC-50000-C",
        "underlying": "WBTC",
        "option_type": "call",
        "strike": 50_000.0,
        "funding_hours": 168,
        "vol": 1.0,
    }

    option_type: str = choice("the right to buy, or to sell", tuple(SIGNS), "call")
    strike: float = fields.number("at which it pays", "quote coins per underlying")
    funding_hours: float = funding_hours()
    fee_cap: float | None = fee_cap()

    def stated_prices(self, market: Market) -> Mapping[str, StatedPrice]:
        """Strike, of the underlying in the quote coin, and the premium, if one was to be paid."""
        coin, paid_in = self._coin(market), self._payment_coin(market)
        return stated_strike_and_premium(self, market, coin, paid_in)

    def notional(self, market: Market) -> Array:
        """Notional c S of one contract, numeraire, S."""
        return whole(market, self.contract_size * market.price(self.underlying))

    def charge(self, market: Market) -> Array | None:
        """Fee of one contract, in cash, S: at most `fee_cap` of its mark."""
        return capped_fee(self, market)

    def carry(self, market: Market) -> Array:
        """Funding of one contract bought, in cash per day: −c u τ · 24/hours."""
        time, _, _ = self._time_value(self._price(market), self._variance(market))
        unit = market.price(self._coin(market))
        return whole(market, -HOURS_PER_DAY / self.funding_hours * self.contract_size * unit * time)

    def _mark(self, market: Market) -> Mark:
        x, variance, sign = self._price(market), self._variance(market), SIGNS[self.option_type]
        time, slope, spread = self._time_value(x, variance)
        inside = np.where(x >= self.strike, sign > 0, sign < 0)
        units = slope + np.where(inside, sign, 0.0)
        cash = time - x * slope - np.where(inside, sign * self.strike, 0.0)
        value = np.where(inside, sign * (x - self.strike), 0.0) + time
        other = {f"vega:{self.underlying}": spread * np.sqrt(self._period)}
        return Mark(value, units, cash, 2.0 * time / (variance * x * x), other)

    def _time_value(self, x: Array, variance: Array) -> tuple[Array, Array, Array]:
        """τ, ∂τ/∂x and ∂τ/∂√(σ²T)."""
        v = np.sqrt(1.0 + 8.0 / variance)
        away, side = np.abs(np.log(x / self.strike)), np.where(x >= self.strike, 1.0, -1.0)
        time = self.strike / v * np.exp(-0.5 * away * (v - side))
        spread = time * (1.0 / v + 0.5 * away) * 8.0 / (variance * np.sqrt(variance) * v)
        return time, 0.5 * time * (1.0 - side * v) / x, spread

    @property
    def _period(self) -> float:
        return self.funding_hours / HOURS_PER_YEAR

    def _price(self, market: Market) -> Array:
        return market.price(self.underlying) / market.price(self._coin(market))

    def _variance(self, market: Market) -> Array:
        return np.maximum(vol_of(self, market) ** 2 * self._period, STILL)
