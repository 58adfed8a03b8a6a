"""PayoffPool: two assets, and the worth alone, from which holdings and gamma follow."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from hedgecore.numerics.jet import derivatives, variable
from hedgecore.pools.evaluation import Evaluation, Point
from hedgecore.pools.formulas import alone, column
from hedgecore.pools.kernel import Kernel
from hedgecore.pools.pair import PairEvaluation, PairPool


class PayoffPool(PairPool):
    """A pool of (base, quote) by its payoff V(p). Write `_value` alone.

    Holdings are ``x = V'`` and ``y = V − pV'``, gamma is ``V''``, exactly, by automatic
    differentiation; or write `_delta`, which is V', and `_gamma`, where closed forms exist. The
    formulas get the price of the base in the quote as an array (N,), strictly positive, and must
    not change it. At a kink the derivative is the one to the right.

    Example:
        >>> from attrs import frozen
        >>> @frozen(kw_only=True)
        ... class Product(hc.PayoffPool):
        ...     kind = "product"
        ...     assets: tuple[str, str] = ("WETH", "USDC")
        ...     def _value(self, price):
        ...         return 20 * np.sqrt(price)
        >>> float(Product().delta(4.0)), float(Product().gamma(4.0))
        (5.0, -0.625)

    """

    def _value(self, price: Any) -> Any:  # noqa: ARG002 - plugins need it
        """Worth in the quote asset at `price`, (N,)."""
        raise TypeError(f"{type(self).__name__} must define _value")

    def _delta(self, price: Any) -> Any:
        """Slope of the worth V', (N,): the base held."""
        return derivatives(self._value(variable(price, order=1)), price.shape, 1, 1)[1][0]

    def _holdings(self, price: Any) -> tuple[Any, Any]:
        base = self._delta(price)
        return base, self._value(price) - price * base

    def _gamma(self, price: Any, holdings: Any) -> Any:  # noqa: ARG002 - the payoff says all
        payoff = self._value(variable(price, order=2))
        return derivatives(payoff, price.shape, 1, 2)[2][0, 0]

    @cached_property
    def _evaluation(self) -> Evaluation:
        formulas = self._holdings, self._gamma, self._point
        made = PayoffEvaluation(self.kind, self._kernel, *formulas, payoff=self._value)
        made.accepts_floats = self.accepts_floats
        return made


class PayoffEvaluation(PairEvaluation):
    """Formulas of one price, the worth by the payoff itself."""

    __slots__ = ("payoff",)

    def __init__(
        self,
        kind: str,
        kernel: Callable[[], Kernel | None],
        both: Callable[[Any], Any],
        base_gamma: Callable[[Any, Any], Any],
        point: Callable[[float], tuple[Any, Any, Any]],
        *,
        payoff: Callable[[Any], Any],
    ) -> None:
        super().__init__(kind, kernel, both, base_gamma, point)
        self.payoff = payoff

    def at(self, price: Any) -> tuple[Any, Any, Any, Any] | None:
        """Value, delta, gamma and holdings at one price, the worth by the payoff."""
        return Evaluation.at(self, price)

    @np.errstate(all="ignore")
    def by_arrays(self, prices: tuple[float, ...], order: int) -> Point | None:
        """Value, holdings and gamma at one price, the worth by the payoff."""
        point = super().by_arrays(prices, order)
        return point and (alone(self.payoff(column(prices)[0])), *point[1:])

    def value(self, prices: Any, holdings: Any) -> Any:  # noqa: ARG002 - the payoff says all
        """Worth in the quote, V(p)."""
        return self.payoff(prices[0])
