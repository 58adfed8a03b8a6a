"""Accounts at venues as rows of a book: what is held there, and what may be traded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from hedgecore.books.sources import ACCOUNTS, HOLDINGS, accounts_of
from hedgecore.errors import ReaderError, SpecError
from hedgecore.interfaces.account import Account, ContractTerms
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.readers.contract_rows import (
    ENTRY,
    HELD,
    LEAST,
    QUOTE,
    SETTLEMENT,
    Listing,
    contract_row,
)
from hedgecore.readers.rows import as_of_field
from hedgecore.registry.specs import spec_of

MOVING = (HELD, ENTRY, "amount", "funding_rate", "expiry_years", "basis", "vol", "tick")
"""Fields that a reading says anew, whatever a book has."""
SYMBOLS, PRICES = "symbols", "prices"
"""Of what is from an account: symbol → underlying, and assets whose prices are its venue's."""
CONTRACT = "venue", "symbol"
"""Fields that say which contract an instrument is."""


@frozen(kw_only=True)
class AccountRequest:
    """Account to be read, and what it is called in a book.

    Attributes:
        name: of its venue in the book.
        venue: where it is.
        underlyings: symbol → asset whose price it follows; where that is None, the coin that the
            venue says it is on, or the symbol itself. A contract that is named here may be traded,
            whether it is held or not.

    """

    name: str
    venue: AbstractVenue
    underlyings: Mapping[str, str | None] = field(factory=dict)


@frozen(kw_only=True)
class AccountTables:
    """Tables of a book that an account is, and notes on it.

    Attributes:
        name: of its venue in the book.
        instruments: rows, with what is held of each and its entry.
        holdings: rows of the account's balances, collateral among them.
        venue: table of the venue.
        prices: asset → price in the quote coin, by the venue's index.
        same: coin → what the book calls it, where a contract on it has another underlying.
        numeraire: quote coin; None where nothing is held and nothing named.
        time: seconds since 1970, of the reading.
        notes: on margin, and what else there is to say.

    """

    name: str
    instruments: Sequence[Mapping[str, Any]]
    holdings: Sequence[Mapping[str, Any]]
    venue: Mapping[str, Any]
    prices: Mapping[str, float]
    same: Mapping[str, str]
    numeraire: str | None
    time: float
    notes: Sequence[str]

    def into(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """Tables of a book with this account in it: what was read of it before is replaced.

        A price that the book states stays, and so does an instrument's own name. What is from the
        account stands in ``[source.accounts.NAME]``, by which it is read again.

        Args:
            tables: of the book; none for one of the account alone.

        Raises:
            ReaderError: there is no numeraire: nothing is held, and no contract named.

        """
        unit = tables.get("numeraire", self.numeraire)
        if unit is None:
            raise ReaderError("the account holds no contract: name one that may be traded")
        before = accounts_of(tables.get("source", {})).get(self.name, {})
        stated = without(tables.get("prices", {}), before.get(PRICES, ()))
        prices = {**self._quoted(stated, unit), **stated}
        assets = {**self._claims(prices), **tables.get("assets", {})}
        read = [each for each in prices if each not in stated]
        made = {
            **tables,
            "numeraire": unit,
            **as_of_field(self.time),
            "prices": prices,
            "assets": assets or [],
            "holding": _replace_rows(
                self._kept(tables, "holding", before), self.holdings, ("name",)
            ),
            "instrument": _replace_rows(
                self._kept(tables, "instrument", before),
                [_in_numeraire(row, {unit: 1.0, **prices}) for row in self.instruments],
                CONTRACT,
            ),
            "venues": {**tables.get("venues", {}), self.name: dict(self.venue)},
            "source": self._source(tables.get("source", {}), read),
        }
        return {name: each for name, each in made.items() if each != []}

    def _quoted(self, stated: Mapping[str, float], unit: str) -> dict[str, float]:
        """Prices in the book's numeraire, which must know the coin that they are in."""
        known = {unit: 1.0, **stated}
        if self.numeraire is None or not self.prices:
            return {}
        if self.numeraire not in known:
            raise ReaderError(
                f"contracts are priced in {self.numeraire} and the book counts in {unit}: state"
                f" [prices] {self.numeraire}"
            )
        return {asset: price * known[self.numeraire] for asset, price in self.prices.items()}

    def _claims(self, prices: Mapping[str, float]) -> dict[str, Any]:
        """Rows of [assets]: a coin that margins a contract on itself is its underlying."""
        return {coin: {"same_as": its} for coin, its in self.same.items() if coin not in prices}

    def _kept(
        self, tables: Mapping[str, Any], name: str, before: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """Rows of a book, but those that an earlier reading made and this one has no more."""
        gone = {*before.get(HOLDINGS, ())} - {each["name"] for each in self.holdings}
        left = {*before.get(SYMBOLS, {})} - {each["symbol"] for each in self.instruments}
        for row in tables.get(name, ()):
            ours = row.get("venue") == self.name and row.get("symbol") in left
            if not (row.get("name") in gone if name == "holding" else ours):
                yield row

    def _source(self, source: Mapping[str, Any], prices: Sequence[str]) -> dict[str, Any]:
        """Source of the book, with what is from this account."""
        its = {
            SYMBOLS: {each["symbol"]: each["underlying"] for each in self.instruments},
            HOLDINGS: [each["name"] for each in self.holdings],
            PRICES: list(prices),
        }
        return {**source, ACCOUNTS: {**accounts_of(source), self.name: its}}


def _in_numeraire(row: Mapping[str, Any], prices: Mapping[str, float]) -> dict[str, Any]:
    """Row of a contract, with its least notional as a book has it, and not in its quote."""
    if LEAST not in row:
        return {**row}
    return {**row, LEAST: row[LEAST] * prices[row.get(QUOTE) or row[SETTLEMENT]]}


def without(table: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Table without some of its keys."""
    left = {*names}
    return {name: each for name, each in table.items() if name not in left}


def _replace_rows(
    rows: Iterable[Mapping[str, Any]], fresh: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Rows, those replaced that are of the same thing as a fresh one, and the fresh ones."""
    named = {tuple(each[part] for part in key): each for each in fresh}
    kept = list[dict[str, Any]]()
    for row in rows:
        again = named.pop(tuple(row.get(part) for part in key), None)
        stated = without(row, (HELD, ENTRY))
        kept.append({**row} if again is None else {**again, **stated, **_state(again)})
    return [*kept, *({**each} for each in named.values())]


def _state(row: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that a reading says anew, whatever a book has stated."""
    return {name: row[name] for name in MOVING if name in row}


def read_account(
    request: AccountRequest, *, seconds: float = 10.0, listed_only: bool = False
) -> AccountTables:
    """Read an account: all of it, or nothing. No key is needed where the venue needs none.

    Args:
        request: which, and what may be traded there.
        seconds: within which each request ends.
        listed_only: whether a contract that is named, not held and no longer traded is left out.

    Raises:
        VenueError: it cannot be read, or not in full.
        ReaderError: a position is of no contract that is traded there, or worth something else to
            the venue than by its own terms.

    """
    with request.venue.watch(seconds=seconds) as session:
        session.identity()
        terms, account = session.terms(), session.account()
        named = {*request.underlyings}
        gone = sorted(named - {*terms, *account.positions}) if listed_only else []
        symbols = sorted({*account.positions, *named} - {*gone})
        listed = [_listing(request, session, terms, symbol) for symbol in symbols]
    if account.debts:
        raise ReaderError(f"{request.name}: debts are not read: {', '.join(account.debts)}")
    rows = [
        contract_row(each, account.positions.get(each.terms.symbol), account.time)
        for each in listed
    ]
    coins = {each.quote for each in listed}
    if len(coins) > 1:
        raise ReaderError(f"{request.name}: contracts are priced in {', '.join(sorted(coins))}")
    own = {each.terms.settlement: each.underlying for each in listed if each.is_coin_margined}
    return AccountTables(
        name=request.name,
        instruments=rows,
        holdings=list(_holdings(request.name, account)),
        venue=spec_of(request.venue),
        prices={each.underlying: float(each.top.index) for each in listed},
        same={coin: asset for coin, asset in own.items() if coin != asset},
        numeraire=next(iter(coins), None),
        time=account.time,
        notes=[*_notes(request.name, account), *(f"{each}: traded no more" for each in gone)],
    )


def _listing(
    request: AccountRequest,
    session: AbstractSession,
    terms: Mapping[str, ContractTerms],
    symbol: str,
) -> Listing:
    """Contract as it is traded now."""
    if symbol not in terms:
        scope = f"there are {type(request.venue).scope}"
        raise ReaderError(f"{symbol!r:.40} is not traded at {request.name}: {scope}")
    its = terms[symbol]
    return Listing(
        venue=request.name,
        terms=its,
        top=session.book(symbol),
        underlying=request.underlyings.get(symbol) or its.underlying or symbol,
        funding_hours=type(request.venue).funding_hours,
    )


def _holdings(name: str, account: Account) -> Iterator[dict[str, Any]]:
    for asset, amount in sorted(account.balances.items()):
        if amount:
            yield {"name": f"{asset} at {name}", "asset": asset, "amount": float(amount)}


def _notes(name: str, account: Account) -> Iterator[str]:
    margin = account.margin
    if margin is not None:
        needs = f"maintenance {float(margin.maintenance):.10g}"
        yield f"{name}: margin {float(margin.equity):.10g} {margin.asset}, {needs}"
    if account.open_orders:
        yield f"{name}: {len(account.open_orders)} orders rest there, and are not in the book"


def request_of(
    text: str, venues: Mapping[str, Mapping[str, Any]], known: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    """Name and table of the venue that ``NAME:ACCOUNT`` means.

    Args:
        text: NAME is one of `venues`, or a kind or its beginning.
        venues: tables of venues, by name.
        known: kinds of venues that are installed.

    Raises:
        SpecError: the name means no venue, or several.

    """
    name, _, account = text.partition(":")
    given = {"account": account} if account else {}
    if name in venues:
        return name, {**venues[name], **given}
    kinds = [kind for kind in known if kind == name] or [k for k in known if k.startswith(name)]
    if len(kinds) != 1 or not name:
        there = ", ".join((*venues, *known)) or "none"
        raise SpecError(f"{name!r:.80} is no venue, nor one kind of them (there are {there})")
    return name, {"kind": kinds[0], **given}
