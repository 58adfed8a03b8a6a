"""Scaling: how many contracts of each instrument are of order 1 in this question.

Scaling decides, not the solver: in raw units, with a millionth of a contract beside a trillion, a
third of problems have no answer; non-dimensionalised, none.
"""

from __future__ import annotations

import numpy as np

from hedgecore_convex_solver.question import Array, Question

ROUNDS = 3
"""How far a need spreads: gamma wants options, their delta wants perpetuals."""
FLOOR = 1e-4
"""No instrument is counted in less than this part of the largest need."""


def contracts(question: Question) -> Array:
    """Return the contracts of each instrument that are of order 1, (k,)."""
    size = _size(question)
    each = np.abs(question.rows.matrix) / size
    reach = each.max(axis=1, initial=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(reach[:, None] > 0, each / reach[:, None], 0.0)
        need = np.where(reach > 0, _distance(question) / reach, 0.0)
    cash = size * _excess(question)
    need = np.maximum(need, np.max(part * cash, axis=1, initial=0.0))
    for _ in range(ROUNDS):
        cash = np.maximum(cash, np.max(part * need[:, None], axis=0, initial=0.0))
        need = np.maximum(need, np.max(part * cash, axis=1, initial=0.0))
    cash = np.maximum(cash, np.max(_risk(question, size), initial=0.0))
    cash = np.maximum(cash, _room(question, size))
    cash = np.maximum(cash, FLOOR * cash.max(initial=0.0))
    cash = np.where(cash > 0, cash, np.maximum(size * np.abs(question.start), 1.0))
    return np.asarray(cash / size)


def _size(question: Question) -> Array:
    """Return the cash that one contract stands for, by notional or by its largest Greek."""
    rows = np.max(np.abs(question.rows.matrix), axis=0, initial=0.0)
    size = np.maximum(question.notional, rows)
    move = np.max(np.abs(question.risk.profit), axis=0, initial=0.0)
    size = np.where(size > 0, size, move)
    return np.where(size > 0, size, 1.0)


def _excess(question: Question) -> Array:
    """Return the contracts by which limits are exceeded already, (k,)."""
    limits, held = question.limits, question.start
    over = np.maximum(0.0, np.maximum(limits.low - held, held - limits.high))
    used = limits.caps @ np.abs(held)
    broken = (used > limits.cap) @ (limits.caps > 0) if len(used) else np.zeros(len(held))
    if question.deposit is not None:
        broken = broken + question.deposit.exceeded(held)
    return np.asarray(np.maximum(over, np.where(broken > 0, np.abs(held), 0.0)))


def _distance(question: Question) -> Array:
    """Return how far each row is from where it is to be, (r,), in cash."""
    rows = question.rows
    return rows.beyond(np.zeros(len(question.names)))


def _risk(question: Question, size: Array) -> Array:
    """Return the cash needed to offset the risk terms, by instrument."""
    risk, found = question.risk, []
    for matrix, now in ((risk.factor, risk.offset), (risk.profit, risk.own)):
        reach = np.max(np.abs(matrix) / size, initial=0.0)
        if reach > 0:
            found.append(np.max(np.abs(now), initial=0.0) / reach)
    return np.array(found)


def _room(question: Question, size: Array) -> Array:
    """Return the cash that limits leave, where carry may make it worth taking."""
    limits = question.limits
    ends = np.maximum(np.abs(limits.low), np.abs(limits.high))
    wanted = np.any(question.linear != 0) & np.isfinite(ends)
    room = np.where(wanted, size * np.where(wanted, ends, 0.0), 0.0)
    budget = 0.0 if question.deposit is None else question.deposit.budget
    gross = np.max(limits.cap, initial=budget) if np.any(question.linear != 0) else 0.0
    return np.maximum(room, gross)
