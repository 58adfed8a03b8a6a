"""Binance's history: what moved cash, and the trades behind it, which must match."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from attrs import frozen

from hedgecore import AccountEvent, EventKind, VenueError
from hedgecore_ccxt_venues.answers import NONE, THOUSAND, amount, rows, seconds, text, whole
from hedgecore_ccxt_venues.client import Call, Client
from hedgecore_ccxt_venues.orders import sign
from hedgecore_ccxt_venues.session import Happened

OVERLAP = 60_000
"""Milliseconds before a cursor of which rows are told again: some come late."""
WEEK = 7 * 86_400_000
PAGE, PAGES = 1000, 400
BUY = "BUY", "SELL"
PAID = "COMMISSION", "REALIZED_PNL"
"""Types of income that a trade has."""
KINDS = {"FUNDING_FEE": EventKind.FUNDING, "INSURANCE_CLEAR": EventKind.LIQUIDATION}
"""Type of income → kind; any other is a transfer."""
FORCED = {
    "autoclose-": EventKind.LIQUIDATION,
    "adl_autoclose": EventKind.DELEVERAGING,
    "settlement_autoclose-": EventKind.EXPIRY,
}
"""Beginning of a client id that is the venue's own → kind."""


@frozen
class Cursor:
    """Milliseconds of a reading, and what was told of the last ones before it."""

    time: int
    told: frozenset[str]

    @classmethod
    def of(cls, given: str | None, end: int) -> Cursor:
        """Cursor as it was written; now, where there is none.

        Raises:
            VenueError: it is none, or older than the trades that the venue lists.

        """
        time, *told = (str(end) if given is None else given).split("|")
        if not time.isdecimal():
            raise VenueError(f"binance: {given!r:.80} is no cursor")
        if end - int(time) > WEEK - 2 * OVERLAP:
            raise VenueError(
                "binance: the last reading is older than the week of which trades are told"
            )
        return cls(int(time), frozenset(told))

    def __str__(self) -> str:
        return "|".join((str(self.time), *sorted(self.told)))


@frozen(kw_only=True)
class Income:
    """A movement of cash; `trade` is None where no trade is behind it."""

    kind: str
    id: str
    time: int
    asset: str
    amount: Decimal
    symbol: str
    trade: str | None

    @property
    def key(self) -> str:
        """Name among all that is told."""
        return self.id


@frozen(kw_only=True)
class Trade:
    """A trade: contracts are negative where sold."""

    id: str
    order: int
    symbol: str
    time: int
    contracts: Decimal
    price: Decimal
    fee: Decimal
    profit: Decimal

    @property
    def key(self) -> str:
        """Name among all that is told."""
        return f"trade {self.symbol} {self.id}"


@frozen(kw_only=True)
class Placed:
    """An order: its number, and its client id."""

    order: int
    time: int
    name: str

    @property
    def key(self) -> str:
        """Name among all that is told."""
        return str(self.order)


Row = TypeVar("Row", Income, Trade, Placed)


@frozen
class EventReader:
    """Reads the history of an account."""

    client: Client

    def since(self, given: str | None, now: float, held: Iterable[str]) -> Happened:
        """All that happened after a cursor.

        Args:
            given: cursor.
            now: seconds since 1970.
            held: symbols of what is held, whose trades are looked for in any case.

        """
        end = round(now * THOUSAND)
        cursor = Cursor.of(given, end)
        start = cursor.time - OVERLAP
        income = self._income(start)
        traded = {each.symbol for each in income if each.trade is not None}
        trades = [one for symbol in sorted({*traded, *held}) for one in self._trades(symbol, start)]
        fresh = [each for each in trades if each.key not in cursor.told]
        moved = [each for each in income if each.key not in cursor.told]
        _check_match(income, trades, {*fresh, *moved})
        named = self._names({(each.symbol, each.order) for each in fresh}, start)
        told = [_fill(each, income, named[each.symbol, each.order]) for each in fresh]
        told += [_cash(each) for each in moved if each.trade is None]
        late = {each.key for each in income if each.time >= end - OVERLAP}
        late |= {each.key for each in trades if each.time >= end - OVERLAP}
        return Happened(
            events=tuple(sorted(told, key=lambda each: (each.time, each.id))),
            cursor=str(Cursor(end, frozenset(late))),
        )

    def _income(self, start: int) -> list[Income]:
        return self._paged("income", "income", {}, start, _income)

    def _trades(self, symbol: str, start: int) -> list[Trade]:
        return self._paged("trades", "userTrades", {"symbol": symbol}, start, _trade)

    def _paged(
        self,
        what: str,
        path: str,
        params: Mapping[str, str],
        start: int,
        row: Callable[[Any], Row],
    ) -> list[Row]:
        """Rows of all pages; the last moment of a full page is asked for again."""
        found: dict[str, Row] = {}

        def read(said: Any) -> list[Row]:
            return [row(each) for each in rows(said)]

        for _ in range(PAGES):
            asked = {**params, "startTime": str(start), "limit": str(PAGE)}
            page: list[Row] = self.client.ask(what, Call(path, "fapiPrivate", asked), read)
            fresh = {each.key: each for each in page if each.key not in found}
            found |= fresh
            if len(page) < PAGE or not fresh:
                return list(found.values())
            start = max(each.time for each in page)
        raise VenueError(f"binance: more than {PAGES} pages of {what}")

    def _names(self, orders: Collection[tuple[str, int]], start: int) -> dict[tuple[str, int], str]:
        """Client ids of orders, which trades do not tell."""
        found = dict[tuple[str, int], str]()
        for symbol in sorted({symbol for symbol, _ in orders}):
            placed = self._paged("orders", "allOrders", {"symbol": symbol}, start, _placed)
            found |= {(symbol, each.order): each.name for each in placed}
        older = (each for each in orders if each not in found)
        return found | {each: self._name(*each) for each in older}

    def _name(self, symbol: str, order: int) -> str:
        """Client id of an order that was placed before others that are looked at."""
        call = Call("order", "fapiPrivate", {"symbol": symbol, "orderId": str(order)})
        return self.client.ask("order", call, lambda said: text(said["clientOrderId"]))


def _income(said: Any) -> Income:
    kind, number = text(said["incomeType"]), whole(said["tranId"])
    trade = text(said["tradeId"]) if kind in PAID else None
    return Income(
        kind=kind,
        id=f"{kind} {number} {trade or ''}".strip(),
        time=whole(said["time"]),
        asset=text(said["asset"]),
        amount=amount(said["income"]),
        symbol=text(said["symbol"]),
        trade=trade,
    )


def _placed(said: Any) -> Placed:
    return Placed(
        order=whole(said["orderId"]),
        time=whole(said["time"]),
        name=text(said["clientOrderId"]),
    )


def _trade(said: Any) -> Trade:
    return Trade(
        id=str(whole(said["id"])),
        order=whole(said["orderId"]),
        symbol=text(said["symbol"]),
        time=whole(said["time"]),
        contracts=sign(said["side"], BUY) * amount(said["qty"]),
        price=amount(said["price"]),
        fee=amount(said["commission"]),
        profit=amount(said["realizedPnl"]),
    )


def _check_match(
    income: Sequence[Income], trades: Sequence[Trade], fresh: Collection[Income | Trade]
) -> None:
    """Refuse a fresh trade whose fee and profit are not paid yet, and a payment without a trade."""
    paid = {(x.symbol, x.trade, x.kind): x.amount for x in income if x.trade is not None}
    known = {(each.symbol, each.id) for each in trades}
    for each in fresh:
        if isinstance(each, Trade):
            due = {PAID[0]: -each.fee, PAID[1]: each.profit}
            right = all(paid.get((each.symbol, each.id, k), NONE) == x for k, x in due.items())
        else:
            right = each.trade is None or (each.symbol, each.trade) in known
        if not right:
            raise VenueError("binance: a trade and what it has paid do not match, or not yet")


def _fill(trade: Trade, income: Sequence[Income], name: str) -> AccountEvent:
    """Event of a trade, with what it paid."""
    changes: dict[str, Decimal] = {}
    for each in income:
        if (each.symbol, each.trade) == (trade.symbol, trade.id):
            changes[each.asset] = changes.get(each.asset, NONE) + each.amount
    forced = (kind for start, kind in FORCED.items() if name.startswith(start))
    return AccountEvent(
        id=trade.key,
        kind=next(forced, EventKind.FILL),
        time=seconds(trade.time),
        symbol=trade.symbol,
        contracts=trade.contracts,
        price=trade.price,
        changes=changes,
        client_id=name,
    )


def _cash(its: Income) -> AccountEvent:
    return AccountEvent(
        id=its.id,
        kind=KINDS.get(its.kind, EventKind.TRANSFER),
        time=seconds(its.time),
        changes={its.asset: its.amount},
    )
