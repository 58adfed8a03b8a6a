"""One cycle: read everything, reconcile, ask whether it can be believed, decide, trade, reconcile.

A generator of effects, with no clock and no connection of its own. Whatever cannot be read or
believed ends it, waiting; what nothing explains ends it, halted. Orders are sent at one place,
`trading.send`, after they are written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import evolve

from hedgecore.books.book import Book
from hedgecore.books.checks import unknown_parts
from hedgecore.errors import HedgecoreError, JournalError, LeaseError, VenueError
from hedgecore.interfaces.account import Account, ContractTerms, Identity, TopOfBook
from hedgecore.live.accounts import contradictions, reconcile_account
from hedgecore.live.alerting import CRITICAL, INFO, WARNING, alert, alert_waiting, alerts
from hedgecore.live.changes import follow, record
from hedgecore.live.deciding import decide_orders
from hedgecore.live.effects import (
    AssertLease,
    Beat,
    Effects,
    RaiseHalt,
    ReadAccount,
    ReadArming,
    ReadChain,
    ReadClock,
    ReadHalt,
    ReadIdentity,
    ReadTerms,
    ReadTop,
)
from hedgecore.live.events import AccountRead, LoopBeat, LoopHalted, LoopResumed, LoopWaiting
from hedgecore.live.flattening import record_end
from hedgecore.live.gates import (
    Look,
    chain,
    fundings,
    infinities,
    unreadable,
    unresolved,
    waiting_reasons,
)
from hedgecore.live.orders import OrderError
from hedgecore.live.plan import LivePlan, Mode
from hedgecore.live.position_changes import tell_positions
from hedgecore.live.question import book_of
from hedgecore.live.resolve import resolve_pending
from hedgecore.live.snapshot import BookReading, Snapshot, VenueReading
from hedgecore.live.state import LoopState, UnexplainedError
from hedgecore.live.trading import trade


class Status(StrEnum):
    """Status of a loop at the end of a cycle."""

    WATCHING = "watching"
    WAITING = "waiting"
    RESOLVING = "resolving"
    HALTED = "halted"


def status(state: LoopState) -> Status:
    """Status of a loop by its state: halted before resolving, resolving before waiting."""
    if state.halted is not None:
        return Status.HALTED
    if state.pending:
        return Status.RESOLVING
    return Status.WAITING if state.waiting else Status.WATCHING


def cycle(plan: LivePlan, state: LoopState) -> Effects[LoopState]:
    """One cycle, from the state before it to that after.

    Raises:
        LeaseError: another loop may trade; nothing was sent since it was asserted last.
        JournalError: an event is not written down; what it was about was not sent.

    """
    state = evolve(state, cycle=state.cycle + 1)
    yield AssertLease()
    state = yield from _heed_flag(state)
    state, error = yield from follow(state, _look(plan, state))
    if isinstance(error, LeaseError | JournalError):
        raise error
    if isinstance(error, UnexplainedError | OrderError):
        state = yield from _halt(state, str(error))
    elif error is not None:  # of a plugin's formula too: nothing is decided on it
        named = () if isinstance(error, HedgecoreError) else (type(error).__name__,)
        state = yield from _wait(plan, state, (": ".join((*named, str(error))),))
    state = yield from record(state, LoopBeat(status=status(state)))
    yield Beat()
    return state


def _look(plan: LivePlan, state: LoopState) -> Effects[LoopState]:
    """Resolve, read and reconcile; decide and trade where nothing speaks against it."""
    before = state = yield from resolve_pending(state, adopt=plan.adopt)
    snapshot = yield from read_snapshot(plan, state)
    state = yield from record(state, snapshot)
    numbers = unreadable(snapshot)
    if numbers:
        return (yield from _wait(plan, state, numbers))
    state, differences = yield from _reconcile(plan, state, snapshot)
    book = book_of(snapshot, accept=plan.accept)
    look = Look(snapshot=snapshot, book=book, settings=plan.settings, before=before, state=state)
    state = yield from _tell(state, before, look)
    reasons = (*waiting_reasons(look), *(yield from _reasons_unarmed(plan, snapshot)))
    state = yield from _wait(plan, state, reasons, differences)
    if status(state) is not Status.WATCHING:
        return state
    state = yield from _act(plan, state, snapshot, book, before.last)
    if plan.mode is not Mode.FLATTEN or status(state) is not Status.WATCHING or state.unbooked:
        return state
    return (yield from record_end(state, snapshot, book, plan.settings.caps))


def _act(
    plan: LivePlan, state: LoopState, snapshot: Snapshot, book: Book, last: float | None
) -> Effects[LoopState]:
    """Decide, trade, and see that the accounts are as they should be then."""
    state, orders = yield from decide_orders(plan, state, snapshot, book, last)
    if plan.mode is Mode.WATCH or not orders.legs:
        return state
    state = yield from trade(plan, state, snapshot, orders)
    for venue in dict.fromkeys(leg.venue for leg in orders.legs):
        account = yield ReadAccount(venue, state.accounts[venue].cursor)
        state = yield from record(state, AccountRead(venue=venue, account=account))
        for place, number in infinities(account):
            raise VenueError(f"{venue}: {place} of the account is {number}")
        terms = snapshot.venues[venue].terms
        state, differences = yield from reconcile_account(plan, state, venue, terms)
        if differences:
            return (yield from _wait(plan, state, (), {venue: differences}))
    return state


def read_snapshot(plan: LivePlan, state: LoopState) -> Effects[Snapshot]:
    """All that a cycle reads: the chain first, at one block, and then the accounts."""
    began: float = yield ReadClock()
    book: BookReading = yield ReadChain(state.stamp)
    venues = dict[str, VenueReading]()
    for name in plan.symbols:
        taken = plan.adopt and name not in state.met
        venues[name] = yield from _read_venue(plan, state, name, taken=taken)
    now: float = yield ReadClock()
    return Snapshot(began=began, time=now, book=book, venues=venues)


def _read_venue(
    plan: LivePlan, state: LoopState, name: str, *, taken: bool
) -> Effects[VenueReading]:
    """One venue, its account with the events since it was last explained.

    Where a person takes the account as it is, it may be another one than before. One of which
    nothing is known is read twice: what is held must be the same.
    """
    symbols = plan.symbols[name]
    identity: Identity = yield ReadIdentity(name)
    known = (
        None
        if taken and not state.is_of(name, identity)
        else state.explained_account(name, identity)
    )
    terms: Mapping[str, ContractTerms] = yield ReadTerms(name)
    missing = [symbol for symbol in symbols if symbol not in terms]
    if missing:
        raise VenueError(f"{name} has no contract {', '.join(missing)}")
    account: Account = yield ReadAccount(name, None if known is None else known.cursor)
    if known is None:  # nothing else tells a reading that is empty by mistake from a flat account
        first, account = account, (yield ReadAccount(name, None))
        for why in contradictions(first, account, plan.settings.max_age):
            raise VenueError(f"{name} was asked twice what is held: {why}")
    tops = dict[str, TopOfBook]()
    for symbol in symbols:
        tops[symbol] = yield ReadTop(name, symbol)
    own = {symbol: terms[symbol] for symbol in {*symbols, *account.positions} & {*terms}}
    return VenueReading(identity=identity, terms=own, account=account, tops=tops)


def _reasons_unarmed(plan: LivePlan, snapshot: Snapshot) -> Effects[tuple[str, ...]]:
    """Reasons why nothing may be sent; none for a loop that only watches: it sends nothing."""
    if plan.mode is Mode.WATCH:
        return ()
    why: str | None = yield ReadArming(snapshot.venues)
    return () if why is None else (why,)


def _reconcile(
    plan: LivePlan, state: LoopState, snapshot: Snapshot
) -> Effects[tuple[LoopState, Mapping[str, tuple[str, ...]]]]:
    """Explain each account; what nothing explains, by venue."""
    found = dict[str, tuple[str, ...]]()
    for name, venue in snapshot.venues.items():
        state, differences = yield from reconcile_account(plan, state, name, venue.terms)
        if differences:
            found[name] = differences
    return state, found


def _tell(state: LoopState, before: LoopState, look: Look) -> Effects[LoopState]:
    """Tell a person of the owner's positions, of what is unknown or unresolved, and of funding."""
    if not any(chain(look)):
        state = yield from tell_positions(state, look.snapshot.book)
    lost = list(unknown_parts(look.book.source))
    state = yield from alerts(state, WARNING, f"unknown: {lost}", lost)
    new = [note for note in look.snapshot.book.notes if note not in before.notes]
    state = yield from alerts(state, INFO, f"book: {new}", new)
    state = yield from alerts(state, WARNING, "unresolved orders", unresolved(look))
    return (yield from alerts(state, WARNING, "funding", fundings(look)))


def _wait(
    plan: LivePlan,
    state: LoopState,
    reasons: tuple[str, ...],
    differences: Mapping[str, tuple[str, ...]] | None = None,
) -> Effects[LoopState]:
    """Wait where there are reasons, and until enough snapshots in a row have none.

    Differences that stay the same halt: a venue may be late by a reading, and no more.
    """
    found = differences or {}
    whole = (*reasons, *(f"{name}: {text}" for name, each in found.items() for text in each))
    if not whole and not state.waiting:
        return state
    clean = 0 if whole else state.clean + 1
    over = not whole and clean >= plan.settings.clean_snapshots
    event = LoopWaiting(reasons=whole, clean=clean, over=over, differences=found)
    state = yield from alert_waiting(state, whole)
    state = yield from record(state, event)
    for name, (texts, count) in state.differences.items():
        if count >= plan.settings.differences:
            return (yield from _halt(state, f"{name}: {'; '.join(texts)}"))
    return state


def _halt(state: LoopState, reason: str) -> Effects[LoopState]:
    """Halt, until a person says that the loop may go on."""
    yield RaiseHalt(reason)
    state = yield from alert(state, CRITICAL, f"halted: {reason}", f"halted: {reason}")
    if state.halted is not None:
        return state
    return (yield from record(state, LoopHalted(reason=reason)))


def _heed_flag(state: LoopState) -> Effects[LoopState]:
    """Halt where a person wants that, and go on where a person has taken the flag down."""
    wanted: str | None = yield ReadHalt()
    if wanted is not None and state.halted is None:
        return (yield from record(state, LoopHalted(reason=wanted)))
    if wanted is None and state.halted is not None:
        return (yield from record(state, LoopResumed()))
    return state
