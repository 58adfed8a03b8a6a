"""The strip with the least guaranteed error over all prices of a range, by exchange.

A program sees finitely many prices. Its answer is bounded over all of them, the worst price of each
interval joins those that the program sees, and so on until the two errors agree (Remez). What is
returned has the error that was bounded, and a bound of what any strip can do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from math import ceil
from typing import TypeAlias

import numpy as np
from attrs import evolve, frozen

from hedgecore_static_strip.bound import Band, band
from hedgecore_static_strip.payoff import Array, Payoff
from hedgecore_static_strip.payoff_matrix import PayoffMatrix
from hedgecore_static_strip.program import Limits, Program, ProgramAnswer

Ask: TypeAlias = Callable[[Array, Array, int], ProgramAnswer]
"""Solver for prices and what is left there, in so many nodes."""
PART = 0.8
"""Of the nodes that are left, the part that one program may take."""
INSIDE = 7
"""Prices within each interval to begin with."""
ROUNDS = 12
ROUGH = 0.01
"""With whole numbers the least error is hardly below this part of that of a rounded strip."""
AGREED = 1e-7
"""An exchange ends where the error that is bounded exceeds the program's by this part of it."""


@frozen(eq=False)
class ExchangeAnswer:
    """Contracts with their band; `bound`: what the objective is at least, whatever the strip."""

    contracts: Array
    band: Band
    bound: float


@frozen(eq=False, slots=False)
class Exchange:
    """A payoff, a matrix, limits, a strip that is near, and the most nodes to take."""

    payoff: Payoff
    matrix: PayoffMatrix
    limits: Limits
    near: Array
    max_nodes: int

    def least_error(self) -> ExchangeAnswer | str:
        """Strip of the least error, or why there is none."""
        program, prices = self._program, self._start
        if program.counted:  # where the whole numbers will look, found without them
            prices, _ = self._exchange(program.relax().least_error, prices, lambda a: a.band.half)
        _, found = self._exchange(program.least_error, prices, lambda a: a.band.half)
        return found

    def least_cost(self, error: float) -> ExchangeAnswer | str:
        """Cheapest to trade with no more than `error`, or why there is none."""
        program = self._program

        def asked(its: Program) -> Ask:
            def ask(prices: Array, left: Array, max_nodes: int) -> ProgramAnswer:
                return its.least_cost(prices, left, error * (1 - AGREED), max_nodes)

            return ask

        def over(its: ExchangeAnswer) -> float:
            return max(0.0, its.band.half - error)

        prices = self._start
        if program.counted:
            prices, _ = self._exchange(asked(program.relax()), prices, over)
        _, found = self._exchange(asked(program), prices, over)
        if isinstance(found, ExchangeAnswer) and found.band.half > error:
            return "no strip was found within `max_nodes`"
        return found

    def bounded(self, contracts: Array) -> Band:
        """Band of the payoff with so many contracts."""
        pays, gross = self.matrix.pays(contracts), self.matrix.gross(contracts)
        return band(self.payoff, self.matrix.knots, pays, gross)

    @property
    def _near(self) -> Array:
        """The strip that is near, as it can be ordered."""
        return self.matrix.orderable(self.near) if self.limits.lots else self.near

    @cached_property
    def _program(self) -> Program:
        scale = max(self.bounded(self.near).half, ROUGH * self.bounded(self._near).half)
        return Program(self.matrix, self.limits, self._near, scale)

    @cached_property
    def _start(self) -> Array:
        first, last = self.matrix.knots[[0, -1]]
        inside = [price for price in self.payoff.breaks if first < price < last]
        edges = np.union1d(self.matrix.knots, inside)
        parts = np.linspace(0.0, 1.0, INSIDE + 2)[:-1]
        return np.append((edges[:-1, None] + np.diff(edges)[:, None] * parts).ravel(), last)

    def _exchange(
        self,
        ask: Ask,
        prices: Array,
        score: Callable[[ExchangeAnswer], float],
    ) -> tuple[Array, ExchangeAnswer | str]:
        """Prices that were looked at, and the answer of the least score."""
        best, bound, nodes = None, -np.inf, 0
        knots, held = self.matrix.knots, self.matrix.pays(self._near)
        for _ in range(ROUNDS):
            left = self.payoff.value(prices) + np.interp(prices, knots, held)
            found = ask(prices, left, ceil(PART * (self.max_nodes - nodes)))
            nodes += found.nodes
            if found.contracts is None:
                return prices, best or found.status
            bound = max(bound, found.bound)
            answer = ExchangeAnswer(found.contracts, self.bounded(found.contracts), bound)
            best = min([best or answer, answer], key=score)
            best = evolve(best, bound=bound)
            over = answer.band.half - found.error
            if over <= AGREED * answer.band.half or nodes >= self.max_nodes:
                break
            prices = np.union1d(prices, self._worst(answer.band))
        return prices, best or "no nodes"

    def _worst(self, of: Band) -> Array:
        """Prices of the greatest and the least sum between each two knots."""
        cell = np.clip(np.searchsorted(self.matrix.knots, of.prices) - 1, 0, None)
        inside = [np.flatnonzero(cell == each) for each in np.unique(cell)]
        worst = [which[pick(of.sums[which])] for which in inside for pick in (np.argmax, np.argmin)]
        return of.prices[worst]
