"""What an answer is worth, and what it breaks: recomputed from the question, in contracts and cash.

Nothing here is scaled, and nothing comes from a solver.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgecore_convex_solver.deposit import LABEL
from hedgecore_convex_solver.question import Array, Question

ROUNDING = 1e-9
"""A limit is kept where it is exceeded by less than this part of what enters it."""


def objective(question: Question, x: Array) -> float:
    """Return what is to be least, in cash, for the trades `x` (k,)."""
    return float(sum(parts(question, x).values()))


def parts(question: Question, x: Array) -> dict[str, float]:
    """Return the terms of the objective by name, each with its weight."""
    rows, risk = question.rows, question.risk
    soft = np.isfinite(rows.price)
    found = {
        "trading cost": trading_cost(question, x),
        "carry forgone": float(question.linear @ x),
        "residual": float(rows.price[soft] @ rows.beyond(x)[soft]),
        "squares": 0.5 * float(np.sum((risk.factor @ x + risk.offset) ** 2)),
    }
    if len(risk.own):
        losses = risk.losses(x)
        found["worst loss"] = risk.worst * float(losses.max())
        found["tail loss"] = risk.tails * tail(losses, risk.level)
    return found


def trading_cost(question: Question, x: Array) -> float:
    """Return the cost of the trades, in cash, as the question weighs it."""
    traded, costs = question.notional * np.abs(x), question.trading
    each = costs.rate * np.abs(x) + costs.impact * traded**1.5 + costs.fixed * (x != 0)
    return float(np.sum(each))


def tail(losses: Array, level: float) -> float:
    """Return the mean of the worst 1 − level of the losses, all equally likely (CVaR)."""
    worst = np.sort(losses)[::-1]
    weight = np.clip((1 - level) * len(worst) - np.arange(len(worst)), 0.0, 1.0)
    return float(worst @ weight / ((1 - level) * len(worst)))


def broken(question: Question, x: Array) -> list[str]:
    """Return which hard parts the trades `x` break, in sentences; none where all are kept."""
    if not np.isfinite(x).all():
        return ["the trades are not finite"]
    return [*_rows(question, x), *_held(question, x), *_ordered(question, x)]


def _rows(question: Question, x: Array) -> Iterator[str]:
    rows = question.rows
    over = rows.beyond(x) > ROUNDING * rows.gross(x)
    for index in np.flatnonzero(over & np.isinf(rows.price)):
        yield f"{rows.labels[index]}: {rows.beyond(x)[index]:.6g} outside"


def _held(question: Question, x: Array) -> Iterator[str]:
    limits, held = question.limits, question.start + x
    size = ROUNDING * (np.abs(question.start) + np.abs(x))
    outside = (held < limits.low - size) | (held > limits.high + size)
    yield from (f"position of {question.names[i]}" for i in np.flatnonzero(outside))
    used = limits.caps @ np.abs(held)
    over = used > limits.cap + ROUNDING * (limits.caps @ (np.abs(question.start) + np.abs(x)))
    yield from (limits.labels[i] for i in np.flatnonzero(over))
    needs = question.deposit
    if needs is not None and needs.known(held).sum() > needs.budget * (1 + ROUNDING):
        yield LABEL


def _ordered(question: Question, x: Array) -> Iterator[str]:
    limits = question.limits
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(limits.lot > 0, x / limits.lot, 0.0)
    off = np.abs(steps - np.round(steps)) > ROUNDING * np.maximum(1.0, np.abs(steps))
    yield from (f"lots of {question.names[i]}" for i in np.flatnonzero(off))
    small = (x != 0) & (np.abs(x) < limits.least * (1 - ROUNDING))
    yield from (f"minimum size of {question.names[i]}" for i in np.flatnonzero(small))
    if limits.orders is not None and np.count_nonzero(x) > limits.orders:
        yield "number of orders"
