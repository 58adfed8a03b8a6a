"""Profit since a journal begins: what prices did, what the curve did, and what the hedge did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hedgecore.analysis.book_performance import trade_profit
from hedgecore.analysis.performance import Performance
from hedgecore.books.book import Book
from hedgecore.books.track_record import CAPITAL, FUNDING, Flow
from hedgecore.errors import HedgecoreError
from hedgecore.live.question import book_of
from hedgecore.report.dashboard.follower import JournalFollower

SAME = 0.02
"""A position is another size where its worth at one price differs by more than this part."""


def profit_since(follower: JournalFollower, book: Book, now: datetime) -> dict[str, Any]:
    """Mapping for JSON: the parts of the profit and their sum, or why they are unknown.

    Positions and holdings count as put in when the journal begins, at what they held then.

    Args:
        follower: of the journal.
        book: of the latest snapshot.
        now: its moment.

    """
    if follower.first is None:
        return {"unknown": "nothing has been read yet"}
    try:
        start = book_of(follower.first, accept=True)
        changed = _reason_of_change(start, book)
        if changed is not None:
            return {"unknown": changed}
        record = follower.past.record(book)
        since = datetime.fromtimestamp(follower.first.time, UTC)
        found = Performance(
            name="", numeraire=book.market.numeraire, end=now, market=book.market,
            value=float(book.portfolio.worth(book.market)), uncollected={},
            flows=(*_holdings(start, since), *record.flows),
            trades=tuple(trade_profit(each, book) for each in record.trades),
        )  # fmt: skip
    except HedgecoreError as error:
        return {"unknown": str(error)}
    return {
        "since": follower.first.time,
        "parts": {name: each for name, each in found.parts.items() if name in SHOWN},
        "net": found.net,
        "missing": [] if found.net is not None else list(found.missing),
        "worth": found.value,
        "hold": found.hold_value,
    }


SHOWN = ("price change", "impermanent loss", "hedge", FUNDING, "costs")
"""Parts that a journal knows: of pool fees it does not."""


def _holdings(start: Book, since: datetime) -> list[Flow]:
    """Deposits that the positions of the start come to: delta by asset, and the rest as cash."""
    before = start.portfolio.exposure(start.market)
    prices = start.market.vector(before.assets)
    unit = start.market.numeraire
    rest = float(before.value - (before.delta * prices).sum())
    rows = [
        Flow(date=since, asset=asset, amount=float(n), type=CAPITAL, price=float(price))
        for asset, n, price in zip(before.assets, before.delta, prices, strict=True)
    ]
    return [*rows, Flow(date=since, asset=unit, amount=rest, type=CAPITAL)]


def _reason_of_change(start: Book, book: Book) -> str | None:
    """Reason why the positions are not those of the start; None where they are."""
    before = {each.name: each for each in start.positions}
    after = {each.name: each for each in book.positions}
    if set(before) != set(after):
        names = ", ".join(sorted(set(before) ^ set(after)))
        return f"positions have come or gone since the journal began: {names}"
    for name, each in after.items():
        then = before[name].amount * float(before[name].model.worth(book.market))
        worth = each.amount * float(each.model.worth(book.market))
        if abs(worth - then) > SAME * max(abs(worth), abs(then)):
            return f"{name} is of another size than when the journal began"
    return None
