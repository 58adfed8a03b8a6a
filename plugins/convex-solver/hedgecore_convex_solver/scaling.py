"""Scaling: how many contracts of each instrument are of order 1 in this data.

Scaling decides, not the solver: in raw units, with a millionth of a contract beside a trillion, a
third of problems have no answer; non-dimensionalised, none.
"""

from __future__ import annotations

import numpy as np

from hedgecore_convex_solver.problem_data import Array, ProblemData

ROUNDS = 3
"""Rounds in which a need spreads: gamma wants options, their delta wants perpetuals."""
FLOOR = 1e-4
"""No instrument is counted in less than this part of the largest need."""


def contracts(data: ProblemData) -> Array:
    """Contracts of each instrument that are of order 1, (k,)."""
    size = _size(data)
    each = np.abs(data.rows.matrix) / size
    reach = each.max(axis=1, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(reach[:, None] > 0, each / reach[:, None], 0.0)
        need = np.where(reach > 0, _distance(data) / reach, 0.0)
    cash = size * _excess(data)
    need = np.maximum(need, np.max(part * cash, axis=1, initial=0.0))
    for _ in range(ROUNDS):
        cash = np.maximum(cash, np.max(part * need[:, None], axis=0, initial=0.0))
        need = np.maximum(need, np.max(part * cash, axis=1, initial=0.0))
    cash = np.maximum(cash, np.max(_risk(data, size), initial=0.0))
    cash = np.maximum(cash, _room(data, size))
    cash = np.maximum(cash, FLOOR * cash.max(initial=0.0))
    cash = np.where(cash > 0, cash, np.maximum(size * np.abs(data.start), 1.0))
    return np.asarray(cash / size)


def _size(data: ProblemData) -> Array:
    """Cash that one contract stands for, by notional or by its largest Greek."""
    rows = np.max(np.abs(data.rows.matrix), axis=0, initial=0.0)
    size = np.maximum(data.notional, rows)
    move = np.max(np.abs(data.risk.profit), axis=0, initial=0.0)
    size = np.where(size > 0, size, move)
    return np.where(size > 0, size, 1.0)


def _excess(data: ProblemData) -> Array:
    """Contracts by which limits are exceeded already, (k,)."""
    limits, held = data.limits, data.start
    over = np.maximum(0.0, np.maximum(limits.low - held, held - limits.high))
    used = limits.caps @ np.abs(held)
    broken = (used > limits.cap) @ (limits.caps > 0) if len(used) else np.zeros(len(held))
    if data.margin is not None:
        broken = broken + data.margin.is_exceeded(held)
    return np.asarray(np.maximum(over, np.where(broken > 0, np.abs(held), 0.0)))


def _distance(data: ProblemData) -> Array:
    """Distance of each row from its bounds without a trade, (r,), cash."""
    rows = data.rows
    return rows.beyond(np.zeros(len(data.names)))


def _risk(data: ProblemData, size: Array) -> Array:
    """Cash needed to offset the risk terms, by instrument."""
    risk, found = data.risk, []
    for matrix, now in ((risk.factor, risk.offset), (risk.profit, risk.own)):
        reach = np.max(np.abs(matrix) / size, initial=0.0)
        if reach > 0:
            found.append(np.max(np.abs(now), initial=0.0) / reach)
    return np.array(found)


def _room(data: ProblemData, size: Array) -> Array:
    """Cash that limits leave, where carry may make it worth taking."""
    limits = data.limits
    ends = np.maximum(np.abs(limits.low), np.abs(limits.high))
    wanted = np.any(data.linear != 0) & np.isfinite(ends)
    room = np.where(wanted, size * np.where(wanted, ends, 0.0), 0.0)
    budget = 0.0 if data.margin is None else data.margin.budget
    gross = np.max(limits.cap, initial=budget) if np.any(data.linear != 0) else 0.0
    return np.maximum(room, gross)
