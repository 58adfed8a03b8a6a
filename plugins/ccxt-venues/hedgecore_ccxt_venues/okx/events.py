"""OKX's bills: each says what it changed, and what there was after it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import frozen

from hedgecore import AccountEvent, EventKind, VenueError
from hedgecore_ccxt_venues.answers import amount, seconds, text, whole
from hedgecore_ccxt_venues.client import Call, Client
from hedgecore_ccxt_venues.okx.market import FUTURES, OPTION, SWAP, data
from hedgecore_ccxt_venues.session import Happened

OVERLAP = 60_000
"""Milliseconds before a cursor of which bills are asked for: some come late."""
PAGE, PAGES = 100, 400
WEEK = 7 * 86_400_000
UNIT = Decimal("1e-8")
KINDS = {
    "2": EventKind.FILL,
    "3": EventKind.EXPIRY,
    "5": EventKind.LIQUIDATION,
    "7": EventKind.INTEREST,
    "8": EventKind.FUNDING,
    "9": EventKind.DELEVERAGING,
    "13": EventKind.FILL,
    "14": EventKind.FILL,
    "24": EventKind.FILL,
    "32": EventKind.FILL,
    "34": EventKind.FUNDING,
}
"""Type of bill → kind: blocks, spreads and positions moved are fills; any other is a transfer."""
MOVING = EventKind.FILL, EventKind.EXPIRY, EventKind.LIQUIDATION, EventKind.DELEVERAGING
CONTRACTS = SWAP, FUTURES, OPTION
BOUGHT = (
    "1", "3", "6", "101", "102", "105", "106", "113", "126", "127", "131", "171",
    "204", "206", "209", "270", "272", "275", "324", "326", "329",
)  # fmt: skip
SOLD = (
    "2", "4", "5", "100", "103", "104", "107", "112", "125", "128", "132", "170",
    "205", "207", "208", "271", "273", "274", "325", "327", "328",
)  # fmt: skip
SIDES = dict.fromkeys(BOUGHT, 1) | dict.fromkeys(SOLD, -1)
"""Type of bill, the finer one → sign of what it adds to the position, where that is told."""


@frozen
class Cursor:
    """Number of the last bill that was told, and its milliseconds."""

    bill: int
    time: int

    @classmethod
    def of(cls, given: str | None, now: int) -> Cursor:
        """Cursor as it was written; now, where there is none.

        Raises:
            VenueError: it is none, or older than the bills that the venue lists.

        """
        try:
            found = cls(0, now) if given is None else cls(*map(int, given.split(":")))
        except (ValueError, TypeError):
            raise VenueError(f"okx: {given!r:.80} is no cursor") from None
        if now - found.time > WEEK:
            raise VenueError("okx: the last reading is older than the week of which bills are told")
        return found

    def after(self, fresh: list[Any], now: int) -> Cursor:
        """Cursor after some bills; where there are none, time passes all the same."""
        if fresh:
            return Cursor(whole(fresh[-1]["billId"]), whole(fresh[-1]["ts"]))
        return Cursor(self.bill, max(self.time, now - OVERLAP))

    def __str__(self) -> str:
        return f"{self.bill}:{self.time}"


@frozen
class EventReader:
    """Reads the history of an account."""

    client: Client

    def since(self, given: str | None, now: float) -> Happened:
        """All that happened after a cursor."""
        end = round(now * 1000)
        cursor = Cursor.of(given, end)
        told = sorted(self._bills(cursor.time - OVERLAP), key=lambda its: whole(its["billId"]))
        last = _last_balances(told)
        fresh = [each for each in told if whole(each["billId"]) > cursor.bill]
        return Happened(
            events=tuple(map(event, fresh)), cursor=str(cursor.after(fresh, end)), balances=last
        )

    def _bills(self, begin: int) -> Iterator[Any]:
        """Bills of all pages, the newest first."""
        more: dict[str, str] = {}
        for _ in range(PAGES):
            asked = {"begin": str(begin), "limit": str(PAGE), **more}
            found = self.client.ask("bills", Call("account/bills", "private", asked), _page)
            yield from found
            if len(found) < PAGE:
                return
            more = {"after": text(found[-1]["billId"])}
        raise VenueError(f"okx: more than {PAGES} pages of bills")


def _page(said: Any) -> list[Any]:
    """Bills of a page, that can be read."""
    found = data(said)
    for each in found:
        event(each), amount(each["bal"])
    return found


def event(bill: Any) -> AccountEvent:
    """Event of a bill.

    Where no side is told, as of a worthless expiry, cash alone has moved: a position that changed
    with it is then a difference, which a person has to look at.
    """
    kind = KINDS.get(text(bill["type"]), EventKind.TRANSFER)
    moved: dict[str, Any] = {}
    side = SIDES.get(text(bill["subType"]))
    if kind in MOVING and side is not None and text(bill["instType"]) in CONTRACTS:
        moved = {
            "symbol": text(bill["instId"]),
            "contracts": side * amount(bill["sz"]),
            "price": amount(bill["px"]),
            "client_id": text(bill["clOrdId"]) or None,
        }
    return AccountEvent(
        id=f"bill {whole(bill['billId'])}",
        kind=kind,
        time=seconds(bill["ts"]),
        changes={text(bill["ccy"]): amount(bill["balChg"])},
        **moved,
    )


def _last_balances(told: list[Any]) -> dict[str, Decimal]:
    """Balance of each coin after the last of some bills, that lead from one to the next."""
    found = dict[str, Decimal]()
    for each in told:
        coin, now = text(each["ccy"]), amount(each["bal"])
        if abs(found.get(coin, now - amount(each["balChg"])) + amount(each["balChg"]) - now) > UNIT:
            raise VenueError(f"okx: a bill is missing before {each['billId']}")
        found[coin] = now
    return found
