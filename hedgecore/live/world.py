"""The world of a loop: what answers the effects of its cycles, each with the real thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from attrs import define

from hedgecore.books.book import Book
from hedgecore.errors import RejectedError, VenueError
from hedgecore.interfaces.account import Account, ContractTerms, Identity, TopOfBook
from hedgecore.interfaces.orders import Outcome, Receipt
from hedgecore.live import effects
from hedgecore.live.book_source import BookSource
from hedgecore.live.clock import LoopClock
from hedgecore.live.events import KIND_OF, body_of
from hedgecore.live.halt import halt_request, request_halt
from hedgecore.live.lease import AccountLeases
from hedgecore.live.paper import PaperSession
from hedgecore.live.snapshot import BookReading
from hedgecore.live.venues import AskedVenue, read_terms

Identities: TypeAlias = Mapping[str, Identity]
Terms: TypeAlias = Mapping[str, Mapping[str, ContractTerms]]


class SupportsCheck(Protocol):
    """Object that says that no other loop trades: a lease."""

    def check(self) -> None:
        """Raise a LeaseError unless that is certain."""


class SupportsAppend(Protocol):
    """Object that events are written to: a journal."""

    def append(self, cycle: int, kind: str, body: Any) -> int:
        """Write an event down, durably; its number."""
        ...


class SupportsAlert(Protocol):
    """Object that tells people."""

    def alert(self, level: str, text: str) -> None:
        """Tell them something."""

    def beat(self) -> None:
        """Tell them that the loop lives."""


@define(kw_only=True, eq=False)
class World:
    """Parts that answer the effects of cycles.

    Attributes:
        folder: of the journal, where the halt flag lies.
        source: where the book is read from.
        accept: whether a book is taken that looks like a confusion.
        venues: by name.
        papers: accounts on paper among them.
        lease: on the journal.
        accounts: leases on the accounts that are traded on.
        journal: what events are written to.
        alerts: what tells people.
        clock: of the loop.
        unarmed: why no order may be sent to real venues, of these identities and terms; None where
            they may.

    """

    folder: Path
    source: BookSource
    accept: bool
    venues: Mapping[str, AskedVenue]
    papers: Mapping[str, PaperSession]
    lease: SupportsCheck
    accounts: AccountLeases
    journal: SupportsAppend
    alerts: SupportsAlert
    clock: LoopClock
    unarmed: Callable[[Identities, Terms], str | None]

    def answer(self, effect: Any) -> Any:
        """Answer of an effect; what has none is raised."""
        return ANSWERS[type(effect)](self, effect)

    def check_leases(self) -> None:
        """Raise a LeaseError unless no other loop trades."""
        self.lease.check()
        self.accounts.check()

    def read_book(self, effect: effects.ReadChain) -> BookReading:
        """Book as it stands; accounts on paper see its prices."""
        reading = self.source.read(effect.since)
        if self.papers:
            book = Book.from_tables(reading.tables, accept=self.accept)
            for each in self.papers.values():
                each.see(book, self.clock.now())
        return reading

    def place(self, effect: effects.Place) -> None:
        """Send an order; to a real venue only where a person has armed it."""
        why = None if effect.venue in self.papers else self.unarmed(*read_terms(self._real))
        if why is not None:
            raise RejectedError(f"nothing was sent: {why}")
        self.venue(effect.venue).tell(lambda session: session.place(effect.receipt))

    def read_arming(self, effect: effects.ReadArming) -> str | None:
        """Reason why nothing may be sent to accounts that were read; None where all is on paper."""
        real = {name: effect.venues[name] for name in self._real}
        if not real:
            return None
        identities = {name: each.identity for name, each in real.items()}
        return self.unarmed(identities, {name: each.terms for name, each in real.items()})

    def venue(self, name: str) -> AskedVenue:
        """Venue of a name; a VenueError where the book has none, though an order may be there."""
        if name not in self.venues:
            raise VenueError(f"the book has no venue {name!r:.80} any more")
        return self.venues[name]

    @property
    def _real(self) -> Mapping[str, AskedVenue]:
        return {name: each for name, each in self.venues.items() if name not in self.papers}

    def close(self) -> None:
        """Let go of all that is open."""
        self.source.close()
        for each in self.venues.values():
            each.close()


def _identity(world: World, effect: effects.ReadIdentity) -> Identity:
    venue = world.venue(effect.venue)
    found: Identity = venue.ask(lambda session: session.identity(), Identity)
    if effect.venue not in world.papers:
        world.accounts.take(found)
    return found


def _terms(world: World, effect: effects.ReadTerms) -> Mapping[str, ContractTerms]:
    cls = Mapping[str, ContractTerms]
    return world.venue(effect.venue).ask(lambda session: session.terms(), cls)


def _account(world: World, effect: effects.ReadAccount) -> Account:
    return world.venue(effect.venue).ask(lambda session: session.account(effect.cursor), Account)


def _top(world: World, effect: effects.ReadTop) -> TopOfBook:
    return world.venue(effect.venue).ask(lambda session: session.book(effect.symbol), TopOfBook)


def _time(world: World, effect: effects.ReadVenueTime) -> float:
    return world.venue(effect.venue).ask(lambda session: session.time(), float)


def _prepare(world: World, effect: effects.Prepare) -> Receipt:
    return world.venue(effect.venue).ask(lambda session: session.prepare(effect.intent), Receipt)


def _resolve(world: World, effect: effects.Resolve) -> Outcome:
    return world.venue(effect.venue).ask(lambda session: session.resolve(effect.receipt), Outcome)


def _record(world: World, effect: effects.Record) -> None:
    body = body_of(effect.event)
    world.journal.append(effect.cycle, KIND_OF[type(effect.event)], body)


def _keep(world: World, effect: effects.KeepState) -> None:
    world.journal.append(effect.cycle, "state", effect.state)


ANSWERS: Mapping[type, Callable[[World, Any], Any]] = {
    effects.AssertLease: lambda world, effect: world.check_leases(),  # noqa: ARG005
    effects.ReadHalt: lambda world, effect: halt_request(world.folder),  # noqa: ARG005
    effects.RaiseHalt: lambda world, effect: request_halt(world.folder, effect.reason),
    effects.ReadClock: lambda world, effect: world.clock.now(),  # noqa: ARG005
    effects.ReadChain: World.read_book,
    effects.FindBlock: lambda world, effect: world.source.has_new_block(),  # noqa: ARG005
    effects.ConfirmChain: lambda world, effect: world.source.confirm(),  # noqa: ARG005
    effects.ReadIdentity: _identity,
    effects.ReadTerms: _terms,
    effects.ReadAccount: _account,
    effects.ReadTop: _top,
    effects.ReadVenueTime: _time,
    effects.ReadArming: World.read_arming,
    effects.Prepare: _prepare,
    effects.Place: World.place,
    effects.Resolve: _resolve,
    effects.Record: _record,
    effects.KeepState: _keep,
    effects.Alert: lambda world, effect: world.alerts.alert(effect.level, effect.text),
    effects.Beat: lambda world, effect: world.alerts.beat(),  # noqa: ARG005
}
"""Effect → what answers it."""
