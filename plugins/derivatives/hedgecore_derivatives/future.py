"""`future`: a dated linear future, and what it shares with `inverse-future`."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from attrs import Attribute, frozen

from hedgecore import Market, fields
from hedgecore_derivatives.contract import whole
from hedgecore_derivatives.dated import expiry, expiry_years, timed, years_left
from hedgecore_derivatives.forward import Array, Forward, coin, coin_of
from hedgecore_derivatives.funding import YEAR

STEEPEST = 100.0
"""The most that basis × time to expiry may be: e¹⁰⁰ is no price of anything."""


def _in_reach(model: Any, its: Attribute[float], basis: float) -> None:
    growth = basis * (model.expiry_years or 0.0)
    if not abs(growth) <= STEEPEST:
        reason = f"times the years to expiry must be within ±{STEEPEST:g}, not {growth:g}"
        raise fields.wrong(model, its.name, reason)


@frozen(kw_only=True)
class Delivery(Forward, ABC):
    """A contract for a date, T years ahead, whose price F = S e^(bT) / u has the basis b."""

    expiry_years: float | None = expiry_years()
    expiry: float | None = expiry()
    basis: float = fields.number(
        "ln(F/S) over the time to expiry; stays as it is when prices move",
        "per year, continuous",
        fields.FINITE,
        default=0,
        validator=_in_reach,
    )

    def entered(self, market: Market) -> Self:
        """Return it with its entry price, and its expiry as a moment, fixed by the market's."""
        return timed(super().entered(market), market)

    def carry(self, market: Market) -> Array:
        """Return what one contract bought gains a day as its basis runs off: theta/365."""
        return self._theta(market) / YEAR

    def _growth(self, market: Market) -> float:
        growth = self.basis * years_left(self, market)
        if not abs(growth) <= STEEPEST:
            raise fields.wrong(self, "basis", f"is too steep so far from expiry: {growth:g}")
        return math.exp(growth)

    def _other(self, market: Market) -> Mapping[str, Array]:
        return {"theta": self._theta(market)}

    def _theta(self, market: Market) -> Array:
        """Return ∂V/∂t with the spot price standing still, S, per year; 0 once expired."""
        running = self.basis if years_left(self, market) > 0 else 0.0
        return whole(market, -running * self._moving(market, self._growth(market)))

    @abstractmethod
    def _moving(self, market: Market, growth: float) -> Array:
        """Return the term of V that moves with the basis."""


@frozen(kw_only=True)
class Future(Delivery):
    """A dated future on S, T years before expiry, its price F = S e^(bT) / u by the annual basis b.

    Of size c in the underlying, with its profit paid in the settlement coin, of price u:

        V = c (S e^(bT) − P₀u),    ∂V/∂S = c e^(bT),    ∂V/∂u = −cP₀,    Γ = 0,
        theta = −b c S e^(bT).

    The basis stays as it is when prices move. Where the coin is the numeraire u is 1 for good, and
    there is no such term. A new contract is entered at P₀ = F, and worth nothing.
    """

    kind = "future"
    example = {"name": "ETH-26JUN26", "underlying": "WETH", "expiry_years": 0.25, "basis": 0.05}

    settlement: str | None = coin("the coin that prices are in, and profit is paid in")
    contract_size: float = fields.number("of one contract", "units of the underlying", default=1.0)

    def notional(self, market: Market) -> Array:
        """Return c F, of shape S."""
        return whole(market, self._moving(market, self._growth(market)))

    def _coin(self, market: Market) -> str:
        return coin_of(self, "settlement", self.settlement, market)

    def _amount(self, entry: Array, growth: float) -> Array:
        return np.full_like(entry, self.contract_size * growth)

    def _moving(self, market: Market, growth: float) -> Array:
        return self.contract_size * growth * market.price(self.underlying)
