"""Collateral of a loan: its health factor, and the price at which it is liquidated.

With u_j units pledged of asset j, of price P_j and liquidation threshold θ_j, and q units borrowed
that have grown by the index i, of price S,

    health = Σ_j θ_j u_j P_j / (q i S),    liquidated below 1.

Source: the health factor of Aave (v2, v3); Compound and Spark count alike.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from attrs import Attribute, Converter, field
from numpy.typing import ArrayLike, NDArray

from hedgecore import Market, fields

Array: TypeAlias = NDArray[np.float64]
Pledges: TypeAlias = tuple[tuple[str, float, float], ...]
ROW = 3


def collateral() -> Any:
    """Field that holds what is pledged: (asset, units, liquidation threshold)."""
    return field(
        default=(),
        converter=Converter(_pledges, takes_self=True, takes_field=True),
        metadata={
            "about": "what is pledged for all that is borrowed; health() and"
            " liquidation_price() need it, and it is no part of the loan's worth",
            "unit": "[asset, units, liquidation threshold]",
            "rule": "assets named once, units 0 or more, thresholds from 0 to 1",
        },
    )


def pledge_value(pledges: Pledges, market: Market) -> Array:
    """Σ θ u P, what the pledges count for, in the numeraire."""
    total = np.zeros(market.shape)
    for asset, units, threshold in pledges:
        total = total + threshold * units * market.price(asset)
    return total


def health(pledges: Pledges, market: Market, debt: ArrayLike) -> Array:
    """Health factor, S: inf where nothing is owed."""
    owed = np.asarray(debt, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(owed > 0, pledge_value(pledges, market) / owed, np.inf)


def liquidation(pledges: Pledges, market: Market, owed: tuple[str, ArrayLike], asset: str) -> Array:
    """Price of `asset` at which health is 1, all other prices as they are; S.

    Of a pledge: liquidated below it; 0 where no fall is enough. Of what is owed: liquidated above
    it; 0 where it is liquidated at any price.

    Args:
        pledges: what secures it.
        market: the other prices.
        owed: the asset owed, and how many units, 0 or more.
        asset: whose price is sought, pledged or owed.

    """
    debtor, units = owed
    others = tuple(each for each in pledges if each[0] != asset)
    counted = sum(threshold * u for each, u, threshold in pledges if each == asset)
    slope = np.asarray(counted, dtype=np.float64)
    rest, safe, lost = pledge_value(others, market), 0.0, np.inf
    if debtor == asset:
        slope, safe, lost = slope - np.asarray(units, dtype=np.float64), np.inf, 0.0
    else:
        rest = rest - np.asarray(units) * market.price(debtor)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(slope == 0, np.where(rest < 0, lost, safe), -rest / slope)
    return np.asarray(np.maximum(price, 0.0))


def _pledges(given: Any, model: Any, its: Attribute[Any]) -> Pledges:
    if not isinstance(given, list | tuple):
        raise fields.wrong(model, its.name, f"must be a list of rows, not {given!r:.80}")
    rows = tuple(_pledge(row, model, its.name) for row in given)
    if len({asset for asset, _, _ in rows}) < len(rows):
        raise fields.wrong(model, its.name, "names an asset twice: add its units up")
    return rows


def _pledge(row: Any, model: Any, its: str) -> tuple[str, float, float]:
    right = isinstance(row, list | tuple) and len(row) == ROW and isinstance(row[0], str) and row[0]
    if not right or not all(_is_number(each) for each in row[1:]):
        reason = f"must hold rows [asset, units, liquidation threshold], not {row!r:.80}"
        raise fields.wrong(model, its, reason)
    asset, units, threshold = row
    if units < 0 or not 0 <= threshold <= 1:
        reason = f"units are 0 or more and thresholds from 0 to 1, not {row!r:.80}"
        raise fields.wrong(model, its, reason)
    return asset, float(units), float(threshold)


def _is_number(given: Any) -> bool:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return number and math.isfinite(given)
