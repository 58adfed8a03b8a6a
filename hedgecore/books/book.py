"""A book: a market, positions, what may be traded, and what to make neutral; in one file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from hedgecore.books import checks, writing
from hedgecore.books import positions as rows
from hedgecore.books.as_of import age_warning, moment
from hedgecore.books.assets import refuse_basis
from hedgecore.books.confusions import refuse_confusions
from hedgecore.books.held import held_contracts
from hedgecore.books.live_sections import check_live_sections
from hedgecore.books.magnitudes import refuse_large
from hedgecore.books.market_tables import MARKET, market_of
from hedgecore.books.positions import Position
from hedgecore.books.record_checks import record_warnings, refuse_mistaken_record
from hedgecore.books.routes import PAPER, Route, routes, venue_tables
from hedgecore.books.sections import hedge_section, plain_table
from hedgecore.books.sources import chain_moments, timed_source
from hedgecore.books.track_record import RECORDS, TrackRecord, track_record
from hedgecore.errors import SpecError, at_place, did_you_mean
from hedgecore.hedging.hedge import hedge
from hedgecore.hedging.held import HeldContracts
from hedgecore.hedging.problem import HedgeRequest
from hedgecore.hedging.result import Hedge
from hedgecore.hedging.solvers import AbstractHedgeSolver, LeastSquares
from hedgecore.market.instrument import Instrument
from hedgecore.market.magnitudes import refuse_overflow
from hedgecore.market.market import Market
from hedgecore.market.portfolio import Portfolio
from hedgecore.registry.registry import Registry, default_registry
from hedgecore.tables.atomic_write import save
from hedgecore.tables.files import read_tables
from hedgecore.views import Drawable, NamedParts, Tabular

RUN = ("source", "simulation", "as_of", "venues", "live", *RECORDS)
KEYS = (*MARKET, "position", "holding", "instrument", "hedge", *RUN)


@frozen(kw_only=True, eq=False, slots=False)
class Book(Tabular, Drawable, NamedParts[Position | Instrument]):
    """Positions, a market, instruments and a request, in one: ``Book.load("book.toml").hedge()``.

    Attributes:
        market: the prices of underlying assets, and what others are worth of them.
        positions: what is held, balances among it.
        instruments: what may be traded.
        held: instrument name → contracts held of it already, where the book says so.
        request: what to make neutral.
        solver: how.
        source: where its tables were read from, as `hedgecore refresh` reads them again.
        as_of: moment at which the prices held, UTC; None where the book does not say.
        now: moment of the caller, with a time zone: old prices are warned of where it is said.
        simulation: settings of runs, plain as they stand in its file; `hedgecore.simulation` reads
            them.
        accept: whether what looks like a confusion is taken as it is, in a history too.
        routes: instrument name → where it is traded.
        venues: name → table of a venue, plain; `hedgecore.live` opens them.
        live: settings of the loop that keeps the hedge, plain, likewise.
        track_record: deposits, withdrawals, income and trades so far, as it states them.
        stated_prices: asset → price of what follows from [assets] too: a second source, to compare.

    Example:
        >>> book = hc.Book.from_tables({
        ...     "numeraire": "USD",
        ...     "prices": {"WETH": 3000.0},
        ...     "position": [{"name": "coins", "kind": "spot", "asset": "WETH", "amount": 2.0}],
        ...     "instrument": [{"name": "ETH-PERP", "kind": "perp", "underlying": "WETH"}],
        ... })
        >>> book.hedge().trade["ETH-PERP"]
        -2.0

    """

    market: Market
    positions: tuple[Position, ...]
    instruments: tuple[Instrument, ...]
    request: HedgeRequest
    solver: AbstractHedgeSolver = field(factory=LeastSquares)
    held: Mapping[str, HeldContracts] = field(factory=dict)
    source: Mapping[str, Any] = field(factory=dict)
    simulation: Mapping[str, Any] = field(factory=dict)
    accept: bool = False
    as_of: datetime | None = None
    now: datetime | None = None
    stated_prices: Mapping[str, float] = field(factory=dict)
    routes: Mapping[str, Route] = field(factory=dict)
    venues: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    live: Mapping[str, Any] = field(factory=dict)
    track_record: TrackRecord = field(factory=TrackRecord)

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        registry: Registry | None = None,
        accept: bool = False,
        now: datetime | None = None,
    ) -> Book:
        """Book in a TOML or JSON file of at most 16 MiB.

        Args:
            path: of the file.
            registry: of kinds; the default one unless given.
            accept: whether to take what looks like a confusion, a pair turned round, say, with a
                warning; it is refused otherwise.
            now: moment of the caller, with a time zone, ``datetime.now(UTC)`` say.

        Raises:
            SpecError: the file or a table is wrong, with its place.
            UnknownKindError: a kind that no plugin provides.
            AssetError: a position depends on an asset without a price.

        """
        return cls.from_tables(read_tables(path), registry=registry, accept=accept, now=now)

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, Any],
        *,
        registry: Registry | None = None,
        accept: bool = False,
        now: datetime | None = None,
    ) -> Book:
        """Book that plain tables describe, as `load` reads them from a file."""
        rows.only(tables, KEYS)
        refuse_large(tables)
        registry = default_registry() if registry is None else registry
        check_live_sections(tables, registry)
        market, stated = market_of(tables, registry)
        found = tuple(rows.positions(tables, market, registry))
        pairs = tuple(rows.instruments(tables, market, registry))
        rows.unique("position", [each.name for each in found])
        rows.unique("instrument", [each.name for each, _ in pairs])
        traded = tuple(each for each, _ in pairs)
        record = track_record(tables)
        held = {each.name: own for each, own in pairs if own is not None}
        rows.refuse_double_count([each.name for each in found], held)
        if not accept:
            lines = [*found, *rows.held_lines(held)]
            refuse_confusions(lines, traded, market)
            refuse_mistaken_record(record, found, traded, market)
            refuse_basis(stated, market)
        with at_place("hedge"):
            request, solver = hedge_section(tables.get("hedge", {}), registry)
        return cls(
            market=market,
            positions=found,
            instruments=traded,
            held=held,
            request=request,
            solver=solver,
            source=timed_source(plain_table(tables, "source")),
            simulation=plain_table(tables, "simulation"),
            accept=accept,
            as_of=moment(tables["as_of"]) if "as_of" in tables else None,
            now=now,
            stated_prices=stated,
            routes=routes(tables),
            venues=venue_tables(tables),
            live=plain_table(tables, "live"),
            track_record=record,
        )

    def to_dict(self) -> dict[str, Any]:
        """Tables of the book, plain, as its file has them: `from_tables` reads them again.

        Raises:
            SpecError: something in it no table can say; it is named.

        """
        pools = writing.whole_pools(self.positions)
        rows = writing.instrument_rows(self.instruments, self.held, self.routes)
        found = {
            **({} if self.as_of is None else {"as_of": self.as_of.isoformat()}),
            **writing.market_sections(self.market, self.stated_prices, pools),
            "position": list(writing.position_rows(self.positions)),
            "holding": list(writing.holding_rows(self.positions)),
            "instrument": list(rows),
            "hedge": writing.hedge_table(self.request, self.solver),
            "source": dict(self.source),
            "simulation": dict(self.simulation),
            "venues": {name: each for name, each in self.venues.items() if name != PAPER},
            "live": dict(self.live),
            **writing.record_tables(self.track_record),
        }
        return {key: each for key, each in found.items() if each not in ({}, [])}

    def save(self, path: str | Path) -> None:
        """Write the book into a .toml or .json file, whole or not at all; `load` reads it.

        Raises:
            SpecError: another suffix, something that no table can say, or no such folder.

        """
        save(self.to_dict(), path)

    def _parts_by_name(self) -> dict[str, Position | Instrument]:
        traded = {each.name: each for each in self.instruments}
        return {**{each.name: each for each in self.positions}, **traded}

    @cached_property
    def lines(self) -> tuple[Position, ...]:
        """Positions, and the contracts held of instruments: the book as it stands."""
        return (*self.positions, *rows.held_lines(self.held))

    @cached_property
    def portfolio(self) -> Portfolio:
        """All positions, each at the state at which the book takes it: what is to be offset."""
        return Portfolio((each.name, each.priced, each.amount) for each in self.positions)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on what is old, disagrees, is unlikely, or is used by nothing."""
        old = None if self.now is None else self.age_warning(self.now)
        return (*(() if old is None else (f"The {old}.",)), *self.timeless_warnings)

    @cached_property
    def timeless_warnings(self) -> tuple[str, ...]:
        """Sentences on what is unknown, disagrees, or is unlikely, whatever the time."""
        held = [(each.name, each.model) for each in self.lines]
        things = [*held, *((each.name, each) for each in self.instruments)]
        apart = checks.doubts(
            self.source, self.lines, self.instruments, self.market, self.stated_prices
        )
        past = record_warnings(self.track_record, self.positions, self.instruments, self.market)
        rest = checks.warnings(things, self.market, elsewhere=str(dict(self.simulation)))
        return (*apart, *past, *rest)

    def age(self, now: datetime) -> timedelta | None:
        """Age of the prices at a moment with a time zone; None where the book does not say."""
        return None if self.as_of is None else now - self.as_of

    def age_warning(self, now: datetime) -> str | None:
        """Sentence on prices that are old, or of the future, at a moment; None on any others.

        Of a book of several chains each whose block is so is named.
        """
        each = chain_moments(self.source)
        said = [age_warning(its, now, f" of chain {chain}") for chain, its in each.items()]
        if self.as_of is not None and self.as_of not in each.values():
            said.insert(0, age_warning(self.as_of, now))
        return "; ".join(filter(None, said)) or None

    def with_held(self, held: Mapping[str, tuple[float, float | None]]) -> Book:
        """Book with other contracts held of some of its instruments.

        Args:
            held: instrument name → contracts, and the price they were entered at; None where that
                is not known.

        Raises:
            SpecError: no instrument has such a name, a position has it too, or the entry price
                matters and is not said.

        """
        own = {each.name: each for each in self.instruments}
        found = dict(self.held)
        for name, (contracts, entry) in held.items():
            if name not in own:
                near = did_you_mean(name, own)
                reason = f"no instrument is called {name!r:.80}{near} ({', '.join(own) or 'none'})"
                raise SpecError(reason, field="held")
            with at_place(f"held {name!r}"):
                found[name] = held_contracts(own[name], contracts, self.market, entry)
                refuse_overflow(found[name].contract, self.market, contracts)
        rows.refuse_double_count([each.name for each in self.positions], found)
        if not self.accept:
            refuse_confusions([*rows.held_lines(found)], self.instruments, self.market)
        return evolve(self, held=found)

    def hedge(self, solver: AbstractHedgeSolver | None = None) -> Hedge:
        """Hedge of the whole book, with its warnings."""
        answer = hedge(
            self.portfolio,
            with_=self.instruments,
            market=self.market,
            held=self.held,
            request=self.request,
            solver=solver or self.solver,
        )
        return evolve(answer, warnings=self.warnings)
