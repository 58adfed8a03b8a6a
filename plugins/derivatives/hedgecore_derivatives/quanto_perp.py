"""`quanto-perp`: a perpetual whose price is in one coin, and its profit paid in another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from attrs import Attribute, evolve, frozen

from hedgecore import Exposure, Market, StatedPrice, fields
from hedgecore_derivatives.contract import Contract, whole
from hedgecore_derivatives.forward import Array, coin, coin_of, entry_price
from hedgecore_derivatives.funding import funding, funding_basis, funding_hours, funding_rate


def _third(model: Any, its: Attribute[str], settlement: str) -> None:
    if settlement == model.underlying:
        raise fields.wrong(model, its.name, f"{settlement!r} is the underlying: name another coin")
    if settlement == model.quote:
        reason = f"{settlement!r} is the quote too: that is the kind 'perp'"
        raise fields.wrong(model, its.name, reason)


@frozen(kw_only=True)
class QuantoPerp(Contract):
    """A perpetual on x = S/u, so much of which is paid in a settlement coin of price f.

    With c the coins paid for each quote coin that the price moves, and P₀ the entry price,

        V = c f (S/u − P₀),
        ∂V/∂S = c f/u,      ∂V/∂f = c (S/u − P₀),    ∂V/∂u = −c f S/u²,
        ∂²V/∂S∂f = c/u,     ∂²V/∂S∂u = −c f/u²,      ∂²V/∂f∂u = −c S/u²,    ∂²V/∂u² = 2 c f S/u³.

    Two coins of one kind: with the quote the numeraire, as on BitMEX (ETH in USD, paid in XBT), the
    terms in u are absent; Hyperliquid's (an oracle in USDT, profit in USDC) has all of them, and c
    is the contract's size in the underlying. A new contract is worth nothing: P₀ = S/u.
    """

    kind = "quanto-perp"
    example = {
        "name": "ETHUSD-XBT",
        "underlying": "WETH",
        "settlement": "WBTC",
        "contract_size": 1e-6,
    }

    underlying: str = fields.name("whose price it follows")
    quote: str | None = coin("the coin that the price is in")
    settlement: str = fields.name("the coin that profit is paid in", validator=_third)
    contract_size: float = fields.number(
        "of one contract", "settlement coins per quote coin of price", default=1.0
    )
    entry_price: float | None = fields.number(
        "at which it was entered; the market's unless given",
        "quote coins per underlying",
        optional=True,
    )
    funding_rate: float | None = funding_rate()
    funding_hours: float = funding_hours()
    funding_basis: str | None = funding_basis()

    @property
    def hedges(self) -> tuple[str, ...]:
        """The underlying only."""
        return (self.underlying,)

    def enter(self, market: Market) -> Self:
        """Contract with its entry fixed at the market's price, where none was given."""
        if self.entry_price is not None:
            return self
        price: Any = market.price(self.underlying) / self._unit(market)
        return evolve(self, entry_price=price)

    def stated_prices(self, market: Market) -> Mapping[str, StatedPrice]:
        """Entry price, of the underlying in the quote coin; none where it is the market's."""
        return entry_price(self, self._quote(market))

    def worth(self, market: Market) -> Array:
        """Profit since entry, of shape S."""
        return self.exposure(market).value

    def exposure(self, market: Market) -> Exposure:
        """Exposure of one contract."""
        s, u, f = self.underlying, self._quote(market), self.settlement
        unit, paid = market.price(u), self.contract_size * market.price(f)
        price = market.price(s) / unit
        won = self.contract_size * (price - self._entry(price))
        delta = {s: paid / unit, f: won, u: -paid * price / unit}
        gamma = {
            (s, f): self.contract_size / unit,
            (s, u): -paid / unit**2,
            (f, u): -self.contract_size * price / unit,
            (u, u): 2 * paid * price / unit**2,
        }
        return _but(market.numeraire, market, won * market.price(f), delta, gamma)

    def notional(self, market: Market) -> Array:
        """Notional c f S/u of one contract, numeraire, S."""
        return whole(market, self._at(market, market.price(self.underlying)))

    def carry(self, market: Market) -> Array | None:
        """Funding of one contract bought, in cash per day."""
        return funding(self, market, self._at)

    def _at(self, market: Market, price: Array) -> Array:
        return self.contract_size * market.price(self.settlement) * (price / self._unit(market))

    def _entry(self, price: Array) -> Array:
        return price if self.entry_price is None else np.asarray(self.entry_price)

    def _unit(self, market: Market) -> Array:
        return market.price(self._quote(market))

    def _quote(self, market: Market) -> str:
        return coin_of(self, "quote", self.quote, market)


def _but(
    numeraire: str,
    market: Market,
    value: Array,
    delta: dict[str, Array],
    gamma: dict[tuple[str, str], Any],
) -> Exposure:
    """Exposure without the terms in the numeraire, which costs 1 for good."""
    kept = {pair: number for pair, number in gamma.items() if numeraire not in pair}
    rest = {asset: units for asset, units in delta.items() if asset != numeraire}
    return Exposure.of(market, value, rest, kept)
