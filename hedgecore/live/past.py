"""Past of a live hedge, from its journal: its trades with their prices, and its funding."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from attrs import define, field

from hedgecore.books.book import Book
from hedgecore.books.track_record import FUNDING, Flow, PastTrade, TrackRecord
from hedgecore.interfaces.account import Account, AccountEvent, EventKind
from hedgecore.interfaces.orders import Filled
from hedgecore.live.events import event_of
from hedgecore.live.journal import JournalReader
from hedgecore.live.journal_reader import Event
from hedgecore.live.records import from_plain

TRADED = (EventKind.FILL, EventKind.LIQUIDATION, EventKind.DELEVERAGING, EventKind.EXPIRY)
"""Events by which contracts change hands."""
SNAPSHOT, ACCOUNT, OUTCOME = PAST = ("snapshot", "account", "outcome")
"""Kinds of events that tell of it."""
Names = Mapping[tuple[str, str | None], str]
"""Venue and symbol → instrument."""


@define(eq=False)
class PastEvents:
    """Accounts, fills and fees of a journal, event by event; `record` is what they come to.

    Attributes:
        first: venue → account as it was read first.
        told: venue and id → event of an account.
        outcomes: client id → order that was filled.

    """

    first: dict[str, Account] = field(factory=dict)
    told: dict[tuple[str, str], AccountEvent] = field(factory=dict)
    outcomes: dict[str, Filled] = field(factory=dict)

    def take(self, event: Event) -> None:
        """Take one event of the journal, in its order."""
        if event.kind == OUTCOME:
            resolved = event_of(event.kind, event.body)
            if isinstance(resolved.outcome, Filled):
                self.outcomes[resolved.client_id] = resolved.outcome
        for venue, account in _accounts(event, self.first):
            self.first.setdefault(venue, account)
            self.told |= {(venue, own.id): own for own in account.events}

    def record(self, book: Book) -> TrackRecord:
        """Trades and funding so far, in the instruments and at the coins' prices of a book."""
        names: Names = {(route.venue, route.symbol): name for name, route in book.routes.items()}
        trades = [
            _trade(own, names[venue, own.symbol], self._fee(own.client_id, book))
            for (venue, _), own in self.told.items()
            if own.kind in TRADED and own.contracts and (venue, own.symbol) in names
        ]
        return TrackRecord(
            flows=tuple(flow for own in self.told.values() for flow in _funding(own, book)),
            trades=(*_opening(self.first, names), *sorted(trades, key=lambda each: each.date)),
        )

    def _fee(self, client_id: str | None, book: Book) -> float | None:
        done = self.outcomes.get(client_id or "")
        if done is None or done.fee is None or done.fee_asset is None:
            return None
        price = _price(done.fee_asset, book)
        return None if price is None else float(done.fee) * price


def past(reader: JournalReader, book: Book) -> TrackRecord:
    """Trades and funding of the accounts of a book's venues, since its journal begins.

    What an account held when it was read first counts as bought then, at the price it was entered
    at and without a fee. What somebody else traded in the account is there, since it was reported;
    the fee is known of the loop's own orders alone. A coin is worth what it is in the book.

    Raises:
        JournalError: an event is not what was written.

    """
    found = PastEvents()
    for each in reader.events(0, PAST):
        found.take(each)
    return found.record(book)


def _accounts(event: Event, known: Collection[str]) -> Iterator[tuple[str, Account]]:
    """Accounts in an event that say anything new: an event, or what is held at first."""
    for venue, plain in _plain_accounts(event):
        if venue not in known or plain["events"]:
            yield venue, from_plain(plain, Account)


def _plain_accounts(event: Event) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if event.kind == ACCOUNT:
        yield event.body["venue"], event.body["account"]
    elif event.kind == SNAPSHOT:
        yield from ((venue, each["account"]) for venue, each in event.body["venues"].items())


def _opening(first: Mapping[str, Account], names: Names) -> Iterator[PastTrade]:
    for venue, account in first.items():
        for symbol, position in account.positions.items():
            if (venue, symbol) in names and position.entry_price is not None:
                yield PastTrade(
                    date=_moment(account.time), instrument=names[venue, symbol],
                    contracts=float(position.contracts), price=float(position.entry_price),
                    fee=0.0,
                )  # fmt: skip


def _trade(own: AccountEvent, name: str, fee: float | None) -> PastTrade:
    return PastTrade(
        date=_moment(own.time), instrument=name, contracts=float(own.contracts),
        price=float(own.price or 0), fee=fee,
    )  # fmt: skip


def _funding(own: AccountEvent, book: Book) -> Iterator[Flow]:
    if own.kind is EventKind.FUNDING:
        for asset, amount in own.changes.items():
            yield Flow(
                date=_moment(own.time), asset=asset, amount=float(amount), type=FUNDING,
                price=_price(asset, book),
            )  # fmt: skip


def _price(asset: str, book: Book) -> float | None:
    if asset == book.market.numeraire:
        return 1.0
    return float(book.market.price(asset)) if asset in book.market.prices else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
