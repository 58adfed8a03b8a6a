"""`power-perp`: a perpetual on a power of a price, such as squeeth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from attrs import frozen

from hedgecore import Market, StatedPrice, fields
from hedgecore.units import HOURS_PER_DAY, HOURS_PER_YEAR
from hedgecore_derivatives.claim import Claim, Mark, choice
from hedgecore_derivatives.contract import Array, whole
from hedgecore_derivatives.funding import funding_hours
from hedgecore_derivatives.rates import rate_of, vol_of
from hedgecore_derivatives.stated import other_coins

Ratio: TypeAlias = Callable[[Array], tuple[Array, Array, Array]]


def _discrete(g: Array) -> tuple[Array, Array, Array]:
    """R = 1/(2e^(−g) − 1), its derivative, and what is paid per period, (R − 1)/2; g < ln 2.

    R is the mark after a payment; just before one it is (R + 1)/2, halfway to the index.
    """
    ratio = 1.0 / (1.0 + 2.0 * np.expm1(-g))
    return ratio, 2.0 * np.exp(-g) * ratio**2, 0.5 * (ratio - 1.0)


def _continuous(g: Array) -> tuple[Array, Array, Array]:
    """R = 1/(1 − g), its derivative, and what is paid per period, R − 1; g < 1."""
    ratio = 1.0 / (1.0 - g)
    return ratio, ratio**2, ratio - 1.0


def _norm(g: Array) -> tuple[Array, Array, Array]:
    """R = e^g, likewise: η shrinks by g per period, and the mark with it."""
    ratio = np.exp(g)
    return ratio, ratio, g * ratio


RATIOS: Mapping[str, tuple[Ratio, float]] = {
    "discrete": (_discrete, float(np.log(2.0))),
    "continuous": (_continuous, 1.0),
    "norm": (_norm, 100.0),
}
"""Convention → the mark ratio as a function of g = f k, and the g that it needs to stay below."""

NORMS = (1e-4, 10.0)
"""Norm factors that are usual."""
UNSCALED = {"divided by 10000, as Squeeth's index is, which needs scale = 10000": 1e-4}
MOST_POWER = 30.0
"""Power above which no mark of today says anything of another."""


@frozen(kw_only=True)
class PowerPerp(Claim):
    """A perpetual on the p-th power of x = S/u, marked at R times it by the funding it pays.

    With c the size, η the norm factor, f the funding period in years, r the rate on the quote coin,
    σ the volatility and k = (p−1)(r + p σ²/2), its mark in quote coins is

        M = c η R x^p / scale,    ∂M/∂x = p M/x,    ∂²M/∂x² = p(p−1) M/x²,

        discrete, mark − index paid each period:     R = 1/(2e^(−fk) − 1), which needs fk < ln 2;
        continuous, the same accrued:                R = 1/(1 − fk), which needs fk < 1;
        norm, paid in kind by η shrinking:           R = e^(fk).

    It is worth its mark less c P₀: a new one nothing. Source: White, Robinson, Bankman-Fried,
    Everlasting Options and Power Perpetuals (2021); the funding rules of Deri and Opyn.
    """

    kind = "power-perp"
    example = {
        "name": "ETH2",
        "underlying": "WETH",
        "scale": 10_000.0,
        "funding_hours": 420,
        "funding": "norm",
        "vol": 0.8,
    }

    contract_size: float = fields.number("of one contract", "units of η x^p / scale", default=1.0)
    power: float = fields.number("p", "exponent", default=2.0)
    scale: float = fields.number("divides the power", "quote coins per contract unit", default=1.0)
    norm: float = fields.number("η, the norm factor", "ratio", default=1.0)
    funding: str = choice("how mark and index are brought together", tuple(RATIOS), "continuous")
    funding_hours: float = funding_hours()

    def stated_prices(self, market: Market) -> Mapping[str, StatedPrice]:
        """Entry price, beside the mark, and the norm factor, beside what that can have become."""
        norm = StatedPrice(self.norm, "the index", "of the whole", NORMS)
        if not self.entry_price:
            return {"norm": norm}
        coin, mark = self._coin(market), float(self.price(market))
        reach = 10.0 ** min(max(self.power, 1.0), MOST_POWER)
        words = f"not divided by the scale, {self.scale:g}"
        scaled = {words: self.scale} if self.scale != 1.0 else UNSCALED
        instead = {**scaled, **other_coins(market, coin, (self.underlying, market.numeraire))}
        about, usual = f"{self.underlying}^{self.power:g}", (mark / reach, mark * reach)
        paid = StatedPrice(self.entry_price, about, coin, usual, instead)
        return {"norm": norm, "entry_price": paid}

    def notional(self, market: Market) -> Array:
        """Mark, of shape S."""
        return self.mark(market).value

    def carry(self, market: Market) -> Array:
        """Funding of one contract bought, in cash per day, while the mark is fair."""
        _, _, paid = self._ratio(market)
        unit = market.price(self._coin(market))
        daily = paid * HOURS_PER_DAY / self.funding_hours
        return whole(market, -daily * self.contract_size * unit * self._index(market))

    def _mark(self, market: Market) -> Mark:
        p, coin, sigma = self.power, self._coin(market), vol_of(self, market)
        x = market.price(self.underlying) / market.price(coin)
        index, (ratio, slope, _) = self._index(market), self._ratio(market)
        value, steep = ratio * index, slope * index * self._period * (p - 1.0)
        other = {f"vega:{self.underlying}": steep * p * sigma, f"rho:{coin}": steep}
        units = p * value / x
        return Mark(value, units, (1.0 - p) * value, (p - 1.0) * units / x, other)

    @property
    def _period(self) -> float:
        return self.funding_hours / HOURS_PER_YEAR

    def _index(self, market: Market) -> Array:
        x = market.price(self.underlying) / market.price(self._coin(market))
        return np.asarray(self.norm / self.scale * x**self.power)

    def _ratio(self, market: Market) -> tuple[Array, Array, Array]:
        """R, its derivative to g = f k, and what is paid per period and unit of index."""
        p, sigma = self.power, vol_of(self, market)
        g = self._period * (p - 1.0) * (rate_of(market, self._coin(market)) + 0.5 * p * sigma**2)
        ratio, below = RATIOS[self.funding]
        if not np.all(g < below):
            reason = f"is too long: {self.funding} funding needs f k below {below:g}"
            raise fields.wrong(self, "funding_hours", f"{reason}, and it is {np.max(g):g}")
        return ratio(g)
