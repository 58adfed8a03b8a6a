"""A run: everything that a loop needs, opened in order and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.live.alerts import Alerts
from hedgecore.live.arming import current_arming, versions, why_unarmed
from hedgecore.live.book_source import BookSource
from hedgecore.live.changes import after
from hedgecore.live.clock import LoopClock
from hedgecore.live.events import ENDED, KIND_OF, body_of
from hedgecore.live.journal import Journal, Run, journal_folder
from hedgecore.live.lease import AccountLeases, Lease, journal_lease
from hedgecore.live.opening import (
    asked_venues,
    fingerprint_of,
    lost_on_paper,
    plan_of,
    resume_paper,
    state_of,
)
from hedgecore.live.plan import LivePlan, Mode
from hedgecore.live.settings import ALERTS, LiveSettings
from hedgecore.live.state import LoopState
from hedgecore.live.world import World
from hedgecore.tables.files import read_tables
from hedgecore.tables.secret import Secret


@frozen(kw_only=True, eq=False)
class LiveRun:
    """A run that is open.

    Attributes:
        plan: what does not change while it runs.
        state: what is known as it begins.
        world: what answers its effects.
        clock: of the loop.

    """

    plan: LivePlan
    state: LoopState
    world: World
    clock: LoopClock

    def end(self, state: LoopState, why: str) -> None:
        """Write down that the run has ended as it should, and why."""
        self.world.journal.append(state.cycle, ENDED, {"why": why})


@contextmanager
def open_run(
    file: Path,
    *,
    mode: Mode = Mode.TRADE,
    rpc: Secret | None = None,
    journal: Path | None = None,
    accept: bool = False,
    adopt: bool = False,
) -> Iterator[LiveRun]:
    """Open a run of a book's file; close it at the end.

    Args:
        file: of the book.
        mode: what is done with its decisions.
        rpc: by which its source is reached; the environment's unless given.
        journal: folder of its journal; beside the book unless given.
        accept: whether to take what looks like a confusion.
        adopt: whether to take the accounts as they are.

    Raises:
        SpecError: the file is no book, or its ``[live]`` is wrong.
        LeaseError: another loop runs.
        JournalError: the journal cannot be written.

    """
    tables = read_tables(file)
    book = Book.from_tables(tables, accept=accept)
    settings = LiveSettings.from_book(book)
    plan = plan_of(book, settings, mode=mode, accept=accept, adopt=adopt)
    folder = journal_folder(file, journal)
    clock, arming = LoopClock(), current_arming(folder)
    is_armed = arming is not None
    source = BookSource.of(tables, rpc, confirmations=settings.confirmations)
    with ExitStack() as stack:
        venues, papers = asked_venues(book, settings, list(plan.symbols), clock, armed=is_armed)
        for each in venues.values():
            stack.callback(each.close)
        begun = Run(
            mode="armed" if is_armed else "watch" if mode is Mode.WATCH else "paper",
            fingerprint="" if arming is None else arming.fingerprint.digest,
            versions=versions(), every_seconds=settings.seconds,
        )  # fmt: skip
        lease = stack.enter_context(Lease.take(journal_lease(folder), run=begun.id))
        accounts = AccountLeases(begun.id, wanted=mode is not Mode.WATCH)
        stack.callback(accounts.close)
        secrets = [] if source.rpc is None else [source.rpc]
        log = stack.enter_context(Journal.open(folder, run=begun, secrets=secrets))
        state = state_of(begun.id, log)
        for event in lost_on_paper(state):
            log.append(0, KIND_OF[type(event)], body_of(event))
            state = after(state, event)
        log.append(0, "state", state)
        resume_paper(state, papers)
        alerts = Alerts.from_table(book.live.get(ALERTS, {}), run=begun.id, secrets=secrets)
        stack.callback(alerts.close)
        world = World(
            folder=folder, source=source, accept=accept, venues=venues, papers=papers,
            lease=lease, accounts=accounts, journal=log, alerts=alerts, clock=clock,
            unarmed=lambda *read: why_unarmed(folder, fingerprint_of(book, settings, *read)),
        )  # fmt: skip
        stack.callback(world.close)
        yield LiveRun(plan=plan, state=state, world=world, clock=clock)
