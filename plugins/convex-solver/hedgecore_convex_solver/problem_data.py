"""Problem in plain numbers: everything in contracts and in cash, nothing scaled.

It is what an answer is judged by (`truth`), and what the scaled program is made from (`assemble`).
With x the contracts traded, h = start + x, and N the notional of one contract:

    rows       low ≤ now + A x ≤ high, hard where price is infinite, else price · distance
    cost       Σ rate|x| + impact (N|x|)^1.5 + fixed [x ≠ 0]
    linear     linear·x, the weighted carry that is forgone
    squares    ½‖F x + f‖², variance and the mean square over scenarios
    losses     worst · max(−(t + J x)), and tails · CVaR(−(t + J x))
    limits     position low ≤ h ≤ high;  caps C|h| ≤ cap;  orders, lots and minimum sizes of x
    margin    Σ m_i(h_i) ≤ budget, each m from below by its tangents
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from hedgecore_convex_solver.margin_cuts import MarginCuts

Array: TypeAlias = NDArray[np.float64]


@frozen(eq=False, kw_only=True)
class Rows:
    """Greeks in cash, (r,) each and the matrix (r, k); `price` is infinite where one is to be met.

    One that is `hard` yields to no limit.
    """

    labels: tuple[str, ...]
    matrix: Array
    now: Array
    low: Array
    high: Array
    price: Array
    hard: NDArray[np.bool_]

    @property
    def equal(self) -> NDArray[np.bool_]:
        """Rows that are to have one value, (r,)."""
        return np.equal(self.low, self.high)

    def beyond(self, x: Array) -> Array:
        """Distance of each row from its bounds, (r,), cash."""
        value = self.now + self.matrix @ x
        return np.asarray(np.maximum(0.0, np.maximum(self.low - value, value - self.high)))

    def gross(self, x: Array) -> Array:
        """Sum of the sizes of all that enters each row: what its rounding is of."""
        ends = [np.where(np.isfinite(end), np.abs(end), 0.0) for end in (self.low, self.high)]
        return np.asarray(np.abs(self.now) + np.abs(self.matrix) @ np.abs(x) + np.maximum(*ends))


@frozen(eq=False, kw_only=True)
class Trading:
    """Trading costs, (k,) each: cash per contract, per √cash of impact, and per order."""

    rate: Array
    impact: Array
    fixed: Array


@frozen(eq=False, kw_only=True)
class Risk:
    """Risk of the worth: F (s, k) and f (s,); J (S, k) and t (S,), with their weights.

    `spread` (n, k + 1) is a root of the covariance times the cash deltas, of one contract of each
    and of the target: the standard deviation is the norm of what they add up to.
    """

    factor: Array
    offset: Array
    spread: Array
    profit: Array
    own: Array
    worst: float
    tails: float
    level: float

    def losses(self, x: Array) -> Array:
        """Loss in each scenario, (S,)."""
        return -(self.own + self.profit @ x)

    def deviation(self, x: Array) -> float:
        """Standard deviation of the worth, in cash, over the covariance's horizon."""
        return float(np.linalg.norm(self.spread[:, :-1] @ x + self.spread[:, -1]))


@frozen(eq=False, kw_only=True)
class Limits:
    """Limits of positions, in contracts and in cash; and of orders, in contracts."""

    low: Array
    high: Array
    caps: Array
    cap: Array
    labels: tuple[str, ...]
    orders: int | None
    lot: Array
    least: Array


@frozen(eq=False, kw_only=True)
class ProblemData:
    """Data of a convex problem in k instruments."""

    names: tuple[str, ...]
    notional: Array
    start: Array
    rows: Rows
    trading: Trading
    carry: Array
    linear: Array
    risk: Risk
    limits: Limits
    margin: MarginCuts | None = None

    @property
    def has_integers(self) -> bool:
        """True where whole numbers enter."""
        limits, fixed = self.limits, self.trading.fixed
        return bool(limits.orders is not None or np.any(limits.lot + limits.least + fixed > 0))

    def relaxation(self) -> ProblemData:
        """Problem with any amount in any number of orders: its relaxation."""
        none = np.zeros(len(self.names))
        limits = evolve(self.limits, orders=None, lot=none, least=none)
        return evolve(self, limits=limits, trading=evolve(self.trading, fixed=none))

    def price_residuals(self, worth: Mapping[str, float]) -> ProblemData:
        """Problem with a price on what steps leave of the rows that want one value.

        Ten times what a unit of cash of the row is worth in any amounts, ten times what the
        cheapest instrument asks to move it by that, and at least 1: so that nothing is left that
        can be had, and nothing else is worth leaving it for.

        Args:
            worth: label → what a unit of the row is worth where any amount can be traded.

        """
        steps = (self.limits.lot > 0) | (self.limits.least > 0)
        if not steps.any() and self.limits.orders is None:
            return self
        cost = self.trading.rate
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(self.rows.matrix != 0, cost / np.abs(self.rows.matrix), np.inf)
        least = np.min(each, axis=1, initial=np.inf)
        moving = np.where(np.isfinite(least), least, 0.0)
        known = np.array([worth.get(label, 0.0) for label in self.rows.labels])
        price = np.maximum(1.0, 10 * np.maximum(moving, known))
        hard = np.isinf(self.rows.price) & self.rows.equal
        return evolve(self, rows=evolve(self.rows, price=np.where(hard, price, self.rows.price)))
