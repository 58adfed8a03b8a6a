"""Deribit's transaction log: each row says what it changed, and what there was after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import evolve, field, frozen

from hedgecore import AccountEvent, EventKind, VenueError
from hedgecore_ccxt_venues.answers import THOUSAND, amount, flag, rows, text, whole
from hedgecore_ccxt_venues.client import Call, Client
from hedgecore_ccxt_venues.session import Happened

OVERLAP, AHEAD = 60_000, 60_000
"""Milliseconds before a cursor, and after now, of which rows are asked for: some come late."""
PAGE = 250
TRADES = 1000
PAGES = 400
UNIT = Decimal("1e-8")
TRADE = "trade"
KINDS = {
    TRADE: EventKind.FILL,
    "settlement": EventKind.FUNDING,
    "delivery": EventKind.EXPIRY,
}
"""Type of row → kind; any other moves cash, and is a transfer."""
SIDES = {"open buy": 1, "close buy": 1, "open sell": -1, "close sell": -1}
"""Side of a trade or a delivery → sign of what it adds to the position."""


@frozen
class Cursor:
    """Number of the last row that was told, and its milliseconds."""

    row: int
    time: int

    @classmethod
    def of(cls, given: str | None, now: int) -> Cursor:
        """Cursor as it was written; now, where there is none.

        Raises:
            VenueError: it is none.

        """
        try:
            return cls(0, now) if given is None else cls(*map(int, given.split(":")))
        except (ValueError, TypeError):
            raise VenueError(f"deribit: {given!r:.80} is no cursor") from None

    def __str__(self) -> str:
        return f"{self.row}:{self.time}"


@frozen(kw_only=True)
class LogRow:
    """A row of the log; what it moved is of trades and deliveries alone."""

    id: int
    time: int
    kind: EventKind
    currency: str
    change: Decimal
    balance: Decimal
    trade: str | None = None
    position: Decimal | None = None
    moved: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class Trade:
    """A trade: its order, and the label of that where it is told."""

    id: str
    time: int
    order: str
    label: str | None
    is_liquidation: bool


@frozen
class EventReader:
    """Reads the history of an account in one currency."""

    client: Client
    currency: str

    def since(self, given: str | None, now: float) -> Happened:
        """All that happened after a cursor."""
        end = round(now * THOUSAND)
        cursor = Cursor.of(given, end)
        span = {
            "start_timestamp": str(cursor.time - OVERLAP),
            "end_timestamp": str(end + AHEAD),
        }
        told = sorted(self._rows(span), key=lambda each: each.id)
        _check_chain(told)
        fresh = [each for each in told if each.id > cursor.row]
        trades = self._labels(fresh, span)
        reached = {each.moved["symbol"]: each.position for each in fresh if each.trade is not None}
        return Happened(
            events=tuple(_event(each, trades) for each in fresh),
            cursor=str(Cursor(fresh[-1].id, fresh[-1].time) if fresh else cursor),
            balances={self.currency: told[-1].balance} if told else {},
            positions={name: each for name, each in reached.items() if each is not None},
        )

    def _rows(self, span: Mapping[str, str]) -> Iterator[LogRow]:
        """Rows of all pages."""
        more: dict[str, str] = {}
        for _ in range(PAGES):
            asked = {"currency": self.currency, "count": str(PAGE), **span, **more}
            call = Call("get_transaction_log", "private", asked)
            found, following = self.client.ask("transaction log", call, self._page)
            yield from found
            if following is None:
                return
            more = {"continuation": following}
        raise VenueError(f"deribit: more than {PAGES} pages of the transaction log")

    def _page(self, said: Any) -> tuple[list[LogRow], str | None]:
        """Rows of a page, and where the next one begins."""
        its = said["result"]
        following = its["continuation"]
        found = [_row(each) for each in rows(its["logs"])]
        if any(each.currency != self.currency for each in found):
            raise ValueError(self.currency)
        return found, None if following is None else str(whole(following))

    def _labels(self, fresh: list[LogRow], span: Mapping[str, str]) -> dict[str, Trade]:
        """Trades of some rows by their number, each with the label of its order."""
        mine = {each.trade for each in fresh if each.trade is not None}
        found = self._trades(span) if mine else {}
        known = {name: each for name, each in found.items() if name in mine}
        if mine - known.keys():
            raise VenueError("deribit: a trade of the log is not told among the trades, or not yet")
        bare = {each.order for each in known.values() if each.label is None}
        labels = {order: self._label(order) for order in bare}
        return {
            name: evolve(each, label=labels[each.order]) if each.label is None else each
            for name, each in known.items()
        }

    def _label(self, order: str) -> str:
        """Label of an order whose trade does not tell one: the order itself does."""
        call = Call("get_order_state", "private", {"order_id": order})
        return self.client.ask("order", call, lambda said: text(said["result"]["label"]))

    def _trades(self, span: Mapping[str, str]) -> dict[str, Trade]:
        """Trades by their number."""
        known, start = dict[str, Trade](), span["start_timestamp"]
        for _ in range(PAGES):
            asked = {"currency": self.currency, "count": str(TRADES), "sorting": "asc", **span}
            call = Call(
                "get_user_trades_by_currency_and_time",
                "private",
                {**asked, "start_timestamp": start},
            )
            found, more = self.client.ask("trades", call, _trade_page)
            fresh = {each.id: each for each in found}
            if not more or not fresh.keys() - known.keys():
                return known | fresh
            known |= fresh
            start = str(max(each.time for each in found))
        raise VenueError(f"deribit: more than {PAGES} pages of trades")


def _event(row: LogRow, trades: Mapping[str, Trade]) -> AccountEvent:
    """Event of a row; of a trade, with the label of its order."""
    kind = row.kind
    trade = None if row.trade is None else trades[row.trade]
    if trade is not None and trade.is_liquidation:
        kind = EventKind.LIQUIDATION
    return AccountEvent(
        id=f"log {row.id}",
        kind=kind,
        time=row.time / THOUSAND,
        changes={row.currency: row.change},
        client_id=None if trade is None else trade.label or None,
        **row.moved,
    )


def _row(said: Any) -> LogRow:
    """Row of the log, whose every value that is used is there."""
    kind = KINDS.get(text(said["type"]), EventKind.TRANSFER)
    more: dict[str, Any] = {}
    if kind is EventKind.FILL:
        traded = {"trade": text(said["trade_id"]), "position": amount(said["position"])}
        more = {**traded, "moved": _moved(said)}
    elif kind is EventKind.EXPIRY:
        more = {"moved": _moved(said)}
    return LogRow(
        id=whole(said["id"]),
        time=whole(said["timestamp"]),
        kind=kind,
        currency=text(said["currency"]),
        change=amount(said["change"]),
        balance=amount(said["balance"]),
        **more,
    )


def _moved(said: Any) -> dict[str, Any]:
    return {
        "symbol": text(said["instrument_name"]),
        "contracts": SIDES[said["side"]] * amount(said["amount"]),
        "price": amount(said["price"]),
    }


def _trade_page(said: Any) -> tuple[list[Trade], bool]:
    its = said["result"]
    return [_trade(each) for each in rows(its["trades"])], flag(its["has_more"])


def _trade(said: Any) -> Trade:
    label = said.get("label")
    return Trade(
        id=text(said["trade_id"]),
        time=whole(said["timestamp"]),
        order=text(said["order_id"]),
        label=None if label is None else text(label),
        is_liquidation="liquidation" in said,
    )


def _check_chain(told: list[LogRow]) -> None:
    """Refuse rows that do not lead from one balance to the next: one of them is missing."""
    for one, other in pairwise(told):
        if abs(one.balance + other.change - other.balance) > 2 * UNIT:
            raise VenueError(f"deribit: a row is missing before {other.id} of the log")
