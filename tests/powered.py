"""An instrument that bends, paid in a coin: what mutants are made of."""

from __future__ import annotations

from attrs import evolve, frozen

import hedgecore as hc
from hedgecore import fields


@frozen(kw_only=True)
class Powered:
    """(S/1000)² coins on one contract, worth what it has moved since it was entered, in a coin."""

    kind = "mutant-powered"

    name: str = fields.name("what the order goes by", default="X-2")
    underlying: str = fields.name("whose price it follows", default="WETH")
    coin: str = fields.name("that it is paid in", default="USDC")
    entry: float | None = fields.number("at which", "coins", optional=True)
    contract_size: float = fields.number("of one", "units", default=1.0)
    lot: float = fields.number("step", "contracts", fields.NONNEGATIVE, default=0.1)
    min_size: float = fields.number("fewest", "contracts", fields.NONNEGATIVE, default=0)
    fee: float | None = fields.number("taker", "fraction", fields.FRACTION, default=0.001)

    @property
    def hedges(self):
        return (self.underlying,)

    def terms(self, market):
        spot, unit = market.price(self.underlying), market.price(self.coin)
        mark = (spot / unit / 1000) ** 2
        return spot, unit, mark, mark if self.entry is None else self.entry

    def enter(self, market):
        return self if self.entry else evolve(self, entry=float(self.terms(market)[2]))

    def worth(self, market):
        return self.exposure(market).value

    def exposure(self, market):
        spot, unit, mark, entry = self.terms(market)
        one, two = 2 * mark / spot * unit, 2 * mark / spot**2 * unit
        delta = {self.underlying: one, self.coin: -mark - entry}
        pair = (self.underlying, self.coin)
        gamma = {(pair[0], pair[0]): two, pair: -one / unit, (pair[1], pair[1]): 2 * mark / unit}
        return hc.Exposure.of(market, unit * (mark - entry), delta, gamma)
