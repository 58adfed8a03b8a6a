"""Decisions over a frame of a policy with a band, where orders are quotients: asset by asset.

A step then depends on those before it by what is held, and by nothing else. So the band of all
steps is asked for at once, and a step costs its deltas, a comparison, and the orders of those paths
that are outside. What is traded is what `decide` says, by the formulas that it has.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.decisions.decide import part_of_way
from hedgecore.decisions.rules import Rules
from hedgecore.errors import blame
from hedgecore.hedging.lots import without_dust
from hedgecore.interfaces.policy import AbstractPolicy, NoTradeBand
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, distinct, empty_columns, zero_columns
from hedgecore.simulation.engine.frame_observation import FrameObservation
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings
from hedgecore.simulation.engine.inputs import FrameInputs


class Column(NamedTuple):
    """One asset and the instrument that offsets it, over a frame S = (K, N).

    Attributes:
        base: S, the delta of the positions.
        unit: S, of one contract.
        width: S, half-width of the band.
        to: how far a trade goes.

    """

    base: Array
    unit: Array
    width: Array
    to: str


def frame_band(
    inputs: FrameInputs, policy: AbstractPolicy, rules: Rules, before: Holdings
) -> NoTradeBand | None:
    """Band over a frame; None where decisions depend on more, or some order is no quotient."""
    if rules.cooldown or rules.min_order_value or not inputs.divisible:
        return None
    with blame(policy.kind):
        band = policy.no_trade_band(FrameObservation(inputs, before.memory.worth))
        if band is None or inputs.price.shape[-1] == 0:
            return None
        wide = broadcast(band.width, inputs.price.shape)
    sound = band.to == "centre" or distinct(wide).min() >= 0
    return band._replace(width=wide) if sound else None


def decide_banded(inputs: FrameInputs, band: NoTradeBand, before: Holdings) -> FrameDecision:
    """Decisions over a frame, as `decide_stepwise` makes them, of a policy with a band."""
    shape, count = inputs.view.shape, before.held.shape[-1]
    orders, held = zero_columns(shape, count), empty_columns(shape, count)
    outside = np.zeros(shape, dtype=bool)
    for k, (i,) in enumerate(inputs.serves):
        column = Column(inputs.base[..., i], inputs.unit[..., k, i], band.width[..., i], band.to)
        _trade(column, before.held[:, k], orders[..., k], held[..., k], outside)
    after = Holdings(held=held[-1], coins=before.coins, memory=before.memory)
    coins = broadcast(before.coins, held.shape)
    return FrameDecision(orders=orders, held=held, coins=coins, outside=outside, after=after)


def _trade(
    column: Column, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill orders and what is held after each step, S, from what is held before, (N,)."""
    far = np.empty(len(now))
    for k in range(len(held)):
        np.multiply(now, column.unit[k], out=far)
        far += column.base[k]
        np.abs(far, out=far)
        (which,) = (far > column.width[k]).nonzero()
        if which.size:
            some: Any = which if which.size < far.size else slice(None)
            part, orders[k, some] = _outside(column, k, some, now[some])
            outside[k, some] |= part != 0
        now = np.add(now, orders[k], out=held[k])


def _outside(column: Column, k: int, some: Any, held: Array) -> tuple[Any, Array]:
    """Part of the way that is asked for, and the orders, (n,), of paths outside at a step."""
    base, unit = column.base[k, some], column.unit[k, some]
    delta = without_dust(base + held * unit, np.abs(base))
    part = _part(np.abs(delta), column.width[k, some], column.to)
    return part, part_of_way(held, -delta / unit, part)


def _part(far: Array, wide: Array, to: str) -> Any:
    """Part of the way of deltas of a size, (n,), each outside but for those that are dust."""
    whole = np.float64(1.0) if to == "centre" else 1.0 - wide / far
    out = far > wide
    return whole if out.all() else np.where(out, whole, 0.0)
