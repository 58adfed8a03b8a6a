"""Decisions over a frame of a policy with a band, where orders are quotients: asset by asset.

A step then depends on those before it by what is held, and by nothing else. So the band of all
steps is asked for at once, and a step costs its deltas, a comparison, and the orders of those paths
that are outside. What is traded is what `decide` says, by the formulas that it has.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from hedgecore.decisions.rules import Rules
from hedgecore.errors import blame
from hedgecore.interfaces.policy import AbstractPolicy, NoTradeBand
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, distinct, empty_columns
from hedgecore.simulation.engine.band_trades import HedgedAsset, way_through
from hedgecore.simulation.engine.books import NEVER
from hedgecore.simulation.engine.closing import close_paths
from hedgecore.simulation.engine.frame_observation import FrameObservation
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings, empty_holdings
from hedgecore.simulation.engine.inputs import FrameInputs


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


def decide_banded(
    inputs: FrameInputs, band: NoTradeBand, before: Holdings, stop: NDArray[np.intp]
) -> FrameDecision:
    """Decisions over a frame, as `decide_stepwise` makes them, of a policy with a band.

    Paths do not depend on each other: one that is liquidated is decided to the end, and closed.
    """
    shape, count = inputs.view.shape, before.held.shape[-1]
    orders, (begun, held) = empty_columns(shape, count), empty_holdings(before.held, shape[0])
    outside = np.zeros(shape, dtype=bool)
    trade, columns = way_through(shape), _columns(inputs, band)
    for k, column in enumerate(columns):
        trade(column, before.held[:, k], orders[..., k], held[..., k], outside)
    coins = broadcast(before.coins, held.shape)
    made = FrameDecision(
        orders=orders, begun=begun, held=held, coins=coins, outside=outside, after=before
    )
    if stop.min(initial=NEVER) < shape[0]:
        close_paths(columns, stop, made)
    return evolve(made, after=evolve(before, held=held[-1].copy(order="K")))


def _columns(inputs: FrameInputs, band: NoTradeBand) -> list[HedgedAsset]:
    """Hedged assets, in the order of the instruments that offset them."""
    units = [_narrow(inputs.unit[..., k, i]) for k, (i,) in enumerate(inputs.plan.serves)]
    return [
        HedgedAsset(inputs.base[..., i], unit, _narrow(band.width[..., i]), band.to)
        for unit, (i,) in zip(units, inputs.plan.serves, strict=True)
    ]


def _narrow(number: Array) -> Array:
    """Number S, or (K, 1) where it is the same on all paths."""
    return number[:, :1] if number.strides[1] == 0 else number
