"""Accounts at venues as rows of a book: what is held there, and what may be traded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from hedgecore.errors import ReaderError, SpecError
from hedgecore.interfaces.account import Account, ContractPosition, ContractTerms, TopOfBook
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.readers.rows import as_of_field
from hedgecore.registry.specs import spec_of

MOST_APART = Decimal("0.01")
"""Between a position's notional by its terms and the mark, and the venue's own."""
HELD, ENTRY = "held", "entry_price"
CONTRACT = "venue", "symbol"
"""Fields that say which contract an instrument is."""


@frozen(kw_only=True)
class AccountRequest:
    """Account to be read, and what it is called in a book.

    Attributes:
        name: of its venue in the book.
        venue: where it is.
        underlyings: symbol → asset whose price it follows; the symbol itself unless given. A
            contract that is named here may be traded, whether it is held or not.

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
        prices: asset → price in the settlement coin, by the venue's index.
        numeraire: settlement coin; None where nothing is held and nothing named.
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
        made = {
            **tables,
            "numeraire": unit,
            **as_of_field(self.time),
            "prices": {**self.prices, **tables.get("prices", {})},
            "holding": _replace_rows(tables.get("holding", ()), self.holdings, ("name",)),
            "instrument": _replace_rows(tables.get("instrument", ()), self.instruments, CONTRACT),
            "venues": {**tables.get("venues", {}), **self.venues},
        }
        return {name: each for name, each in made.items() if each != []}


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
        ReaderError: a position is of no perpetual that is traded there, or worth something else
            to the venue than by its own terms.

    """
    with request.venue.watch(seconds=seconds) as session:
        session.identity()
        terms, account = session.terms(), session.account()
        symbols = sorted({*account.positions, *request.underlyings})
        tops = {symbol: _top(session, terms, symbol) for symbol in symbols}
    if account.debts:
        raise ReaderError(f"{request.name}: debts are not read: {', '.join(account.debts)}")
    rows = [_row(request, account, terms[symbol], tops[symbol]) for symbol in symbols]
    coins = {terms[symbol].settlement for symbol in symbols}
    if len(coins) > 1:
        raise ReaderError(f"{request.name}: contracts are settled in {', '.join(sorted(coins))}")
    return AccountTables(
        instruments=rows,
        holdings=list(_holdings(request.name, account)),
        venues={request.name: dict(spec_of(request.venue))},
        prices={row["underlying"]: float(tops[row["symbol"]].index) for row in rows},
        numeraire=next(iter(coins), None),
        time=account.time,
        notes=list(_notes(request.name, account)),
    )


def _top(session: AbstractSession, terms: Mapping[str, ContractTerms], symbol: str) -> TopOfBook:
    """Prices of a contract, which must be a linear perpetual."""
    if symbol not in terms:
        raise ReaderError(f"{symbol!r:.40} is not traded at the venue (there are {len(terms)})")
    if terms[symbol].inverse or terms[symbol].expiry is not None:
        raise ReaderError(f"{symbol!r:.40} is no linear perpetual, and others are not read yet")
    return session.book(symbol)


def _row(
    request: AccountRequest, account: Account, terms: ContractTerms, top: TopOfBook
) -> dict[str, Any]:
    """Row of an instrument: its terms, what is held of it, and its entry."""
    symbol, hours = terms.symbol, type(request.venue).funding_hours
    position = account.positions.get(symbol)
    if position is not None:
        check_notional(request.name, position, terms, top)
    funded = top.funding_rate is not None and hours is not None
    made = {
        "name": f"{symbol} at {request.name}",
        "kind": "perp",
        "underlying": request.underlyings.get(symbol, symbol),
        "settlement": terms.settlement,
        "venue": request.name,
        "symbol": symbol,
        "contract_size": float(terms.contract_size),
        "lot": float(terms.lot),
        "min_size": float(terms.min_order),
        "fee": None if terms.fee is None else float(terms.fee),
        "funding_rate": _float(top.funding_rate) if funded else None,
        "funding_hours": hours if funded else None,
        HELD: None if position is None else float(position.contracts),
        ENTRY: None if position is None else _float(position.entry_price),
    }
    return {name: each for name, each in made.items() if each is not None}


def _float(given: Decimal | None) -> float | None:
    return None if given is None else float(given)


def check_notional(
    name: str, position: ContractPosition, terms: ContractTerms, top: TopOfBook
) -> None:
    """Refuse a position that is worth something else to the venue than by its own terms.

    Raises:
        ReaderError: the two are more than 1 % apart: a size is in another unit.

    """
    if position.notional is None:
        return
    own = abs(position.contracts) * terms.contract_size * top.mark
    if abs(own - position.notional) > MOST_APART * max(own, position.notional):
        theirs = f"{float(position.notional):.10g} by the venue's own notional"
        size = f"{position.contracts} {terms.symbol} are worth {float(own):.10g}"
        raise ReaderError(f"{name}: {size} by their size and the mark, and {theirs}")


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
