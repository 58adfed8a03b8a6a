"""From the question in cash to a scaled program, a block for each of its parts."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from hedgecore_convex_solver.builder import Builder
from hedgecore_convex_solver.deposit import LABEL
from hedgecore_convex_solver.orders import add_orders
from hedgecore_convex_solver.program import Program
from hedgecore_convex_solver.question import Array, Question
from hedgecore_convex_solver.scale import contracts

BOX = 1e3
"""Trades are sought up to so many times what is of order 1 (with whole numbers, `BOX_COUNTED`)."""
BOX_COUNTED = 50.0


@frozen(eq=False)
class Frame:
    """What the blocks share: the builder, the question, its units, and where |x| and |h| stand."""

    builder: Builder
    question: Question
    unit: Array
    traded: int
    held: int


def assemble(question: Question) -> Program:
    """Return the scaled program of a question."""
    unit = contracts(question)
    builder = Builder(len(unit), BOX_COUNTED if question.counted else BOX)
    traded = _sizes(builder, np.zeros_like(unit))
    start = question.start / unit
    held = _sizes(builder, start) if start.any() and len(question.limits.cap) else traded
    frame = Frame(builder, question, unit, traded, held)
    for add in (_rows, _costs, _limits, _deposit, _squares, _worst, _tail):
        add(frame)
    if question.counted:
        add_orders(builder, question, unit, BOX_COUNTED)
    return builder.done(unit)


def _sizes(builder: Builder, start: Array) -> int:
    """Add the sizes of start + y, and return where they stand."""
    k = len(start)
    at = builder.follow(lambda z: np.abs(start + z[:k]), k, -np.inf, np.inf)
    one = np.ones(k)
    builder.rows([(at, one), (0, -one)], start, np.inf)
    builder.rows([(at, one), (0, one)], -start, np.inf)
    return at


def _rows(frame: Frame) -> None:
    """Add the Greeks: hard ones as rows, the others with a variable for what is left."""
    rows, builder = frame.question.rows, frame.builder
    matrix = rows.matrix * frame.unit
    size = np.max(np.abs(matrix), axis=1, initial=0.0)
    size = np.where(size > 0, size, np.maximum(np.abs(rows.now), 1.0))
    matrix, low, high = matrix / size[:, None], (rows.low - rows.now) / size, rows.high - rows.now
    high = high / size
    hard, soft = np.isinf(rows.price), np.isfinite(rows.price) & (rows.price > 0)
    labels = [rows.labels[i] for i in np.flatnonzero(hard)]
    builder.rows(
        [(0, matrix[hard])],
        low[hard],
        high[hard],
        labels=labels,
        unit=size[hard],
        origin=rows.now[hard],
    )
    _left(builder, matrix[soft], low[soft], high[soft], (rows.price * size)[soft])


def _left(builder: Builder, matrix: Array, low: Array, high: Array, price: Array) -> None:
    """Add the distance of each row from its bounds, at a price."""
    m, k = matrix.shape

    def lift(z: Array) -> Array:
        value = matrix @ z[:k]
        return np.asarray(np.maximum(0.0, np.maximum(low - value, value - high)))

    at, one = builder.follow(lift, m, 0.0, np.inf), np.ones(m)
    builder.rows([(at, one), (0, matrix)], low, np.inf)
    builder.rows([(at, one), (0, -matrix)], -high, np.inf)
    builder.cost(at, price)


def _costs(frame: Frame) -> None:
    question, builder, costs = frame.question, frame.builder, frame.question.trading
    cash = question.notional * frame.unit
    builder.cost(frame.traded, costs.rate * frame.unit)
    builder.cost(0, question.linear * frame.unit)
    builder.power(frame.traded, costs.impact * cash**1.5)


def _limits(frame: Frame) -> None:
    limits, unit, builder = frame.question.limits, frame.unit, frame.builder
    there = np.isfinite(limits.low) | np.isfinite(limits.high)
    start, ends = frame.question.start, (limits.low, limits.high)
    low, high = (((end - start) / unit)[there] for end in ends)
    labels = [f"position of {frame.question.names[i]}" for i in np.flatnonzero(there)]
    builder.rows(
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
    builder.rows(blocks, -np.inf, limits.cap / size, labels=list(limits.labels), unit=size)


def _deposit(frame: Frame) -> None:
    """Add the margin v of each position, above its tangents, and their sum within the budget."""
    needs, builder = frame.question.deposit, frame.builder
    if needs is None:
        return
    start, unit, k = frame.question.start, frame.unit, len(frame.unit)
    at = builder.follow(lambda z: needs.known(start + z[:k] * unit) / needs.budget, k, 0.0, np.inf)
    rise = np.zeros((len(needs.which), k))
    rise[np.arange(len(needs.which)), needs.which] = 1.0
    slope = rise * (needs.slope[:, None] * unit / needs.budget)
    low = (needs.slope * start[needs.which] - needs.less) / needs.budget
    builder.rows([(at, rise), (0, -slope)], low, np.inf)
    total = np.ones((1, k))
    builder.rows([(at, total)], -np.inf, 1.0, labels=[LABEL], unit=needs.budget)


def _squares(frame: Frame) -> None:
    risk = frame.question.risk
    if len(risk.offset):
        frame.builder.squares.append(([(0, risk.factor * frame.unit)], risk.offset))


def _worst(frame: Frame) -> None:
    """Add the worst loss v ≥ −(t + J x) in every scenario."""
    risk, builder = frame.question.risk, frame.builder
    if not risk.worst:
        return
    profit, own, size = _scenarios(frame)

    def lift(z: Array) -> Array:
        return np.array([np.max(-own - profit @ z[: profit.shape[1]])])

    at = builder.follow(lift, 1, -np.inf, np.inf)
    builder.rows([(at, np.ones((len(own), 1))), (0, profit)], -own, np.inf)
    builder.cost(at, np.array([risk.worst * size]))


def _tail(frame: Frame) -> None:
    """Add CVaR: the least of α + mean(loss − α)⁺ / (1 − level) (Rockafellar, Uryasev 2000)."""
    risk, builder = frame.question.risk, frame.builder
    if not risk.tails:
        return
    profit, own, size = _scenarios(frame)
    count, k = profit.shape

    def quantile(z: Array) -> Array:
        losses = np.sort(-own - profit @ z[:k])
        return losses[[max(0, int(np.ceil(risk.level * count - 1e-9)) - 1)]]

    at = builder.follow(quantile, 1, -np.inf, np.inf)
    over = builder.follow(
        lambda z: np.maximum(0.0, -own - profit @ z[:k] - z[at]), count, 0.0, np.inf
    )
    one = np.ones(count)
    builder.rows([(over, one), (at, one[:, None]), (0, profit)], -own, np.inf)
    weight = risk.tails * size
    builder.cost(at, np.array([weight]))
    builder.cost(over, np.full(count, weight / ((1 - risk.level) * count)))


def _scenarios(frame: Frame) -> tuple[Array, Array, float]:
    """Return the profits, of the instruments and of the target, in one unit of order 1."""
    risk = frame.question.risk
    profit = risk.profit * frame.unit
    size = max(float(np.max(np.abs(part), initial=0.0)) for part in (profit, risk.own)) or 1.0
    return profit / size, risk.own / size, size
