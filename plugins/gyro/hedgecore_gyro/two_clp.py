"""Gyroscope's 2-CLP: (x + L/√β)(y + L√α) = L², a Uniswap v3 range that has its own token.

With xp_i = rate_i · balance_i, of the prices of whole coins P = P_scaled · rate₀/rate₁,

    x = L (b − s)/(√s √b (√s + √b)),    y = L (s − a)/(√s + √a),    s = P clip to [a, b],

with L in whole coins; differences of prices are exact, roots' are not (see the v3 range). L is the
positive root of (1 − √α/√β) L² − (y/√β + x√α) L − xy = 0 at the scaled balances.

Source: Gyroscope, *2-CLP technical paper*, and its contract `Gyro2CLPMath`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import Attribute, frozen
from numpy.typing import ArrayLike

from hedgecore import Market, PairPool, fields
from hedgecore_gyro import pool
from hedgecore_gyro.edges import Edge, clip, edge, inside, ratio, root


def _above(model: Gyro2Clp, its: Attribute[float], upper: float) -> None:
    if upper <= model.sqrt_alpha:
        raise fields.wrong(model, its.name, f"{upper} must be above sqrt_alpha, {model.sqrt_alpha}")


@frozen(kw_only=True)
class Gyro2Clp(PairPool):
    """A share of Gyroscope's 2-CLP: a range of prices with the liquidity that the balances give.

    Frozen: `rates`. They move the range with them; take them from the contract anew. `rate_value`
    says what a change of them is worth.
    """

    kind = "gyro-2clp"
    accepts_floats = True
    example = {
        "assets": ["USDC", "DAI"],
        "sqrt_alpha": 0.9994,
        "sqrt_beta": 1.0006,
        "balances": [402_100.0, 611_300.0],
        "share": 0.02,
        "fee": 0.0002,
    }

    assets: tuple[str, str] = fields.names("base and quote, token 0 and 1", most=2)
    sqrt_alpha: float = fields.number("√ of the lower edge", "√(scaled quote per base)")
    sqrt_beta: float = fields.number(
        "√ of the upper edge", "√(scaled quote per base)", validator=_above
    )
    balances: tuple[float, float] = pool.balances()
    rates: tuple[float, float] = pool.rates()
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def invariant(self) -> float:
        """L of the whole pool, in scaled units."""
        x, y = pool.scaled_balances(self.balances, self.rates)
        linear = y / self.sqrt_beta + x * self.sqrt_alpha
        width = (self.sqrt_beta - self.sqrt_alpha) / self.sqrt_beta
        return (linear + math.hypot(linear, 2.0 * math.sqrt(width * x) * math.sqrt(y))) / (
            2.0 * width
        )

    @cached_property
    def edges(self) -> tuple[Edge, Edge]:
        """The lower and the upper edge, prices of whole coins."""
        unit = ratio(self.rates)
        lower, upper = (Fraction(each) ** 2 * unit for each in (self.sqrt_alpha, self.sqrt_beta))
        return edge(lower), edge(upper)

    @cached_property
    def liquidity(self) -> float:
        """L of what is held, in whole coins."""
        return self.share * self.invariant / math.sqrt(self.rates[0] * self.rates[1])

    @cached_property
    def _width(self) -> float:
        lower, upper = self.edges
        return (upper.high - lower.high) + (upper.low - lower.low)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        lower, upper = self.edges
        low_root, high_root = math.sqrt(lower.high), math.sqrt(upper.high)
        base = clip((upper.high - price) + upper.low, 0.0, self._width)
        quote = clip((price - lower.high) - lower.low, 0.0, self._width)
        middle = root(clip(price, lower.high, upper.high))
        size = self.liquidity
        return (
            base * (size / high_root) / (middle * (middle + high_root)),
            quote * size / (middle + low_root),
        )

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        lower, upper = self.edges
        near = clip(price, lower.high, upper.high)
        return 0.0 - inside(price, lower, upper) * (0.5 * self.liquidity) / near / root(near)

    def rate_value(self, price: ArrayLike) -> Any:
        """∂value/∂ln(rates) at fixed balances, S+(2,) of the quote; zero at the spot."""
        return pool.rate_value(self, price)

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field → what moves it."""
        return pool.frozen_fields()

    def frozen_slopes(self, market: Market, /) -> Mapping[str, Any]:
        """Field → ∂worth/∂ln(field), S+(2,), in the numeraire."""
        return pool.frozen_slopes(self, market)

    def _breakpoints(self) -> tuple[float, float]:
        return tuple(each.first_inside for each in self.edges)  # type: ignore[return-value]

    def _spot(self) -> float:
        """(y + L√α)/(x + L/√β), between the edges, of whole coins."""
        x, y = pool.scaled_balances(self.balances, self.rates)
        size = self.invariant
        price = (y + size * self.sqrt_alpha) / (x + size / self.sqrt_beta)
        return price * (self.rates[0] / self.rates[1])

    def _current_holdings(self) -> tuple[float, float]:
        return pool.shared_balances(self.balances, self.share)
