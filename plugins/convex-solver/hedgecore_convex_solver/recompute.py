"""Objective and violations of an answer, recomputed from the problem, in contracts and cash.

Nothing here is scaled, and nothing comes from a solver.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hedgecore import OrderSizes
from hedgecore_convex_solver.margin_cuts import LABEL
from hedgecore_convex_solver.problem_data import Array, ProblemData

ROUNDING = 1e-9
"""A limit is kept where it is exceeded by less than this part of what enters it."""


def objective(data: ProblemData, x: Array) -> float:
    """Objective of the trades `x` (k,), cash."""
    return float(sum(parts(data, x).values()))


def parts(data: ProblemData, x: Array) -> dict[str, float]:
    """Terms of the objective by name, each with its weight."""
    rows, risk = data.rows, data.risk
    soft = np.isfinite(rows.price)
    found = {
        "trading cost": trading_cost(data, x),
        "carry forgone": float(data.linear @ x),
        "residual": float(rows.price[soft] @ rows.beyond(x)[soft]),
        "variance and ridge": 0.5 * float(np.sum((risk.factor @ x + risk.offset) ** 2)),
    }
    if len(risk.own):
        losses = risk.losses(x)
        found["worst loss"] = risk.worst * float(losses.max())
        found["tail loss"] = risk.tails * tail(losses, risk.level)
    return found


def trading_cost(data: ProblemData, x: Array) -> float:
    """Cost of the trades, in cash, as the problem weighs it."""
    traded, costs = data.notional * np.abs(x), data.trading
    each = costs.rate * np.abs(x) + costs.impact * traded**1.5 + costs.fixed * (x != 0)
    return float(np.sum(each))


def tail(losses: Array, level: float) -> float:
    """Mean of the worst 1 − level of the losses, all equally likely (CVaR)."""
    worst = np.sort(losses)[::-1]
    weight = np.clip((1 - level) * len(worst) - np.arange(len(worst)), 0.0, 1.0)
    return float(worst @ weight / ((1 - level) * len(worst)))


def violations(data: ProblemData, x: Array) -> list[str]:
    """Hard parts that the trades `x` (k,) break, in sentences; none where all are kept."""
    if not np.isfinite(x).all():
        return ["the trades are not finite"]
    return [*_rows(data, x), *_position_faults(data, x), *_order_faults(data, x)]


def _rows(data: ProblemData, x: Array) -> Iterator[str]:
    rows = data.rows
    over = rows.beyond(x) > ROUNDING * rows.gross(x)
    for index in np.flatnonzero(over & np.isinf(rows.price)):
        yield f"{rows.labels[index]}: {rows.beyond(x)[index]:.6g} outside"


def _position_faults(data: ProblemData, x: Array) -> Iterator[str]:
    limits, held = data.limits, data.start + x
    size = ROUNDING * (np.abs(data.start) + np.abs(x))
    outside = (held < limits.low - size) | (held > limits.high + size)
    yield from (f"position of {data.names[i]}" for i in np.flatnonzero(outside))
    used = limits.caps @ np.abs(held)
    over = used > limits.cap + ROUNDING * (limits.caps @ (np.abs(data.start) + np.abs(x)))
    yield from (limits.labels[i] for i in np.flatnonzero(over))
    needs = data.margin
    if needs is not None and needs.least_margin(held).sum() > needs.budget * (1 + ROUNDING):
        yield LABEL


def _order_faults(data: ProblemData, x: Array) -> Iterator[str]:
    limits = data.limits
    off = x != OrderSizes(limits.lot).nearest(x)
    yield from (f"lots of {data.names[i]}" for i in np.flatnonzero(off))
    small = (x != 0) & (np.abs(x) < limits.least * (1 - ROUNDING))
    yield from (f"minimum size of {data.names[i]}" for i in np.flatnonzero(small))
    if limits.orders is not None and np.count_nonzero(x) > limits.orders:
        yield "number of orders"
