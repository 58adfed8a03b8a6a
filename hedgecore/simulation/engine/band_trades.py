"""Ways through a frame of one hedged asset with a band: by step, by path, or compiled.

All give the same bits, those of `decide`: which is taken is a matter of time alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hedgecore.decisions.band_orders import BandPaths, orders_to_band, outside_band
from hedgecore.fast import is_fast
from hedgecore.hedging.lots import DUST
from hedgecore.interfaces.policy import ALWAYS
from hedgecore.numerics.arrays import Array
from hedgecore.numerics.columns import broadcast
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


def way_through(shape: tuple[int, int]) -> Trade:
    """Way through a frame: compiled, or path by path, or step by step, all with the same bits."""
    if is_fast(shape[0] * shape[1]):
        return trade_compiled
    return trade_by_path if shape[1] <= FEW_PATHS else trade_by_step


def trade_compiled(
    column: HedgedAsset, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill as `trade_by_step` does, by a compiled loop, for which all arrays are of one type."""
    numbers = column.base, column.unit, column.width, now
    base, unit, width, before = (np.require(each, requirements=("C", "W")) for each in numbers)
    filled = orders, held, outside
    trade_frame((base, unit, width), before, filled, _rule(column), ALWAYS)


def trade_by_path(
    column: HedgedAsset, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill as `trade_by_step` does, path by path in floats, which of few takes less than calls."""
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
    """Rule of `band_order`: whether to the centre, and the part of an offset that is dust."""
    return column.to == "centre", DUST


def trade_by_step(
    column: HedgedAsset, now: Array, orders: Array, held: Array, outside: NDArray[np.bool_]
) -> None:
    """Fill orders and what is held after each step, S, from what is held before, (N,)."""
    delta = np.empty(len(now))
    orders[...] = 0.0
    for k in range(len(held)):
        base, unit, width = column.base[k], column.unit[k], column.width[k]
        np.add(np.multiply(now, unit, out=delta), base, out=delta)
        which = outside_band(delta, width)
        part, orders[k][which] = orders_to_band(
            BandPaths(delta, base, unit, width, now).at(which), column.to
        )
        outside[k][which] |= np.asarray(part != 0)
        now = np.add(now, orders[k], out=held[k])
