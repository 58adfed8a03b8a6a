"""Opening a live hedge: a plan, the venues that it needs, and what its journal knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from attrs import evolve

from hedgecore.books.book import Book
from hedgecore.books.routes import PAPER
from hedgecore.interfaces.account import ContractTerms, Identity
from hedgecore.interfaces.orders import Absent
from hedgecore.interfaces.venue import AbstractVenue
from hedgecore.live.arming import Fingerprint, versions
from hedgecore.live.changes import restore_state
from hedgecore.live.client_ids import run_tag
from hedgecore.live.clock import LoopClock
from hedgecore.live.events import DifferenceAdopted, OrderResolved, event_of
from hedgecore.live.journal import Event
from hedgecore.live.paper import OnPaper, Paper, PaperSession
from hedgecore.live.plan import LivePlan, Mode
from hedgecore.live.records import from_plain
from hedgecore.live.settings import LiveSettings
from hedgecore.live.state import LoopState
from hedgecore.live.venues import AskedVenue
from hedgecore.readers.venue_tables import venue_of

ENDED = "it was on paper, and the process of that account has ended"
"""Reason why an order on paper never was."""


class SupportsEvents(Protocol):
    """Object that events are read from: a journal."""

    def events(self, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Event]:
        """Events after a number, oldest first."""
        ...

    def last(self, *kinds: str) -> Event | None:
        """Latest event of some kinds."""
        ...


def plan_of(
    book: Book, settings: LiveSettings, *, mode: Mode, accept: bool = False, adopt: bool = False
) -> LivePlan:
    """Plan of a run of a book."""
    symbols: dict[str, tuple[str, ...]] = {}
    for each in book.instruments:
        route = book.routes[each.name]
        symbols[route.venue] = (*symbols.get(route.venue, ()), route.symbol)
    lives = {name: _life(venue_of(name, book.venues[name]), settings) for name in symbols}
    return LivePlan(
        settings=settings, symbols=symbols, lives=lives, mode=mode, accept=accept, adopt=adopt
    )


def _life(venue: AbstractVenue, settings: LiveSettings) -> float:
    return venue.order_seconds if settings.order_seconds is None else settings.order_seconds


def asked_venues(
    book: Book, settings: LiveSettings, names: Sequence[str], clock: LoopClock, *, armed: bool
) -> tuple[dict[str, AskedVenue], dict[str, PaperSession]]:
    """Venues of a book by name, and the accounts on paper among them: all, unless it is armed."""
    venues, papers = dict[str, AskedVenue](), dict[str, PaperSession]()
    for name in names:
        real = used = venue_of(name, book.venues[name])
        if isinstance(real, Paper):
            papers[name] = real.account(name, settings.costs)
            used = OnPaper(papers[name])
        elif not armed:
            papers[name] = Paper().account(name, settings.costs)
            used = OnPaper(papers[name], real)
        venues[name] = AskedVenue(name, used, real.calls_per_minute, clock.monotonic, clock.sleep)
    return venues, papers


def fingerprint_of(
    book: Book,
    settings: LiveSettings,
    identities: Mapping[str, Identity],
    terms: Mapping[str, Mapping[str, ContractTerms]],
) -> Fingerprint:
    """Fingerprint of what a run is armed for.

    Args:
        book: its instruments, and whose positions they hedge.
        settings: of the run.
        identities: venue → whose account it is; of the venues that are real.
        terms: venue → terms of its contracts, by symbol.

    """
    traded = {name: _own(book, name, found) for name, found in terms.items()}
    owner = {k: each for k, each in book.source.items() if k in ("chain", "read", "contracts")}
    return Fingerprint.of(
        settings=settings, instruments=[[i, book.routes[i.name]] for i in book.instruments],
        owner=owner, caps=settings.caps, versions=versions(), identities=identities, terms=traded,
    )  # fmt: skip


def _own(book: Book, venue: str, terms: Mapping[str, ContractTerms]) -> dict[str, ContractTerms]:
    symbols = {each.symbol for each in book.routes.values() if each.venue == venue}
    return {symbol: each for symbol, each in terms.items() if symbol in symbols}


def state_of(run: str, log: SupportsEvents) -> LoopState:
    """State when a run begins: what was known once, and the sum of all that came since."""
    tags = frozenset(run_tag(name) for name in (run, *(e.run for e in log.events(0, ("run",)))))
    known = log.last("state")
    old = LoopState(tag="", tags=tags) if known is None else from_plain(known.body, LoopState)
    since = log.events(0 if known is None else known.seq)
    past = (event_of(each.kind, each.body) for each in since)
    start = evolve(old, tag=run_tag(run), tags=tags, cycle=0)
    return restore_state(start, (event for event in past if event is not None))


def lost_on_paper(state: LoopState) -> Iterator[OrderResolved | DifferenceAdopted]:
    """Ends of orders on paper whose process has ended: its accounts do not have them.

    An account on paper goes on from where it was last explained, so that what was filled after that
    never was.
    """
    paper = {name for name, whose in state.identities.items() if whose.network == PAPER}
    for order in state.orders.values():
        if order.venue in paper and not order.done:
            yield OrderResolved(client_id=order.intent.client_id, outcome=Absent(ENDED))
    for name in dict.fromkeys(order.venue for order in state.unbooked if order.venue in paper):
        yield DifferenceAdopted(venue=name, differences=(ENDED,))


def resume_paper(state: LoopState, papers: Mapping[str, PaperSession]) -> None:
    """Let accounts on paper go on where they stood."""
    for name, session in papers.items():
        account, whose = state.accounts.get(name), state.identities.get(name)
        if account is not None and whose is not None and whose.network == PAPER:
            session.restore(account)
