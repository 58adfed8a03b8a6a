"""`lmsr`: a market maker's inventory of outcome tokens.

All cash that it took is in complete sets, so that Σ e^(−xᵢ/b) = 1 of what it holds. At prices p,
of sum T, which is 1 where a complete set costs what it pays,

    xᵢ = −b ln(pᵢ/T) = b ln(1 + (T − pᵢ)/pᵢ),    V = b T H(p/T),    Γᵢⱼ = b/T − δᵢⱼ b/pᵢ,

with H the entropy. T − pᵢ is the sum of the other prices, so that neither the logarithm nor, on the
diagonal, b/T − b/pᵢ = −b (T − pᵢ)/(T pᵢ) has terms that cancel.
"""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore import BasketPool, fields

MOST = 256
"""Outcomes: gamma is a matrix of their number squared."""


@frozen(kw_only=True)
class Lmsr(BasketPool):
    """A share of a scoring rule's inventory of outcomes; what it took is in complete sets."""

    kind = "lmsr"
    accepts_floats = True
    may_be_short = True
    example = {"assets": ["HOME", "DRAW", "AWAY"], "b": 10_000.0, "share": 0.1}

    assets: tuple[str, ...] = fields.names("one for each outcome, the quote last", most=MOST)
    b: float = fields.number("liquidity: the most it can lose is b ln n", "outcome tokens")
    share: float = fields.share()
    fee: float | None = fields.fee()

    def _holdings(self, prices: Any) -> Any:
        held = [others / price for others, price in zip(_others(prices), prices, strict=True)]
        for i, odds in enumerate(held):
            held[i] = _log1p(odds)
            held[i] *= self.share * self.b
        return held

    def _gamma(self, prices: Any, holdings: Any) -> Any:
        depth, others = self.share * self.b, _others(prices)
        shared = depth / (prices[0] + others[0])
        slopes = [[shared for _ in holdings] for _ in holdings]
        for i, (price, other) in enumerate(zip(prices, others, strict=True)):
            own = other / price
            own *= -shared
            slopes[i][i] = own
        return slopes

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        """The odds (T − pᵢ)/pᵢ are of both: gamma's diagonal is −b/T times them."""
        depth, every = self.share * self.b, (*prices, 1.0)
        others = _others(every)
        for row, other, price in zip(holdings, others, every, strict=True):
            np.divide(other, price, out=row)
        shared = depth / (prices[0] + others[0])
        gamma[...] = shared
        np.negative(shared, out=shared)
        np.multiply(holdings[:-1], shared, out=gamma[:: len(every)])
        np.log1p(holdings, out=holdings)
        holdings *= depth
        return True


def _others(prices: Any) -> list[Any]:
    """T − pᵢ for each price, as the sum of those before and those after."""
    before, after = list(accumulate(prices[:-1])), list(accumulate(prices[:0:-1]))
    inner = zip(before[:-1], after[-2::-1], strict=True)
    return [after[-1], *(one + other for one, other in inner), before[-1]]


def _log1p(number: Any) -> Any:
    """In the place of the number, of an array: memory that is at hand is fast."""
    return math.log1p(number) if isinstance(number, float) else np.log1p(number, out=number)
