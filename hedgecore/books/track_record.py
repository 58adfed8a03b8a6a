"""Track record of a book: what was put in and taken out, what came of it, and what was traded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from hedgecore.books.as_of import moment
from hedgecore.books.positions import number, only, table_rows
from hedgecore.errors import SpecError, at_place, did_you_mean

RECORDS = ("flow", "trade")
CAPITAL, FEES, REWARDS, FUNDING, COSTS = "capital", "fees", "rewards", "funding", "costs"
TYPES = (CAPITAL, FEES, REWARDS, FUNDING, COSTS)


@frozen(kw_only=True)
class Flow:
    """One row ``[[flow]]``: an amount of one asset that went in or came out.

    Attributes:
        date: when, UTC.
        asset: of what.
        amount: units of the asset. Capital: deposited, negative where withdrawn. Fees, rewards and
            funding: received, negative where paid. Costs: paid.
        type: one of `TYPES`.
        position: of which position; None where it is not said.
        price: of the asset then, in the numeraire; None where unknown.
        worth_before: of the position just before, uncollected fees included, in the numeraire;
            None where unknown.

    """

    date: datetime
    asset: str
    amount: float
    type: str = CAPITAL
    position: str | None = None
    price: float | None = None
    worth_before: float | None = None


@frozen(kw_only=True)
class PastTrade:
    """One row ``[[trade]]``: contracts of an instrument that were bought or sold.

    Attributes:
        date: when, UTC.
        instrument: its name in the book.
        contracts: bought; negative where sold.
        price: that was paid, per unit of the underlying.
        fee: that was paid, in the numeraire; None where unknown.

    """

    date: datetime
    instrument: str
    contracts: float
    price: float
    fee: float | None = None


@frozen(kw_only=True)
class TrackRecord:
    """All that a book states of its past, oldest first."""

    flows: tuple[Flow, ...] = ()
    trades: tuple[PastTrade, ...] = ()


def track_record(tables: Mapping[str, Any]) -> TrackRecord:
    """Track record that a book's tables state.

    Raises:
        SpecError: a row is wrong, with its place; a position or an instrument is not in the book.

    """
    names = {
        key: [str(row.get("name")) for row in table_rows(tables, key)]
        for key in ("position", "instrument")
    }
    flows = [Flow(**row) for row in _rows(tables, "flow", FLOW, names)]
    trades = [PastTrade(**row) for row in _rows(tables, "trade", TRADE, names)]
    return TrackRecord(
        flows=tuple(sorted(flows, key=lambda each: each.date)),
        trades=tuple(sorted(trades, key=lambda each: each.date)),
    )


Names = Mapping[str, list[str]]
Read = Callable[[Any, str, Names], Any]


def _rows(
    tables: Mapping[str, Any], what: str, readers: Mapping[str, Read], names: Names
) -> Iterator[dict[str, Any]]:
    needed = NEEDED[what]
    for place, row in enumerate(table_rows(tables, what), 1):
        with at_place(f"{what} {place}"):
            only(row, tuple(readers))
            missing = [name for name in needed if name not in row]
            if missing:
                raise SpecError(f"needs {', '.join(missing)}")
            yield {name: readers[name](each, name, names) for name, each in row.items()}


def _date(given: Any, name: str, names: Names) -> datetime:  # noqa: ARG001 - as all readers
    try:
        return moment(given)
    except SpecError as error:
        reason = f"must be a date, as 2026-11-27 or 2026-11-27T14:30:00Z, not {given!r:.80}"
        raise SpecError(reason, field=name) from error


def _number(given: Any, name: str, names: Names) -> float:  # noqa: ARG001
    return number(given, name)


def _positive(given: Any, name: str, names: Names) -> float:
    found = _number(given, name, names)
    if not found > 0:
        raise SpecError(f"must be positive, not {found:g}", field=name)
    return found


def _worth(given: Any, name: str, names: Names) -> float:
    found = _number(given, name, names)
    if found < 0:
        raise SpecError(f"must not be negative, not {found:g}", field=name)
    return found


def _asset(given: Any, name: str, names: Names) -> str:  # noqa: ARG001
    if not isinstance(given, str) or not given:
        raise SpecError(f"must be the name of an asset, not {given!r:.80}", field=name)
    return given


def _type(given: Any, name: str, names: Names) -> str:  # noqa: ARG001
    return _one_of(given, name, TYPES)


def _name_of(given: Any, name: str, names: Names) -> str:
    return _one_of(given, name, names[name])


def _one_of(given: Any, name: str, known: Any) -> str:
    if given not in known:
        near = did_you_mean(given, known) if isinstance(given, str) else ""
        right = f"one of {', '.join(known)}" if known else f"left out: the book has no {name}"
        raise SpecError(f"must be {right}, not {given!r:.80}{near}", field=name)
    return str(given)


FLOW: Mapping[str, Read] = {
    "date": _date, "asset": _asset, "amount": _number, "type": _type, "position": _name_of,
    "price": _positive, "worth_before": _worth,
}  # fmt: skip
TRADE: Mapping[str, Read] = {
    "date": _date, "instrument": _name_of, "contracts": _number, "price": _positive, "fee": _number,
}  # fmt: skip
"""Field of a row → what reads it."""
NEEDED = {
    "flow": ("date", "asset", "amount"),
    "trade": ("date", "instrument", "contracts", "price"),
}
