"""From the data in cash to a scaled program, a block for each of its parts."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore_convex_solver.lot_constraints import add_orders
from hedgecore_convex_solver.margin_cuts import LABEL
from hedgecore_convex_solver.problem_data import Array, ProblemData
from hedgecore_convex_solver.program import Program
from hedgecore_convex_solver.program_builder import Builder
from hedgecore_convex_solver.scaling import contracts

BOX = 1e3
"""Trades are sought up to so many times what is of order 1 (with whole numbers, `BOX_COUNTED`)."""
BOX_COUNTED = 50.0


@frozen(eq=False)
class Context:
    """Shared state of the blocks: builder, problem, units, and where |x| and |h| stand."""

    builder: Builder
    data: ProblemData
    unit: Array
    traded: int
    held: int


def assemble(data: ProblemData) -> Program:
    """Scaled program of a data."""
    unit = contracts(data)
    builder = Builder(len(unit), BOX_COUNTED if data.has_integers else BOX)
    traded = _sizes(builder, np.zeros_like(unit))
    start = data.start / unit
    held = _sizes(builder, start) if start.any() and len(data.limits.cap) else traded
    frame = Context(builder, data, unit, traded, held)
    for add in (_rows, _costs, _limits, _deposit, _squares, _worst, _tail):
        add(frame)
    if data.has_integers:
        add_orders(builder, data, unit, BOX_COUNTED)
    return builder.program(unit)


def _sizes(builder: Builder, start: Array) -> int:
    """Add the sizes of start + y, and return where they stand."""
    k = len(start)
    at = builder.add_variables(lambda z: np.abs(start + z[:k]), k, -np.inf, np.inf)
    one = np.ones(k)
    builder.add_rows([(at, one), (0, -one)], start, np.inf)
    builder.add_rows([(at, one), (0, one)], -start, np.inf)
    return at


def _rows(frame: Context) -> None:
    """Add the Greeks: hard ones as rows, the others with a variable for what is left."""
    rows, builder = frame.data.rows, frame.builder
    matrix = rows.matrix * frame.unit
    size = np.max(np.abs(matrix), axis=1, initial=0.0)
    size = np.where(size > 0, size, np.maximum(np.abs(rows.now), 1.0))
    matrix, low, high = matrix / size[:, None], (rows.low - rows.now) / size, rows.high - rows.now
    high = high / size
    hard, soft = np.isinf(rows.price), np.isfinite(rows.price) & (rows.price > 0)
    labels = [rows.labels[i] for i in np.flatnonzero(hard)]
    builder.add_rows(
        [(0, matrix[hard])],
        low[hard],
        high[hard],
        labels=labels,
        unit=size[hard],
        origin=rows.now[hard],
    )
    _add_slack(builder, matrix[soft], low[soft], high[soft], (rows.price * size)[soft])


def _add_slack(builder: Builder, matrix: Array, low: Array, high: Array, price: Array) -> None:
    """Add the distance of each row from its bounds, at a price."""
    m, k = matrix.shape

    def lift(z: Array) -> Array:
        value = matrix @ z[:k]
        return np.asarray(np.maximum(0.0, np.maximum(low - value, value - high)))

    at, one = builder.add_variables(lift, m, 0.0, np.inf), np.ones(m)
    builder.add_rows([(at, one), (0, matrix)], low, np.inf)
    builder.add_rows([(at, one), (0, -matrix)], -high, np.inf)
    builder.add_cost(at, price)


def _costs(frame: Context) -> None:
    data, builder, costs = frame.data, frame.builder, frame.data.trading
    cash = data.notional * frame.unit
    builder.add_cost(frame.traded, costs.rate * frame.unit)
    builder.add_cost(0, data.linear * frame.unit)
    builder.add_power(frame.traded, costs.impact * cash**1.5)


def _limits(frame: Context) -> None:
    limits, unit, builder = frame.data.limits, frame.unit, frame.builder
    there = np.isfinite(limits.low) | np.isfinite(limits.high)
    start, ends = frame.data.start, (limits.low, limits.high)
    low, high = (((end - start) / unit)[there] for end in ends)
    labels = [f"position of {frame.data.names[i]}" for i in np.flatnonzero(there)]
    builder.add_rows(
        [(0, np.eye(len(unit))[there])],
        low,
        high,
        labels=labels,
        unit=unit[there],
        origin=start[there],
    )
    caps = limits.caps * unit
    size = np.max(np.abs(caps), axis=1, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    blocks = [(frame.held, caps / size[:, None])]
    builder.add_rows(blocks, -np.inf, limits.cap / size, labels=list(limits.labels), unit=size)


def _deposit(frame: Context) -> None:
    """Add the margin v of each position, above its tangents, and their sum within the budget."""
    needs, builder = frame.data.margin, frame.builder
    if needs is None:
        return
    start, unit, k = frame.data.start, frame.unit, len(frame.unit)
    at = builder.add_variables(
        lambda z: needs.least_margin(start + z[:k] * unit) / needs.budget, k, 0.0, np.inf
    )
    rise = np.zeros((len(needs.which), k))
    rise[np.arange(len(needs.which)), needs.which] = 1.0
    slope = rise * (needs.slope[:, None] * unit / needs.budget)
    low = (needs.slope * start[needs.which] - needs.less) / needs.budget
    builder.add_rows([(at, rise), (0, -slope)], low, np.inf)
    total = np.ones((1, k))
    builder.add_rows([(at, total)], -np.inf, 1.0, labels=[LABEL], unit=needs.budget)


def _squares(frame: Context) -> None:
    risk = frame.data.risk
    if len(risk.offset):
        frame.builder.squares.append(([(0, risk.factor * frame.unit)], risk.offset))


def _worst(frame: Context) -> None:
    """Add the worst loss v ≥ −(t + J x) in every scenario."""
    risk, builder = frame.data.risk, frame.builder
    if not risk.worst:
        return
    profit, own, size = _scenarios(frame)

    def lift(z: Array) -> Array:
        return np.array([np.max(-own - profit @ z[: profit.shape[1]])])

    at = builder.add_variables(lift, 1, -np.inf, np.inf)
    builder.add_rows([(at, np.ones((len(own), 1))), (0, profit)], -own, np.inf)
    builder.add_cost(at, np.array([risk.worst * size]))


def _tail(frame: Context) -> None:
    """Add CVaR: the least of α + mean(loss − α)⁺ / (1 − level) (Rockafellar, Uryasev 2000)."""
    risk, builder = frame.data.risk, frame.builder
    if not risk.tails:
        return
    profit, own, size = _scenarios(frame)
    count, k = profit.shape

    def quantile(z: Array) -> Array:
        losses = np.sort(-own - profit @ z[:k])
        return losses[[max(0, int(np.ceil(risk.level * count - 1e-9)) - 1)]]

    at = builder.add_variables(quantile, 1, -np.inf, np.inf)
    over = builder.add_variables(
        lambda z: np.maximum(0.0, -own - profit @ z[:k] - z[at]), count, 0.0, np.inf
    )
    one = np.ones(count)
    builder.add_rows([(over, one), (at, one[:, None]), (0, profit)], -own, np.inf)
    weight = risk.tails * size
    builder.add_cost(at, np.array([weight]))
    builder.add_cost(over, np.full(count, weight / ((1 - risk.level) * count)))


def _scenarios(frame: Context) -> tuple[Array, Array, float]:
    """Profits, of the instruments and of the target, in one unit of order 1."""
    risk = frame.data.risk
    profit = risk.profit * frame.unit
    size = max(float(np.max(np.abs(part), initial=0.0)) for part in (profit, risk.own)) or 1.0
    return profit / size, risk.own / size, size
