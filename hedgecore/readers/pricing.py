"""Prices from what was read: pools, and what is quoted, as a graph from the unit to every asset.

Each pool says what its assets are worth in each other. From the assets whose price is known the
deepest pool leads to the next, deepest by what it holds of the asset that is already priced.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from attrs import frozen

from hedgecore.books.assets import asset_map
from hedgecore.errors import SpecError
from hedgecore.interfaces.reading import Reading
from hedgecore.market.assets import AssetMap
from hedgecore.numerics.ties import round_for_ties
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build

ASSETS = "[assets]"
"""The source of a price that follows from a book's table of assets."""
UNITS = ("USDC", "USDT", "DAI")
"""The assets that prices are counted in by preference, where nobody names one."""


@frozen
class Link:
    """One asset's price in another, by one reading.

    Attributes:
        asset: whose price.
        unit: in which asset.
        price: of one asset, in units.
        depth: how much of the unit trades near the price; infinite where it is stated.
        read: the name of the reading.

    """

    asset: str
    unit: str
    price: float
    depth: float
    read: str

    @property
    def inverse(self) -> Link:
        """The same, as the unit's price in the asset."""
        return Link(self.unit, self.asset, 1 / self.price, self.depth / self.price, self.read)


def links(read: str, reading: Reading, registry: Registry | None) -> Iterator[Link]:
    """Prices in a reading between assets that are named already, as links each way."""
    for each in reading.quotations:
        if each.asset == each.unit:
            continue
        stated = Link(each.asset, each.unit, each.price, math.inf, read)
        yield from (stated, stated.inverse)
    if reading.position is not None and all(reading.depth.values()):
        spots = spot_prices(reading.position, registry)
        for asset, unit in combinations(spots, 2):
            found = Link(asset, unit, spots[asset] / spots[unit], reading.depth[unit], read)
            yield from (found, found.inverse)


def claims_of(table: Mapping[str, Any]) -> AssetMap:
    """Claims of a table ``[assets]`` that are a fixed number of another asset."""
    rows = {a: row for a, row in table.items() if not ("of_position" in row or a == "")}
    named = [row[way] for row in rows.values() for way in ("same_as", "of") if way in row]
    return asset_map(rows, named, str)


def claim_links(claims: AssetMap) -> Iterator[Link]:
    """Links from [assets]: what assets are worth in each other, each way."""
    for asset, claim in claims.items():
        if claim.multiple is not None:
            stated = Link(asset, claim.multiple[0], claim.multiple[1], math.inf, ASSETS)
            yield from (stated, stated.inverse)


def spot_prices(position: Mapping[str, Any], registry: Registry | None) -> dict[str, float]:
    """Asset → price in the last, at the pool's own state; empty where it knows none."""
    model = build({k: v for k, v in position.items() if v is not None}, registry=registry)
    try:
        spot = np.append(model.spot(), 1.0)
    except SpecError:
        return {}
    return {asset: float(price) for asset, price in zip(model.assets, spot, strict=True)}


def derive_prices(
    known: Mapping[str, float], given: Sequence[Link]
) -> tuple[dict[str, float], list[Link]]:
    """All prices that follow from those known, and the links that led there, in order."""
    prices, taken = dict(known), list[Link]()
    while True:
        ready = [each for each in given if each.unit in prices and each.asset not in prices]
        if not ready:
            return prices, taken
        best = max(ready, key=lambda each: round_for_ties(each.depth * prices[each.unit]))
        prices[best.asset] = best.price * prices[best.unit]
        taken.append(best)


def unit_of(given: Sequence[Link], assets: Sequence[str], claims: AssetMap) -> str:
    """Unit to count in: one that is stated and no asset, one of `UNITS`, or the commonest."""
    stated = [each.unit for each in given if each.unit not in assets and each.unit not in claims]
    if stated:
        return stated[0]
    for each in UNITS:
        if each in assets:
            return each
    counts = [sum(each.unit == asset for each in given) for asset in assets]
    return assets[counts.index(max(counts))] if assets else "USD"
