"""Deribit's transaction log: each row says what it changed, and what there was after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from hedgecore import AccountEvent, EventKind, VenueError
from hedgecore_ccxt_venues.answers import amount, flag, rows, seconds, text, whole
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
CLOSED = {**SIDES, "long": -1, "short": 1}
"""Side of a delivery → sign of what it adds to the position."""


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
        end = round(now * 1000)
        cursor = Cursor.of(given, end)
        span = {
            "start_timestamp": str(cursor.time - OVERLAP),
            "end_timestamp": str(end + AHEAD),
        }
        told = sorted(self._rows(span), key=lambda each: whole(each["id"]))
        _check_chain(told)
        fresh = [each for each in told if each["id"] > cursor.row]
        trades = self._labels(fresh, span)
        return Happened(
            events=tuple(self._event(each, trades) for each in fresh),
            cursor=str(Cursor(fresh[-1]["id"], fresh[-1]["timestamp"]) if fresh else cursor),
            balances={self.currency: amount(told[-1]["balance"])} if told else {},
            positions={
                text(each["instrument_name"]): amount(each["position"])
                for each in fresh
                if each["type"] == TRADE
            },
        )

    def _event(self, row: Any, trades: Mapping[str, Trade]) -> AccountEvent:
        try:
            return event(row, trades, self.currency)
        except (LookupError, TypeError, ValueError, ArithmeticError):
            reason = f"row {row['id']} of the log is not known, or its trade is not told"
        raise VenueError(f"deribit: {reason}")

    def _rows(self, span: Mapping[str, str]) -> Iterator[Any]:
        """Rows of all pages."""
        more: dict[str, str] = {}
        for _ in range(PAGES):
            asked = {"currency": self.currency, "count": str(PAGE), **span, **more}
            call = Call("get_transaction_log", "private", asked)
            found, following = self.client.ask("transaction log", call, _page)
            yield from found
            if following is None:
                return
            more = {"continuation": str(following)}
        raise VenueError(f"deribit: more than {PAGES} pages of the transaction log")

    def _labels(self, fresh: list[Any], span: Mapping[str, str]) -> dict[str, Trade]:
        """Trades of some rows by their number, each with the label of its order."""
        mine = {each["trade_id"] for each in fresh if each["type"] == TRADE}
        found = self._trades(span) if mine else {}
        known = {name: each for name, each in found.items() if name in mine}
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


def event(row: Any, trades: Mapping[str, Trade], currency: str) -> AccountEvent:
    """Event of a row; of a trade, with the label of its order."""
    kind = KINDS.get(text(row["type"]), EventKind.TRANSFER)
    moved: dict[str, Any] = {}
    if kind is EventKind.FILL:
        trade = trades[text(row["trade_id"])]
        kind = EventKind.LIQUIDATION if trade.is_liquidation else kind
        moved = _moved(row, SIDES[row["side"]]) | {"client_id": trade.label or None}
    elif kind is EventKind.EXPIRY:
        moved = _moved(row, CLOSED[row["side"]])
    if row["currency"] != currency:
        raise ValueError(row["currency"])
    return AccountEvent(
        id=f"log {whole(row['id'])}",
        kind=kind,
        time=seconds(row["timestamp"]),
        changes={currency: amount(row["change"])},
        **moved,
    )


def _moved(row: Any, side: int) -> dict[str, Any]:
    return {
        "symbol": text(row["instrument_name"]),
        "contracts": side * amount(row["amount"]),
        "price": amount(row["price"]),
    }


def _page(said: Any) -> tuple[list[Any], Any]:
    """Rows of a page, whose amounts are there, and where the next one begins."""
    its = said["result"]
    found = rows(its["logs"])
    for each in found:
        whole(each["id"]), whole(each["timestamp"]), text(each["type"])
        amount(each["change"]), amount(each["balance"])
    return found, its["continuation"]


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


def _check_chain(told: list[Any]) -> None:
    """Refuse rows that do not lead from one balance to the next: one of them is missing."""
    for one, other in pairwise(told):
        expected = amount(one["balance"]) + amount(other["change"])
        if abs(expected - amount(other["balance"])) > 2 * UNIT:
            raise VenueError(f"deribit: a row is missing before {other['id']} of the log")
