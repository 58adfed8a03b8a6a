"""`perp`: a linear perpetual, margined and settled in one coin."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import Attribute, evolve, frozen

from hedgecore import Exposure, Market, fields
from hedgecore_derivatives.contract import Contract


def _another(model: Perp, its: Attribute[str | None], coin: str | None) -> None:
    if coin == model.underlying:
        raise fields.wrong(model, its.name, f"{coin!r} is the underlying: name another coin")


@frozen(kw_only=True)
class Perp(Contract):
    """A perpetual on S whose profit is paid in the settlement coin, of price u.

    With c the contract's size and P₀ the entry price, in settlement coins,

        V = c (S − P₀u),    ∂V/∂S = c,    ∂V/∂u = −cP₀,    Γ = 0,

    so ``P·Δ = V``. Where the coin is the numeraire u is 1 for good, and there is no such term. A
    new contract is entered at the market's price, P₀ = S/u, and worth nothing.
    """

    kind = "perp"
    example = {"name": "ETH-PERP", "underlying": "WETH", "lot": 0.001, "fee": 0.0005}

    underlying: str = fields.name("whose price it follows")
    settlement: str | None = fields.name(
        "the coin that profit is paid in; the numeraire unless given",
        optional=True,
        validator=_another,
    )
    contract_size: float = fields.number("of one contract", "units of the underlying", default=1.0)
    entry_price: float | None = fields.number(
        "at which it was entered; the market's unless given",
        "settlement coins per underlying",
        optional=True,
    )
    funding_rate: float = fields.number(
        "what longs pay shorts",
        "fraction of the notional per funding_hours",
        fields.FINITE,
        default=0,
    )
    funding_hours: float = fields.number("the funding interval", "hours", default=8)

    @property
    def hedges(self) -> tuple[str, ...]:
        """The underlying only."""
        return (self.underlying,)

    def entered(self, market: Market) -> Perp:
        """Return it with its entry fixed at the market's price, where none was given."""
        if self.entry_price is not None:
            return self
        entry: Any = market.price(self.underlying) / market.price(self._coin(market))
        return evolve(self, entry_price=entry)

    def worth(self, market: Market) -> object:
        """Return the profit since entry, c (S − P₀u), of shape S."""
        return self.exposure(market).value

    def exposure(self, market: Market) -> Exposure:
        """Return the exposure of one contract."""
        coin = self._coin(market)
        spot, unit, size = market.price(self.underlying), market.price(coin), self.contract_size
        entry = spot / unit if self.entry_price is None else np.asarray(self.entry_price)
        value = 0.0 if self.entry_price is None else size * (spot - entry * unit)
        delta = {self.underlying: np.asarray(size)}
        if coin != market.numeraire:
            delta[coin] = -size * entry
        return Exposure.of(market, value, delta)

    def _coin(self, market: Market) -> str:
        coin = market.numeraire if self.settlement is None else self.settlement
        if coin == self.underlying:
            reason = f"must be given where the numeraire, {coin!r}, is the underlying"
            raise fields.wrong(self, "settlement", reason)
        return coin
