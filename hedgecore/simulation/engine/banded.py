"""Decisions over a frame of a policy with a band, where orders are quotients: asset by asset.

A step then depends on those before it by what is held, and by nothing else. So the band of all
steps is asked for at once, and a step costs its deltas, a comparison, and the orders of those paths
that are outside. What is traded is what `decide` says, by the formulas that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from hedgecore.decisions.band_orders import BandPaths, orders_to_band, outside_band
from hedgecore.decisions.rules import Rules
from hedgecore.errors import blame
from hedgecore.fast import is_fast
from hedgecore.hedging.lots import DUST
from hedgecore.interfaces.policy import ALWAYS, AbstractPolicy, NoTradeBand
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast, distinct, empty_columns
from hedgecore.simulation.engine.books import NEVER
from hedgecore.simulation.engine.frame_observation import FrameObservation
from hedgecore.simulation.engine.holdings import FrameDecision, Holdings, empty_holdings
from hedgecore.simulation.engine.inputs import FrameInputs
from hedgecore.simulation.engine.loops import FEW_PATHS, band_order, trade_frame


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

    def at(self, which: NDArray[np.intp]) -> HedgedAsset:
        """Some of the paths, by their places."""
        parts = (self.base, self.unit, self.width)
        base, unit, width = (each if each.shape[1] == 1 else each[:, which] for each in parts)
        return HedgedAsset(base, unit, width, self.to)


Trade: TypeAlias = Callable[[HedgedAsset, Array, Array, Array, NDArray[np.bool_]], None]
"""Fill orders, what is held after each step and who is outside, S, from what is held, (N,)."""


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
    trade, columns = _way(shape), _columns(inputs, band)
    for k, column in enumerate(columns):
        trade(column, before.held[:, k], orders[..., k], held[..., k], outside)
    coins = broadcast(before.coins, held.shape)
    made = FrameDecision(
        orders=orders, begun=begun, held=held, coins=coins, outside=outside, after=before
    )
    if stop.min(initial=NEVER) < shape[0]:
        _close(columns, stop, made)
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


def _way(shape: tuple[int, int]) -> Trade:
    """Way through a frame: compiled, or path by path, or step by step, all with the same bits."""
    if is_fast(shape[0] * shape[1]):
        return _trade_compiled
    return _trade_alone if shape[1] <= FEW_PATHS else _trade


def _trade_compiled(
    column: HedgedAsset, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill as `_trade` does, by a compiled loop, for which all arrays are of one type."""
    numbers = column.base, column.unit, column.width, now
    base, unit, width, before = (np.require(each, requirements=("C", "W")) for each in numbers)
    filled = orders, held, outside
    trade_frame((base, unit, width), before, filled, _rule(column), ALWAYS)


def _trade_alone(
    column: HedgedAsset, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill as `_trade` does, path by path in floats: few paths cost less so than NumPy's calls."""
    always = column.width.shape[1] == 1
    parts = [broadcast(each, held.shape) for each in (column.base, column.unit, column.width)]
    for n, first in enumerate(now.tolist()):
        steps = zip(*(part[:, n].tolist() for part in parts), strict=True)
        path = _path(first, steps, _rule(column), always=always)
        filled = np.fromiter(path, dtype="f8,f8,?", count=len(held))
        orders[:, n], held[:, n] = filled["f0"], filled["f1"]
        outside[:, n] |= filled["f2"]


def _path(
    held: float, steps: Iterable[Sequence[float]], rule: tuple[bool, float], *, always: bool
) -> Iterator[tuple[float, float, bool]]:
    """Order, contracts held after, and whether a trade is asked for, at each step of a path."""
    for base, unit, width in steps:
        delta, part, order = held * unit + base, 0.0, 0.0
        if abs(delta) > width or (always and width == ALWAYS):
            part, order = band_order.function((delta, base, unit, width, held), rule)
        held += order
        yield order, held, part != 0.0


def _rule(column: HedgedAsset) -> tuple[bool, float]:
    return column.to == "centre", DUST


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


def _close(columns: Sequence[HedgedAsset], stop: NDArray[np.intp], made: FrameDecision) -> None:
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
