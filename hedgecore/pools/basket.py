"""BasketPool: n assets, and formulas on price vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.numeraire import holdings_exposure
from hedgecore.numerics.arrays import Array, sealed
from hedgecore.numerics.jet import derivatives, variables
from hedgecore.pools.model import PoolModel


class BasketPool(PoolModel):
    """A pool of two assets or more. Write `_holdings`, and `_gamma` where a closed form exists.

    Formulas get the prices of all n assets in *one common unit*, (n, N): the market's own, which
    are not divided by the quote's first, since that alone costs 5e-11 on a steep peg. Holdings
    depend only on the ratios. Without `_gamma` it follows exactly, by automatic differentiation.
    """

    def _holdings(self, prices: Any) -> Any:  # noqa: ARG002 - plugins need them
        """Return the n amounts held, (n, N) or n arrays of shape (N,)."""
        raise TypeError(f"{type(self).__name__} must define _holdings")

    def _gamma(self, prices: Any, holdings: Any) -> Any:  # noqa: ARG002 - plugins may need them
        """Return ∂holdings/∂prices, (n, n, N), given holdings (n, N)."""
        moved = self._holdings(variables(prices, order=1))
        n, points = prices.shape
        return [derivatives(row, (points,), n, 1)[1] for row in moved]

    def _at(self, rows: Array) -> tuple[Array, Iterable[ArrayLike]]:
        prices = _with_quote(rows)
        holdings = self._amounts(prices)
        return np.sum(prices * holdings, axis=0), holdings

    def _bend(self, rows: Array, holdings: Array) -> Iterable[ArrayLike]:
        return self._entries(_with_quote(rows), holdings, len(rows))

    def _entries(self, prices: Array, holdings: Array, k: int) -> list[ArrayLike]:
        """Return the first k rows and columns of gamma, row by row."""
        gamma = self._gamma(prices, holdings)
        if isinstance(gamma, np.ndarray) and gamma.ndim != 3:  # noqa: PLR2004 - (n, n, N)
            raise ValueError(f"_gamma has shape {gamma.shape}, not (n, n, N)")
        return [entry for row in gamma[:k] for entry in row[:k]]

    def _at_one(self, point: tuple[float, ...]) -> tuple[float, Sequence[float]]:
        prices = (*point, 1.0)
        holdings = self._holdings(prices)
        return sum(map(mul, prices, holdings)), holdings

    def _bend_one(
        self, point: tuple[float, ...], holdings: Sequence[float]
    ) -> Sequence[Sequence[float]]:
        m = len(point)
        return [row[:m] for row in self._gamma((*point, 1.0), holdings)[:m]]

    @np.errstate(all="ignore")
    def _worth(self, market: Market) -> Array:
        prices, shape = self._flat(market)
        return np.asarray((prices * self._amounts(prices)).sum(axis=0).reshape(shape)[()])

    @np.errstate(all="ignore")
    def _exposure(self, market: Market) -> Exposure:
        prices, shape = self._flat(market)
        holdings, n = self._amounts(prices), len(prices)
        entries = self._called(partial(self._entries, k=n), prices, sealed(holdings))
        gamma = self._filled(entries, np.empty((n * n, prices.shape[1])), prices)
        return holdings_exposure(
            self.assets,
            tuple(holdings.reshape((n, *shape))),
            np.moveaxis(gamma.reshape((n, n, *shape)), (0, 1), (-2, -1)),
            market,
        )

    def _flat(self, market: Market) -> tuple[Array, tuple[int, ...]]:
        """Return the market's prices as they are, (n, N), and S."""
        prices = np.moveaxis(market.vector(self.assets), -1, 0)
        return sealed(prices.reshape(len(prices), -1)), prices.shape[1:]

    def _amounts(self, prices: Array) -> Array:
        return self._filled(self._called(self._holdings, prices), np.empty(prices.shape), prices)


def _with_quote(rows: Array) -> Array:
    """Return prices in the quote asset, (n, N): its own is 1."""
    return sealed(np.concatenate([rows, np.ones((1, rows.shape[1]))]))
