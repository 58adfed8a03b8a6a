"""BasketPool: n assets, and formulas on price vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, reduce
from operator import add, mul
from typing import Any

import numpy as np

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.numeraire import holdings_exposure
from hedgecore.numerics.arrays import Array, read_only
from hedgecore.numerics.jet import derivatives, variables
from hedgecore.pools.evaluation import Evaluation, Point
from hedgecore.pools.formulas import SEQUENCES, alone, call, column, fill
from hedgecore.pools.kernel import Kernel
from hedgecore.pools.model import PoolModel

MATRIX = 3
"""Axes of gamma as an array, (n, n, N)."""


class BasketPool(PoolModel):
    """A pool of two assets or more. Write `_holdings`, and `_gamma` where a closed form exists.

    Formulas get the prices of all n assets in *one common unit*, (n, N): the market's own, which
    are not divided by the quote's first, since that alone costs 5e-11 on a steep peg. Holdings
    depend only on the ratios. Without `_gamma` it follows exactly, by automatic differentiation.

    Example:
        >>> from attrs import frozen
        >>> @frozen(kw_only=True)
        ... class Equal(hc.BasketPool):
        ...     kind = "equal"
        ...     assets: tuple[str, ...] = ("A", "B", "C")
        ...     def _holdings(self, prices):
        ...         return np.prod(prices, axis=0) ** (1 / 3) / prices
        >>> Equal().delta([1.0, 8.0]).round(9).tolist()
        [2.0, 0.25]

    """

    def _holdings(self, prices: Any) -> Any:  # noqa: ARG002 - plugins need them
        """Holdings at the market's prices, asset units: (n, N), or n arrays of shape (N,)."""
        raise TypeError(f"{type(self).__name__} must define _holdings")

    def _gamma(self, prices: Any, holdings: Any) -> Any:  # noqa: ARG002 - plugins may need them
        """∂holdings/∂prices, (n, n, N), given holdings (n, N)."""
        moved = self._holdings(variables(prices, order=1))
        n, points = prices.shape
        return [derivatives(row, (points,), n, 1)[1] for row in moved]

    @cached_property
    def _evaluation(self) -> BasketEvaluation:
        m = len(self.assets) - 1
        made = BasketEvaluation(self.kind, m, self._kernel, self._holdings, self._gamma)
        made.fill_all, made.accepts_floats = self._fill, self.accepts_floats
        return made

    @np.errstate(all="ignore")
    def _worth(self, market: Market) -> Array:
        prices, shape = self._flat(market)
        amounts = self._evaluation.amounts(prices)
        return np.asarray((prices * amounts).sum(axis=0).reshape(shape)[()])

    @np.errstate(all="ignore")
    def _exposure(self, market: Market) -> Exposure:
        prices, shape = self._flat(market)
        amounts, n = self._evaluation.amounts(prices), len(prices)
        gamma = self._evaluation.slopes(prices, amounts)
        return holdings_exposure(
            self.assets,
            tuple(amounts.reshape((n, *shape))),
            np.moveaxis(gamma.reshape((n, n, *shape)), (0, 1), (-2, -1)),
            market,
        )

    def _flat(self, market: Market) -> tuple[Array, tuple[int, ...]]:
        """Market's prices of the pool's assets, numeraire a unit, (n, N), and S."""
        prices = np.moveaxis(market.vector(self.assets), -1, 0)
        flat = np.ascontiguousarray(prices.reshape(len(prices), -1))
        return read_only(flat), prices.shape[1:]


class BasketEvaluation(Evaluation):
    """Formulas of all n prices in one unit, on floats or arrays."""

    __slots__ = ("every_amount", "every_slope")

    def __init__(
        self,
        kind: str,
        m: int,
        kernel: Callable[[], Kernel | None],
        every_amount: Callable[[Any], Any],
        every_slope: Callable[[Any, Any], Any],
    ) -> None:
        super().__init__(kind, m, kernel)
        self.every_amount, self.every_slope = every_amount, every_slope

    @np.errstate(all="ignore")
    def by_arrays(self, prices: tuple[float, ...], order: int) -> Point | None:
        """Value, holdings and gamma at one price, by arrays of one."""
        every, m = column((*prices, 1.0)), len(prices)
        amounts = self.every_amount(every)
        if not isinstance(amounts, SEQUENCES) or len(amounts) != m + 1:
            return None
        held = [alone(each) for each in amounts]
        rows = self._rows(every, column(held), m) if order > 1 else ()
        gamma = [[alone(each) for each in row] for row in rows]
        is_whole = order == 1 or [*map(len, gamma)] == [m] * m
        return (self.value(prices, held), held, gamma) if is_whole else None

    def holdings(self, prices: Any) -> Sequence[Any]:
        """Amounts of the n assets, at prices in the quote."""
        amounts: Sequence[Any] = self.every_amount(_with_quote(prices))
        return amounts

    def gamma(self, prices: Any, holdings: Any) -> Sequence[Sequence[Any]]:
        """Derivatives of all but the quote's amount by all but the quote's price, m rows of m."""
        return self._rows(_with_quote(prices), holdings, len(prices))

    def value(self, prices: Any, holdings: Any) -> Any:
        """Worth in the quote, p·x."""
        if isinstance(prices, tuple):
            return reduce(add, map(mul, (*prices, 1.0), holdings))
        worth = prices[0] * holdings[0]
        for price, held in zip(prices[1:], holdings[1:-1], strict=True):
            worth += price * held
        worth += holdings[-1]
        return worth

    def amounts(self, prices: Array) -> Array:
        """Amounts (n, N) at all n prices in any unit."""
        given = call(self.kind, self.every_amount, prices)
        return fill(self.kind, given, np.empty(prices.shape), prices)

    def slopes(self, prices: Array, amounts: Array) -> Array:
        """Derivatives of all n amounts by all n prices in that unit, (n·n, N)."""
        n, points = prices.shape
        rows = call(self.kind, self._rows, prices, read_only(amounts), n)
        entries = [entry for row in rows for entry in row]
        return fill(self.kind, entries, np.empty((n * n, points)), prices, endless=True)

    def _rows(self, prices: Any, amounts: Any, k: int) -> Sequence[Sequence[Any]]:
        """First k rows and columns of gamma."""
        gamma = self.every_slope(prices, amounts)
        if (
            isinstance(gamma, np.ndarray)
            and gamma.ndim != MATRIX
            and isinstance(prices, np.ndarray)
        ):
            raise ValueError(f"_gamma has shape {gamma.shape}, not (n, n, N)")
        return [row[:k] for row in gamma[:k]]


def _with_quote(prices: Any) -> Any:
    """Prices in the quote asset, of all n: its own is 1."""
    if isinstance(prices, tuple):
        return (*prices, 1.0)
    every = np.ones((len(prices) + 1, prices.shape[1]))
    every[:-1] = prices
    return read_only(every)
