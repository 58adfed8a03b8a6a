"""Holdings of many paths of a book that one price moves, and what their hedges paid and earned.

The hedge earns ``n·u·(S' − S)`` from one price to another, for n contracts of delta u. Its profit
telescopes: it is that of what is held at the end, all the way from the start, less what each order
has missed until then. So an order is booked once, with those of its frame, and nothing between.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from attrs import define, evolve

from hedgecore.errors import blame
from hedgecore.numerics.arrays import Array
from hedgecore.simulation.band_engine.march import Which
from hedgecore.simulation.band_engine.no_trade_region import NoTradeRegion
from hedgecore.simulation.band_engine.one_price import OnePrice
from hedgecore.simulation.band_engine.path_orders import StepOrders, opening_order, orders_of

MISSED, COSTS, GAS, ORDERS, TURNOVER = range(5)
"""Rows of `PathHoldings.sums`: what orders missed, contracts times the price above that at the
start; costs and gas paid, negative; orders, and their cash.
"""
PAID = {"costs": COSTS, "gas": GAS}


class StepTrades(NamedTuple):
    """Orders at a step, (M,).

    Attributes:
        path: among those of the frame.
        logs: log price over the start's.
        bought: contracts.

    """

    path: Which
    logs: Array
    bought: Array

    @classmethod
    def of(cls, path: Which, logs: Array, bought: Array) -> StepTrades:
        """Trades of paths of which some may have bought nothing."""
        (some,) = bought.nonzero()
        if some.size == bought.size:
            return cls(path, logs, bought)
        return cls(path[some], logs[some], bought[some])

    @classmethod
    def concatenate(cls, steps: Iterable[StepTrades]) -> StepTrades:
        """Orders of some steps, one after another."""
        path, logs, bought = zip(_NONE, *steps, strict=True)
        return cls(np.concatenate(path), np.concatenate(logs), np.concatenate(bought))


_NONE = StepTrades(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))


@define(eq=False, kw_only=True)
class PathHoldings:
    """Holdings of N paths and their sums so far; `Outside` for `march`.

    Attributes:
        problem: the book and its hedge.
        quiet: where nothing happens.
        orders: what paths that are looked at buy.
        held: (N,), contracts.
        since: (N,), when the last trade was, years.
        sums: (5, N).
        low: (N,), the log price under which the path must be looked at.
        high: (N,), above which.

    """

    problem: OnePrice
    quiet: NoTradeRegion
    orders: StepOrders
    held: Array
    since: Array
    sums: Array
    low: Array
    high: Array

    @classmethod
    def open(cls, problem: OnePrice, quiet: NoTradeRegion, paths: int) -> PathHoldings:
        """Holdings after the trade at the start."""
        logs, before = np.zeros(1), np.array([problem.held])
        bought = opening_order(problem, before)
        held = before + bought
        low, high = quiet.bounds(logs, problem.unit * held)
        one = cls(
            problem=problem, quiet=quiet, orders=orders_of(problem), held=held,
            since=np.zeros(1), sums=np.zeros((5, 1)), low=low, high=high,
        )  # fmt: skip
        first = np.zeros(1, dtype=np.intp)
        one._book(StepTrades.of(first, logs, bought), first)
        return one.part(np.repeat(first, paths))

    def trade(self, first: int, logs: Array, which: Which) -> None:
        """Let the paths `which` trade wherever they are outside, and set their barriers.

        Args:
            first: the index of the frame's first step.
            logs: (K, n), of these paths alone.
            which: (n,), the paths.

        """
        self._book(StepTrades.concatenate(self._step_trades(first, logs, which)), which)

    def _step_trades(self, first: int, logs: Array, which: Which) -> list[StepTrades]:
        """Orders at each step of a frame."""
        problem, unit, trades = self.problem, self.problem.unit, []
        held, since = self.held[which], self.since[which]
        low, high = self.low[which], self.high[which]
        for step, row in enumerate(logs, first):
            (out,) = ((row < low) | (row > high)).nonzero()
            if not out.size:
                continue
            there, before = row[out], held[out]
            bought = self.orders(problem, step, there, before, since[out])
            held[out] = after = before + bought
            low[out], high[out] = self.quiet.bounds(there, unit * after)
            trades.append(StepTrades.of(out, there, bought))
            if problem.rules.cooldown:  # nothing else asks when it was
                since[out[bought != 0]] = problem.times[step]
        self.held[which], self.since[which] = held, since
        self.low[which], self.high[which] = low, high
        return trades

    def part(self, some: slice | Which) -> PathHoldings:
        """Holdings of some of the paths."""
        return evolve(
            self, held=self.held[some], since=self.since[some], sums=self.sums[:, some],
            low=self.low[some], high=self.high[some],
        )  # fmt: skip

    def profit(self, logs: Array) -> Array:
        """Profit of the hedges up to the end, (N,), cash, before costs."""
        rise = self.problem.rise(logs)
        return np.asarray(self.problem.unit * (self.held * rise - self.sums[MISSED]))

    def _book(self, trades: StepTrades, which: Which) -> None:
        """Add up the orders of a frame, of the paths `which`."""
        problem, (path, logs, bought) = self.problem, trades
        if not bought.size:
            return
        order = problem.order(bought, problem.price(logs))
        self._add(which, path, MISSED, bought * problem.rise(logs))
        self._add(which, path, ORDERS, None)
        self._add(which, path, TURNOVER, order.cash[:, 0])
        for cost in problem.costs:
            with blame(cost.kind):
                self._add(which, path, PAID[cost.column], -cost.cost(order)[:, 0])

    def _add(self, which: Which, path: Which, row: int, amounts: Array | None) -> None:
        """Add amounts, or one each, to a row of sums: of each path, in the order of the steps."""
        self.sums[row, which] += np.bincount(path, amounts, minlength=len(which))
