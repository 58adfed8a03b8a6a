"""The laws of a venue's orders: each is traded once, as it was asked for, and told as it was."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

from attrs import evolve

from hedgecore.errors import RejectedError, VenueError
from hedgecore.interfaces.account import ContractTerms
from hedgecore.interfaces.orders import Absent, Receipt
from hedgecore.testing.law import law, require
from hedgecore.testing.venue_desk import MOST, SLACK, Desk, contracts_of, desk_at


@law
def ambiguous_is_not_rejected(venue: Any, at: Any = None) -> None:
    """An order whose answer is lost or unreadable is not refused, by any error.

    Source: timeouts that were taken for failures, so that orders were sent twice.
    """
    with desk_at(venue, at) as desk:
        for fault in desk.bench.faults:
            receipt = desk.session.prepare(desk.intent(desk.bench.size))
            with desk.bench.spoil_answers(fault):
                _not_rejected(desk, receipt, f"spoiled by {fault!r}")
        for executed in (True, False):
            receipt = desk.session.prepare(desk.intent(desk.bench.size))
            with desk.bench.lose_answers(executed=executed):
                _not_rejected(desk, receipt, "lost")


@law
def absent_is_proven(venue: Any, at: Any = None) -> None:
    """`Absent` is never said of what was executed, nor of what can still be.

    Source: orders that were called rejected and lived.
    """
    with desk_at(venue, at) as desk:
        done = desk.session.prepare(desk.intent(desk.bench.size))
        with desk.bench.lose_answers(executed=True):
            desk.place(done)
        _never_absent(desk, done)
        outcome = desk.settle(done)
        require(not isinstance(outcome, Absent), "an executed order is absent", got=outcome)
        never = desk.session.prepare(desk.intent(desk.bench.size))
        with desk.bench.lose_answers(executed=False):
            desk.place(never)
        outcome = desk.settle(never)
        require(isinstance(outcome, Absent), "what never arrived is not absent", got=outcome)
        before = desk.contracts()
        desk.place(never)
        require(desk.contracts() == before, "what was absent is executed when it arrives late")


@law
def placed_twice_trades_once(venue: Any, at: Any = None) -> None:
    """The same receipt sent again, at once or once it is done, trades nothing more.

    Source: `AbstractSession.place`; a loop that was killed sends again what it had written down.
    """
    with desk_at(venue, at) as desk:
        before, size = desk.contracts(), desk.bench.size
        receipt = desk.session.prepare(desk.intent(size))
        for _ in range(2):
            desk.place(receipt)
        outcome = desk.settle(receipt)
        desk.place(receipt)
        desk.session.cancel(receipt)
        change = desk.contracts() - before
        require(contracts_of(outcome) == change == size, "sent again, it trades again",
                got=change, expected=size)  # fmt: skip


@law
def prepared_is_not_sent(venue: Any, at: Any = None) -> None:
    """An order that is prepared and never sent changes nothing, and is absent in the end."""
    with desk_at(venue, at) as desk:
        before = desk.contracts()
        receipt = desk.session.prepare(desk.intent(desk.bench.size))
        outcome = desk.settle(receipt)
        require(desk.contracts() == before, "to prepare an order trades")
        require(isinstance(outcome, Absent), "what was not sent is not absent", got=outcome)


@law
def sent_as_asked(venue: Any, at: Any = None) -> None:
    """Whole numbers of lots are traded to the contract, from the least order on, either way.

    Source: clients that round sizes up, or lose a step to floats.
    """
    with desk_at(venue, at) as desk:
        terms, size = desk.session.terms()[desk.bench.symbol], desk.bench.size
        least = _least_order(desk, terms)
        for asked in (size, -(size + terms.lot), least, 3 * least, size - terms.lot):
            outcome = desk.trade(asked)
            require(contracts_of(outcome) == asked, "another size is traded",
                    got=outcome, expected=asked)  # fmt: skip


@law
def no_lot_no_order(venue: Any, at: Any = None) -> None:
    """An order of no whole number of lots, of nothing, or under the least order is refused.

    Source: a client that makes the least order of dust, and of nothing.
    """
    with desk_at(venue, at) as desk:
        terms, size = desk.session.terms()[desk.bench.symbol], desk.bench.size
        small = terms.min_order - terms.lot
        before = desk.contracts()
        for wrong in (size + terms.lot / 2, Decimal(0), small, Decimal("nan")):
            intent = desk.intent(size)
            with suppress(RejectedError):
                receipt = desk.session.prepare(evolve(intent, contracts=wrong))
                desk.session.place(receipt)
                require(holds=False, reason=f"an order of {wrong} contracts is taken")
        require(desk.contracts() == before, "something was traded all the same")


@law
def limit_honoured(venue: Any, at: Any = None) -> None:
    """Nothing is traded at a price worse than the limit, and nothing rests."""
    with desk_at(venue, at) as desk:
        before = desk.contracts()
        for size in (desk.bench.size, -desk.bench.size):
            outcome = desk.trade(size, slack=Decimal("-0.05"))
            require(contracts_of(outcome) == 0, "it is traded beyond its limit", got=outcome)
        require(desk.contracts() == before, "it is traded beyond its limit, or later")
        require(not desk.account().open_orders, "an order rests")


@law
def reduce_only_honoured(venue: Any, at: Any = None) -> None:
    """An order that may only reduce neither opens a position nor turns one."""
    with desk_at(venue, at) as desk:
        size = desk.bench.size
        _reduce(desk, -size)
        require(desk.contracts() == 0, "an order that only reduces opens a position")
        desk.fill(size)
        _reduce(desk, -2 * size)
        left = desk.contracts()
        require(0 <= left <= size, "an order that only reduces turns a position", got=left)
        _reduce(desk, -left)
        require(
            desk.contracts() == 0, "an order that only reduces does not close", got=desk.contracts()
        )


@law
def expiry_honoured(venue: Any, at: Any = None) -> None:
    """An order that arrives after its end is not executed."""
    with desk_at(venue, at) as desk:
        before = desk.contracts()
        receipt = desk.session.prepare(desk.intent(desk.bench.size))
        desk.bench.advance(2 * desk.bench.lifetime)
        desk.place(receipt)
        outcome = desk.settle(receipt)
        require(contracts_of(outcome) == 0, "it is executed after its end", got=outcome)
        require(desk.contracts() == before, "it is executed after its end")


@law
def fills_are_the_accounts(venue: Any, at: Any = None) -> None:
    """The fill that `resolve` states is what the account has, also where only a part is filled.

    Source: an answer to an order that looks whole where a part was filled.
    """
    with desk_at(venue, at) as desk:
        size, before, since = desk.bench.size, desk.contracts(), desk.account().cursor
        desk.bench.thin(size / 2)
        receipt = desk.session.prepare(desk.intent(size))
        desk.place(receipt)
        filled = contracts_of(desk.settle(receipt))
        events = desk.account(since).events
        mine = (e.contracts for e in events if e.client_id == receipt.intent.client_id)
        told, change = sum(mine, Decimal(0)), desk.contracts() - before
        require(0 <= filled <= size, "more is filled than was ordered", got=filled, expected=size)
        require(filled == change, "the account has another fill", got=filled, expected=change)
        require(filled == told, "its events tell another", got=told, expected=filled)


def _least_order(desk: Desk, terms: ContractTerms) -> Decimal:
    """Least order: lots that are enough in number, and in notional at a seller's limit."""
    if terms.inverse:
        return -(-terms.min_order // terms.lot) * terms.lot
    price = desk.session.book(desk.bench.symbol).bid * (1 - SLACK)
    least = max(terms.min_order, terms.min_notional / (price * terms.contract_size))
    return -(-least // terms.lot) * terms.lot


def _not_rejected(desk: Desk, receipt: Receipt, how: str) -> None:
    try:
        desk.session.place(receipt)
    except RejectedError as error:
        require(holds=False, reason=f"an answer that is {how} is taken for a refusal", got=error)
    except VenueError:
        pass


def _reduce(desk: Desk, contracts: Decimal) -> None:
    """Send an order that may only reduce; it may be refused."""
    with suppress(RejectedError):
        receipt = desk.session.prepare(desk.intent(contracts, reduce_only=True))
        desk.place(receipt)
        desk.settle(receipt)


def _never_absent(desk: Desk, receipt: Receipt) -> None:
    """Require that no fault makes an executed order absent."""
    for fault in desk.bench.faults:
        for index in range(MOST):
            before = desk.bench.requests
            with desk.bench.spoil_answers(fault, index), suppress(VenueError):
                outcome = desk.session.resolve(receipt)
                told = f"an executed order is absent where answer {index} is spoiled by {fault!r}"
                require(not isinstance(outcome, Absent), told, got=outcome)
            if desk.bench.requests - before <= index:
                break
