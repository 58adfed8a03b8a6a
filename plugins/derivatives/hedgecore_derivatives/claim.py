"""Claims: contracts with a mark of their own, worth that mark less what was agreed to be paid.

With S the price of the underlying and u that of the quote coin, x = S/u, and v(x) the mark of one
unit in quote coins, one contract of size c is marked at

    M = c u v(x),    ∂M/∂S = c v′,    ∂M/∂u = c (v − x v′),
    ∂²M/∂S² = c v″/u,    ∂²M/∂S∂u = −c v″ x/u,    ∂²M/∂u² = c v″ x²/u,

so that ``P·∂M = M``; where the quote is the numeraire u is 1 for good, and there are no such terms.
Entered at a price P₀ it is worth ``V = M − c P₀ q``, with q the price of the coin that it is paid
in. Unless P₀ is given it is the market's, and a new contract is worth nothing, as a perpetual is;
at P₀ = 0 it is owned outright, and worth its mark.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from attrs import evolve, field, frozen

from hedgecore import Exposure, Market, fields
from hedgecore_derivatives.contract import Array, Contract, whole
from hedgecore_derivatives.forward import coin, coin_of
from hedgecore_derivatives.rates import vol, vol_at, with_vol_at


class Mark(NamedTuple):
    """A mark v of one unit, in quote coins, and how it moves.

    Attributes:
        value: v.
        units: v′, of the underlying.
        cash: v − x v′, of the quote coin.
        gamma: v″.
        other: further derivatives of v, by name.

    """

    value: Array
    units: Array
    cash: Array
    gamma: Array
    other: Mapping[str, Array]


@frozen(kw_only=True)
class Claim(Contract, ABC):
    """Claim with a mark, in the quote coin; a kind says which."""

    underlying: str = fields.name("whose price it is on")
    quote: str | None = coin("the coin that prices and the strike are in")
    contract_size: float = fields.number("of one contract", "units of the underlying", default=1.0)
    entry_price: float | None = fields.number(
        "agreed to be paid for it; the market's unless given, 0 where it is owned outright",
        "coins that it is paid in, per unit",
        fields.NONNEGATIVE,
        optional=True,
    )

    vol: float | None = vol()
    vol_at: float | None = vol_at()

    @property
    def hedges(self) -> tuple[str, ...]:
        """The underlying only."""
        return (self.underlying,)

    def enter(self, market: Market) -> Self:
        """Claim with its entry fixed at the market's price, where none was given.

        A volatility of its own moves with the market's from there.
        """
        seen = with_vol_at(self, market)
        if self.entry_price is not None:
            return seen
        price: Any = self.price(market)[()]
        return evolve(seen, entry_price=price)

    def price(self, market: Market) -> Array:
        """Price of one unit, in the coin that it is paid in, S."""
        value = market.price(self._coin(market)) * self._mark(market).value
        return whole(market, value / market.price(self._payment_coin(market)))

    def mark(self, market: Market) -> Exposure:
        """Exposure of one contract owned outright: worth its mark, whatever it cost."""
        coin, mark, size = self._coin(market), self._mark(market), self.contract_size
        s, unit = self.underlying, market.price(coin)
        x, bend = market.price(s) / unit, size * mark.gamma / unit
        delta, gamma = {s: size * mark.units}, {(s, s): bend}
        if coin != market.numeraire:
            delta[coin] = size * mark.cash
            gamma |= {(s, coin): -bend * x, (coin, coin): bend * x**2}
        value = size * unit * mark.value
        other = {name: whole(market, size * unit * each) for name, each in mark.other.items()}
        return Exposure.of(market, value, delta, gamma, other)

    def worth(self, market: Market) -> Array:
        """Mark less what was agreed to be paid, of shape S."""
        unit, paid = market.price(self._coin(market)), market.price(self._payment_coin(market))
        mark = self._mark(market).value
        if self.entry_price is None:
            return whole(market, 0.0 * mark)
        return whole(market, self.contract_size * (unit * mark - self.entry_price * paid))

    def exposure(self, market: Market) -> Exposure:
        """Exposure of one contract: its mark's, less that of what was to be paid."""
        mark, coin = self.mark(market), self._payment_coin(market)
        given = self.entry_price
        owed = self.contract_size * (self.price(market) if given is None else np.asarray(given))
        held = {} if coin == market.numeraire else {coin: owed}
        less = mark - Exposure.of(market, owed * market.price(coin), held)
        return evolve(less, value=np.zeros_like(mark.value)) if given is None else less

    def _coin(self, market: Market) -> str:
        return coin_of(self, "quote", self.quote, market)

    def _payment_coin(self, market: Market) -> str:
        """Coin that it is paid in: the quote."""
        return self._coin(market)

    @abstractmethod
    def _mark(self, market: Market) -> Mark:
        """Mark of one unit."""


def choice(about: str, words: tuple[str, ...], default: str) -> Any:
    """Field that holds one of a few words."""

    def one_of(model: Any, its: Any, word: str) -> None:
        if word not in words:
            raise fields.wrong(model, its.name, f"must be {says}, not {word!r:.80}")

    says = f"one of {', '.join(words)}"
    meta = {"about": about, "unit": "word", "rule": says}
    return field(default=default, validator=one_of, metadata=meta)
