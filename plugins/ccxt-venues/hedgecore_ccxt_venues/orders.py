"""Orders: what can be sent as it is meant, and what became of one by the exchange's own record."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

from attrs import frozen

from hedgecore import Absent, ContractTerms, Filled, Intent, RejectedError, Unknown, VenueError

Outcome = Filled | Absent | Unknown
EXACT = Context(prec=120)
"""Digits that hold any size."""
LAG = 5.0
"""Seconds by which an answer may be older than the venue's time: servers follow one another."""


@frozen(kw_only=True)
class OrderRecord:
    """An order as the exchange has it, checked to be the one that was meant.

    Attributes:
        venue_id: what the exchange calls it.
        status: in its words.
        is_done: whether it executes no more.
        filled: contracts, 0 or more.
        price: average; None where nothing was filled.
        fee: paid, in `fee_asset`; None where the exchange tells it elsewhere.
        fee_asset: what it is paid in.

    """

    venue_id: str
    status: str
    is_done: bool
    filled: Decimal
    price: Decimal | None
    fee: Decimal | None = None
    fee_asset: str | None = None


def check_intent(intent: Intent, terms: ContractTerms) -> None:
    """Refuse an order that cannot be sent as it is meant.

    Raises:
        RejectedError: its size is no whole number of lots or too small, or its price off the tick.

    """
    size, price = intent.contracts, intent.limit_price
    if not size.is_finite() or not size or not _is_multiple(size, terms.lot):
        raise RejectedError(f"{size} contracts are no whole number of lots of {terms.lot}")
    if abs(size) < terms.min_order:
        raise RejectedError(f"{size} contracts are less than the least order, {terms.min_order}")
    if not price.is_finite() or price <= 0 or not _is_multiple(price, terms.tick):
        raise RejectedError(f"a limit of {price} is no price there: the tick is {terms.tick}")


def _is_multiple(number: Decimal, step: Decimal) -> bool:
    try:
        return not EXACT.remainder(number, step)
    except InvalidOperation:
        return False


def sign(side: str, words: tuple[str, str]) -> int:
    """Sign of a side, of the words for buying and for selling."""
    return {words[0]: 1, words[1]: -1}[side]


def record_outcome(record: OrderRecord, intent: Intent) -> Outcome:
    """Outcome of an order that the exchange knows."""
    if not record.is_done:
        return Unknown(f"order {record.venue_id} is {record.status!r:.40}")
    if not 0 <= record.filled <= abs(intent.contracts):
        raise VenueError(f"order {record.venue_id} has filled {record.filled}: it was less")
    if not record.filled:
        return Filled(contracts=record.filled, venue_id=record.venue_id)
    return Filled(
        contracts=record.filled.copy_sign(intent.contracts),
        price=record.price,
        fee=record.fee,
        fee_asset=record.fee_asset,
        venue_id=record.venue_id,
    )


def unknown_outcome(intent: Intent, now: float) -> Outcome:
    """Outcome of an order that the exchange did not know, asked after it was `now` there."""
    name = intent.client_id
    if now > intent.expires + LAG:
        return Absent(
            f"the venue knows no order {name}, asked at {now:.3f} of its time; it could be"
            f" executed until {intent.expires:.3f}"
        )
    return Unknown(f"the venue knows no order {name} yet, at {now:.3f} of its time")
