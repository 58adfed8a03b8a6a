"""Proactive market makers: DODO's, and EulerSwap's curve, which is the same with one K a side.

With i the oracle price of the base in the quote, B₀ and Q₀ the targets in force, and the sides of
`side`, at a price P above i the base is short, by u = (P − i)/i with K above,

    B = r(u),    Q = Q₀ + i · proceeds(u),    Γ = −B / (2 i (u + K)),

and below it the quote is, by d = (i − P)/P with K below,

    Q = r(d),    B = B₀ + proceeds(d)/i,    Γ = −Q i / (2 P³ (d + K)).

Gamma jumps at i, from −Q₀/(2 K i²) to −B₀/(2 i K). A side of K = 0 trades all at i: delta itself
jumps there, by an atom of gamma, and the right limit is what `delta` says.

The oracle price stands still here and not on a chain. By Euler's theorem the worth moves with it by
∂V/∂i = (Q − Q₀)/i above, and −P (B − B₀)/i below, the targets as they are.

Source: DODO, *PMM: a proactive market maker*, and `PMMPricing.sol`; EulerSwap whitepaper, 2025, and
`CurveLib.sol`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from attrs import Attribute, frozen
from numpy.typing import ArrayLike

from hedgecore import Market, PairPool, StatedPrice, fields, hookimpl, prices_in_quote
from hedgecore_pmm.side import Side, growth_at_end, reached, sale, slope

CURVATURE = fields.Rule("from 0 to 1", lambda x: 0 <= x <= 1)


def _below_targets(model: Pmm, its: Attribute[Any], minimum: tuple[float, float]) -> None:
    for asset, least, target in zip(model.assets, minimum, model.targets, strict=True):
        if least > target:
            reason = f"{least} of {asset} must be no more than its target, {target}"
            raise fields.wrong(model, its.name, reason)


@frozen(kw_only=True)
class Pmm(PairPool):
    """A share of a pool of DODO or EulerSwap, at an oracle price that stands still.

    Targets are those in force: a reader has DODO's adjusted to its reserves, EulerSwap's never
    move. What is held are the curve's reserves; of EulerSwap they are virtual, and its owner has
    what the vaults hold for it less its debt.
    """

    kind = "pmm"
    accepts_floats = True
    example = {
        "assets": ["WETH", "USDC"],
        "oracle_price": 3_000.0,
        "k": [0.1, 0.2],
        "targets": [500.0, 1_500_000.0],
        "share": 0.01,
    }

    assets: tuple[str, str] = fields.names("base and quote", most=2)
    oracle_price: float = fields.number("i, of the base in the quote", "quote per base")
    k: tuple[float, float] = fields.numbers(
        "curvature at prices below the oracle's, and above it; EulerSwap's is 1 − concentration",
        "fraction",
        CURVATURE,
    )
    targets: tuple[float, float] = fields.numbers("of base and quote, in force", "whole units")
    minimum: tuple[float, float] = fields.numbers(
        "what the curve never goes below, of base and quote",
        "whole units",
        fields.NONNEGATIVE,
        default=(0.0, 0.0),
        validator=_below_targets,
    )
    price: float | None = fields.number("the pool's own price", "quote per base", optional=True)
    share: float = fields.share()
    fee: float | None = fields.fee()

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """The base, which is sold above the oracle price, and the quote, sold below it."""
        (below, above), (base, quote), (least, last) = self.k, self.targets, self.minimum
        share = self.share
        return (
            Side(above, share * base, share * least),
            Side(below, share * quote, share * last),
        )

    @cached_property
    def ends(self) -> tuple[float, float]:
        """First prices from which on gamma is not zero, and is zero again."""
        above, below = map(growth_at_end, self.k[::-1], self.targets, self.minimum)
        oracle = Fraction(self.oracle_price)
        low = 0.0 if below is None else reached(oracle / below)
        return low, math.inf if above is None else reached(oracle * above)

    def stated_prices(self, _market: Market, /) -> Mapping[str, StatedPrice]:
        """Oracle price, of the base in the quote."""
        return {"oracle_price": StatedPrice(self.oracle_price, *self.assets)}

    def oracle_delta(self, price: ArrayLike) -> Any:
        """∂V/∂oracle_price at prices of shape S, targets as they are: base units."""
        prices = np.asarray(price, dtype=np.float64)
        greeks = self.greeks(prices)
        base, quote = np.moveaxis(greeks.holdings, -1, 0)
        (b0, q0), i = np.array(self.targets) * self.share, self.oracle_price
        return np.where(prices >= i, (quote - q0) / i, -(prices / i) * (base - b0))[()]

    @classmethod
    def frozen_fields(cls) -> Mapping[str, str]:
        """Field → what moves it."""
        return {"oracle_price": "DODO's oracle, not by anything on EulerSwap"}

    def frozen_slopes(self, market: Market, /) -> Mapping[str, Any]:
        """Field → ∂worth/∂ln(field), S, in the numeraire, targets as they are."""
        price, quote = prices_in_quote(self.assets, market)
        return {"oracle_price": self.oracle_price * self.oracle_delta(price) * quote}

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        return self._amounts(price, *self._excesses(price))

    def _gamma(self, price: Any, holdings: Any) -> Any:
        return self._bend(price, *self._excesses(price), holdings)

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        price = prices[0]
        up, down = self._excesses(price)
        holdings[0], holdings[1] = self._amounts(price, up, down)
        gamma[0] = self._bend(price, up, down, holdings)
        return True

    def _excesses(self, price: Any) -> tuple[Any, Any]:
        """Excess of the price over the oracle's, and of the oracle's over the price, 0 or more."""
        up, down = price - self.oracle_price, self.oracle_price - price
        up /= self.oracle_price
        down /= price
        return _most(up, 0.0), _most(down, 0.0)

    def _amounts(self, price: Any, up: Any, down: Any) -> tuple[Any, Any]:
        """Amounts of either side, which is at its target where the other one sells."""
        (base, quote), i = self.sides, self.oracle_price
        base_left, cash = sale(up, base, price >= i)
        quote_left, bought = sale(down, quote, price < i)
        bought /= i
        bought += base_left
        cash *= i
        cash += quote_left
        return bought, cash

    def _bend(self, price: Any, up: Any, down: Any, holdings: Any) -> Any:
        """Gamma of either side, times whether it sells: where() is slow on prices in no order."""
        (base, quote), i, (low, high) = self.sides, self.oracle_price, self.ends
        scale = i / _most(price, low)
        above = slope(up, base, holdings[0])
        above /= i
        above *= (price >= i) & (price < high)
        below = slope(down, quote, holdings[1])
        below *= scale
        below /= i
        below *= scale
        below /= i
        below *= scale
        below *= (price < i) & (price >= low)
        above += below
        return 0.0 - above

    def _breakpoints(self) -> set[float]:
        low, high = self.ends
        return {each for each in (low, self.oracle_price, high) if 0.0 < each < np.inf}

    def _atoms(self) -> list[tuple[float, float]]:
        base, quote = self.sides
        mass = base.sold_at_once + quote.sold_at_once / self.oracle_price
        return [(self.oracle_price, -mass)] if mass else []

    def _spot(self) -> float | None:
        return self.price


def _most(number: Any, other: float) -> Any:
    return max(number, other) if isinstance(number, float) else np.maximum(number, other)


@hookimpl
def hedgecore_pools() -> list[type[Pmm]]:
    """Provide `pmm`."""
    return [Pmm]
