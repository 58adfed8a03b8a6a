"""Accounts at venues as rows of a book: what is held there, and what may be traded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from hedgecore.errors import ReaderError, SpecError
from hedgecore.interfaces.account import Account, ContractTerms
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.readers.contract_rows import ENTRY, HELD, Listing, contract_row
from hedgecore.readers.rows import as_of_field
from hedgecore.registry.specs import spec_of

CONTRACT = "venue", "symbol"
"""Fields that say which contract an instrument is."""


@frozen(kw_only=True)
class AccountRequest:
    """Account to be read, and what it is called in a book.

    Attributes:
        name: of its venue in the book.
        venue: where it is.
        underlyings: symbol → asset whose price it follows; unless given, the coin that the venue
            says it is on, or the symbol itself. A contract that is named here may be traded,
            whether it is held or not.

    """

    name: str
    venue: AbstractVenue
    underlyings: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class AccountTables:
    """Tables of a book that an account is, and notes on it.

    Attributes:
        instruments: rows, with what is held of each and its entry.
        holdings: rows of the account's balances, collateral among them.
        venues: tables of the venue, by its name.
        prices: asset → price in the quote coin, by the venue's index.
        numeraire: quote coin; None where nothing is held and nothing named.
        time: seconds since 1970, of the reading.
        notes: on margin, and what else there is to say.

    """

    instruments: Sequence[Mapping[str, Any]]
    holdings: Sequence[Mapping[str, Any]]
    venues: Mapping[str, Any]
    prices: Mapping[str, float]
    numeraire: str | None
    time: float
    notes: Sequence[str]

    def into(self, tables: Mapping[str, Any]) -> dict[str, Any]:
        """Tables of a book with this account in it: what was read of it before is replaced.

        A price that the book has stays, and so does an instrument's own name.

        Args:
            tables: of the book; none for one of the account alone.

        Raises:
            ReaderError: there is no numeraire: nothing is held, and no contract named.

        """
        unit = tables.get("numeraire", self.numeraire)
        if unit is None:
            raise ReaderError("the account holds no contract: name one that may be traded")
        quoted = self._quoted(tables, unit)
        made = {
            **tables,
            "numeraire": unit,
            **as_of_field(self.time),
            "prices": {**quoted, **tables.get("prices", {})},
            "holding": _replace_rows(tables.get("holding", ()), self.holdings, ("name",)),
            "instrument": _replace_rows(tables.get("instrument", ()), self.instruments, CONTRACT),
            "venues": {**tables.get("venues", {}), **self.venues},
        }
        return {name: each for name, each in made.items() if each != []}

    def _quoted(self, tables: Mapping[str, Any], unit: str) -> dict[str, float]:
        """Prices in the book's numeraire, which must know the coin that they are in."""
        stated = {unit: 1.0, **tables.get("prices", {})}
        if self.numeraire is None or not self.prices:
            return {}
        if self.numeraire not in stated:
            raise ReaderError(
                f"contracts are priced in {self.numeraire} and the book counts in {unit}: state"
                f" [prices] {self.numeraire}"
            )
        return {asset: price * stated[self.numeraire] for asset, price in self.prices.items()}


def _replace_rows(
    rows: Iterable[Mapping[str, Any]], fresh: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Rows, those replaced that are of the same thing as a fresh one, and the fresh ones."""
    named = {tuple(each[part] for part in key): each for each in fresh}
    kept = list[dict[str, Any]]()
    for row in rows:
        again = named.pop(tuple(row.get(part) for part in key), None)
        stated = {k: v for k, v in row.items() if k not in (HELD, ENTRY)}
        kept.append({**row} if again is None else {**again, **stated, **_state(again)})
    return [*kept, *({**each} for each in named.values())]


def _state(row: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that a reading says anew, whatever a book has stated."""
    return {name: row[name] for name in (HELD, ENTRY, "amount") if name in row}


def read_account(request: AccountRequest, *, seconds: float = 10.0) -> AccountTables:
    """Read an account: all of it, or nothing. No key is needed where the venue needs none.

    Raises:
        VenueError: it cannot be read, or not in full.
        ReaderError: a position is of no contract that is traded there, or worth something else to
            the venue than by its own terms.

    """
    with request.venue.watch(seconds=seconds) as session:
        session.identity()
        terms, account = session.terms(), session.account()
        symbols = sorted({*account.positions, *request.underlyings})
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
        instruments=rows,
        holdings=list(_holdings(request.name, account, own)),
        venues={request.name: dict(spec_of(request.venue))},
        prices={each.underlying: float(each.top.index) for each in listed},
        numeraire=next(iter(coins), None),
        time=account.time,
        notes=list(_notes(request.name, account)),
    )


def _listing(
    request: AccountRequest,
    session: AbstractSession,
    terms: Mapping[str, ContractTerms],
    symbol: str,
) -> Listing:
    """Contract as it is traded now."""
    if symbol not in terms:
        raise ReaderError(f"{symbol!r:.40} is not traded at the venue (there are {len(terms)})")
    its = terms[symbol]
    return Listing(
        venue=request.name,
        terms=its,
        top=session.book(symbol),
        underlying=request.underlyings.get(symbol, its.underlying or symbol),
        funding_hours=type(request.venue).funding_hours,
    )


def _holdings(name: str, account: Account, own: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Balances; a coin that margins contracts on itself is what the book calls their underlying."""
    for asset, amount in sorted(account.balances.items()):
        if amount:
            named = {"name": f"{asset} at {name}", "asset": own.get(asset, asset)}
            yield {**named, "amount": float(amount)}


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
