"""`future`: a dated future, linear or inverse."""

from __future__ import annotations

import math
from typing import Any

from attrs import Attribute, field, frozen

from hedgecore import Market, fields
from hedgecore_derivatives.forward import Array, Forward, coin, coin_of, inverse, linear

STEEPEST = 100.0
"""The most that basis × expiry_years may be: e¹⁰⁰ is no price of anything."""


def _is_bool(model: Future, its: Attribute[bool], given: bool) -> None:  # noqa: FBT001 - its value
    if not isinstance(given, bool):
        raise fields.wrong(model, its.name, f"must be true or false, not {given!r:.80}")


def _in_reach(model: Future, its: Attribute[float], basis: float) -> None:
    growth = basis * model.expiry_years
    if not abs(growth) <= STEEPEST:
        reason = f"times expiry_years must be within ±{STEEPEST:g}, not {growth:g}"
        raise fields.wrong(model, its.name, reason)


@frozen(kw_only=True)
class Future(Forward):
    """A dated future on S, T years before expiry, its price F = S e^(bT) / u by the annual basis b.

    Linear, of size c in the underlying, with its profit paid in the settlement coin, of price u:

        V = c (S e^(bT) − P₀u),    ∂V/∂S = c e^(bT),    ∂V/∂u = −cP₀,    Γ = 0.

    Inverse, of size c in that coin, with its profit c (1/P₀ − 1/F) paid in the underlying:

        V = c (S/P₀ − u e^(−bT)),    ∂V/∂S = c/P₀,    ∂V/∂u = −c e^(−bT),    Γ = 0.

    The basis stays as it is when prices move. Where the coin is the numeraire u is 1 for good, and
    there is no such term. A new contract is entered at P₀ = F, and worth nothing.
    """

    kind = "future"
    example = {"name": "ETH-26JUN26", "underlying": "WETH", "expiry_years": 0.25, "basis": 0.05}

    settlement: str | None = coin("the coin that prices are in, and profit unless inverse")
    contract_size: float = fields.number(
        "of one contract", "units of the underlying; inverse: of the coin", default=1.0
    )
    expiry_years: float = fields.number("time to expiry", "years", fields.NONNEGATIVE)
    basis: float = fields.number(
        "ln(F/S) over the time to expiry",
        "per year, continuous",
        fields.FINITE,
        default=0,
        validator=_in_reach,
    )
    inverse: bool = field(
        default=False,
        validator=_is_bool,
        metadata={"about": "profit is paid in the underlying", "unit": "yes or no"},
    )

    @property
    def _growth(self) -> float:
        return math.exp(self.basis * self.expiry_years)

    def _coin(self, market: Market) -> str:
        return coin_of(self, "settlement", self.settlement, market)

    def _amount(self, entry: Array) -> Array:
        amount: Any = inverse if self.inverse else linear
        amounts: Array = amount(self.contract_size, self._growth, entry)
        return amounts
