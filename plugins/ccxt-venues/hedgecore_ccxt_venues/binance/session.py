"""One account on Binance, of contracts that are margined in dollars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hedgecore import ContractTerms, Identity, Intent, Receipt, RejectedError, TopOfBook
from hedgecore_ccxt_venues.answers import THOUSAND, amount, plain, text, whole
from hedgecore_ccxt_venues.binance import market
from hedgecore_ccxt_venues.binance.events import BUY, EventReader
from hedgecore_ccxt_venues.binance.modes import ModeReader
from hedgecore_ccxt_venues.binance.standing import account, open_orders, standing
from hedgecore_ccxt_venues.client import Call, Client, Read
from hedgecore_ccxt_venues.orders import OrderRecord, sign
from hedgecore_ccxt_venues.session import CcxtSession, Happened, Standing

LONGEST = 60_000
"""Milliseconds for which a request may be one."""
DONE = "FILLED", "CANCELED", "EXPIRED", "EXPIRED_IN_MATCH", "REJECTED"
NOT_KNOWN = -2013
REFUSALS = frozenset(
    {-1013, -1111, -1121, -2010, -2018, -2019, -2022, -2027, -4003, -4004, -4005, -4013, -4014}
    | {-4016, -4023, -4024, -4131, -4164}
)
"""Codes of what refuses an order: size, price, margin, limits. −1006 and −1007 are not: unknown."""
WINDOW = "window"


class BinanceSession(CcxtSession):
    """One account, open."""

    def __init__(self, venue: Any, client: Client) -> None:
        super().__init__(venue, client)
        self._events, self._modes = EventReader(client), ModeReader(client)

    def identity(self) -> Identity:
        """Account, in its modes, and what its key may do."""
        found = str(self._ask("account", "account", {}, lambda it: whole(it["uid"]), "private"))
        if found != self._venue.account:
            raise self.error(f"the keys are those of account {found}, not {self._venue.account}")
        self._modes.check()
        told = self._venue.network == "mainnet"  # the demo network does not tell rights
        allowed = self._modes.permissions() if told else None
        return Identity(account=found, network=self._venue.network, permissions=allowed)

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of all contracts."""
        return self._public("instruments", "exchangeInfo", {}, market.listed)

    def terms_of(self, symbol: str) -> ContractTerms | None:
        """Terms of one contract."""
        return self.terms().get(symbol)

    def book(self, symbol: str) -> TopOfBook:
        """Best prices, mark, index and funding."""
        asked = {"symbol": symbol}
        hours = self._public(
            "funding", "fundingInfo", {}, lambda said: market.interval(said, symbol)
        )
        best = self._public(
            "ticker", "ticker/bookTicker", asked, lambda said: market.best(said, symbol)
        )
        marked = self._public(
            "mark", "premiumIndex", asked, lambda said: market.marked(said, hours)
        )
        return TopOfBook(**best, **marked)

    def milliseconds(self) -> int:
        """Time of the venue."""
        return self._public("time", "time", {}, lambda said: whole(said["serverTime"]))

    def standing(self) -> Standing:
        """Balances, positions and margin."""
        its = self._ask("account", "account", {}, account, "fapiPrivateV3")
        currency = self._venue.currency
        return self._ask(
            "positions", "positionRisk", {}, lambda said: standing(its, said, currency),
            "fapiPrivateV3",
        )  # fmt: skip

    def since(self, cursor: str | None, now: float, standing: Standing) -> Happened:
        """Events of income and trades."""
        return self._events.since(cursor, now, standing.positions)

    def open_orders(self) -> tuple[str, ...]:
        """Client ids of orders that rest."""
        return self._ask("orders", "openOrders", {}, open_orders)

    def proof(self, intent: Intent) -> Mapping[str, str]:
        """Client id, and the milliseconds before its end from which the request is one."""
        window = int(intent.expires * THOUSAND) - self.milliseconds()
        if window > LONGEST:
            raise RejectedError(f"an order cannot live for {window / THOUSAND} s: 60 are the most")
        return {**super().proof(intent), WINDOW: str(max(window, 1))}

    def order(self, receipt: Receipt) -> Call:
        """Request of an order, that is one until its end."""
        intent, window = receipt.intent, int(receipt.proof[WINDOW])
        params: dict[str, str | bool] = {
            "symbol": intent.symbol,
            "side": BUY[intent.contracts < 0],
            "type": "LIMIT",
            "timeInForce": "IOC",
            "quantity": plain(abs(intent.contracts)),
            "price": plain(intent.limit_price),
            "reduceOnly": "true" if intent.reduce_only else "false",
            "newClientOrderId": intent.client_id,
            "timestamp": str(int(intent.expires * THOUSAND) - window),
            "recvWindow": str(window),
        }
        return Call("order", "fapiPrivate", params, method="POST")

    def refusal(self, said: Any) -> str | None:
        """Reason of a refusal: what the venue says of size, price, margin or limits."""
        if "code" not in said:
            whole(said["orderId"])
            return None
        if whole(said["code"]) not in REFUSALS:
            raise ValueError(said["code"])
        return f"{text(said['msg'])} ({said['code']})"

    def record(self, intent: Intent) -> OrderRecord | None:
        """Record of the order with the client id."""
        asked = {"symbol": intent.symbol, "origClientOrderId": intent.client_id}
        return self._ask("order", "order", asked, lambda said: _record(said, intent))

    def _ask(
        self,
        what: str,
        path: str,
        params: Mapping[str, str],
        read: Callable[[Any], Read],
        api: str = "fapiPrivate",
    ) -> Read:
        return self._client.ask(what, Call(path, api, params), read)

    def _public(
        self, what: str, path: str, params: Mapping[str, str], read: Callable[[Any], Read]
    ) -> Read:
        return self._client.ask(what, Call(path, "fapiPublic", params), read)


def _record(said: Any, intent: Intent) -> OrderRecord | None:
    if said.get("code") == NOT_KNOWN:
        return None
    its = said["clientOrderId"], said["symbol"], sign(said["side"], BUY) * amount(said["origQty"])
    if its != (intent.client_id, intent.symbol, intent.contracts):
        raise ValueError(its)
    filled, status = amount(said["executedQty"]), text(said["status"])
    return OrderRecord(
        venue_id=str(whole(said["orderId"])),
        status=status,
        is_done=status in DONE,
        filled=filled,
        price=amount(said["avgPrice"]) if filled else None,
    )
