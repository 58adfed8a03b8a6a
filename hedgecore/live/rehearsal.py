"""A rehearsal: one look with the real accounts, which sends nothing and writes nothing down.

A person who arms a loop sees here whose accounts would be traded on, what their keys may do, and
what would be ordered first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from attrs import frozen

from hedgecore.books.book import Book
from hedgecore.interfaces.account import Account, Identity
from hedgecore.live.arming import Fingerprint, refusals
from hedgecore.live.book_source import BookSource
from hedgecore.live.client_ids import run_tag
from hedgecore.live.clock import LoopClock
from hedgecore.live.cycle import cycle
from hedgecore.live.effects import RaiseHalt
from hedgecore.live.events import DecisionMade
from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.live.lease import AccountLeases
from hedgecore.live.loop import drive
from hedgecore.live.opening import asked_venues, fingerprint_of, plan_of
from hedgecore.live.plan import Mode
from hedgecore.live.settings import Caps, LiveSettings
from hedgecore.live.state import LoopState
from hedgecore.live.venues import read_terms
from hedgecore.live.world import World
from hedgecore.tables.files import read_tables
from hedgecore.tables.secret import Secret

NAME = "rehearsal"
"""Id of a run that is none."""


@frozen(kw_only=True, eq=False)
class Rehearsal:
    """Rehearsal of a loop: what a person sees before arming it.

    Attributes:
        folder: of the journal.
        fingerprint: of all that arming binds to.
        identities: venue → whose account it is, and what its key may do.
        accounts: venue → account.
        instruments: names, in the order of the decision.
        caps: limits of orders.
        decision: that would be made now; None where it waits.
        reasons: why it waits.
        practice: mode → how often a loop of this book has begun in it.

    """

    folder: Path
    fingerprint: Fingerprint
    identities: Mapping[str, Identity]
    accounts: Mapping[str, Account]
    instruments: tuple[str, ...]
    caps: Caps
    decision: DecisionMade | None
    reasons: tuple[str, ...]
    practice: Mapping[str, int]

    @property
    def refusals(self) -> list[str]:
        """Reasons why the book may not be armed at all."""
        if not self.identities:
            return ["all of the book is traded on paper: there is nothing to arm"]
        return refusals(self.identities)


class _Nobody:
    """Journal and alerts of a rehearsal: nothing is written down, and nobody is alarmed."""

    def check(self) -> None:
        """Find nothing wrong: nothing is sent."""

    def append(self, cycle: int, kind: str, body: Any) -> int:  # noqa: ARG002
        """Write nothing down."""
        return 0

    def alert(self, level: str, text: str) -> None:
        """Tell nobody."""

    def beat(self) -> None:
        """Tell nobody."""


@frozen
class _Stage:
    """A world in which no flag is raised."""

    world: World

    def answer(self, effect: Any) -> Any:
        """Answer of an effect."""
        return None if isinstance(effect, RaiseHalt) else self.world.answer(effect)


def rehearse(
    file: Path, *, rpc: Secret | None = None, journal: Path | None = None, accept: bool = False
) -> Rehearsal:
    """Look once at a book's file with the venues that it names, as a loop that is armed would.

    Args:
        file: of the book.
        rpc: by which its source is reached; the environment's unless given.
        journal: folder of its journal; beside the book unless given.
        accept: whether to take what looks like a confusion.

    Raises:
        SpecError: the file is no book, or its ``[live]`` is wrong.
        VenueError: a venue does not say whose account it is.

    """
    tables = read_tables(file)
    book = Book.from_tables(tables, accept=accept)
    settings = LiveSettings.from_book(book)
    folder = journal_folder(file, journal)
    plan = plan_of(book, settings, mode=Mode.WATCH, accept=accept)
    clock, nobody = LoopClock(), _Nobody()
    venues, papers = asked_venues(book, settings, list(plan.symbols), clock, armed=True)
    real = {name: each for name, each in venues.items() if name not in papers}
    world = World(
        folder=folder, accept=accept, venues=venues, papers=papers,
        source=BookSource.of(tables, rpc, confirmations=settings.confirmations),
        lease=nobody, accounts=AccountLeases(NAME, wanted=False), journal=nobody,
        alerts=nobody, clock=clock, unarmed=lambda *_: "this is a rehearsal",
    )  # fmt: skip
    with closing(world):
        identities, terms = read_terms(real)
        state = drive(cycle(plan, _state_at_start(folder)), _Stage(world))
        return Rehearsal(
            folder=folder, fingerprint=fingerprint_of(book, settings, identities, terms),
            identities=identities, accounts={n: state.read[n] for n in real if n in state.read},
            instruments=tuple(each.name for each in book.instruments), caps=settings.caps,
            decision=state.decision, reasons=_reasons(state), practice=_practice(folder),
        )  # fmt: skip


def _state_at_start(folder: Path) -> LoopState:
    """State before a first look: the tags of the orders that are ours, and nothing else."""
    runs = JournalReader(folder).events(kinds=["run"])
    return LoopState(tag=run_tag(NAME), tags=frozenset(run_tag(each.run) for each in runs))


def _reasons(state: LoopState) -> tuple[str, ...]:
    halted = () if state.halted is None else (f"halted: {state.halted}",)
    return (*halted, *(state.reasons if state.waiting else ()))


def _practice(folder: Path) -> Mapping[str, int]:
    runs = JournalReader(folder).events(kinds=["run"])
    return Counter(str(each.body.get("mode")) for each in runs)
