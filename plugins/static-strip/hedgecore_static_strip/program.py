"""The best strip over finitely many prices, as a program for HiGHS.

Amounts are deviations y, in steps of a unit, from a strip that is near already, so that what is
left is of the order of the error that is sought, and nothing large is subtracted:

    min e   such that   |r(s) + Σ C(s) y − c| ≤ e   at each price s,

with r what that strip leaves of the payoff and c a level. Beside y stand |x|, and, where the number
of options or least orders count, whether each is bought or sold. It is a relaxation of the same
over all prices: its bound stands for those too.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from scipy import optimize, sparse

from hedgecore_static_strip.payoff import Array
from hedgecore_static_strip.payoff_matrix import PayoffMatrix

Rows: TypeAlias = tuple[Any, Array, Array]
"""A sparse matrix, and between which its rows stay."""

COARSE = 1e-3
"""A lot is a whole number where it moves the payoff by this part of the error; else rounded."""
TIE = 1e-7
"""Least cost of a contract, of what it pays at most: of equal strips, the smaller."""
GAP, COST_GAP = 1e-6, 1e-3
"""Whole numbers are proven this close to the least error, and to the least cost."""
ENOUGH = 2.0
"""No instrument bends a strip more than so many times what all of the near one do together."""


@frozen(eq=False, kw_only=True)
class Limits:
    """Limits of a strip.

    Attributes:
        lots: whether orders are in lots, and of the least size.
        options: the most options to trade, None for any number.
        budget: the most that premium and fees may cost, in cash; None for any.

    """

    lots: bool = True
    options: int | None = None
    budget: float | None = None


@frozen(eq=False)
class ProgramAnswer:
    """Answer of a program: contracts, their error at its prices, and a bound."""

    contracts: Array | None
    error: float
    bound: float
    status: str
    nodes: int = 0


@frozen(eq=False)
class Program:
    """The choice of contracts from a matrix, near those of a reference."""

    matrix: PayoffMatrix
    limits: Limits
    reference: Array
    scale: float
    """The error that is of order 1, in cash."""

    def least_error(self, prices: Array, left: Array, max_nodes: int) -> ProgramAnswer:
        """Strip of the least error where the reference leaves `left` at `prices`."""
        k = len(self.reference)
        cost = np.zeros(4 * k + 2)
        cost[k + 1] = 1.0
        found = self._solve(cost, prices, left, np.inf, max_nodes)
        return evolve(found, bound=found.bound * self.scale)

    def least_cost(self, prices: Array, left: Array, error: float, max_nodes: int) -> ProgramAnswer:
        """Cheapest to trade of the strips with no more than `error`; bounds its cost."""
        k = len(self.reference)
        each = (self.matrix.fees + TIE * np.max(np.abs(self.matrix.payoffs), axis=0)) * self._unit
        size = float(np.max(each)) or 1.0
        cost = np.concatenate([np.zeros(k + 2), each / size, np.zeros(2 * k)])
        found = self._solve(cost, prices, left, error / self.scale, max_nodes)
        return evolve(found, bound=found.bound * size)

    def relax(self) -> Program:
        """Same without whole numbers."""
        free = Limits(lots=False, options=None, budget=self.limits.budget)
        return Program(self.matrix, free, self.reference, self.scale)

    @property
    def counted(self) -> bool:
        """True where whole numbers enter."""
        return bool(self._whole.any() or self._has_switch.any())

    @property
    def _reach(self) -> Array:
        """The most that one contract of each pays, (k,)."""
        reach = np.ptp(self.matrix.payoffs, axis=0)
        return np.where(reach > 0, reach, 1.0)

    @property
    def _whole(self) -> NDArray[np.bool_]:
        coarse = self.matrix.lots * self._reach > COARSE * self.scale
        return np.asarray(coarse & self.limits.lots)

    @property
    def _small(self) -> NDArray[np.bool_]:
        """Instruments with a least order beyond a step, (k,)."""
        least = self.matrix.least > self.matrix.lots * (1 + 1e-9)
        felt = self.matrix.least * self._reach > COARSE * self.scale
        return np.asarray(least & felt & self.limits.lots)

    @property
    def _has_switch(self) -> NDArray[np.bool_]:
        """Contracts of which it counts whether they are traded at all, (k,)."""
        return np.full(len(self.reference), self.limits.options is not None or self._small.any())

    @property
    def _any_does(self) -> bool:
        """True where nothing counts or costs the options of one strike."""
        return self.limits.budget is None and not self._has_switch.any()

    @property
    def _unit(self) -> Array:
        return np.where(self._whole, self.matrix.lots, self.scale / self._reach)

    def _solve(
        self, cost: Array, prices: Array, left: Array, most: float, max_nodes: int
    ) -> ProgramAnswer:
        k, unit = len(self.reference), self._unit
        rows = [*self._errors(prices, left), *self._sizes(), *self._counts(), *self._budget()]
        free = np.full(k, np.inf)
        upper = np.concatenate([free, [np.inf, most], free, np.ones(2 * k)])
        lower = np.concatenate([-free, [-np.inf, 0.0], np.zeros(3 * k)])
        gap = GAP if np.isinf(most) else COST_GAP
        if np.isinf(most) and self._any_does:
            lower[:k] = np.where(self.matrix.spare, -self.reference / unit, lower[:k])
            upper[:k] = np.where(self.matrix.spare, -self.reference / unit, upper[:k])
        switches = np.tile(self._has_switch, 2)
        whole = np.concatenate([self._whole, [False, False], np.zeros(k), switches])
        found = optimize.milp(
            cost,
            integrality=whole.astype(int),
            bounds=optimize.Bounds(lower, upper),
            constraints=[optimize.LinearConstraint(*row) for row in rows],
            options={"node_limit": max(max_nodes, 1), "mip_rel_gap": gap},
        )
        nodes = found.mip_node_count or 0
        if found.x is None:
            spent = "no answer within `max_nodes`"
            status = spent if nodes >= max_nodes else str(found.message)
            return ProgramAnswer(None, np.inf, -np.inf, status, nodes)
        bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
        y = np.where(self._whole, np.round(found.x[:k]), found.x[:k])
        traded = np.round(found.x[2 * k + 2 : 3 * k + 2] + found.x[3 * k + 2 :]) > 0
        x = self._tidy(np.where(traded | ~self._has_switch, self.reference + unit * y, 0.0))
        return ProgramAnswer(x, float(found.x[k + 1]) * self.scale, float(bound), "found", nodes)

    def _tidy(self, contracts: Array) -> Array:
        small = np.abs(contracts) * self._reach < 1e-9 * self.scale
        x = np.where(small, 0.0, contracts)
        return self.matrix.orderable(x) if self.limits.lots else x

    def _errors(self, prices: Array, left: Array) -> list[Rows]:
        k, n = len(self.reference), len(prices)
        columns = self.matrix.at(prices) * self._unit / self.scale
        one, none, left = np.ones((n, 1)), np.zeros((n, 3 * k)), left / self.scale
        above = sparse.csr_array(np.hstack([columns, -one, -one, none]))
        below = sparse.csr_array(np.hstack([columns, -one, one, none]))
        free = np.full(n, np.inf)
        return [(above, -free, -left), (below, -left, free)]

    def _sizes(self) -> list[Rows]:
        """Rows of |x| ≥ x and |x| ≥ −x, in units."""
        k, held = len(self.reference), self.reference / self._unit
        eye, gap, none = np.eye(k), np.zeros((k, 2)), np.zeros((k, 2 * k))
        free = np.full(k, np.inf)
        over = sparse.csr_array(np.hstack([-eye, gap, eye, none]))
        under = sparse.csr_array(np.hstack([eye, gap, eye, none]))
        return [(over, held, free), (under, -held, free)]

    def _counts(self) -> list[Rows]:
        """Rows of what is bought or sold at all: x ≤ most · bought − least · sold."""
        if not self._has_switch.any():
            return []
        k, held = len(self.reference), self.reference / self._unit
        least = np.where(self._small, self.matrix.least, 0.0) / self._unit
        most = self._enough / self._unit + least
        eye, gap, none = np.eye(k), np.zeros((k, 2)), np.zeros((k, k))
        high = np.hstack([eye, gap, none, -np.diag(most), np.diag(least)])
        low = np.hstack([eye, gap, none, -np.diag(least), np.diag(most)])
        either = np.hstack([np.zeros((k, 2 * k + 2)), eye, eye])
        free = np.full(k, np.inf)
        rows = [
            (sparse.csr_array(high), -free, -held),
            (sparse.csr_array(low), -held, free),
            (sparse.csr_array(either), -free, np.ones(k)),
        ]
        if self.limits.options is not None:
            each = np.append(np.ones(k - 1), 0.0)
            count = np.concatenate([np.zeros(2 * k + 2), each, each])
            rows.append(_at_most(count, float(self.limits.options)))
        return rows

    @property
    def _enough(self) -> Array:
        """More contracts of each than any strip that is near has reason to hold, (k,)."""
        bends = self.matrix.bends
        total = np.abs(self.reference) @ bends
        return np.asarray(ENOUGH * total / bends + self.matrix.lots)

    def _budget(self) -> list[Rows]:
        if self.limits.budget is None:
            return []
        k, premiums, fees = len(self.reference), self.matrix.premiums, self.matrix.fees
        row = np.concatenate([premiums * self._unit, [0, 0], fees * self._unit, np.zeros(2 * k)])
        size = float(np.max(np.abs(row))) or 1.0
        room = self.limits.budget - float(premiums @ self.reference)
        return [_at_most(row / size, room / size)]


def _at_most(row: Array, most: float) -> Rows:
    return sparse.csr_array(row[None]), np.array([-np.inf]), np.array([most])
