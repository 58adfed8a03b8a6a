"""A share of a pool that has a state, reserves or balances, by worth or by amounts.

With the pool's state the size is a share of it. Without, the position is as good as a pool of its
own, whole, since what a share holds depends on ratios alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

import hedgecore.fields as fields
from hedgecore.errors import SpecError
from hedgecore.market.market import Market
from hedgecore.pools.alternatives import Alternative, Table, one_of, without
from hedgecore.pools.model import PoolModel
from hedgecore.pools.sizing import (
    AMOUNTS,
    PRICE,
    SIZES,
    amounts,
    market_prices,
    scale,
    worth_and_amounts,
)

SHARE, PROPORTIONS = "share", "proportions"
ROUNDING = 1e-9
"""So much more than the whole pool is still the whole pool."""


def pool_alternatives(state: str) -> dict[str, Alternative]:
    """Alternatives of a kind that is a share of a pool with a state."""
    about = f"the pool's own price, where {state} are not given; the market's unless given"
    rule = "a number for a pair, else a list of all but the quote's; positive and finite"
    return {
        **worth_and_amounts(state, SHARE),
        PRICE: Alternative(about, "quote per unit", rule),
    }


def share_fields(
    cls: type[PoolModel],
    state: str,
    table: Table,
    market: Market | None,
    held: Callable[[Any, tuple[float, ...]], Sequence[float]],
) -> dict[str, Any]:
    """Fields of a share of a pool, which a table may state by `worth` or `amounts`.

    Args:
        cls: the kind.
        state: the field of what the whole pool holds.
        table: fields and alternatives.
        market: prices that the table leaves out.
        held: (a model of the kind, n prices) → n amounts in any proportion to the pool's.

    Raises:
        SpecError: two ways at once, a contradiction, more than the pool holds, no price.

    """
    way = one_of(cls.kind, table, (SHARE, *SIZES))
    rest = without(table, (*SIZES, PRICE))
    if way not in SIZES:
        if table.get(PRICE) is not None:
            reason = f"is for worth and amounts without {state}: with a share, {state} say it"
            raise SpecError(reason, kind=cls.kind, field=PRICE)
        return rest
    one_of(cls.kind, table, (state, PRICE))
    if table.get(state) is not None:
        return {**rest, SHARE: _share(cls(**rest), state, table, market)}
    return {**rest, state: _own(cls, state, table, market, held)}


def proportion_fields(
    cls: type[PoolModel], state: str, table: Table, market: Market | None
) -> dict[str, Any]:
    """Fields of a position in a pool of which only the `proportions` are known.

    Raises:
        SpecError: no size, two ways at once, a contradiction.

    """
    for other in (state, PRICE):
        one_of(cls.kind, table, (other, PROPORTIONS))
    if one_of(cls.kind, table, (SHARE, *SIZES)) not in SIZES:
        reason = "do not say how large the position is: give worth or amounts beside them"
        raise SpecError(reason, kind=cls.kind, field=PROPORTIONS)
    rest = without(table, (*SIZES, PRICE, PROPORTIONS))
    with _stand_in(cls.kind, state, PROPORTIONS):
        unit = cls(**{**rest, state: table[PROPORTIONS]})
    held = getattr(unit, state)
    return {**rest, state: own_amounts(unit, held, pool_prices(unit), table, market)}


@contextmanager
def _stand_in(kind: str, name: str, other: str) -> Iterator[None]:
    """Name an alternative in an error about the field that it stands for."""
    try:
        yield
    except SpecError as error:
        if error.field != name:
            raise
        reason = str(error).removeprefix(f"{kind}.{name}: ")
        raise SpecError(reason, kind=kind, field=other) from None


def stated_prices(unit: PoolModel, table: Table, market: Market | None) -> tuple[float, ...] | None:
    """Prices, n in one unit: from `price`, else from the market; None without either."""
    if table.get(PRICE) is None:
        return None if market is None else market_prices(unit, market)
    given, m = table[PRICE], len(unit.assets) - 1
    each = [given] if m == 1 and not isinstance(given, list | tuple) else given
    if not isinstance(each, list | tuple) or len(each) != m:
        wanted = "be a number" if m == 1 else f"be a list of {m} numbers"
        in_quote = f"the prices of {unit.assets[:-1]} in {unit.assets[-1]}"
        raise fields.wrong(unit, PRICE, f"must {wanted}, {in_quote}, not {given!r:.80}")
    return (*(fields.real(one, fields.POSITIVE, unit, PRICE) for one in each), 1.0)


def own_amounts(
    unit: PoolModel,
    held: Sequence[float],
    prices: Sequence[float],
    table: Table,
    market: Market | None,
) -> list[float]:
    """Amounts, n, of a position that holds `held` in proportion."""
    size = scale(unit, held, prices, table, market)
    return [size * float(one) for one in held]


def pool_prices(pool: PoolModel) -> tuple[float, ...]:
    """Prices, n, at which a pool stands, in its quote."""
    with np.errstate(all="ignore"):
        spot = pool.spot()
    return (*(map(float, spot) if len(pool.assets) > 2 else (float(spot),)), 1.0)  # noqa: PLR2004


def _own(
    cls: type[PoolModel],
    state: str,
    table: Table,
    market: Market | None,
    held: Callable[[Any, tuple[float, ...]], Sequence[float]],
) -> list[float]:
    """Amounts of a position in a pool whose state is not known, n, asset units."""
    listed, way = table.get("assets"), one_of(cls.kind, table, SIZES)
    ones = [1.0] * len(listed) if isinstance(listed, list | tuple) else []
    unit = cls(**{**without(table, (*SIZES, PRICE)), state: ones})
    if way == AMOUNTS and table.get(PRICE) is None:
        own = amounts(unit, table[AMOUNTS])
        if len(own) == len(unit.assets):
            return _positive(unit, own)
    prices = stated_prices(unit, table, market)
    if prices is None:
        reason = f"is needed to tell {way} without {state}. Give price, or {state}"
        raise fields.wrong(unit, PRICE, reason)
    return own_amounts(unit, held(unit, prices), prices, table, market)


def _positive(unit: PoolModel, own: Mapping[str, float]) -> list[float]:
    """Amounts that such a pool holds: some of each asset."""
    return [fields.real(amount, fields.POSITIVE, unit, AMOUNTS) for amount in own.values()]


def _share(pool: PoolModel, state: str, table: Table, market: Market | None) -> float:
    whole = getattr(pool, state)
    share = scale(pool, whole, pool_prices(pool), table, market)
    if share > 1.0 + ROUNDING:
        way = one_of(pool.kind, table, SIZES)
        reason = f"is {share:.4g} times the pool: {state} are what the whole pool holds"
        raise fields.wrong(pool, str(way), reason)
    return min(share, 1.0)
