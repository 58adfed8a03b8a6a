"""Forward contracts, worth the difference of a price from its entry: perpetuals and dated futures.

With S the price of the underlying and u that of the quote coin, both in the numeraire, growth g and
F = S g / u the price forward, a contract of size c entered at P₀ is worth

    linear, paid in the quote:         V = c (F − P₀) u        = c S g  − c P₀ u
    inverse, paid in the underlying:   V = c (1/P₀ − 1/F) S    = c S/P₀ − (c/g) u

Both are ``V = n (S − K u)`` with the strike K = P₀/g and n = c g or c/P₀, so ∂V/∂S = n,
∂V/∂u = −n K, Γ = 0 and ``P·Δ = V``. Where the quote is the numeraire u is 1 for good, and there is
no such term. Perpetuals have g = 1. A new contract is entered at P₀ = F, and worth nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Self, TypeAlias

import numpy as np
from attrs import Attribute, evolve, frozen
from numpy.typing import NDArray

from hedgecore import Exposure, Market, StatedPrice, fields
from hedgecore_derivatives.contract import Contract

Array: TypeAlias = NDArray[np.float64]


@frozen(kw_only=True)
class Forward(Contract, ABC):
    """The difference of a price from its entry; a kind says in what, and how far ahead."""

    underlying: str = fields.name("whose price it follows")
    entry_price: float | None = fields.number(
        "at which it was entered; the market's unless given",
        "quote coins per underlying",
        optional=True,
    )

    @property
    def hedges(self) -> tuple[str, ...]:
        """The underlying only."""
        return (self.underlying,)

    def enter(self, market: Market) -> Self:
        """Contract with its entry fixed at the market's price, where none was given."""
        if self.entry_price is not None:
            return self
        entry: Any = self._forward(market)
        return evolve(self, entry_price=entry)

    def stated_prices(self, market: Market) -> Mapping[str, StatedPrice]:
        """Entry price, of the underlying in the quote coin; none where it is the market's."""
        return entry_price(self, self._coin(market))

    def worth(self, market: Market) -> Array:
        """Profit since entry, n (S − K u), of shape S."""
        return self.exposure(market).value

    def exposure(self, market: Market) -> Exposure:
        """Exposure of one contract."""
        coin, new, growth = self._coin(market), self.entry_price is None, self._growth(market)
        spot, unit = market.price(self.underlying), market.price(coin)
        entry = self._forward(market) if new else np.asarray(self.entry_price)
        amount, strike = self._amount(entry, growth), entry / growth
        value = 0.0 if new else amount * (spot - strike * unit)
        delta = {self.underlying: amount}
        if coin != market.numeraire:
            delta[coin] = -amount * strike
        return Exposure.of(market, value, delta, other=self._other(market))

    def _growth(self, market: Market) -> Array:  # noqa: ARG002 - the dated ones need it
        """Forward over spot: 1, unless it is dated."""
        return np.ones(())

    def _other(self, market: Market) -> Mapping[str, Array]:  # noqa: ARG002 - likewise
        """Further sensitivities, by name: none, unless it is dated."""
        return {}

    @abstractmethod
    def _coin(self, market: Market) -> str:
        """Quote coin, which prices are in."""

    @abstractmethod
    def _amount(self, entry: Array, growth: Array) -> Array:
        """Amount n of the underlying that one contract stands for."""

    def _forward(self, market: Market) -> Array:
        spot, unit = market.price(self.underlying), market.price(self._coin(market))
        return spot / unit * self._growth(market)


def entry_price(model: Any, coin: str) -> dict[str, StatedPrice]:
    """Entry price of a contract by its field, with the underlying and the coin; none if unknown."""
    price = model.entry_price
    return {} if price is None else {"entry_price": StatedPrice(price, model.underlying, coin)}


def coin_of(model: Any, its: str, coin: str | None, market: Market) -> str:
    """Coin that the field `its` names, or the numeraire; never the underlying."""
    coin = market.numeraire if coin is None else coin
    if coin == model.underlying:
        reason = f"must be given where the numeraire, {coin!r}, is the underlying"
        raise fields.wrong(model, its, reason)
    return coin


def _another(model: Any, its: Attribute[str | None], coin: str | None) -> None:
    if coin == model.underlying:
        raise fields.wrong(model, its.name, f"{coin!r} is the underlying: name another coin")


def coin(about: str) -> Any:
    """Field for the quote coin, which is another than the underlying."""
    return fields.name(f"{about}; the numeraire unless given", optional=True, validator=_another)
