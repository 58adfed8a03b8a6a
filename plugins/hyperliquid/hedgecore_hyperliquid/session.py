"""One account on Hyperliquid: orders by the official SDK, read back by their client ids."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hedgecore import (
    AbstractSession,
    Account,
    ContractTerms,
    Identity,
    Intent,
    Receipt,
    RejectedError,
    TopOfBook,
    VenueError,
)
from hedgecore_hyperliquid.answers import USDC, amount, rows, seconds, text, whole
from hedgecore_hyperliquid.client import Client
from hedgecore_hyperliquid.events import Cursor, EventReader
from hedgecore_hyperliquid.outcome import Outcome, filled_outcome, order_record, unknown_outcome
from hedgecore_hyperliquid.roles import check_flat, check_mode, check_role, dexes, permissions
from hedgecore_hyperliquid.standing import Perps, coins, open_orders, perps
from hedgecore_hyperliquid.wire import Listing, Signer, cloid, expiry, order_action

LEAST_NOTIONAL = Decimal(10)
"""USDC; of an order."""
HOUR = 3600
EARLY = 5000
"""Milliseconds before an order's own time, from which its fills are looked for."""


class HyperliquidSession(AbstractSession):
    """One account, open; without a signer it only reads."""

    def __init__(self, account: str, network: str, client: Client, signer: Signer | None) -> None:
        self._account, self._network = account, network
        self._client, self._signer = client, signer
        self._events = EventReader(client, account)
        self._nonce = 0

    def identity(self) -> Identity:
        """Account, in the way it keeps its margin, and whether the key may trade for it."""
        ask, account = self._client.ask, self._account
        ask("userRole", lambda info: info.user_role(account), check_role(account))
        ask("userAbstraction", lambda info: info.query_user_abstraction_state(account), check_mode)
        allowed: tuple[str, ...] = ()
        if self._signer is not None:
            signer = self._signer.address
            allowed = ask(
                "userRole", lambda info: info.user_role(signer), permissions(signer, account)
            )
        return Identity(account=account, network=self._network, permissions=allowed)

    def check_elsewhere(self) -> None:
        """Refuse an account with positions on a builder's exchange: a book would lack them."""
        for name in self._client.ask("perpDexs", lambda info: info.perp_dexs(), dexes):
            self._check_flat(name)

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of all contracts of the venue's own exchange that are traded."""
        fee = self._client.ask(
            "userFees",
            lambda info: info.user_fees(self._account),
            lambda said: amount(said["userCrossRate"]),
        )
        listed = self._client.ask(
            "metaAndAssetCtxs", lambda info: info.meta_and_asset_ctxs(), _marked
        )
        return {name: _terms(name, each, mark, fee) for name, (each, mark) in listed.items()}

    def account(self, cursor: str | None = None) -> Account:
        """Account as it stands; an error where it changed while it was read."""
        ask, account = self._client.ask, self._account
        before, spot = self._standing()
        since = Cursor.at(before.time) if cursor is None else Cursor.of(cursor)
        happened = self._events.since(since)
        orders = ask("openOrders", lambda info: info.open_orders(account), open_orders)
        after, again = self._standing()
        if (before.raw, before.sizes, spot) != (after.raw, after.sizes, again):
            raise VenueError("hyperliquid: the account changed while it was read")
        if missing := happened.missing(after.sizes):
            raise VenueError(
                f"hyperliquid: fills of {', '.join(missing)} do not reach the position"
            )
        balances = {**again, USDC: again.get(USDC, Decimal(0)) + after.cash}
        return Account(
            time=after.time,
            balances=balances,
            positions=after.positions,
            margin=after.margin,
            open_orders=orders,
            events=() if cursor is None else happened.events,
            cursor=str(happened.cursor),
        )

    def book(self, symbol: str) -> TopOfBook:
        """Best prices; funding is that of an hour."""
        prices = self._client.ask(
            "metaAndAssetCtxs",
            lambda info: info.meta_and_asset_ctxs(),
            lambda said: _prices(said, symbol),
        )
        bid, ask, time = self._client.ask(
            "l2Book",
            lambda info: info.post("/info", {"type": "l2Book", "coin": symbol}),
            lambda said: _best(said, symbol),
        )
        following = (time // HOUR + 1) * HOUR
        return TopOfBook(bid=bid, ask=ask, **prices, next_funding=following, time=time)

    def time(self) -> float:
        """Time of the venue, as it tells with the account."""
        return self._client.ask(
            "clearinghouseState",
            lambda info: info.user_state(self._account),
            lambda said: seconds(said["time"]),
        )

    def prepare(self, intent: Intent) -> Receipt:
        """Sign an order, with its expiry and a nonce of its own."""
        if self._signer is None:
            raise VenueError("hyperliquid: no key is given, so nothing can be traded")
        listed = self._client.ask("meta", lambda info: info.meta(), _listings)
        if intent.symbol not in listed:
            raise RejectedError(f"no contract is called {intent.symbol!r:.40}")
        action, end = order_action(intent, listed[intent.symbol]), expiry(intent)
        self._nonce = max(self._nonce + 1, end)
        payload = self._signer.payload(action, self._nonce, end)
        return Receipt(intent=intent, proof={"payload": payload, "nonce": str(self._nonce)})

    def place(self, receipt: Receipt) -> None:
        """Send the request that was signed; refused is only what the venue says of the order."""
        payload = json.loads(receipt.proof["payload"])
        reason = self._client.ask("order", lambda info: info.post("/exchange", payload), _refusal)
        if reason is not None:
            raise RejectedError(reason)

    def resolve(self, receipt: Receipt) -> Outcome:
        """Outcome of an order; the time is asked for first, so that what follows is later."""
        intent, now = receipt.intent, self.time()
        record = self._client.ask(
            "orderStatus",
            lambda info: info.post("/info", self._question(intent)),
            lambda said: order_record(said, intent),
        )
        if record is None:
            return unknown_outcome(intent, now)
        return filled_outcome(record, intent, self._events.fills(record.sent - EARLY))

    def cancel(self, receipt: Receipt) -> None:
        """Nothing: no order rests."""

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _check_flat(self, dex: str) -> None:
        account = self._account
        self._client.ask(
            "clearinghouseState", lambda info: info.user_state(account, dex), check_flat(dex)
        )

    def _standing(self) -> tuple[Perps, dict[str, Decimal]]:
        ask, account = self._client.ask, self._account
        held = ask("clearinghouseState", lambda info: info.user_state(account), perps)
        spot = ask("spotClearinghouseState", lambda info: info.spot_user_state(account), coins)
        return held, spot

    def _question(self, intent: Intent) -> dict[str, str]:
        return {"type": "orderStatus", "user": self._account, "oid": cloid(intent)}


def _listings(said: Any) -> dict[str, Listing]:
    return {
        text(each["name"]): Listing(asset, whole(each["szDecimals"]), whole(each["maxLeverage"]))
        for asset, each in enumerate(rows(said["universe"]))
        if each.get("isDelisted") is not True
    }


def _marked(said: Any) -> dict[str, tuple[Listing, Decimal]]:
    """Listing and mark of each contract."""
    meta, contexts = rows(said)
    names = [text(each["name"]) for each in meta["universe"]]
    listed, marks = _listings(meta), dict(zip(names, rows(contexts), strict=True))
    return {name: (each, amount(marks[name]["markPx"])) for name, each in listed.items()}


def _terms(name: str, listing: Listing, mark: Decimal, fee: Decimal) -> ContractTerms:
    return ContractTerms(
        symbol=name,
        lot=listing.lot,
        tick=listing.tick(mark),
        min_order=listing.lot,
        min_notional=LEAST_NOTIONAL,
        fee=fee,
        settlement=USDC,
        maintenance=1 / Decimal(2 * listing.leverage),
    )


def _prices(said: Any, symbol: str) -> dict[str, Decimal]:
    meta, contexts = rows(said)
    names = [text(each["name"]) for each in meta["universe"]]
    its = dict(zip(names, rows(contexts), strict=True))[symbol]
    read = {"mark": "markPx", "index": "oraclePx", "funding_rate": "funding"}
    return {name: amount(its[key]) for name, key in read.items()}


def _best(said: Any, symbol: str) -> tuple[Decimal, Decimal, float]:
    bids, asks = said["levels"]
    best = amount(bids[0]["px"]), amount(asks[0]["px"])
    if said["coin"] != symbol or not 0 < best[0] < best[1]:
        raise ValueError(best)
    return (*best, seconds(said["time"]))


def _refusal(said: Any) -> str | None:
    """Reason of an order's refusal; None where it was taken.

    Whatever the venue says of the request as a whole refuses no order: of one that is sent again
    it says that its nonce is used.
    """
    if said["status"] != "ok" or said["response"]["type"] != "order":
        raise ValueError(said["status"])
    [status] = rows(said["response"]["data"]["statuses"])
    [(kind, what)] = status.items()
    if kind == "error":
        return text(what)
    whole(what["oid"])
    return None
