"""One account on Deribit, in one settlement currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hedgecore import ContractTerms, Identity, Intent, Receipt, TopOfBook, VenueError
from hedgecore_ccxt_venues.answers import THOUSAND, amount, flag, plain, rows, text, whole
from hedgecore_ccxt_venues.client import Call, Client, Read
from hedgecore_ccxt_venues.deribit.events import EventReader
from hedgecore_ccxt_venues.deribit.market import listed, top
from hedgecore_ccxt_venues.deribit.standing import SEGREGATED, open_orders, standing, summary
from hedgecore_ccxt_venues.orders import OrderRecord, sign
from hedgecore_ccxt_venues.session import CcxtSession, Happened, Standing

BUY = "buy", "sell"
DONE = "filled", "cancelled", "rejected"
REFUSALS = frozenset(
    {10002, *range(10005, 10010), *range(10011, 10022), 10023, 10026, 10027, 10032, 10043}
)
"""Codes of what refuses an order: size, price, funds, limits, a book that is closed."""
INSTEAD = "choose segregated margin, standard or portfolio"
SCOPES = {"trade:read_write": "trade", "wallet:read_write": "withdraw"}


class DeribitSession(CcxtSession):
    """One account in one currency, open."""

    def __init__(self, venue: Any, client: Client) -> None:
        super().__init__(venue, client)
        self._currency = {"currency": venue.currency}

    def identity(self) -> Identity:
        """Account, and what its key may do, as the venue lists it."""
        asked = {**self._currency, "extended": "true"}
        account = self._ask("account", "get_account_summary", asked, self._account)
        allowed = self._ask("keys", "list_api_keys", {}, self._permissions)
        return Identity(account=account, network=self._venue.network, permissions=allowed)

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of all contracts that are settled in the currency."""
        call = Call("get_instruments", "public", {**self._currency, "expired": "false"})
        return self._client.ask("instruments", call, listed)

    def terms_of(self, symbol: str) -> ContractTerms | None:
        """Terms of one contract."""
        return self.terms().get(symbol)

    def book(self, symbol: str) -> TopOfBook:
        """Best prices."""
        call = Call("ticker", "public", {"instrument_name": symbol})
        return self._client.ask("ticker", call, lambda said: top(said, symbol))

    def milliseconds(self) -> int:
        """Time of the venue."""
        return self._client.ask("time", Call("get_time", "public"), lambda it: whole(it["result"]))

    def standing(self) -> Standing:
        """Cash, positions and margin."""
        its = self._ask("account", "get_account_summary", self._currency, summary)
        currency = self._venue.currency
        return self._ask(
            "positions", "get_positions", self._currency, lambda it: standing(its, it, currency)
        )

    def since(self, cursor: str | None, now: float, standing: Standing) -> Happened:  # noqa: ARG002
        """Events of the transaction log."""
        return EventReader(self._client, self._venue.currency).since(cursor, now)

    def open_orders(self) -> tuple[str, ...]:
        """Labels of orders that rest."""
        return self._ask("orders", "get_open_orders_by_currency", self._currency, open_orders)

    def order(self, receipt: Receipt) -> Call:
        """Request of an order, whose end is in what is signed."""
        intent = receipt.intent
        params = {
            "instrument_name": intent.symbol,
            "amount": plain(abs(intent.contracts)),
            "type": "limit",
            "label": intent.client_id,
            "price": plain(intent.limit_price),
            "time_in_force": "immediate_or_cancel",
            "reduce_only": "true" if intent.reduce_only else "false",
            "valid_until": str(int(intent.expires * THOUSAND)),
        }
        return Call(BUY[intent.contracts < 0], "private", params)

    def refusal(self, said: Any) -> str | None:
        """Reason of a refusal: what the venue says of size, price, funds or limits."""
        if "error" not in said:
            text(said["result"]["order"]["order_id"])
            return None
        its = said["error"]
        if whole(its["code"]) not in REFUSALS:
            raise ValueError(its["code"])
        return f"{text(its['message'])} ({its['code']})"

    def record(self, intent: Intent) -> OrderRecord | None:
        """Record of the order with the label."""
        asked = {**self._currency, "label": intent.client_id}
        return self._ask(
            "order", "get_order_state_by_label", asked, lambda said: _record(said, intent)
        )

    def _ask(
        self, what: str, path: str, params: Mapping[str, str], read: Callable[[Any], Read]
    ) -> Read:
        return self._client.ask(what, Call(path, "private", params), read)

    def _account(self, said: Any) -> str:
        its = summary(said)
        found = str(whole(its["id"]))
        if found != self._venue.account:
            raise self.error(f"the keys are those of account {found}, not {self._venue.account}")
        model, is_cross = text(its["margin_model"]), flag(its["cross_collateral_enabled"])
        if model not in SEGREGATED or is_cross:
            kind = "cross-collateral margin" if is_cross else "another margin"
            raise self.error(f"the account has {kind} ({model:.40}), not read here: {INSTEAD}")
        return found

    def _permissions(self, said: Any) -> tuple[str, ...]:
        mine = [each for each in rows(said["result"]) if self._client.is_key(each["client_id"])]
        if len(mine) != 1:
            raise VenueError("deribit: the key in use is not among those of the account")
        scopes = text(mine[0]["max_scope"]).split()
        return tuple(word for scope, word in SCOPES.items() if scope in scopes)


def _record(said: Any, intent: Intent) -> OrderRecord | None:
    found = rows(said["result"])
    if not found:
        return None
    if len(found) > 1:
        raise VenueError(f"deribit: {len(found)} orders have the label {intent.client_id}")
    [its] = found
    mine = its["label"], its["instrument_name"], sign(its["direction"], BUY) * amount(its["amount"])
    if mine != (intent.client_id, intent.symbol, intent.contracts):
        raise ValueError(mine)
    filled, status = amount(its["filled_amount"]), text(its["order_state"])
    price = amount(its["average_price"]) if filled else None
    return OrderRecord(
        venue_id=text(its["order_id"]),
        status=status,
        is_done=status in DONE,
        filled=filled,
        price=price,
    )
