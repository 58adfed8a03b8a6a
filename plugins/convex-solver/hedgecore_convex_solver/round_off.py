"""From what a solver says to trades that keep the rows to rounding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hedgecore import OrderSizes
from hedgecore_convex_solver.problem_data import Array, ProblemData
from hedgecore_convex_solver.program import Program

DUST = 1e-8
"""Trades below this part of what is of order 1 are an interior point's idea of none."""
NEGLIGIBLE = 1e-6
"""Trades below this part are none where nothing is lost by it."""
PASSES = 3


def round_off(data: ProblemData, program: Program, y: Array) -> Array:
    """Trades in contracts (k,), from scaled ones: dust gone, steps exact, rows kept.

    What a row lacks is spread over the trades that have room, the larger ones taking more; trades
    at a limit, at zero, or in steps stay as they are.
    """
    y = np.where(np.abs(y) < DUST, 0.0, y)
    x, limits = y * program.unit, data.limits
    stepped = limits.lot > 0
    x = OrderSizes(limits.lot).nearest(x)
    return _keep_rows(data, np.clip(x, *_ends(data, x, program.unit)), stepped)


def drop_dust(data: ProblemData, program: Program, x: Array) -> Array:
    """Trades (k,) without those too small to be meant, the rest keeping the rows; contracts."""
    small = (x != 0) & (np.abs(x) < NEGLIGIBLE * program.unit)
    if not small.any():
        return x
    return _keep_rows(data, np.where(small, 0.0, x), data.limits.lot > 0)


def _keep_rows(data: ProblemData, x: Array, stepped: NDArray[np.bool_]) -> Array:
    for _ in range(PASSES):
        x = _repair(data, x, stepped)
    return x


def _ends(data: ProblemData, x: Array, unit: Array) -> tuple[Array, Array]:
    """Trades that positions allow, near `x`; wide where x breaks them by much."""
    limits = data.limits
    low, high = limits.low - data.start, limits.high - data.start
    near = 1e-6 * unit
    stepped = limits.lot > 0
    low = np.where((x < low) & (x > low - near) & ~stepped, low, -np.inf)
    high = np.where((x > high) & (x < high + near) & ~stepped, high, np.inf)
    return low, high


def _repair(data: ProblemData, x: Array, stepped: NDArray[np.bool_]) -> Array:
    """`x` with what hard rows and caps lack spread over the trades that have room."""
    rows = data.rows
    value = rows.now + rows.matrix @ x
    lacking = np.where(np.isinf(rows.price), np.clip(value, rows.low, rows.high) - value, 0.0)
    held = data.start + x
    caps, cap = _cap_rows(data, held)
    over = np.minimum(0.0, cap - np.sum(caps * held, axis=1))
    matrix = np.vstack([rows.matrix, caps])
    lack = np.concatenate([lacking, over])
    tight = (np.isinf(rows.price) & rows.equal) | (lacking != 0)
    on = np.concatenate([tight, over < 0])
    if not lack[on].any():
        return x
    room = _room(data, x, stepped) * (x != 0)
    wide = matrix[on] * room
    size = np.max(np.abs(wide), axis=1, initial=0.0)
    kept = size > 0
    step = np.linalg.lstsq(wide[kept] / size[kept, None], lack[on][kept] / size[kept])[0]
    return np.asarray(x + room * step)


def _cap_rows(data: ProblemData, held: Array) -> tuple[Array, Array]:
    """Caps as rows that are linear near the positions `held`, and their ends."""
    limits, needs = data.limits, data.margin
    caps = limits.caps * np.sign(held)
    if needs is None:
        return caps, limits.cap
    slope = needs.slopes(held)
    less = float(slope @ held - needs.least_margin(held).sum())
    return np.vstack([caps, slope]), np.append(limits.cap, needs.budget + less)


def _room(data: ProblemData, x: Array, stepped: NDArray[np.bool_]) -> Array:
    """Room of each trade before something else about it changes, (k,), contracts."""
    limits = data.limits
    held = data.start + x
    room = np.minimum(np.abs(x), np.minimum(held - limits.low, limits.high - held))
    room = np.where(np.abs(held) > 0, np.minimum(room, np.abs(held)), room)
    return np.where(stepped, 0.0, np.maximum(room, 0.0))
