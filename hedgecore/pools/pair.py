"""PairPool: two assets, and formulas on the price array as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from hedgecore.errors import PluginError, SpecError
from hedgecore.market.exposure import Exposure
from hedgecore.market.market import Market
from hedgecore.market.numeraire import in_numeraire
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.error_free import divide_exact
from hedgecore.numerics.jet import derivatives, variable
from hedgecore.pools.evaluation import UNSETTLED, Evaluation, Point
from hedgecore.pools.formulas import FLOAT64, SEQUENCES, alone, column, raise_failure
from hedgecore.pools.kernel import Kernel
from hedgecore.pools.model import PoolModel
from hedgecore.pools.shapes import MOST

PAIR = 2


class PairPool(PoolModel):
    """A pool of (base, quote). Write `_holdings`, and `_gamma` where a closed form exists.

    Formulas get the price of the base in the quote as an array (N,), strictly positive, and must
    not change it. Without `_gamma` it follows exactly, by automatic differentiation, as the
    derivative of the base held. Where the worth alone is known, derive from `PayoffPool`.

    Example:
        >>> from attrs import frozen
        >>> @frozen(kw_only=True)
        ... class Product(hc.PairPool):
        ...     kind = "product"
        ...     assets: tuple[str, str] = ("WETH", "USDC")
        ...     def _holdings(self, price):
        ...         return 10 / np.sqrt(price), 10 * np.sqrt(price)
        >>> float(Product().delta(4.0)), float(Product().gamma(4.0))
        (5.0, -0.625)

    """

    assets: tuple[str, str]

    def __attrs_post_init__(self) -> None:
        """Check that there are two names."""
        super().__attrs_post_init__()
        if len(self.assets) != PAIR:
            reason = f"needs the names of two assets, not {self.assets!r:.80}"
            raise SpecError(reason, kind=self.kind, field="assets")

    def _holdings(self, price: Any) -> tuple[Any, Any]:  # noqa: ARG002 - plugins need it
        """(base, quote) held at `price`."""
        wanted = "must define _holdings, or derive from PayoffPool and define _value"
        raise TypeError(f"{type(self).__name__} {wanted}")

    def _point(self, price: float) -> tuple[float, float, float]:
        """Base, quote and gamma at one float; write it where one call is cheaper than two."""
        held = self._holdings(price)
        return *held, self._gamma(price, held)

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002 - plugins may need them
        """Gamma d base/d price at `price`, base² per quote, (N,), given holdings (2, N)."""
        base, _ = self._holdings(variable(price, order=1))
        return derivatives(base, price.shape, 1, 1)[1][0]

    @cached_property
    def _evaluation(self) -> Evaluation:
        formulas = self._holdings, self._gamma, self._point
        made = PairEvaluation(self.kind, self._kernel, *formulas)
        made.fill_all, made.accepts_floats = self._fill, self.accepts_floats
        return made

    def _worth(self, market: Market) -> Array:
        base, quote = (market.price(asset) for asset in self.assets)
        with np.errstate(all="ignore"):
            price = base / quote
        return np.broadcast_to(quote * self.value(price), market.shape)[()]

    def _exposure(self, market: Market) -> Exposure:
        """Exposure at the market's exact ratio of prices, p + δ, not at p, the nearest.

        To first order the holdings there are x + γδ and y − pγδ (dy = −p dx along the curve). Near
        the edge of a range that half ulp of the price is all of the base that is left.
        """
        price, unit = (market.price(asset) for asset in self.assets)
        rest: Any = 0.0
        if unit.ndim or unit != 1.0:
            with np.errstate(all="ignore"):
                price, rest = divide_exact(price, unit)
        greeks = self.greeks(price)
        gamma = np.asarray(greeks.gamma)
        base, quote = np.moveaxis(greeks.holdings, -1, 0)
        if np.any(rest):
            moved = self._delta_rounding(gamma, rest, base, quote / price)
            base, quote = base + moved, quote - price * moved
        return in_numeraire(self.assets, (base, quote), gamma[None, None], market)

    def _delta_rounding(self, gamma: Array, rest: Array, base: Array, worth: Array) -> Array:
        """γδ: where the half ulp leads across an edge, up to where one asset is spent."""
        with np.errstate(all="ignore"):
            moved = np.where(np.isfinite(gamma * rest), gamma * rest, 0.0)
        if self.may_be_short:
            return moved
        low = np.where(base >= 0, -base, -np.inf)
        high = np.where(worth >= 0, np.nextafter(worth, 0), np.inf)
        return np.clip(moved, low, high)


class PairEvaluation(Evaluation):
    """Formulas of one price, on floats or arrays."""

    __slots__ = ("base_gamma", "both", "point")

    def __init__(
        self,
        kind: str,
        kernel: Callable[[], Kernel | None],
        both: Callable[[Any], Any],
        base_gamma: Callable[[Any, Any], Any],
        point: Callable[[float], tuple[Any, Any, Any]],
    ) -> None:
        super().__init__(kind, 1, kernel)
        self.both, self.base_gamma, self.point = both, base_gamma, point

    def at(self, price: Any) -> tuple[Any, Any, Any, Any] | None:
        """Value, delta, gamma and holdings at one price: a float's go the shortest way."""
        if self.accepts_floats and type(price) is float and 0.0 < price <= MOST:
            try:
                base, quote, bend = self.point(price)
                value = price * base + quote
                if isfinite(value) and bend == bend:  # noqa: PLR0124
                    float64, held = np.float64, np.array((base, quote), FLOAT64)
                    return float64(value), float64(base), float64(bend), held
            except UNSETTLED:
                return None
            except BaseException as error:  # noqa: BLE001 - raised again, in our terms
                raise_failure(self.kind, error)
        return super().at(price)

    @np.errstate(all="ignore")
    def by_arrays(self, prices: tuple[float, ...], order: int) -> Point | None:
        """Value, holdings and gamma at one price, by arrays of one."""
        price, (number,) = np.array(prices), prices
        price.setflags(0)  # type: ignore[call-arg, arg-type]  # `write`, at half the cost
        given = self.both(price)
        try:
            one, other = given
        except (TypeError, ValueError):
            return None
        held = base, quote = alone(one), alone(other)
        gamma = ((alone(self.base_gamma(price, column(held))),),) if order > 1 else ()
        return number * base + quote, held, gamma

    def holdings(self, prices: Any) -> Sequence[Any]:
        """Amounts of base and quote."""
        held: Sequence[Any] = self.both(prices[0])
        if not isinstance(held, SEQUENCES) or len(held) != PAIR:
            raise PluginError(f"{self.kind}: _holdings returned {held!r:.60}, not (base, quote)")
        return held

    def gamma(self, prices: Any, holdings: Any) -> Sequence[Sequence[Any]]:
        """Derivative of the base held, one row of one."""
        return ((self.base_gamma(prices[0], holdings),),)

    def value(self, prices: Any, holdings: Any) -> Any:
        """Worth in the quote, p x + y."""
        base, quote = holdings
        worth = prices[0] * base
        worth += quote
        return worth
