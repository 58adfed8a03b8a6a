"""`future`: a dated linear future, and what it shares with `inverse-future`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from attrs import Attribute, frozen

from hedgecore import Market, fields
from hedgecore.units import DAYS_PER_YEAR
from hedgecore_derivatives.contract import whole
from hedgecore_derivatives.dated import expiry, expiry_years, fix_expiry, years_left
from hedgecore_derivatives.forward import Array, Forward, coin, coin_of

STEEPEST = 100.0
"""The most that basis × time to expiry may be: e¹⁰⁰ is no price of anything."""


def _in_reach(model: Any, its: Attribute[float], basis: float) -> None:
    growth = basis * (model.expiry_years or 0.0)
    if not abs(growth) <= STEEPEST:
        reason = f"times the years to expiry must be within ±{STEEPEST:g}, not {growth:g}"
        raise fields.wrong(model, its.name, reason)


class Style(NamedTuple):
    """Formulas of a contract of size c, growth g and entry P₀: n, what moves with g, notional."""

    amount: Callable[[float, Array, Array], Array]
    moving: Callable[[float, Array, Array, Array], Array]
    notional: Callable[[float, Array, Array, Array], Array]


LINEAR = Style(
    lambda size, entry, growth: size * growth + 0.0 * entry,
    lambda size, growth, spot, unit: size * growth * spot + 0.0 * unit,
    lambda size, growth, spot, unit: size * growth * spot + 0.0 * unit,
)
"""c in the underlying, paid in the quote coin: n = c g."""
INVERSE = Style(
    lambda size, entry, growth: size / entry,  # noqa: ARG005 - whatever its growth
    lambda size, growth, spot, unit: size / growth * unit + 0.0 * spot,
    lambda size, growth, spot, unit: size * unit + 0.0 * spot,  # noqa: ARG005
)
"""c in the quote coin, paid in the underlying: n = c/P₀."""


@frozen(kw_only=True)
class Delivery(Forward, ABC):
    """A contract for a date, T years ahead, whose price F = S e^(bT) / u has the basis b."""

    contract_size: float = fields.number("of one contract", "units", default=1.0)
    expiry_years: float | None = expiry_years()
    expiry: float | None = expiry()
    basis: float = fields.number(
        "ln(F/S) over the time to expiry; stays as it is when prices move",
        "per year, continuous",
        fields.FINITE,
        default=0,
        validator=_in_reach,
    )

    def enter(self, market: Market) -> Self:
        """Contract with its entry price, and its expiry as a moment, fixed by the market's."""
        return fix_expiry(Forward.enter(self, market), market)

    def carry(self, market: Market) -> Array:
        """Gain of one contract bought, a day, as its basis runs off, theta by days."""
        return self._theta(market) / DAYS_PER_YEAR

    def _growth(self, market: Market) -> Array:
        growth = self.basis * years_left(self, market)
        if not np.all(np.abs(growth) <= STEEPEST):
            most = np.max(np.abs(growth))
            raise fields.wrong(self, "basis", f"is too steep so far from expiry: {most:g}")
        return np.exp(growth)

    def _other(self, market: Market) -> Mapping[str, Array]:
        return {"theta": self._theta(market)}

    def _theta(self, market: Market) -> Array:
        """∂V/∂t with the spot price standing still, S, per year; 0 once expired."""
        running = np.where(years_left(self, market) > 0, self.basis, 0.0)
        return whole(market, -running * self._style.moving(*self._terms(market)))

    def notional(self, market: Market) -> Array:
        """Notional of one contract, numeraire, S: c F of a linear one, c u of an inverse one."""
        return whole(market, self._style.notional(*self._terms(market)))

    @property
    @abstractmethod
    def _style(self) -> Style:
        """LINEAR or INVERSE."""

    def _amount(self, entry: Array, growth: Array) -> Array:
        return self._style.amount(self.contract_size, entry, growth)

    def _terms(self, market: Market) -> tuple[float, Array, Array, Array]:
        spot, unit = market.price(self.underlying), market.price(self._coin(market))
        return self.contract_size, self._growth(market), spot, unit


@frozen(kw_only=True)
class Future(Delivery):
    """A dated future on S, T years before expiry, its price F = S e^(bT) / u by the annual basis b.

    Of size c in the underlying, with its profit paid in the settlement coin, of price u:

        V = c (S e^(bT) − P₀u),    ∂V/∂S = c e^(bT),    ∂V/∂u = −cP₀,    Γ = 0,
        theta = −b c S e^(bT).

    The basis stays as it is when prices move. Where the coin is the numeraire u is 1 for good, and
    there is no such term. A new contract is entered at P₀ = F, and worth nothing. With `inverse` it
    is what `inverse-future` is.
    """

    kind = "future"
    example = {"name": "ETH-26JUN26", "underlying": "WETH", "expiry_years": 0.25, "basis": 0.05}

    settlement: str | None = coin("the coin that prices are in, and profit is paid in")
    contract_size: float = fields.number(
        "of one contract", "units of the underlying; of the quote, if inverse", default=1.0
    )
    inverse: bool = fields.flag("whether it is sized in the quote, and paid in the underlying")

    def _coin(self, market: Market) -> str:
        return coin_of(self, "settlement", self.settlement, market)

    @property
    def _style(self) -> Style:
        return INVERSE if self.inverse else LINEAR
