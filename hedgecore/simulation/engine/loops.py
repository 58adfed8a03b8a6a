"""Loops of a frame over steps and paths, which the extra `fast` compiles: one pass, no temporaries.

They give NumPy's bits: the same operations in the same order, and no two of them fused into one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hedgecore.fast import compiled

FEW_PATHS = 16
"""Paths that are taken one by one, in floats of Python: a step costs less so than NumPy's calls."""


@compiled
def band_order(path: tuple[float, ...], rule: tuple[bool, float]) -> tuple[float, float]:
    """Part of the way that is asked for, and contracts to buy, of one path outside its band.

    Args:
        path: delta, base, unit, width and held, as of `BandPaths`; the unit is not 0.
        rule: whether a trade goes to the centre, and the part of what it offsets that is dust.

    """
    (delta, base, unit, width, held), (centre, dust) = path, rule
    if abs(delta) <= dust * abs(base):
        return (1.0 if width < 0.0 else 0.0), 0.0
    part = 1.0 if centre else 1.0 - width / abs(delta)
    part = 0.0 if abs(part) <= dust else part
    way = -delta / unit
    order = way * part
    return part, (0.0 if abs(order) <= dust * (abs(held) + abs(way)) else order)


@compiled
def trade_step(column: Any, every: Any, now: Any, filled: Any, rule: Any) -> None:
    """Fill orders, contracts held after them and who is outside, (N,) each, at a step.

    Written for vectors: each path has an order computed, and a selection says whether it has one.

    Args:
        column: base, unit and width, (N,) each.
        every: whether all paths are outside, even those whose delta is NaN.
        now: contracts held before, (N,).
        filled: orders, held and outside.
        rule: as of `band_order`.

    """
    (base, unit, width), (orders, held, outside) = column, filled
    for n in range(now.size):
        delta = now[n] * unit[n] + base[n]
        far = every | (abs(delta) > width[n])
        part, order = band_order((delta, base[n], unit[n], width[n], now[n]), rule)
        order = order if far else 0.0
        outside[n] |= far & (part != 0.0)
        orders[n], held[n] = order, now[n] + order


@compiled
def trade_frame(column: Any, before: Any, filled: Any, rule: Any, always: float) -> None:
    """Fill orders, contracts held after them and who is outside, (K, N) each, over a frame.

    Args:
        column: base (K, N), and unit and width, (K, N) or (K, 1).
        before: contracts held before, (N,).
        filled: orders, held and outside.
        rule: as of `band_order`.
        always: width (K, 1) outside of which all paths are.

    """
    (base, unit, width), (orders, held, outside) = column, filled
    for k in range(len(base)):
        units = unit[k] if unit.shape[1] > 1 else np.full_like(before, unit[k, 0])
        widths = width[k] if width.shape[1] > 1 else np.full_like(before, width[k, 0])
        every = (width.shape[1] == 1) & (width[k, 0] == always)
        now = before if k == 0 else held[k - 1]
        filled_step = orders[k], held[k], outside[k]
        trade_step((base[k], units, widths), every, now, filled_step, rule)


@compiled
def follow_drawdown(equity: Any, peak: Any, deepest: Any) -> None:
    """Follow equity (K, N), in the highest so far and the deepest fall from that, (N,) each."""
    for k in range(len(equity)):
        now = equity[k]
        for n in range(now.size):
            peak[n] = np.maximum(peak[n], now[n])  # of which NaN is NaN
            deepest[n] = np.maximum(deepest[n], peak[n] - now[n])
