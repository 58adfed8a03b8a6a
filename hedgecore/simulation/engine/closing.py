"""Closing of paths that are liquidated, in the decisions over a frame of a policy with a band."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hedgecore.decisions.band_orders import BandPaths, orders_to_band
from hedgecore.interfaces.policy import ALWAYS
from hedgecore.simulation.engine.band_trades import HedgedAsset
from hedgecore.simulation.engine.holdings import FrameDecision


def close_paths(
    columns: Sequence[HedgedAsset], stop: NDArray[np.intp], made: FrameDecision
) -> None:
    """Sell what is held at a step `stop`, (N,), and trade no more.

    Outside is then whether the policy would ask for a trade with nothing held.
    """
    steps = np.arange(len(made.held))[:, None]
    (which,) = (stop < len(steps)).nonzero()
    live, over = steps < stop[which], steps > stop[which]
    asked = made.outside[:, which] & ~over
    for k, column in enumerate(columns):
        orders, begun, held = (each[..., k] for each in (made.orders, made.begun, made.held))
        sold = np.where(over, 0.0, -begun[:, which])
        orders[:, which] = np.where(live, orders[:, which], sold)
        held[:, which] = np.where(live, held[:, which], 0.0)
        asked |= over & _asks(column.at(which))
    made.outside[:, which] = asked


def _asks(column: HedgedAsset) -> NDArray[np.bool_]:
    """True where a trade is asked for with nothing held, S."""
    base, unit, width, to = column
    far = np.abs(base) > width
    if width.shape[1] == 1:
        far |= width == ALWAYS
    part, _ = orders_to_band(BandPaths(base, base, unit, width, np.zeros((1, 1))), to)
    return np.asarray(far & np.asarray(part != 0))
