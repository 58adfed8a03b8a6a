"""The parts with whole numbers: lots, orders that are made or not, and the least of an order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hedgecore_convex_solver.problem_data import Array, ProblemData
from hedgecore_convex_solver.program_builder import Builder

FINE = 1e-7
"""A lot below this part of what is of order 1 is any amount: the answer is rounded to it."""


def add_orders(builder: Builder, data: ProblemData, unit: Array, box: float) -> None:
    """Add lots, and where something counts orders, whether each is bought or sold."""
    limits, fixed = data.limits, data.trading.fixed
    names = data.names
    lots = np.flatnonzero(limits.lot > FINE * unit)
    _lots(builder, lots, (limits.lot / unit)[lots], [names[i] for i in lots], box)
    counted = (limits.least > 0) | (fixed > 0) | (limits.orders is not None)
    which = np.flatnonzero(counted)
    if len(which):
        at = _sides(builder, which, (limits.least / unit)[which], [names[i] for i in which], box)
        builder.add_cost(at, np.tile(fixed[which], 2))
        most = np.inf if limits.orders is None else limits.orders
        count = np.ones((1, 2 * len(which)))
        builder.add_rows([(at, count)], -np.inf, most, labels=["number of orders"])


def _lots(
    builder: Builder, which: NDArray[np.intp], step: Array, names: list[str], box: float
) -> None:
    most = np.floor(box / step)

    def lift(z: Array) -> Array:
        return np.asarray(np.round(z[which] / step))

    at = builder.add_variables(lift, len(which), -most, most, whole=True)
    pick = np.eye(builder.trades)[which]
    builder.add_rows(
        [(0, pick), (at, -step)], 0.0, 0.0, labels=[f"lots of {name}" for name in names]
    )


def _sides(
    builder: Builder, which: NDArray[np.intp], least: Array, names: list[str], box: float
) -> int:
    """Add b, s in {0, 1}: bought, sold; y is in [least, box] b − [least, box] s."""
    m = len(which)

    def lift(z: Array) -> Array:
        return np.concatenate([z[which] > 0, z[which] < 0]) * 1.0

    at = builder.add_variables(lift, 2 * m, 0.0, 1.0, whole=True)
    pick, one, most = np.eye(builder.trades)[which], np.ones(m), np.full(m, box)
    labels = [f"minimum size of {name}" for name in names]
    builder.add_rows([(at, one), (at + m, one)], -np.inf, 1.0)
    builder.add_rows([(0, pick), (at, -most), (at + m, least)], -np.inf, 0.0, labels=labels)
    builder.add_rows([(0, pick), (at, -least), (at + m, most)], 0.0, np.inf, labels=labels)
    return at
