"""A book that one price moves, hedged by one instrument of constant delta: what its paths hold.

The hedge earns ``n·u·(S' − S)`` from one price to another, for n contracts of delta u, so that its
profit telescopes between trades: it is booked when a path is looked at, and at the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, frozen

from hedgecore.decisions.decide import decide
from hedgecore.decisions.memory import Memory
from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.decisions.problem import DecisionProblem, Places, total_delta
from hedgecore.decisions.rules import Rules
from hedgecore.errors import blame
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.hedging.solvers import LeastSquares
from hedgecore.interfaces.cost import AbstractCost, Trades
from hedgecore.interfaces.policy import Observation
from hedgecore.market import terms
from hedgecore.market.instrument import Instrument
from hedgecore.numerics.arrays import Array, read_only
from hedgecore.numerics.columns import repeat
from hedgecore.simulation.band_engine.delta_table import DeltaTable
from hedgecore.simulation.band_engine.march import Which
from hedgecore.simulation.band_engine.no_trade_region import NoTradeRegion

UNKNOWN = read_only(np.array(np.nan))


@frozen(eq=False, kw_only=True)
class OnePrice:
    """The book, its hedge, and when it is traded.

    Attributes:
        curve: the delta of what is hedged, by log price.
        instrument: what it is hedged with.
        unit: u, the delta of one contract, whatever the price.
        notional: of one contract, per price of the asset.
        charge: the venue's fee of one contract, likewise; NaN where unknown.
        rate: the proportional cost of trading; None where it is not the same at all prices.
        policy: when and how far.
        costs: of an order.
        times: (T + 1,), years.
        fewest: contracts of an order; None where it is not the same at all prices.
        rules: that the policy obeys.
        worth: of what is hedged, at the start.
        held: contracts held before the first decision.

    """

    curve: DeltaTable
    instrument: Instrument
    unit: float
    notional: float
    charge: float
    rate: float | None
    policy: AbstractBand
    costs: Sequence[AbstractCost]
    times: Array
    fewest: float | None
    rules: Rules
    worth: Array
    held: float = 0.0

    def price(self, logs: Array) -> Array:
        """Asset's price at log prices."""
        return np.asarray(self.curve.start.price(self.curve.asset) * np.exp(logs))

    def order(self, contracts: Array, price: Array) -> Trades:
        """Orders of `contracts`, (N,), at prices (N,)."""
        start, asset = self.curve.start, self.curve.asset
        shape = (len(price), 1)
        return Trades(
            instruments=(self.instrument,),
            contracts=contracts[:, None],
            notional=self.notional * price[:, None],
            charge=self.charge * price[:, None],
            market=start.with_prices({asset: price}, {}),
            vol=repeat(np.asarray(start.vols.get(asset, np.nan), dtype=np.float64), shape),
            volume=repeat(UNKNOWN, shape),
        )

    def rates(self, price: Array) -> Array:
        """Proportional cost of trading, (N,)."""
        if self.rate is not None:
            return repeat(np.array(self.rate), price.shape)
        none = self.order(np.zeros_like(price), price)
        return np.asarray(
            sum((cost.proportional_rate(none)[:, 0] for cost in self.costs), np.zeros_like(price))
        )

    def min_order(self, price: Array) -> Array:
        """Fewest contracts of an order, (N,)."""
        if self.fewest is not None:
            return repeat(np.array(self.fewest), price.shape)
        market = self.order(np.zeros_like(price), price).market
        return np.asarray(terms.min_order(self.instrument, market) + np.zeros_like(price))

    def moments(self, logs: Array, step: int, held: Array, since: Array) -> Observation:
        """Observation at a step and log prices (N,), with hedges of delta `held`.

        Args:
            logs: (N,).
            step: of the path.
            held: (N,), the delta of the hedge.
            since: (N,), when the last trade was, years. At which price, no band asks.

        """
        price, (delta, slope) = self.price(logs), self.curve(logs)
        vol = np.asarray(self.curve.start.vols.get(self.curve.asset, np.nan), dtype=np.float64)
        column = len(price), 1
        return Observation(
            step=np.asarray(step),
            time=self.times[step],
            dt=self.times[step] - self.times[max(step - 1, 0)],
            price=price[:, None],
            delta=total_delta(delta[:, None], [held[:, None]]),
            gamma=(slope / price)[:, None, None],
            vol=repeat(vol, column),
            cost=self.rates(price)[:, None],
            last_time=since,
            last_price=repeat(UNKNOWN, column),
            worth=self.worth,
        )

    def decision_problem(self, held: Array, now: Observation) -> DecisionProblem:
        """Decision problem of paths that hold so many contracts, (N,), where they are seen."""
        price, count = now.price[:, 0], len(held)
        fewest = np.zeros(1) if self.fewest == 0 else self.min_order(price)[:, None]
        return DecisionProblem(
            places=np.arange(count), question=_no_question, solver=LeastSquares(),
            delta=now.delta, held=held[:, None], unit_delta=np.full((count, 1, 1), self.unit),
            notional=self.notional * now.price, min_order=fewest, lots=(self.instrument.lot,),
            serves=((0,),), alone=np.ones((), dtype=np.bool_),
        )  # fmt: skip

    def edges(self, logs: Array) -> tuple[Array, Array]:
        """Edges of the band of the hedge's delta, at log prices (N,): no trade between them."""
        none = np.zeros_like(logs)
        now = self.moments(logs, 0, none, none)
        width, delta = self.policy.width(now)[:, 0], now.delta[:, 0]
        return -width - delta, width - delta


HELD, BOOKED, EARNED, COSTS, GAS, ORDERS, TURNOVER, TIME = range(8)
"""The columns of a row of `PathHoldings.state`: contracts; the price up to which the profit of
the hedge is booked, and that profit; costs and gas paid, negative; orders, and their cash; the time
of the last trade.
"""
COLUMNS = {"costs": COSTS, "gas": GAS}
ROW = np.dtype("V64")
"""A row as one thing, so that rows are put back whole: twice as fast as by index."""


@define(eq=False)
class PathHoldings:
    """Holdings of N paths and their sums so far; `Outside` for `march`.

    Attributes:
        problem: the book and its hedge.
        quiet: where nothing happens.
        state: (N, 8), a row for each path, so that it is one place in memory.
        low: (N,), the log price under which the path must be looked at.
        high: (N,), above which.

    """

    problem: OnePrice
    quiet: NoTradeRegion
    state: Array
    low: Array
    high: Array

    @classmethod
    def open(cls, problem: OnePrice, quiet: NoTradeRegion, paths: int) -> PathHoldings:
        """State after the trade at the start."""
        logs, state = np.zeros(1), np.zeros((1, 8))
        state[:, HELD] = problem.held
        now = problem.moments(logs, 0, problem.unit * state[:, HELD], np.zeros(1))
        state[:, BOOKED] = now.price[:, 0]
        _trade(problem, state, now, Memory(origin=0.0, worth=problem.worth))
        low, high = quiet.bounds(logs, problem.unit * state[:, HELD])
        return cls(
            problem, quiet, np.repeat(state, paths, axis=0), np.repeat(low, paths),
            np.repeat(high, paths),
        )  # fmt: skip

    def look(self, step: int, logs: Array, which: Which) -> None:
        """Book the hedge's profit, let the policy decide, and set the barriers anew."""
        problem, mine = self.problem, self.state.take(which, axis=0)
        now = problem.moments(logs, step, problem.unit * mine[:, HELD], mine[:, TIME])
        _book(problem, mine, now.price[:, 0])
        memory = Memory(
            origin=0.0, worth=problem.worth, last_time=mine[:, TIME], last_price=now.last_price
        )
        _trade(problem, mine, now, memory)
        np.put(self.state.view(ROW), which, mine.view(ROW))
        self.low[which], self.high[which] = self.quiet.bounds(logs, problem.unit * mine[:, HELD])

    def close(self, logs: Array) -> None:
        """Book the hedge's profit up to the end."""
        _book(self.problem, self.state, self.problem.price(logs))


def _book(problem: OnePrice, state: Array, price: Array) -> None:
    state[:, EARNED] += problem.unit * state[:, HELD] * (price - state[:, BOOKED])
    state[:, BOOKED] = price


def _trade(problem: OnePrice, state: Array, now: Observation, memory: Memory) -> None:
    """Trade what the policy decides, and pay for it."""
    here = problem.decision_problem(state[:, HELD], now)
    made = decide(here, problem.policy, problem.rules, now, memory)
    bought = made.trade[:, 0]
    order, traded = problem.order(bought, now.price[:, 0]), bought != 0
    for cost in problem.costs:
        with blame(cost.kind):
            state[:, COLUMNS[cost.column]] -= cost.cost(order)[:, 0]
    state[:, HELD] += bought
    state[:, ORDERS] += traded
    state[:, TURNOVER] += order.cash[:, 0]
    if problem.rules.cooldown:  # nothing else asks when it was
        state[traded, TIME] = now.time


def _no_question(places: Places) -> HedgeProblem:  # noqa: ARG001 - its trades are quotients
    raise AssertionError("one instrument that stands alone is no question for a solver")
