"""Tables of a book, as its file would have them: ``Book.from_tables(tables_of(book))`` is the book.

The names of a chain's source that each row was read from are not among them, for a book does not
keep those; `hedgecore refresh` works on the file that `hedgecore read` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from hedgecore.books.held import ENTRY
from hedgecore.books.positions import TRADED, Position
from hedgecore.books.routes import PAPER, Route
from hedgecore.books.track_record import TrackRecord
from hedgecore.errors import SpecError, at_place
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.hedging.solvers import AbstractHedgeSolver
from hedgecore.market.assets import Claim
from hedgecore.market.claims import Multiple, PoolShare
from hedgecore.market.instrument import Instrument
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Balance, Tradable
from hedgecore.pools.model import PoolModel
from hedgecore.registry.specs import kind_of, spec_of

Table = dict[str, Any]


def market_sections(
    market: Market, stated: Mapping[str, float], pools: Mapping[str, Table]
) -> Table:
    """Tables of a market with one price of each asset.

    Args:
        market: of a book.
        stated: asset → price of what follows from others too.
        pools: position → table of the whole pool that it is in.

    Raises:
        SpecError: prices are arrays, or an asset is a part of a pool that no position is in.

    """
    if market.shape:
        reason = f"a book's file has one price of each asset, not arrays of shape {market.shape}"
        raise SpecError(reason, field="prices")
    prices = {asset: float(price) for asset, price in market.prices.items()}
    vols = {name: float(vol) for name, vol in market.vols.items() if name not in market.assets}
    found = {
        "numeraire": market.numeraire,
        "time": None if market.time is None else float(market.time),
        "prices": {**prices, **stated},
        "assets": {asset: _claim(asset, each, pools) for asset, each in market.assets.items()},
        "vols": vols,
        "rates": {name: float(rate) for name, rate in market.rates.items()},
    }
    return {key: each for key, each in found.items() if each not in (None, {})}


def _claim(asset: str, claim: Claim, pools: Mapping[str, Table]) -> Table:
    if isinstance(claim, Multiple):
        return {"of": claim.of, "rate": claim.rate}
    if isinstance(claim, PoolShare):
        whole = spec_of(claim.pool)
        for name in (name for name, pool in pools.items() if pool == whole):
            return {"of_position": name, "supply": claim.supply}
    reason = "no table says it: a fixed number of another asset, or a part of a position's pool"
    raise SpecError(reason, kind="assets", field=asset)


def whole_pools(positions: tuple[Position, ...]) -> dict[str, Table]:
    """Pools that an asset may be a part of: position → table of the whole pool that it is in."""
    pools = {each.name: each.model for each in positions if isinstance(each.model, PoolModel)}
    return {
        name: spec_of(_whole_pool(pool)) for name, pool in pools.items() if attrs.has(type(pool))
    }


def _whole_pool(pool: Any) -> Any:
    has_share = "share" in {each.name for each in attrs.fields(type(pool))}
    return attrs.evolve(pool, share=1.0) if has_share else pool


def holding_rows(positions: tuple[Position, ...]) -> Iterator[Table]:
    """Rows of ``[[holding]]``: balances."""
    for each in positions:
        if isinstance(each.model, Balance):
            yield {"name": each.name, "asset": each.model.asset, "amount": each.amount}


def position_rows(positions: tuple[Position, ...]) -> Iterator[Table]:
    """Rows of ``[[position]]``: pools and contracts."""
    for each in positions:
        if not isinstance(each.model, Balance):
            at = {"at": each.at} if isinstance(each.model, PoolModel) else {}
            amount = {} if each.amount == 1.0 else {"amount": each.amount}
            yield {**_spec(each.name, each.model), **amount, **at}


def instrument_rows(
    instruments: tuple[Instrument, ...],
    held: Mapping[str, HeldContracts],
    routes: Mapping[str, Route],
) -> Iterator[Table]:
    """Rows of ``[[instrument]]``: what may be traded, what is held of it, and where."""
    for each in instruments:
        table = _spec(each.name, each)
        if each.name in held:
            table |= _held(held[each.name])
        route = routes.get(each.name, Route(venue=PAPER, symbol=each.name))
        table |= {} if route.venue == PAPER else {"venue": route.venue}
        yield table | ({} if route.symbol == each.name else {"symbol": route.symbol})


def _spec(name: str, thing: Any) -> Table:
    """Table of a thing, its name first."""
    if isinstance(thing, Tradable):
        own = {key: getattr(thing, key) for key in TRADED}
        return {**_spec(name, thing.priced), **own, "hedges": list(thing.hedges)}
    if kind_of(thing) is None:
        raise SpecError(f"{name!r:.80} is a {type(thing).__name__}, which is no kind of a plugin")
    with at_place(name):
        return {"name": name, **spec_of(thing)}


def _held(own: HeldContracts) -> Table:
    entry = spec_of(own.contract).get(ENTRY) if own.contracts.any() else None
    return {"held": float(own.contracts), **({} if entry is None else {ENTRY: entry})}


def hedge_table(request: HedgeRequest, solver: AbstractHedgeSolver) -> Table:
    """Table ``[hedge]``: the request, and the solver with its options."""
    options = spec_of(solver) if attrs.has(type(solver)) else {"kind": solver.kind}
    kind = options.pop("kind")
    asked = attrs.asdict(request, filter=lambda field, value: value != field.default)
    lists = {key: list(each) if isinstance(each, tuple) else each for key, each in asked.items()}
    return {**lists, "solver": kind, **options}


def record_tables(record: TrackRecord) -> Table:
    """Tables ``[[flow]]`` and ``[[trade]]`` of what a book states of its past."""
    rows = {"flow": record.flows, "trade": record.trades}
    return {key: [_past_row(each) for each in its] for key, its in rows.items()}


def _past_row(each: Any) -> Table:
    """Row of the past, its date as text, without what is unknown."""
    stated = {key: value for key, value in attrs.asdict(each).items() if value is not None}
    return {**stated, "date": each.date.isoformat()}
