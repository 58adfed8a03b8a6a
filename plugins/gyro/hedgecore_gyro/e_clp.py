"""Gyroscope's E-CLP: an ellipse, along which liquidity is concentrated around one price.

The curve stands in `ellipse`. Its size r is found from the scaled balances t = (x, y), which lie on
it: |A (t − rχ)| = r with χ = (N'(β), N(α) − αN'(α)) is quadratic in r, and the larger root is

    r = (b + √disc)/a,    a = 2 X α/N(α) + X² k,    X = N'(β) − N'(α),    k = c²/λ² + s²,
    b = (xα + y)/N(α) + X (xk + y s c (1 − 1/λ²)),    disc = |At|² − ((xχ_y − yχ_x)/λ)²,

in which all terms but the last are positive.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from attrs import Attribute, frozen
from numpy.typing import ArrayLike

from hedgecore import ConvergenceError, Market, PairPool, fields
from hedgecore_gyro import ellipse, pool
from hedgecore_gyro.edges import clip

TOLERANCE = 1e-9
AT_LEAST_ONE = fields.Rule("1 or more, and finite", lambda x: 1 <= x < math.inf)
MAX_STEPS = 200


def _above(model: GyroEClp, its: Attribute[float], upper: float) -> None:
    if upper <= model.alpha:
        raise fields.wrong(model, its.name, f"{upper} must be above alpha, {model.alpha}")


def _a_turn(model: GyroEClp, its: Attribute[float], sine: float) -> None:
    length = math.hypot(model.c, sine)
    if abs(length - 1.0) > TOLERANCE:
        reason = f"c = {model.c} and s = {sine} must be a cosine and a sine: c² + s² = 1"
        raise fields.wrong(model, its.name, f"{reason}, not {length * length!r}")


@frozen(kw_only=True)
class GyroEClp(PairPool):
    """A share of Gyroscope's E-CLP: an arc of an ellipse, steepest where the price is s/c.

    Frozen: `rates`. They move the arc with them; take them from the contract anew. `rate_value`
    says what a change of them is worth.
    """

    kind = "gyro-eclp"
    accepts_floats = True
    example = {
        "assets": ["wstETH", "WETH"],
        "alpha": 0.9985,
        "beta": 1.0002,
        "c": 0.7071067811865476,
        "s": 0.7071067811865476,
        "stretch": 4000.0,
        "balances": [310.2, 95.4],
        "rates": [1.2264, 1.0],
        "share": 0.1,
        "fee": 0.0001,
    }

    assets: tuple[str, str] = fields.names("base and quote, token 0 and 1", most=2)
    alpha: float = fields.number("the lower edge", "scaled quote per base")
    beta: float = fields.number("the upper edge", "scaled quote per base", validator=_above)
    c: float = fields.number("cosine of the turn; divided by √(c² + s²)", "1")
    s: float = fields.number("sine of the turn; divided by √(c² + s²)", "1", validator=_a_turn)
    stretch: float = fields.number("λ, how much longer the ellipse is than wide", "1", AT_LEAST_ONE)
    balances: tuple[float, float] = pool.balances()
    rates: tuple[float, float] = pool.rates()
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def arc(self) -> ellipse.Arc:
        """The curve in prices of whole coins."""
        return ellipse.arc(self.alpha, self.beta, (self.c, self.s), self.stretch, self.rates)

    @cached_property
    def invariant(self) -> float:
        """The size r of the whole pool's ellipse, in scaled units."""
        its = ellipse.arc(self.alpha, self.beta, (self.c, self.s), self.stretch, (1.0, 1.0))
        x, y = pool.scaled_balances(self.balances, self.rates)
        return _radius(its, self.stretch, x, y)

    @property
    def _size(self) -> float:
        """The size r of what is held."""
        return self.share * self.invariant

    def _holdings(self, price: Any) -> Any:
        return ellipse.holdings(self.arc, self._size, price)

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002
        return ellipse.gamma(self.arc, self._size, price)

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        its, size, price = self.arc, self._size, prices[0]
        here = ellipse.at(its, price)
        holdings[0], holdings[1] = ellipse.holdings_at(its, size, price, here)
        gamma[0] = ellipse.gamma_at(its, size, price, here.length)
        return True

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
        return self.arc.lower.first_inside, self.arc.upper.first_inside

    def _spot(self) -> float:
        base, quote = self.balances
        if base and quote:
            return _price(self.arc, base, quote)
        return self.arc.lower.high if base else self.arc.upper.high

    def _current_holdings(self) -> tuple[float, float]:
        return pool.shared_balances(self.balances, self.share)


def _price(its: ellipse.Arc, base: float, quote: float) -> float:
    """Price at which the arc holds base and quote in this proportion.

    Newton's method, within a bracket that is halved where a step would leave it.
    """
    low, high = its.lower.high, its.upper.high
    price = clip(its.peak.high, low, high)
    for _ in range(MAX_STEPS):
        x, y = ellipse.holdings(its, 1.0, price)
        off = x / base - y / quote
        low, high = (price, high) if off > 0.0 else (low, price)
        fall = -ellipse.gamma(its, 1.0, price) * (1.0 / base + price / quote)
        moved: float = price + off / fall if fall else high
        if not low < moved < high:
            moved = 0.5 * (low + high)
        if moved in (price, low, high):
            return moved
        price = moved
    message = f"gyro-eclp: no spot in {MAX_STEPS} steps"
    raise ConvergenceError(message, iterations=MAX_STEPS, residual=high - low)


def _radius(its: ellipse.Arc, stretch: float, x: float, y: float) -> float:
    """Radius r of the ellipse through (x, y), all in scaled units."""
    low, high = ellipse.ends(its)
    s, c = its.slope, its.level
    alpha = its.lower.high
    span = ellipse.half_turn(its.area, low, high, its.width) * (1 / low.length + 1 / high.length)
    k = (c / stretch) ** 2 + s * s
    right = (stretch * c * high.across + s * high.along) / high.length
    top = (c * low.along - stretch * s * low.across) / low.length
    linear = (x * alpha + y) / low.length
    linear += span * (x * k + y * s * c * (1.0 - 1.0 / stretch**2))
    square = span * (2.0 * alpha / low.length + span * k)
    size = math.hypot((c * x - s * y) / stretch, s * x + c * y)
    skew = (x * top - y * right) / stretch
    root = math.sqrt(max((size - skew) * (size + skew), 0.0))
    r: float = (linear + root) / square
    return r
