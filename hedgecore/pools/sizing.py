"""The size of a position as a person knows it: by its worth, or by the amounts that it holds.

A class may say, beside its fields, what else a table may hold: `SupportsAlternatives`. All that
pools need of it is here. A position of size s holds s·u, where u are the amounts of one unit at the
pool's own price; so

    s = worth / Σ pᵢ uᵢ,    or    s = amountᵢ / uᵢ, the same for every i.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import mul
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from hedgecore import fields
from hedgecore.errors import SpecError, did_you_mean
from hedgecore.market.market import Market
from hedgecore.pools.model import PoolModel

Table: TypeAlias = Mapping[str, Any]
WORTH, AMOUNTS, PRICE, SHARE = "worth", "amounts", "price", "share"
PROPORTIONS = "proportions"
SIZES = (WORTH, AMOUNTS)
CONTRADICTION = 1e-6
"""Relative distance of two amounts, beyond which they cannot be one position's."""
ROUNDING = 1e-9
"""So much more than the whole pool is still the whole pool."""


class Alternative(NamedTuple):
    """A name that a table may hold beside the fields of its kind, and what stands there.

    Attributes:
        about: the meaning.
        unit: of the value.
        rule: which values are taken.
        instead_of: fields that are not needed where this is given.

    """

    about: str
    unit: str
    rule: str
    instead_of: tuple[str, ...] = ()


@runtime_checkable
class SupportsAlternatives(Protocol):
    """A kind whose tables may state it in other words than by its fields."""

    @classmethod
    def alternatives(cls) -> Mapping[str, Alternative]:
        """Names that a table may hold beside the fields."""
        ...

    @classmethod
    def examples(cls) -> Mapping[str, Table]:
        """Title → a table of this kind without `kind`; one for each way to state it."""
        ...

    @classmethod
    def canonical(cls, table: Table, market: Market | None = None, /) -> dict[str, Any]:
        """Fields alone, of a table that may hold alternatives.

        Args:
            table: without its kind; each name is a field's or an alternative's.
            market: prices that the table leaves out, and whose numeraire `worth` is in; without
                one, `worth` is in the quote at the pool's own price.

        """
        ...


def worth_and_amounts(*instead_of: str) -> dict[str, Alternative]:
    """Return the alternatives that size a position."""
    unit = "numeraire of the book; without one, the quote"
    about = "what the position is worth at the pool's price"
    held = "what the position holds at the pool's price: some of its assets, or all"
    rule = "{asset = amount}, or a list in the order of assets; 0 or more, and finite"
    return {
        WORTH: Alternative(about, unit, "positive and finite", instead_of),
        AMOUNTS: Alternative(held, "whole units", rule, instead_of),
    }


def one_of(kind: str, table: Table, ways: Sequence[str]) -> str | None:
    """Return which of several ways a table takes, None where it takes none.

    Raises:
        SpecError: it takes two.

    """
    given = [name for name in ways if table.get(name) is not None]
    if len(given) > 1:
        reason = f"stands beside {given[0]}: each alone says it. Leave one of them out"
        raise SpecError(reason, kind=kind, field=given[1])
    return given[0] if given else None


def without(table: Table, names: Iterable[str]) -> dict[str, Any]:
    """Return a table without some names."""
    return {name: value for name, value in table.items() if name not in {*names}}


def scale(
    unit: PoolModel,
    held: Sequence[float],
    prices: Sequence[float],
    table: Table,
    market: Market | None,
) -> float:
    """Return how many times one unit a table's `worth` or `amounts` are.

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
    """Return asset → amount, of a table or of a list in which None is not known."""
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
    """Return the size by the amount that is most of the worth, if all others agree with it."""
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
    due_too = f"beside {given[first]!r} {first} there would have to be {due!r} {name}"
    return f"{beside} at the pool's price: {due_too}"


# Prices.


def market_prices(unit: PoolModel, market: Market) -> tuple[float, ...]:
    """Return the market's n prices of a pool's assets, in the numeraire."""
    return tuple(float(market.price(asset)) for asset in unit.assets)


def stated_prices(unit: PoolModel, table: Table, market: Market | None) -> tuple[float, ...] | None:
    """Return n prices in one unit: from `price`, else from the market; None without either."""
    if table.get(PRICE) is None:
        return None if market is None else market_prices(unit, market)
    given, m = table[PRICE], len(unit.assets) - 1
    each = [given] if m == 1 and not isinstance(given, list | tuple) else given
    if not isinstance(each, list | tuple) or len(each) != m:
        wanted = "be a number" if m == 1 else f"be a list of {m} numbers"
        in_quote = f"the prices of {unit.assets[:-1]} in {unit.assets[-1]}"
        raise fields.wrong(unit, PRICE, f"must {wanted}, {in_quote}, not {given!r:.80}")
    return (*(fields.real(one, fields.POSITIVE, unit, PRICE) for one in each), 1.0)


# A share of a pool that has a state: v2's reserves, a basket's balances.


def pool_alternatives(state: str) -> dict[str, Alternative]:
    """Return the alternatives of a kind that is a share of a pool with a state."""
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
    """Return the fields of a share of a pool, which a table may state by `worth` or `amounts`.

    With the pool's state the size is a share of it. Without, the position is as good as a pool of
    its own, whole, since what a share holds depends on ratios alone.

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
    listed = table.get("assets")
    ones = [1.0] * len(listed) if isinstance(listed, list | tuple) else []
    unit = cls(**{**rest, state: ones})
    if way == AMOUNTS and table.get(PRICE) is None:
        own = amounts(unit, table[AMOUNTS])
        if len(own) == len(unit.assets):
            return {**rest, state: _positive(unit, own)}
    prices = stated_prices(unit, table, market)
    if prices is None:
        reason = f"is needed to tell {way} without {state}. Give price, or {state}"
        raise SpecError(reason, kind=cls.kind, field=PRICE)
    return {**rest, state: own_amounts(unit, held(unit, prices), prices, table, market)}


def proportion_fields(
    cls: type[PoolModel], state: str, table: Table, market: Market | None
) -> dict[str, Any]:
    """Return the fields of a position in a pool of which only the `proportions` are known.

    Raises:
        SpecError: no size, two ways at once, a contradiction.

    """
    for other in (state, PRICE):
        one_of(cls.kind, table, (other, PROPORTIONS))
    if one_of(cls.kind, table, (SHARE, *SIZES)) not in SIZES:
        reason = "do not say how large the position is: give worth or amounts beside them"
        raise SpecError(reason, kind=cls.kind, field=PROPORTIONS)
    rest = without(table, (*SIZES, PRICE, PROPORTIONS))
    with _named(cls.kind, state, PROPORTIONS):
        unit = cls(**{**rest, state: table[PROPORTIONS]})
    held = getattr(unit, state)
    return {**rest, state: own_amounts(unit, held, pool_prices(unit), table, market)}


@contextmanager
def _named(kind: str, name: str, other: str) -> Iterator[None]:
    """Name an alternative in an error about the field that it stands for."""
    try:
        yield
    except SpecError as error:
        if error.field != name:
            raise
        reason = str(error).removeprefix(f"{kind}.{name}: ")
        raise SpecError(reason, kind=kind, field=other) from None


def own_amounts(
    unit: PoolModel,
    held: Sequence[float],
    prices: Sequence[float],
    table: Table,
    market: Market | None,
) -> list[float]:
    """Return the n amounts of a position that holds `held` in proportion."""
    size = scale(unit, held, prices, table, market)
    return [size * float(one) for one in held]


def pool_prices(pool: PoolModel) -> tuple[float, ...]:
    """Return n prices at which a pool stands, in its quote."""
    spot = pool.spot()
    return (*(map(float, spot) if len(pool.assets) > 2 else (float(spot),)), 1.0)  # noqa: PLR2004


def _positive(unit: PoolModel, own: Mapping[str, float]) -> list[float]:
    """Return the amounts that such a pool holds: some of each asset."""
    return [fields.real(amount, fields.POSITIVE, unit, AMOUNTS) for amount in own.values()]


def _share(pool: PoolModel, state: str, table: Table, market: Market | None) -> float:
    whole = getattr(pool, state)
    share = scale(pool, whole, pool_prices(pool), table, market)
    if share > 1.0 + ROUNDING:
        way = one_of(pool.kind, table, SIZES)
        reason = f"is {share:.4g} times the pool: {state} are what the whole pool holds"
        raise fields.wrong(pool, str(way), reason)
    return min(share, 1.0)
