"""Outcome of an order, from the venue's own record of it and its fills."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import frozen

from hedgecore import Absent, Filled, Intent, Unknown
from hedgecore_hyperliquid.answers import amount, text, total, whole
from hedgecore_hyperliquid.rows import FillRow
from hedgecore_hyperliquid.wire import cloid

Outcome = Filled | Absent | Unknown
NOT_KNOWN = {"status": "unknownOid"}
LAG = 5.0
"""Seconds by which an answer may be older than the venue's time: nodes follow one another."""
DONE = "filled", "canceled", "rejected", "scheduledCancel"
ENDS = "Canceled", "Rejected"
"""Statuses, and endings of statuses, after which an order executes no more."""


@frozen
class OrderRecord:
    """An order as the venue has it."""

    oid: int
    sent: int
    filled: Decimal
    status: str

    @property
    def is_done(self) -> bool:
        """True if it executes no more."""
        return self.status in DONE or self.status.endswith(ENDS)


def order_record(said: Any, intent: Intent) -> OrderRecord | None:
    """Record of an order in an `orderStatus`; None where the venue has none.

    Raises:
        ValueError: it is of another order.

    """
    if said == NOT_KNOWN:
        return None
    its = said["order"]["order"]
    size, left = amount(its["origSz"]), amount(its["sz"])
    mine = its["cloid"], its["coin"], its["side"], size
    side = "B" if intent.contracts > 0 else "A"
    if mine != (cloid(intent), intent.symbol, side, abs(intent.contracts)):
        raise ValueError(mine)
    status = text(said["order"]["status"])
    return OrderRecord(whole(its["oid"]), whole(its["timestamp"]), size - left, status)


def unknown_outcome(intent: Intent, now: float) -> Outcome:
    """Outcome of an order that the venue did not know, asked after it was `now` there."""
    if now > intent.expires + LAG:
        return Absent(
            f"the venue knows no order {cloid(intent)}, asked at {now:.3f} of its time; it could"
            f" be executed until {intent.expires:.3f}"
        )
    return Unknown(f"the venue knows no order {cloid(intent)} yet, at {now:.3f} of its time")


def filled_outcome(record: OrderRecord, intent: Intent, fills: list[FillRow]) -> Outcome:
    """Outcome of an order that the venue knows."""
    mine = [each for each in fills if each.oid == record.oid]
    size = total(each.contracts for each in mine)
    if not record.is_done:
        return Unknown(f"order {record.oid} is {record.status!r:.40}")
    if abs(size) != record.filled or abs(size) > abs(intent.contracts):
        return Unknown(f"order {record.oid} has filled {record.filled}, and fills tell {size}")
    if not size:
        return Filled(contracts=size, venue_id=str(record.oid))
    [token] = {each.fee_token for each in mine}
    return Filled(
        contracts=size,
        price=total(each.contracts * each.price for each in mine) / size,
        fee=total(each.fee for each in mine),
        fee_asset=token,
        venue_id=str(record.oid),
    )
