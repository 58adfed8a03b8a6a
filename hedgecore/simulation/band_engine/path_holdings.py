"""Holdings of many paths of a book that one price moves, and what their hedges paid and earned.

The hedge earns ``n·u·(S' − S)`` from one price to another, for n contracts of delta u. Its profit
telescopes: it is that of what is held at the end, all the way from the start, less what each order
has missed until then. So an order is booked once, with those of its frame, and nothing between.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """Paths that are outside at a step, (M,), and their orders.

    Attributes:
        path: among those of the frame.
        logs: log price over the start's.
        bought: contracts; 0 where nothing was.

    """

    path: Which
    logs: Array
    bought: Array


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
        sums = _sums(problem, [StepTrades(np.zeros(1, dtype=np.intp), logs, bought)], 1)
        return cls(
            problem=problem, quiet=quiet, orders=orders_of(problem), held=np.repeat(held, paths),
            since=np.zeros(paths), sums=np.repeat(sums, paths, axis=1),
            low=np.repeat(low, paths), high=np.repeat(high, paths),
        )  # fmt: skip

    def trade(self, first: int, logs: Array, which: Which) -> None:
        """Let the paths `which` trade wherever they are outside, and set their barriers.

        Args:
            first: the index of the frame's first step.
            logs: (K, n), of these paths alone.
            which: (n,), the paths.

        """
        problem, unit = self.problem, self.problem.unit
        held, since = self.held[which], self.since[which]
        low, high, looks = self.low[which], self.high[which], []
        for step, row in enumerate(logs, first):
            (out,) = ((row < low) | (row > high)).nonzero()
            if not out.size:
                continue
            there, before = row[out], held[out]
            bought = self.orders(problem, step, there, before, since[out])
            held[out] = after = before + bought
            low[out], high[out] = self.quiet.bounds(there, unit * after)
            looks.append(StepTrades(out, there, bought))
            if problem.rules.cooldown:  # nothing else asks when it was
                since[out[bought != 0]] = problem.times[step]
        self.held[which], self.since[which] = held, since
        self.low[which], self.high[which] = low, high
        if looks:
            self.sums[:, which] += _sums(problem, looks, len(which))

    def part(self, some: slice) -> PathHoldings:
        """Holdings of some of the paths."""
        return evolve(
            self, held=self.held[some], since=self.since[some], sums=self.sums[:, some],
            low=self.low[some], high=self.high[some],
        )  # fmt: skip

    def profit(self, logs: Array) -> Array:
        """Profit of the hedges up to the end, (N,), cash, before costs."""
        rise = self.problem.rise(logs)
        return np.asarray(self.problem.unit * (self.held * rise - self.sums[MISSED]))


def _sums(problem: OnePrice, looks: Sequence[StepTrades], paths: int) -> Array:
    """Sums over some looks, of each of `paths` paths, (5, paths)."""
    bought = np.concatenate([each.bought for each in looks])
    (some,) = bought.nonzero()
    if not some.size:
        return np.zeros((5, paths))
    path = np.concatenate([each.path for each in looks])[some]
    logs, bought = np.concatenate([each.logs for each in looks])[some], bought[some]
    order = problem.order(bought, problem.price(logs))
    each = np.zeros((5, len(some)))
    each[MISSED] = bought * problem.rise(logs)
    for cost in problem.costs:
        with blame(cost.kind):
            each[PAID[cost.column]] -= cost.cost(order)[:, 0]
    each[ORDERS], each[TURNOVER] = 1.0, order.cash[:, 0]
    return np.stack([np.bincount(path, weights=row, minlength=paths) for row in each])
