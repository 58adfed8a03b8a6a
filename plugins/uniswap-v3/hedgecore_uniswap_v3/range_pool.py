"""One range as a pool: the formulas that both of its statements, by prices and by ticks, have."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Any

from hedgecore import Kernel, PairPool
from hedgecore_uniswap_v3 import curve, kernels
from hedgecore_uniswap_v3.ticks import Edge


class RangePool(PairPool):
    """Liquidity between two edges; a kind says which, and how much."""

    @property
    @abstractmethod
    def edges(self) -> tuple[Edge, Edge]:
        """Lower and upper price of the range, of the base in the quote, in whole units."""

    @property
    @abstractmethod
    def whole_liquidity(self) -> float:
        """L in whole units."""

    @cached_property
    def span(self) -> curve.Span:
        """Liquidity between the edges, as the formulas take it."""
        return curve.span(self.whole_liquidity, *self.edges)

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        return curve.holdings(price, self.span)

    def _point(self, price: float) -> tuple[float, float, float]:
        return curve.point(price, self.span)

    def _gamma(self, price: Any, holdings: Any) -> Any:
        return curve.gamma(price, holdings[0], self.span)

    def _kernel(self) -> Kernel:
        return Kernel(kernels.span, tuple(self.span))

    def _fill(self, prices: Any, holdings: Any, gamma: Any) -> bool:
        curve.fill(prices[0], self.span, holdings, gamma[0])
        return True

    def _breakpoints(self) -> tuple[float, float]:
        return self.span.least, self.span.most
