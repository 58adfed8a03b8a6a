"""Decisions over a frame of a policy with a band, where orders are quotients: asset by asset.

A step then depends on those before it by what is held, and by nothing else. So the band of all
steps is asked for at once, and a step costs its deltas, a comparison, and the orders of those paths
that are outside. What is traded is what `decide` says, by the formulas that it has.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hedgecore.decisions.band_orders import BandPaths, orders_to_band, outside_band
from hedgecore.decisions.rules import Rules
from hedgecore.errors import blame
from hedgecore.interfaces.policy import AbstractPolicy, NoTradeBand
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, distinct, empty_columns
from hedgecore.simulation.engine.frame_observation import FrameObservation
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings, empty_holdings
from hedgecore.simulation.engine.inputs import FrameInputs


class HedgedAsset(NamedTuple):
    """One asset and the instrument that offsets it, over a frame S = (K, N).

    Attributes:
        base: S, the delta of the positions.
        unit: S or (K, 1), of one contract.
        width: S or (K, 1), half-width of the band.
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
    orders, (begun, held) = empty_columns(shape, count), empty_holdings(before.held, shape[0])
    outside = np.zeros(shape, dtype=bool)
    for k, (i,) in enumerate(inputs.plan.serves):
        unit, width = _narrow(inputs.unit[..., k, i]), _narrow(band.width[..., i])
        column = HedgedAsset(inputs.base[..., i], unit, width, band.to)
        _trade(column, before.held[:, k], orders[..., k], held[..., k], outside)
    last = held[-1].copy(order="K")
    after = Holdings(held=last, coins=before.coins, memory=before.memory)
    coins = broadcast(before.coins, held.shape)
    return FrameDecision(
        orders=orders, begun=begun, held=held, coins=coins, outside=outside, after=after
    )


def _narrow(number: Array) -> Array:
    """Number S, or (K, 1) where it is the same on all paths."""
    return number[:, :1] if number.strides[1] == 0 else number


def _trade(
    column: HedgedAsset, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill orders and what is held after each step, S, from what is held before, (N,)."""
    delta = np.empty(len(now))
    for k in range(len(held)):
        base, unit, width = column.base[k], column.unit[k], column.width[k]
        np.add(np.multiply(now, unit, out=delta), base, out=delta)
        which, orders[k] = outside_band(delta, width), 0.0
        part, orders[k][which] = orders_to_band(
            BandPaths(delta, base, unit, width, now).at(which), column.to
        )
        outside[k][which] |= np.asarray(part != 0)
        now = np.add(now, orders[k], out=held[k])
