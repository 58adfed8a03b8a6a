"""One account on OKX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from attrs import evolve

from hedgecore import ContractTerms, Identity, Intent, Receipt, TopOfBook
from hedgecore_ccxt_venues.answers import THOUSAND, amount, plain, text, whole
from hedgecore_ccxt_venues.client import Call, Client, Read
from hedgecore_ccxt_venues.okx import market
from hedgecore_ccxt_venues.okx.events import EventReader
from hedgecore_ccxt_venues.okx.market import OPTION, SWAP, data, index_of, one, type_of
from hedgecore_ccxt_venues.okx.standing import (
    FUTURES_MODE,
    balance,
    check_mode,
    check_risk,
    open_orders,
    positions,
)
from hedgecore_ccxt_venues.orders import OrderRecord, sign
from hedgecore_ccxt_venues.session import CcxtSession, Happened, Standing

BUY = "buy", "sell"
DONE = "filled", "canceled", "mmp_canceled"
NOT_KNOWN, FAILED = "51603", "1"
REFUSALS = frozenset(
    {51000, 51001, *range(51004, 51009), *range(51020, 51024), 51027, 51028, 51100, 51101, 51107}
    | {51112, 51116, *range(51118, 51123), 51127, 51131, 51169}
)
"""Codes of what refuses an order: size, price, margin, limits, a contract that is not traded."""
WORDS = {"trade": "trade", "withdraw": "withdraw"}


class OkxSession(CcxtSession):
    """One account, open."""

    def __init__(self, venue: Any, client: Client) -> None:
        super().__init__(venue, client)
        family = venue.option_family
        self._kinds: list[dict[str, str]] = [{"instType": "SWAP"}, {"instType": "FUTURES"}]
        self._kinds += [{"instType": OPTION, "instFamily": family}] if family else []
        self._events = EventReader(client)
        self._level = FUTURES_MODE

    def identity(self) -> Identity:
        """Account, in its mode, and what its key may do."""
        return self._ask("account", "account/config", {}, self._identity)

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of all contracts, with the fee of the account."""
        found = dict[str, ContractTerms]()
        for kind in self._kinds:
            fees = self._ask("fees", "account/trade-fee", kind, market.fees)
            for name, each in self._listed(kind).items():
                found[name] = evolve(each, fee=fees.get(market.fee_field(each.settlement)))
        return found

    def terms_of(self, symbol: str) -> ContractTerms | None:
        """Terms of one contract."""
        kind = next((each for each in self._kinds if each["instType"] == type_of(symbol)), None)
        return None if kind is None else self._listed(kind).get(symbol)

    def book(self, symbol: str) -> TopOfBook:
        """Best prices, mark and index; and the funding of a swap."""
        asked, kind = {"instId": symbol}, type_of(symbol)
        parts = self._public("ticker", "market/ticker", asked, lambda it: market.best(it, symbol))
        parts["mark"] = self._public(
            "mark", "public/mark-price", {"instType": kind, **asked},
            lambda said: amount(one(said)["markPx"]),
        )  # fmt: skip
        parts["index"] = self._public(
            "index", "market/index-tickers", {"instId": index_of(symbol)},
            lambda said: amount(one(said)["idxPx"]),
        )  # fmt: skip
        if kind == SWAP:
            parts |= self._public("funding", "public/funding-rate", asked, market.funding)
        if kind == OPTION:
            parts["volatility"] = self._public(
                "options", "public/opt-summary", {"instFamily": index_of(symbol)},
                lambda said: _volatility(said, symbol),
            )  # fmt: skip
        return TopOfBook(**parts)

    def milliseconds(self) -> int:
        """Time of the venue."""
        return self._public("time", "public/time", {}, lambda said: whole(one(said)["ts"]))

    def standing(self) -> Standing:
        """Balances, positions and margin."""
        level, currency = self._level, self._venue.currency
        held = self._ask(
            "positions", "account/positions", {}, lambda said: positions(said, level, currency)
        )
        balances, margin = self._ask(
            "balance", "account/balance", {},
            lambda said: balance(said, level, currency, is_flat=not held),
        )  # fmt: skip
        risk = "account/account-position-risk"
        self._ask("risk", risk, {}, lambda said: check_risk(said, held))
        return Standing(balances=balances, positions=held, margin=margin)

    def since(self, cursor: str | None, now: float, standing: Standing) -> Happened:  # noqa: ARG002
        """Events of the bills."""
        return self._events.since(cursor, now)

    def open_orders(self) -> tuple[str, ...]:
        """Client ids of orders that rest."""
        return self._ask("orders", "trade/orders-pending", {}, open_orders)

    def order(self, receipt: Receipt) -> Call:
        """Request of an order, with its end in a header."""
        intent = receipt.intent
        params: dict[str, str | bool] = {
            "instId": intent.symbol,
            "tdMode": "cross",
            "clOrdId": intent.client_id,
            "side": BUY[intent.contracts < 0],
            "ordType": "ioc",
            "px": plain(intent.limit_price),
            "sz": plain(abs(intent.contracts)),
            "reduceOnly": intent.reduce_only,
        }
        ends = {"expTime": str(int(intent.expires * THOUSAND))}
        return Call("trade/order", "private", params, method="POST", headers=ends)

    def refusal(self, said: Any) -> str | None:
        """Reason of a refusal: what the venue says of size, price, margin or limits."""
        [its] = said["data"]
        code = text(its["sCode"])
        if text(said["code"]) == "0" and code == "0":
            text(its["ordId"])
            return None
        if said["code"] != FAILED or int(code) not in REFUSALS:
            raise ValueError(code)
        return f"{text(its['sMsg'])} ({code})"

    def record(self, intent: Intent) -> OrderRecord | None:
        """Record of the order with the client id."""
        asked = {"instId": intent.symbol, "clOrdId": intent.client_id}
        return self._ask("order", "trade/order", asked, lambda said: _record(said, intent))

    def _listed(self, kind: Mapping[str, str]) -> dict[str, ContractTerms]:
        found = self._public("instruments", "public/instruments", kind, market.listed)
        if kind["instType"] != OPTION:
            return found
        bands = "public/instrument-tick-bands"
        tick = self._public("tick bands", bands, kind, market.coarsest)
        return {name: evolve(each, tick=tick) for name, each in found.items()}

    def _ask(
        self, what: str, path: str, params: Mapping[str, str], read: Callable[[Any], Read]
    ) -> Read:
        return self._client.ask(what, Call(path, "private", params), read)

    def _public(
        self, what: str, path: str, params: Mapping[str, str], read: Callable[[Any], Read]
    ) -> Read:
        return self._client.ask(what, Call(path, "public", params), read)

    def _identity(self, said: Any) -> Identity:
        its = one(said)
        account, level = text(its["uid"]), text(its["acctLv"])
        if account != self._venue.account:
            raise self.error(f"the keys are those of account {account}, not {self._venue.account}")
        check_mode(level, text(its["posMode"]))
        self._level = level
        allowed = text(its["perm"]).split(",")
        return Identity(
            account=account,
            network=self._venue.network,
            permissions=tuple(each for each in WORDS if each in allowed),
        )


def _volatility(said: Any, symbol: str) -> Any:
    [found] = [each for each in data(said) if text(each["instId"]) == symbol]
    return amount(found["markVol"])


def _record(said: Any, intent: Intent) -> OrderRecord | None:
    if said["code"] == NOT_KNOWN and said["data"] == []:
        return None
    its = one(said)
    mine = its["clOrdId"], its["instId"], sign(its["side"], BUY) * amount(its["sz"])
    if mine != (intent.client_id, intent.symbol, intent.contracts):
        raise ValueError(mine)
    filled, status = amount(its["accFillSz"]), text(its["state"])
    return OrderRecord(
        venue_id=text(its["ordId"]),
        status=status,
        is_done=status in DONE,
        filled=filled,
        price=amount(its["avgPx"]) if filled else None,
        fee=-amount(its["fee"]) if filled else None,
        fee_asset=text(its["feeCcy"]) if filled else None,
    )
