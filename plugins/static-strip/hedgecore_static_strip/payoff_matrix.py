"""Payoffs at expiry, in cash, of the options and the underlying that a strip is made of."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from hedgecore import OrderSizes
from hedgecore.numerics.ties import round_for_ties
from hedgecore_static_strip.payoff import Array

DIVIDED = 1e-9
"""Tolerance of a whole number of steps."""


@frozen(eq=False, kw_only=True)
class PayoffMatrix:
    """Instruments by their payoffs at the knots, between which all of them are linear.

    Attributes:
        names: of the k instruments, the underlying last.
        knots: the low end, the strikes, and the high end, ascending (m,).
        payoffs: of one contract of each at the knots, (m, k), in cash.
        strikes: which knot the strike of each option is, (k − 1,).
        puts: which of the options are puts, (k − 1,).
        lots: steps in which each trades, (k,), in contracts; 0 is any amount.
        least: the fewest contracts of one order, (k,).
        premiums: what one contract costs now, (k,), in cash.
        fees: what trading one contract costs, (k,), in cash.

    """

    names: tuple[str, ...]
    knots: Array
    payoffs: Array
    strikes: NDArray[np.intp]
    puts: NDArray[np.bool_]
    lots: Array
    least: Array
    premiums: Array
    fees: Array

    @property
    def slopes(self) -> Array:
        """The slope of each payoff between the knots, (m − 1, k)."""
        return np.asarray(np.diff(self.payoffs, axis=0) / np.diff(self.knots)[:, None])

    def pays(self, contracts: Array) -> Array:
        """Payoff of contracts (k,) at the knots, (m,), cash."""
        return np.asarray(self.payoffs @ contracts)

    def gross(self, contracts: Array) -> float:
        """Most that is added up in that."""
        return float(np.max(np.abs(self.payoffs) @ np.abs(contracts)))

    def at(self, prices: Array) -> Array:
        """Payoffs at prices (n,) between the first knot and the last: (n, k)."""
        columns = [np.interp(prices, self.knots, column) for column in self.payoffs.T]
        return np.stack(columns, axis=-1)

    def cost(self, contracts: Array) -> float:
        """Premium and the fees of so many contracts, in cash."""
        return float(self.premiums @ contracts + self.fees @ np.abs(contracts))

    def orderable(self, contracts: Array) -> Array:
        """Nearest amounts that can be ordered."""
        return OrderSizes(self.lots, self.least).nearest(contracts)

    @property
    def bends(self) -> Array:
        """Change of slope of each at the strike; of the underlying, the slope, (k,)."""
        slopes = self.slopes
        each = np.max(np.abs(np.diff(slopes[:, :-1], axis=0)), axis=0)
        return np.append(each, abs(slopes[0, -1]))

    @property
    def spare(self) -> NDArray[np.bool_]:
        """Options that another of their strike replaces lot by lot, with the underlying, (k,).

        Call and put of one strike differ by a line. Of each strike the cheapest to trade is kept.
        """
        steps, each = self.lots * self.bends, self.fees / self.bends
        spare = np.zeros(len(self.lots), dtype=bool)
        for strike in np.unique(self.strikes):
            alike = np.flatnonzero(self.strikes == strike)
            kept = alike[np.argmin(round_for_ties(each[alike]))]
            for i in alike[alike != kept]:
                spare[i] = _divides(steps[kept], steps[i]) and _divides(steps[-1], steps[i])
        return spare


def _divides(step: float, whole: float) -> bool:
    """Test of `whole` being a number of steps; a step of no size is of any."""
    if not step:
        return True
    count = whole / step
    return bool(count >= 1 - DIVIDED and abs(count - round(count)) <= DIVIDED)
