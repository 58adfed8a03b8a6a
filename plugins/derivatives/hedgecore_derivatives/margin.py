"""Margin as a function of size: brackets, a slope, or the leverage allowed.

For q contracts, sold or bought, the margin is the notional of one times

    m(q) = Σ fraction_i · (the part of q in bracket i) + slope · q²,    at least q / leverage,

so that a venue's tiers are continuous and convex, as Binance's and Bybit's are, and a fraction that
grows with size, like Deribit's 2 % + 0.005 % per BTC, is ``[[null, 0.02]]`` and a slope of 0.00005
for contracts of one BTC.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from attrs import Attribute, Converter, field
from numpy.typing import ArrayLike, NDArray

from hedgecore import fields

Array: TypeAlias = NDArray[np.float64]
Tiers: TypeAlias = tuple[tuple[float | None, float], ...]


ANY = "any"
"""The size of the last bracket, in TOML, which has no null."""


def tiers() -> Any:
    """Field that holds the brackets: (size up to which, fraction), ascending."""
    return field(
        default=(),
        converter=Converter(_tiers, takes_self=True, takes_field=True),
        metadata={
            "about": 'initial margin by brackets of size; "any", or null, is any size',
            "unit": "[up to so many contracts, fraction of their notional]",
            "rule": "sizes ascending, fractions from 0 to 1, not falling",
            "written": _as_table,
        },
    )


def _as_table(rows: Tiers) -> list[list[Any]]:
    """Brackets as a table has them, in TOML too."""
    return [[ANY if upto is None else upto, fraction] for upto, fraction in rows]


def margin_size(tiers: Tiers, slope: float, leverage: float | None, contracts: ArrayLike) -> Array:
    """Margin m(q), as a number of contracts' notional; infinite beyond the last bracket.

    Where a venue says nothing, neither brackets nor slope nor leverage, all of it is paid.
    """
    size = np.abs(np.asarray(contracts, dtype=np.float64))
    silent = not tiers and not slope and leverage is None
    least = 0.0 if leverage is None else size / leverage
    asked = size if silent else _bracket_margin(tiers, size) + slope * size**2
    return np.asarray(np.maximum(asked, least))


def _bracket_margin(tiers: Tiers, size: Array) -> Array:
    total, below = np.zeros_like(size), 0.0
    for upto, fraction in tiers:
        top = math.inf if upto is None else upto
        total = total + fraction * np.clip(size - below, 0.0, top - below)
        below = top
    return total if not tiers else np.where(size > below, np.inf, total)


def _tiers(given: Any, model: Any, its: Attribute[Any]) -> Tiers:
    if not isinstance(given, list | tuple):
        raise fields.wrong(model, its.name, f"must be a list of pairs, not {given!r:.80}")
    rows = tuple(_tier(row, model, its.name) for row in given)
    sizes = [0.0, *(math.inf if upto is None else upto for upto, _ in rows)]
    if any(not low < high for low, high in pairwise(sizes)):
        raise fields.wrong(model, its.name, f"sizes must ascend from above 0, not {sizes[1:]}")
    if any(less > more for (_, less), (_, more) in pairwise(rows)):
        raise fields.wrong(model, its.name, "fractions must not fall as sizes ascend")
    return rows


def _tier(row: Any, model: Any, its: str) -> tuple[float | None, float]:
    pair = isinstance(row, list | tuple) and len(row) == 2  # noqa: PLR2004 - a pair
    row = (None, row[1]) if pair and row[0] == ANY else row
    if not pair or not all(_is_number(each) for each in (row[0] or 0, row[1])):
        reason = f"must hold pairs [up to so many contracts or {ANY!r}, fraction], not {row!r:.80}"
        raise fields.wrong(model, its, reason)
    if not 0 <= row[1] <= 1:
        raise fields.wrong(model, its, f"fractions are from 0 to 1, not {row[1]!r:.80}")
    return (None if row[0] is None else float(row[0])), float(row[1])


def _is_number(given: Any) -> bool:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return number and math.isfinite(given)
