"""PairPool: two assets, and formulas on the price array as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hedgecore.errors import PluginError, SpecError
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.numeraire import in_numeraire
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.exact_division import divide_exact
from hedgecore.numerics.jet import derivatives, variable
from hedgecore.pools.model import PoolModel

PAIR = 2


class PairPool(PoolModel):
    """A pool of (base, quote). Write `_holdings`, or `_value` alone; never both.

    Formulas get the price of the base in the quote as an array (N,), strictly positive, and must
    not change it. What is left out follows exactly, by automatic differentiation: `_gamma` as the
    derivative of the base held; from `_value` alone, ``x = V'`` and ``y = V − pV'``.
    """

    assets: tuple[str, str]

    def __attrs_post_init__(self) -> None:
        """Check that there are two names."""
        super().__attrs_post_init__()
        if len(self.assets) != PAIR:
            reason = f"needs the names of two assets, not {self.assets!r:.80}"
            raise SpecError(reason, kind=self.kind, field="assets")

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        """Return (base, quote) held at `price`."""
        value, slope, _ = derivatives(self._value(variable(price, order=1)), price.shape, 1, 1)
        return slope[0], value - price * slope[0]

    def _value(self, price: Any) -> Any:
        """Return the worth in the quote asset."""
        if not self._has("_holdings"):
            raise TypeError(f"{type(self).__name__} must define _holdings or _value")
        base, quote = self._holdings(price)
        return price * base + quote

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002 - plugins may need them
        """Return d base/d price at `price`, (N,), given holdings (2, N)."""
        if self._has("_value"):
            payoff = self._value(variable(price, order=2))
            return derivatives(payoff, price.shape, 1, 2)[2][0, 0]
        base, _ = self._holdings(variable(price, order=1))
        return derivatives(base, price.shape, 1, 1)[1][0]

    def _has(self, formula: str) -> bool:
        return getattr(type(self), formula) is not getattr(PairPool, formula)

    def _at(self, rows: Array) -> tuple[ArrayLike, Iterable[ArrayLike]]:
        held = self._holdings(rows[0])
        if not isinstance(held, tuple | list | np.ndarray) or len(held) != PAIR:
            raise PluginError(f"{self.kind}: _holdings returned {held!r:.60}, not (base, quote)")
        base, quote = held
        value = self._value(rows[0]) if self._has("_value") else rows[0] * base + quote
        return value, (base, quote)

    def _bend(self, rows: Array, holdings: Array) -> Sequence[ArrayLike]:
        return (self._gamma(rows[0], holdings),)

    def _at_one(self, point: tuple[float, ...]) -> tuple[float, Sequence[float]]:
        base, quote = self._holdings(point[0])
        return point[0] * base + quote, (base, quote)

    def _bend_one(
        self, point: tuple[float, ...], holdings: Sequence[float]
    ) -> Sequence[Sequence[float]]:
        return ((self._gamma(point[0], holdings),),)

    def _worth(self, market: Market) -> Array:
        base, quote = (market.price(asset) for asset in self.assets)
        with np.errstate(all="ignore"):
            price = base / quote
        return np.broadcast_to(quote * self.value(price), market.shape)[()]

    def _exposure(self, market: Market) -> Exposure:
        """Return the exposure at the market's exact ratio of prices, p + δ, not at p, the nearest.

        To first order the holdings there are x + γδ and y − pγδ (dy = −p dx along the curve). Near
        the edge of a range that half ulp of the price is all of the base that is left.
        """
        with np.errstate(all="ignore"):
            price, rest = divide_exact(*(market.price(asset) for asset in self.assets))
        greeks = self.greeks(price)
        gamma = np.asarray(greeks.gamma)
        base, quote = np.moveaxis(greeks.holdings, -1, 0)
        moved = self._moved(gamma, rest, base, quote / price)
        there = base + moved, quote - price * moved
        return in_numeraire(self.assets, there, gamma[None, None], market)

    def _moved(self, gamma: Array, rest: Array, base: Array, worth: Array) -> Array:
        """Return γδ: where the half ulp leads across an edge, up to where one asset is spent."""
        with np.errstate(all="ignore"):
            moved = np.where(np.isfinite(gamma * rest), gamma * rest, 0.0)
        if self.may_be_short:
            return moved
        low = np.where(base >= 0, -base, -np.inf)
        high = np.where(worth >= 0, np.nextafter(worth, 0), np.inf)
        return np.clip(moved, low, high)
