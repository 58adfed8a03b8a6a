"""The rows of a book: positions, balances and instruments, from their tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from hedgecore.books.held import ENTRY, held_contracts
from hedgecore.books.price_dependence import price_dependence
from hedgecore.books.routes import SYMBOL, VENUE
from hedgecore.errors import SpecError, at_place, did_you_mean
from hedgecore.hedging.held import HeldContracts
from hedgecore.market.instrument import Instrument, Priced
from hedgecore.market.magnitudes import refuse_overflow, suspect
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Balance, Tradable
from hedgecore.pools.mispricing import Mispricing, mispricing
from hedgecore.pools.model import PoolModel
from hedgecore.pools.sizing import SIZES
from hedgecore.registry.registry import Registry
from hedgecore.registry.specs import build, schema
from hedgecore.renamed import renamed_field
from hedgecore.tables.render import amount

Table = Mapping[str, Any]
AT = ("state", "market")
SOURCE = "source"
"""Names the entry of ``[source]`` that a table was read from; `hedgecore refresh` uses it."""
OF_BOOK = ("amount", "at", SOURCE)
"""Fields of a position's table that are the book's, not the model's."""
USUAL_FEE = 0.01
HELD = "held"
"""Contracts of an instrument that the book holds already; `entry_price` beside it is theirs."""
PRICED = ("hedgecore_pools", "hedgecore_instruments")


@attrs.frozen(kw_only=True, eq=False)
class Position:
    """Amount of one thing in the book, and the state at which it is taken.

    Attributes:
        name: unique in the book.
        model: a pool model, an instrument, or a balance.
        amount: how many of it; negative is short.
        at: "state", what a pool holds now; "market", what it would hold at the market's price.
        standing: where a pool stands against the market; None where it knows no own price.
        follows_price: word of its table, `range` say, that counts from the book's price for want
            of one of its own, and so means another position at each; None of most.

    Example:
        >>> coins = hc.Position(name="coins", model=hc.Balance("WETH"), amount=2.0)
        >>> coins.priced, coins.amount
        (Balance(asset='WETH'), 2.0)

    """

    name: str
    model: Any
    amount: float = 1.0
    at: str = "market"
    standing: Mispricing | None = None
    follows_price: str | None = None

    @property
    def priced(self) -> Priced:
        """The model, at the state at which the book takes it."""
        return self._priced_at(self.at)

    def warning(self, market: Market) -> str | None:
        """Sentence with both exposures if the market is outside the pool's fee band.

        Of a pool whose fee is unknown, the band is that of the highest fee that is usual.
        """
        if self.standing is None or self.standing.is_inside(USUAL_FEE):
            return None
        here, there = (self._units(at, market) for at in AT)
        fee = f"a fee of {USUAL_FEE:.0%}, the pool's own being unknown"
        band = fee if self.standing.fee is None else "the pool's fee band"
        both = ", ".join(f"{a} {amount(here[a])} or {amount(there.get(a, 0.0))}" for a in here)
        return (
            f"{self.name}: the market is outside {band}: {self.standing}. It holds, at"
            f' its own state or at the market: {both}. Taken at = "{self.at}".'
        )

    def _units(self, at: str, market: Market) -> dict[str, float]:
        """Asset → units held at a state: of those that the pool's are claims on, where they are."""
        held = self._priced_at(at).exposure(market)
        return dict(zip(held.assets, self.amount * held.delta, strict=True))

    def _priced_at(self, at: str) -> Priced:
        priced: Priced = self.model.at_state() if at == "state" else self.model
        return priced


def positions(tables: Table, market: Market, registry: Registry) -> Iterator[Position]:
    """Positions of a book, then its holdings, each in the order of its tables.

    Raises:
        SpecError: a table is wrong; the message starts with the position's name.

    """
    for table in table_rows(tables, "position"):
        name = _name(table, "position")
        with at_place(f"position {name!r}"):
            yield _position(name, table, market, registry)
    counted: dict[str, int] = {}
    for row, table in enumerate(table_rows(tables, "holding"), 1):
        with at_place(f"holding: row {row}"):
            held = _holding(table)
            refuse_overflow(held.model, market, held.amount)
            counted[held.name] = counted.get(held.name, 0) + 1
            again = f" {counted[held.name]}" if counted[held.name] > 1 else ""
            yield attrs.evolve(held, name=f"{held.name}{again}")


def instruments(
    tables: Table, market: Market, registry: Registry
) -> Iterator[tuple[Instrument, HeldContracts | None]]:
    """Instruments of a book in order, each with the contracts held; None where none are stated.

    A pool among it becomes `Tradable`, with its own `hedges`.

    Raises:
        SpecError: a table is wrong; the message starts with the instrument's name.
        AssetError: there is no price for something that it depends on.

    """
    for table in table_rows(tables, "instrument"):
        name = _name(table, "instrument")
        with at_place(f"instrument {name!r}"):
            own = {key: value for key, value in table.items() if key not in (HELD, VENUE, SYMBOL)}
            entry = own.pop(ENTRY, None) if HELD in table else None
            traded = _instrument(name, own, market, registry)
            refuse_overflow(traded, market)  # a missing price is met here, by the name
            yield traded, _held_contracts(table, traded, market, entry)


def held_lines(held: Mapping[str, HeldContracts]) -> Iterator[Position]:
    """Contracts held of instruments, as positions; those of which none is held are left out."""
    for name, own in held.items():
        if own.contracts.any():
            yield Position(name=name, model=own.contract, amount=float(own.contracts))


def unique(what: str, names: list[str]) -> None:
    """Refuse a name that stands twice."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise SpecError(f"two are called {twice!r}; names are unique", kind=what, field="name")


def refuse_double_count(positions: Sequence[str], held: Mapping[str, HeldContracts]) -> None:
    """Refuse a name that stands as a position and as contracts held: one thing counted twice."""
    for name, own in held.items():
        if name in positions and np.any(own.contracts):
            reason = "stands as a position too: one thing would count twice. Leave one of them out"
            raise SpecError(reason, kind=f"instrument {name!r:.80}", field=HELD)


def _position(name: str, table: Table, market: Market, registry: Registry) -> Position:
    model = _build(name, table, OF_BOOK, market, registry)
    with suspect(model, market):
        stands = mispricing(model, market) if isinstance(model, PoolModel) else None
    given = table.get("at", "market" if stands is None else "state")
    if given not in AT:
        reason = f"must be one of {', '.join(AT)}, not {given!r:.80}{did_you_mean(given, AT)}"
        raise SpecError(reason, field="at")
    if given == "state" and stands is None:
        raise SpecError("the pool's own state is not known: give its price, or market", field="at")
    held = number(table.get("amount", 1.0), "amount")
    follows = price_dependence(_own_fields(table), registry)
    found = Position(
        name=name, model=model, amount=held, at=given, standing=stands, follows_price=follows
    )
    refuse_overflow(found.priced, market, held, model=model)  # a missing price is met here, too
    return found


def position_model(tables: Table, market: Market, registry: Registry, name: str) -> Any:
    """Model of the pool of the position of that name, whatever part of it the position is.

    Raises:
        SpecError: the book has no such position, or says its worth or amounts and not its pool.

    """
    named = {str(row.get("name")): row for row in table_rows(tables, "position")}
    if name not in named:
        reason = f"no position is called {name!r:.80}{did_you_mean(name, named)}"
        raise SpecError(f"{reason} ({', '.join(named) or 'none'})")
    with at_place(f"position {name!r}"):
        return _build(name, named[name], (*OF_BOOK, *SIZES), market, registry)


def _holding(table: Table) -> Position:
    only(table, ("name", "asset", "amount", SOURCE))
    asset = table.get("asset")
    if not isinstance(asset, str) or not asset:
        raise SpecError(f"must be the name of an asset, not {asset!r:.80}", field="asset")
    held = number(table.get("amount"), "amount")
    name = _name(table, "holding") if "name" in table else f"{asset} balance"
    return Position(name=name, model=Balance(asset), amount=held)


def _instrument(name: str, table: dict[str, Any], market: Market, registry: Registry) -> Any:
    if "name" in schema(registry[str(table.get("kind"))]):
        return build(table, registry=registry)
    own = {key: _order(key, table.pop(key)) for key in TRADED if key in table}
    model = _build(name, table, (), market, registry)
    return Tradable(
        **{"name": name, "hedges": model.assets[:-1], "fee": model.fee, **own}, priced=model
    )


def _held_contracts(
    table: Table, instrument: Instrument, market: Market, entry: Any
) -> HeldContracts | None:
    if HELD not in table:
        return None
    price = None if entry is None else number(entry, ENTRY)
    own = held_contracts(instrument, number(table[HELD], HELD), market, price)
    refuse_overflow(own.contract, market, float(own.contracts))
    return own


TRADED = ("hedges", "contract_size", "lot", "min_size")


def _order(key: str, given: Any) -> Any:
    """Field of an order in a pool, as a table has it: the assets it hedges, or a number."""
    if key != "hedges":
        size = number(given, key)
        if size < 0 or (key == "contract_size" and not size):
            raise SpecError(f"must be positive, not {size}", field=key)
        return size
    if not isinstance(given, list | tuple) or not all(isinstance(each, str) for each in given):
        raise SpecError(f"must be a list of assets, not {given!r:.80}", field=key)
    if not given:
        raise SpecError("names no asset: name one at least, or leave it out", field=key)
    return given


def _build(
    name: str, table: Table, own: tuple[str, ...], market: Market, registry: Registry
) -> Any:
    rest = _own_fields(table, own)
    kind = rest.get("kind")
    if isinstance(kind, str) and "name" in schema(registry[kind]):
        rest["name"] = name
    if isinstance(kind, str) and kind in registry and not {*PRICED} & {*registry.hooks(kind)}:
        raise SpecError(f"{kind!r} is neither a pool nor an instrument", field="kind")
    return build(rest, registry=registry, market=market)


def _own_fields(table: Table, own: tuple[str, ...] = OF_BOOK) -> dict[str, Any]:
    """Kind and fields of a model, of a table that has those of the book, too."""
    return {key: value for key, value in table.items() if key not in (*own, "name")}


def table_rows(tables: Table, what: str) -> list[Table]:
    """Rows of a list of tables; SpecError where it is none."""
    rows = tables.get(what, [])
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise SpecError(f"must be a list of tables: write [[{what}]]", field=what)
    return list(rows)


def _name(table: Table, what: str) -> str:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        kind = str(table.get("kind"))
        raise SpecError(
            f"each has a name; one of kind {kind!r:.80} has none", kind=what, field="name"
        )
    return name


def only(table: Table, known: tuple[str, ...], what: str = "") -> None:
    """Refuse a key that is not known, and what is no table; `what` is its name in a book."""
    if not isinstance(table, Mapping):
        raise SpecError(f"must be a table, not {table!r:.80}")
    for key in table:
        if key not in known:
            near = renamed_field(what, str(key)) or did_you_mean(key, known)
            reason = f"there is no such field{near} (there are {', '.join(known) or 'none'})"
            raise SpecError(reason, field=str(key)[:80])


def number(given: Any, name: str) -> float:
    """Float of a number that was given; what is no number is refused."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise SpecError(f"must be a number, not {given!r:.80}", field=name)
    return float(given)
