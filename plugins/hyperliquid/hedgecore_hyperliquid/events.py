"""Events of an account since a cursor: page by page, and proven to reach the position."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from attrs import frozen

from hedgecore import AccountEvent, VenueError
from hedgecore_hyperliquid.answers import THOUSAND, rows, text, total, whole
from hedgecore_hyperliquid.client import Client
from hedgecore_hyperliquid.rows import FillRow, fill_row, funding_event, ledger_event

MOST_FILLS, FUNDING_PAGE = 10_000, 500
FILLS_PAGE = 2000
"""Rows of one answer; and of fills, those that the venue keeps."""
OVERLAP = 60 * THOUSAND
"""Before a first reading: what happened then and is told late, is told after it all the same."""


@frozen
class Cursor:
    """Milliseconds up to which fills, funding and transfers were told, each for itself."""

    fills: int
    funding: int
    ledger: int

    @classmethod
    def at(cls, time: float) -> Cursor:
        """Cursor of a first reading."""
        return cls(*[round(time * THOUSAND) - OVERLAP] * 3)

    @classmethod
    def of(cls, given: str) -> Cursor:
        """Cursor as it was written.

        Raises:
            VenueError: it is none.

        """
        try:
            return cls(*map(int, given.split(":")))
        except (ValueError, TypeError):
            raise VenueError(f"hyperliquid: {given!r:.80} is no cursor") from None

    def __str__(self) -> str:
        return f"{self.fills}:{self.funding}:{self.ledger}"


@frozen
class Happened:
    """Events, oldest first, the fills among them, and the cursor after them."""

    events: tuple[AccountEvent, ...]
    fills: tuple[FillRow, ...]
    cursor: Cursor

    def missing(self, sizes: dict[str, Decimal]) -> list[str]:
        """Coins whose fills do not lead to the position that is held."""
        coins = {each.coin for each in self.fills if not each.is_spot}
        return sorted(coin for coin in coins if not self._reaches(coin, sizes))

    def _reaches(self, coin: str, sizes: dict[str, Decimal]) -> bool:
        mine = [each for each in self.fills if each.coin == coin]
        before = sizes.get(coin, Decimal(0)) - total(each.contracts for each in mine)
        first = min(each.time for each in mine)
        return any(each.before == before for each in mine if each.time == first)


@frozen
class EventReader:
    """Reads the history of an account."""

    client: Client
    account: str

    def since(self, cursor: Cursor) -> Happened:
        """All that happened after a cursor."""
        fills, paid = self.fills(cursor.fills + 1), self._funding(cursor.funding + 1)
        moved = self._ledger(cursor.ledger + 1)
        pairs = self._pairs() if any(each.is_spot for each in fills) else {}
        names = {oid: self._name(oid) for oid in {x.oid for x in fills if x.cloid is None}}
        told = [_event(each, names, pairs) for each in fills]
        return Happened(
            events=tuple(sorted((*told, *paid, *moved), key=lambda each: (each.time, each.id))),
            fills=tuple(fills),
            cursor=Cursor(
                _last(fills, cursor.fills), _last(paid, cursor.funding), _last(moved, cursor.ledger)
            ),
        )

    def fills(self, start: int) -> list[FillRow]:
        """Fills from a millisecond on."""
        found = self._read_pages(
            "userFillsByTime", FILLS_PAGE, start, fill_row,
            lambda since: lambda info: info.user_fills_by_time(self.account, since),
        )  # fmt: skip
        if len(found) >= MOST_FILLS:
            raise VenueError("hyperliquid: more fills since the cursor than the venue keeps")
        return found

    def _funding(self, start: int) -> list[AccountEvent]:
        return self._read_pages(
            "userFunding", FUNDING_PAGE, start, funding_event,
            lambda since: lambda info: info.user_funding_history(self.account, since),
        )  # fmt: skip

    def _ledger(self, start: int) -> list[AccountEvent]:
        return self._read_pages(
            "userNonFundingLedgerUpdates", FUNDING_PAGE, start,
            lambda said: ledger_event(said, self.account),
            lambda since: lambda info: info.user_non_funding_ledger_updates(self.account, since),
        )  # fmt: skip

    def _read_pages(
        self,
        what: str,
        most: int,
        start: int,
        row: Callable[[Any], Any],
        call: Callable[[int], Callable[[Any], Any]],
    ) -> list[Any]:
        """Rows of all pages; the last moment of a full page is asked for again."""
        found: dict[str, Any] = {}

        def read(said: Any) -> list[Any]:
            return [row(each) for each in rows(said)]

        while True:
            page = self.client.ask(what, call(start), read)
            fresh = {each.id: each for each in page if each.id not in found}
            if any(round(each.time * THOUSAND) < start for each in page):
                raise VenueError(f"hyperliquid: {what}: a row is older than what was asked for")
            found |= fresh
            if len(page) < most:
                return sorted(found.values(), key=lambda each: each.time)
            if not fresh:
                raise VenueError(f"hyperliquid: {what}: more happened at once than a page holds")
            start = max(round(each.time * THOUSAND) for each in page)

    def _name(self, oid: int) -> str | None:
        """Client id of an order whose fill does not tell one: the order itself does."""
        return self.client.ask(
            "orderStatus", lambda info: info.query_order_by_oid(self.account, oid), _cloid
        )

    def _pairs(self) -> dict[str, tuple[str, str]]:
        """Coins of the spot markets, by the market's name."""
        return self.client.ask("spotMeta", lambda info: info.spot_meta(), _listed_pairs)


def _event(
    fill: FillRow, names: dict[int, str | None], pairs: dict[str, tuple[str, str]]
) -> AccountEvent:
    if fill.is_spot and fill.coin not in pairs:
        raise VenueError(f"hyperliquid: {fill.coin!r:.40} is traded, and not listed")
    named = names[fill.oid] if fill.cloid is None else fill.cloid
    return fill.event(named, pairs.get(fill.coin))


def _last(told: Iterable[Any], before: int) -> int:
    return max((round(each.time * THOUSAND) for each in told), default=before)


def _cloid(said: Any) -> str | None:
    name = said["order"]["order"]["cloid"]
    return None if name is None else text(name)


def _listed_pairs(said: Any) -> dict[str, tuple[str, str]]:
    names = {whole(each["index"]): text(each["name"]) for each in rows(said["tokens"])}
    return {
        text(each["name"]): (names[each["tokens"][0]], names[each["tokens"][1]])
        for each in rows(said["universe"])
    }
