"""The laws of a venue's account: nothing is flat that cannot be read, and all is explained."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from traceback import TracebackException
from typing import Any

from hedgecore.errors import VenueError
from hedgecore.interfaces.account import Account, EventKind
from hedgecore.testing.law import CannotBeTold, law, require
from hedgecore.testing.venue_desk import MOST, Desk, desk_at

NONE = Decimal(0)
CYCLES = 5
"""In a minute, of a loop that looks each twelve seconds."""
READS: dict[str, Callable[[Desk, str], Any]] = {
    "identity": lambda desk, since: desk.session.identity(),  # noqa: ARG005 - as all reads
    "terms": lambda desk, since: dict(desk.session.terms()),  # noqa: ARG005
    "account": lambda desk, since: desk.session.account(since),
    "book": lambda desk, since: desk.session.book(desk.bench.symbol),  # noqa: ARG005
    "time": lambda desk, since: desk.session.time(),  # noqa: ARG005
}


@law
def unreadable_is_an_error(venue: Any, at: Any = None) -> None:
    """Whatever answer is missing or wrong, a reading is whole or a VenueError: never flat.

    Source: bots that took an unreadable position for none, and added to it.
    """
    with desk_at(venue, at) as desk:
        since = desk.account().cursor
        desk.bench.trade(desk.bench.size)
        desk.account()
        for name, read in READS.items():
            truth, count = _with_request_count(desk, read, since)
            for fault in desk.bench.faults:
                for index in range(min(count, MOST)):
                    with desk.bench.spoil_answers(fault, index), suppress(VenueError):
                        found = read(desk, since)
                        told = f"{name}: answer {index} spoiled by {fault!r} goes unnoticed"
                        require(found == truth, told, got=found, expected=truth)
            require(read(desk, since) == truth, f"{name}: after faults it is another")


@law
def account_explained(venue: Any, at: Any = None) -> None:
    """The account is what it was, plus its events, to the last unit."""
    with desk_at(venue, at) as desk:
        size = desk.bench.size
        desk.fill(size)
        first = desk.account()
        desk.fill(-size / 2)
        desk.bench.accrue()
        desk.bench.transfer(Decimal(100))
        desk.bench.trade(-size)
        desk.bench.transfer(Decimal(-50))
        desk.fill(size)
        last = desk.account(first.cursor)
        expected, found = _explained_amounts(first, last), _state(last)
        room = desk.bench.rounding * len(last.events)
        names = {*expected, *found}
        apart = [n for n in names if abs(expected.get(n, NONE) - found.get(n, NONE)) > room]
        require(not apart, "events do not explain the account", got=found, expected=expected)


@law
def events_told_again_are_the_same(venue: Any, at: Any = None) -> None:
    """An event has one id, whenever it is told; from the last cursor on nothing is new.

    Source: bots that booked fills twice after a restart.
    """
    with desk_at(venue, at) as desk:
        start = desk.account().cursor
        desk.fill(desk.bench.size)
        desk.bench.trade(-desk.bench.size)
        first = desk.account(start)
        again, later = desk.account(start), desk.session.account(first.cursor)
        known = {each.id: each for each in first.events}
        require(len(known) >= 2, "an event is not told", got=first.events)  # noqa: PLR2004
        for event in (*first.events, *again.events, *later.events):
            require(known.get(event.id) == event, "an event is told otherwise", got=event,
                    expected=known.get(event.id))  # fmt: skip
        require({e.id for e in again.events} == {*known}, "an event is not told again")


@law
def foreign_trades_are_seen(venue: Any, at: Any = None) -> None:
    """A trade from elsewhere is told as a fill that is not ours, and ours as ours."""
    with desk_at(venue, at) as desk:
        start, size = desk.account().cursor, desk.bench.size
        receipt = desk.session.prepare(desk.intent(size))
        desk.place(receipt)
        desk.settle(receipt)
        desk.bench.trade(-size)
        fills = [e for e in desk.account(start).events if e.kind is EventKind.FILL]
        own = {True: Decimal(0), False: Decimal(0)}
        for each in fills:
            own[each.client_id == receipt.intent.client_id] += each.contracts
        require(own == {True: size, False: -size}, "fills are not told apart", got=own)


@law
def prices_and_terms_hold(venue: Any, at: Any = None) -> None:
    """Terms are positive and fit one another; the best prices are those of a market."""
    with desk_at(venue, at) as desk:
        terms = desk.session.terms().get(desk.bench.symbol)
        if terms is None:
            raise CannotBeTold(f"the venue has no {desk.bench.symbol}")
        sizes = {"lot": terms.lot, "size": terms.contract_size, "least order": terms.min_order}
        wrong = [name for name, each in sizes.items() if not each > 0]
        require(not wrong, f"{', '.join(wrong)} must be positive", got=terms)
        require(terms.symbol == desk.bench.symbol, "terms are of another contract", got=terms)
        top = desk.session.book(desk.bench.symbol)
        require(0 < top.bid <= top.ask, "the bid is above the ask, or is no price", got=top)
        require(top.mark > 0 and top.index > 0, "mark or index is no price", got=top)


@law
def calls_within_budget(venue: Any, at: Any = None) -> None:
    """A minute of cycles, each with an order, makes no more requests than the class says."""
    with desk_at(venue, at) as desk:
        before, since = desk.bench.requests, None
        for read in READS.values():
            found = read(desk, since) if since else read(desk, desk.account().cursor)
            since = found.cursor if isinstance(found, Account) else since
        desk.trade(desk.bench.size)
        made = CYCLES * (desk.bench.requests - before)
        most = type(venue).calls_per_minute
        require(made <= most, "it makes more requests than it says", got=made, expected=most)


@law
def no_key_is_shown(venue: Any, at: Any = None) -> None:
    """Neither the venue, its session, what it answers, nor an error with its locals has a key."""
    with desk_at(venue, at) as desk:
        receipt = desk.session.prepare(desk.intent(desk.bench.size))
        shown = [repr(each) for each in (venue, desk.session, receipt)]
        shown += [repr(vars(desk.session)), str(venue)]
        calls = [*READS.values(), lambda desk, since: desk.session.place(receipt)]  # noqa: ARG005
        since = desk.account().cursor
        for fault in desk.bench.faults:
            for call in calls:
                with desk.bench.spoil_answers(fault):
                    shown.append(_answer_text(desk, call, since))
        for secret in desk.bench.secrets:
            told = [text for text in shown if secret.reveal() in text]
            require(not told, "a key is shown", got=_around(told, secret.reveal()))


@law
def closing_is_harmless(venue: Any, at: Any = None) -> None:
    """A session is closed twice without an error."""
    with desk_at(venue, at) as desk:
        desk.session.close()
        desk.session.close()


def _with_request_count(
    desk: Desk, read: Callable[[Desk, str], Any], since: str
) -> tuple[Any, int]:
    before = desk.bench.requests
    return read(desk, since), desk.bench.requests - before


def _state(account: Account) -> dict[str, Decimal]:
    """Amounts of an account by what they are of."""
    found = dict(account.balances)
    found |= {f"position {name}": each.contracts for name, each in account.positions.items()}
    found |= {f"debt {name}": each.scaled for name, each in account.debts.items()}
    return found


def _explained_amounts(first: Account, last: Account) -> dict[str, Decimal]:
    """Amounts of an account once its events have been added."""
    found = _state(first)
    for event in {each.id: each for each in last.events}.values():
        changes = {**event.changes, **{f"debt {name}": x for name, x in event.debts.items()}}
        if event.symbol is not None:
            changes[f"position {event.symbol}"] = event.contracts
        for name, amount in changes.items():
            found[name] = found.get(name, NONE) + amount
    return found


def _answer_text(desk: Desk, call: Callable[[Desk, str], Any], since: str) -> str:
    """All that a call says, or its error with the locals of each frame of the venue's own."""
    try:
        return repr(call(desk, since))
    except VenueError as error:
        told = TracebackException.from_exception(error, capture_locals=True)
        return "\n".join(told.format())


def _around(told: list[str], key: str) -> str:
    """Words before the place where a key is shown."""
    return told[0].partition(key)[0][-80:] + "…" if told else ""
