"""The size of a position as a person knows it: by its worth, or by the amounts that it holds.

A position of size s holds s·u, where u are the amounts of one unit at the pool's own price; so

    s = worth / Σ pᵢ uᵢ,    or    s = amountᵢ / uᵢ, the same for every i.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import mul
from typing import Any

import hedgecore.fields as fields
from hedgecore.errors import did_you_mean
from hedgecore.market.market import Market
from hedgecore.pools.alternatives import Alternative, Table, one_of
from hedgecore.pools.model import PoolModel

WORTH, AMOUNTS, PRICE = "worth", "amounts", "price"
SIZES = (WORTH, AMOUNTS)
CONTRADICTION = 1e-6
"""Relative distance of two amounts, beyond which they cannot be one position's."""


def worth_and_amounts(*instead_of: str) -> dict[str, Alternative]:
    """Alternatives that size a position."""
    unit = "numeraire of the book; without one, the quote"
    about = "what the position is worth at the pool's price"
    held = "what the position holds at the pool's price: some of its assets, or all"
    rule = "{asset = amount}, or a list in the order of assets; 0 or more, and finite"
    return {
        WORTH: Alternative(about, unit, "positive and finite", instead_of),
        AMOUNTS: Alternative(held, "whole units", rule, instead_of),
    }


def scale(
    unit: PoolModel,
    held: Sequence[float],
    prices: Sequence[float],
    table: Table,
    market: Market | None,
) -> float:
    """Number of units that a table's `worth` or `amounts` are.

    Args:
        unit: a model of the kind, for its assets.
        held: n amounts of one unit, at the pool's own price.
        prices: n prices at which they are held, the pool's own, in any one unit.
        table: says `worth` or `amounts`.
        market: prices that `worth` is counted at; None for `prices`.

    Raises:
        SpecError: what is said is no size, or contradicts itself.
        AssetError: the market has no price for an asset.

    """
    way = one_of(unit.kind, table, SIZES)
    if way == WORTH:
        counted = prices if market is None else market_prices(unit, market)
        worth = fields.real(table[WORTH], fields.POSITIVE, unit, WORTH)
        size = worth / math.fsum(map(mul, counted, held))
    else:
        size = _by_amounts(unit, held, prices, amounts(unit, table[AMOUNTS]))
    if not 0.0 < size < math.inf:
        raise fields.wrong(unit, str(way), f"makes a position of size {size!r}: out of range")
    return size


def amounts(unit: PoolModel, given: Any) -> dict[str, float]:
    """Asset → amount, of a table or of a list in which None is not known."""
    assets = unit.assets
    if isinstance(given, list | tuple):
        if len(given) != len(assets):
            reason = f"has {len(given)} entries for the {len(assets)} assets {assets}"
            raise fields.wrong(unit, AMOUNTS, reason)
        given = {name: each for name, each in zip(assets, given, strict=True) if each is not None}
    if not isinstance(given, Mapping) or not given:
        raise fields.wrong(unit, AMOUNTS, f"must be a table asset = amount, not {given!r:.80}")
    for name in given:
        if name not in assets:
            near = did_you_mean(name, assets)
            reason = f"{name!r:.80} is none of the assets {assets}{near}"
            raise fields.wrong(unit, AMOUNTS, reason)
    rule = fields.NONNEGATIVE
    return {n: fields.real(given[n], rule, unit, AMOUNTS) for n in assets if n in given}


def _by_amounts(
    unit: PoolModel, held: Sequence[float], prices: Sequence[float], given: Mapping[str, float]
) -> float:
    """Size by the amount that is most of the worth, if all others agree with it."""
    ones = dict(zip(unit.assets, held, strict=True))
    known = [name for name, amount in given.items() if ones[name] and amount]
    if not known:
        one = next(iter(given))
        held_none = "holds none at the pool's price" if not ones[one] else "must be positive"
        others = ", ".join(name for name in unit.assets if ones[name])
        raise fields.wrong(
            unit, AMOUNTS, f"{given[one]!r} {one}: {held_none}. Say how much {others}"
        )
    first = known[0]
    for name, amount in given.items():
        due = given[first] / ones[first] * ones[name]
        if abs(amount - due) > CONTRADICTION * max(amount, due):
            raise fields.wrong(unit, AMOUNTS, _contradiction(given, first, name, due))
    cash = {name: p * ones[name] for name, p in zip(unit.assets, prices, strict=True)}
    most = max(known, key=lambda name: cash[name])
    return given[most] / ones[most]


def _contradiction(given: Mapping[str, float], first: str, name: str, due: float) -> str:
    beside = f"{given[first]!r} {first} and {given[name]!r} {name} contradict each other"
    due_too = f"beside {given[first]!r} {first} there would have to be {due:.10g} {name}"
    return f"{beside} at the pool's price: {due_too}"


def market_prices(unit: PoolModel, market: Market) -> tuple[float, ...]:
    """Prices, n, of a pool's assets in the market, in the numeraire."""
    return tuple(float(market.price(asset)) for asset in unit.assets)
