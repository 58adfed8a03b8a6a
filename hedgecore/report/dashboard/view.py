"""View of a live hedge as plain JSON: all of it from the journal, at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from hedgecore.books.book import Book
from hedgecore.decisions.problem import delta_of
from hedgecore.errors import HedgecoreError
from hedgecore.hedging.lots import without_dust
from hedgecore.hedging.problem import HedgeProblem
from hedgecore.interfaces.orders import Absent, Filled, Outcome, Unknown
from hedgecore.live.margin_reach import MarginReach, margin_reach, traded_at
from hedgecore.live.question import book_of
from hedgecore.live.settings import LiveSettings
from hedgecore.live.snapshot import Snapshot
from hedgecore.live.status import loop_status
from hedgecore.numerics.arrays import Array
from hedgecore.report.dashboard.follower import JournalFollower, OrderRow
from hedgecore.report.dashboard.profit import profit_since

Document = dict[str, Any]


def view(follower: JournalFollower, now: float) -> Document:
    """Mapping for JSON: where the loop stands, and all that its journal says of the hedge.

    Args:
        follower: of the journal, as far as it has followed it.
        now: seconds since 1970.

    Raises:
        JournalError: the journal cannot be read.

    """
    found = loop_status(follower.folder, now)
    run = found.run
    shown: Document = {
        "now": now,
        "state": found.state,
        "reasons": list(found.reasons),
        "mode": None if run is None else run.mode,
        "run": None if run is None else run.id,
        "cycle": found.cycle,
        "age": found.age,
        "events": follower.seq,
        "delta": _delta(follower, {}),
        "series": [each._asdict() for each in follower.series],
        "orders": [_order(each) for each in reversed(follower.orders.values())],
        "alerts": [
            {"wall": row.wall, "level": row.alert.level, "text": row.alert.text}
            for row in reversed(follower.alerts)
        ],
    }  # fmt: skip
    return {**shown, **_reading(follower, now)}


def _reading(follower: JournalFollower, now: float) -> Document:
    """Part that the latest snapshot tells; why there is none where it is no book."""
    snapshot = follower.snapshot
    if snapshot is None:
        return {"problem": "nothing has been read yet"}
    try:
        book = book_of(snapshot, accept=True)
        instruments = list(_instruments(follower, snapshot, book))
        return {
            "problem": None,
            "delta": _delta(follower, {each["name"]: each["held"] for each in instruments}),
            "numeraire": book.market.numeraire,
            "positions": [_position(each, book) for each in book.positions],
            "instruments": instruments,
            "margins": dict(_margins(snapshot, book)),
            "readings": list(_readings(snapshot, now)),
            "profit": profit_since(follower, book, datetime.fromtimestamp(snapshot.time, UTC)),
        }
    except HedgecoreError as error:
        return {"problem": str(error)}


def _delta(follower: JournalFollower, held: Mapping[str, float]) -> list[Document]:
    """Delta that is open, by hedged asset, against its band.

    Positions are those of the latest decision, contracts those that are held now.
    """
    made = follower.decision
    if made is None:
        return []
    point, problem = follower.series[-1], made.input.problem
    assets = problem.hedged_assets
    target = delta_of(problem.target_exposure, assets)
    unit = np.array([delta_of(each, assets) for each in problem.unit_exposures])
    net = np.array([point.delta[asset] for asset in assets]) + _traded(problem, held) @ unit
    rows = zip(assets, target.tolist(), net.tolist(), problem.market.vector(assets), strict=True)
    return [
        {
            "asset": asset,
            "price": float(price),
            "positions": own,
            "hedge": now - own,
            "net": now,
            "net_cash": now * float(price),
            "width": point.width[asset],
            "reason": made.reason,
            "doubt": made.doubt,
        }
        for asset, own, now, price in rows
    ]


def _traded(problem: HedgeProblem, held: Mapping[str, float]) -> Array:
    """Contracts of each instrument that were traded since a decision, (k,)."""
    then = zip(problem.instruments, problem.held_contracts, strict=True)
    return np.array([held.get(each.name, float(n)) - float(n) for each, n in then])


def _position(each: Any, book: Book) -> Document:
    return {"name": each.name, "worth": each.amount * float(each.priced.worth(book.market))}


def _instruments(follower: JournalFollower, snapshot: Snapshot, book: Book) -> Iterator[Document]:
    """Rows of the instruments: held now, and wanted by the latest decision."""
    made = follower.decision
    rows = {} if made is None else _by_name(book, made.held, made.trade)
    for each in book.instruments:
        route = book.routes[each.name]
        venue = snapshot.venues[route.venue]
        position, top = venue.account.positions.get(route.symbol), venue.tops[route.symbol]
        held, trade = rows.get(each.name, (None, None))
        now = 0.0 if position is None else float(position.contracts)
        yield {
            "name": each.name,
            "venue": route.venue,
            "symbol": route.symbol,
            "held": now,
            "entry": None if position is None else _number(position.entry_price),
            "target": None if held is None or trade is None else held + trade,
            "left": None if held is None or trade is None else _still_to_trade(held + trade, now),
            "mark": float(top.mark),
            "index": float(top.index),
            "funding": _number(top.funding_rate),
        }


def _still_to_trade(target: float, held: float) -> float:
    """Contracts that are still to be traded; none where rounding alone is left."""
    return float(without_dust(np.array(target - held), np.array(abs(target) + abs(held))))


def _by_name(book: Book, held: Any, trade: Any) -> dict[str, tuple[float, float]]:
    names = [each.name for each in book.instruments]
    pairs = zip(np.atleast_1d(held).tolist(), np.atleast_1d(trade).tolist(), strict=True)
    return dict(zip(names, pairs, strict=False))


def _margins(snapshot: Snapshot, book: Book) -> Iterator[tuple[str, Document]]:
    """Venues with a margin, each with its numbers."""
    least = LiveSettings.from_book(book).caps.min_margin_ratio
    for name, venue in snapshot.venues.items():
        found = margin_reach(venue, traded_at(book, name), book, least)
        if found is not None:
            yield name, _margin(found)


def _margin(found: MarginReach) -> Document:
    return {
        "equity": found.equity,
        "maintenance": found.maintenance,
        "ratio": found.ratio if np.isfinite(found.ratio) else None,
        "down": found.down,
        "up": found.up,
        "needed": [{"move": move, "cash": cash} for move, cash in found.needed.items()],
    }


def _readings(snapshot: Snapshot, now: float) -> Iterator[Document]:
    """Ages of all that was read, seconds."""
    stamp: Mapping[str, Any] = snapshot.book.stamp
    if snapshot.book.time is not None:
        name = f"chain, block {stamp.get('block', 'unknown')}"
        yield {"name": name, "age": now - snapshot.book.time}
    for name, venue in snapshot.venues.items():
        yield {"name": f"account at {name}", "age": now - venue.account.time}
        for symbol, top in venue.tops.items():
            yield {"name": f"{symbol} at {name}", "age": now - top.time}


def _order(row: OrderRow) -> Document:
    intent = row.order.intent
    return {
        "time": row.order.time,
        "instrument": row.order.instrument,
        "venue": row.order.venue,
        "contracts": float(intent.contracts),
        "limit": float(intent.limit_price),
        "state": str(row.order.state),
        "cause": row.order.cause,
        "filled": float(row.order.filled),
        **_outcome(row.outcome),
    }


def _outcome(outcome: Outcome | None) -> Document:
    match outcome:
        case Filled(price=price, fee=fee, fee_asset=asset):
            return {"price": _number(price), "fee": _number(fee), "fee_asset": asset, "why": None}
        case Absent(proof=why) | Unknown(reason=why):
            return {"price": None, "fee": None, "fee_asset": None, "why": why}
    return {"price": None, "fee": None, "fee_asset": None, "why": None}


def _number(given: Any) -> float | None:
    return None if given is None else float(given)
