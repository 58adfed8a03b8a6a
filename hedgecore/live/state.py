"""State of a loop: the sum of all events, so that a restart knows what was known before it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from hedgecore.books.routes import PAPER
from hedgecore.decisions.memory import Memory
from hedgecore.errors import HedgecoreError
from hedgecore.interfaces.account import Account, Identity
from hedgecore.live.events import DecisionMade, HedgeFlattened
from hedgecore.live.orders import Order

DAY = 86_400.0


class UnexplainedError(HedgecoreError):
    """Account that only a person can judge: somebody else trades on it, or it does not add up."""


@frozen(kw_only=True, eq=False)
class LoopState:
    """Knowledge of a loop.

    Attributes:
        tag: of this run, which its client ids carry.
        tags: of all runs of this journal: their orders are ours.
        cycle: number of the one that runs.
        identities: venue → whose account it was, at the last snapshot.
        accounts: venue → account as it was last explained.
        read: venue → account as it was last read.
        met: venues whose account this run has explained.
        seen: venue → ids of the events that are counted already.
        orders: client id → order that is not done, or whose fills are not all in its account.
        inexact: venue → events counted since its balances were, to the digit, what was expected.
        booked: client id → contracts of its fills that accounts have told.
        differences: venue → differences that nothing explains, and in how many readings.
        decision: the last one.
        memory: of decisions; None before the first.
        step: of the next look.
        last: moment of the last snapshot, seconds since 1970; None before the first.
        stamp: of the chain, at the last snapshot.
        notes: on the book, at the last snapshot.
        sizes: position → raw units, as its owner was last seen to leave them.
        turnover: (moment, cash) of what was traded within a day.
        waiting: whether it waits.
        reasons: why, at the last snapshot.
        clean: snapshots in a row, since, with nothing to say against them.
        failures: orders in a row that came to nothing.
        failed: moment of the snapshot that the last of them was decided on.
        halted: why nothing is traded until a person says so; None otherwise.
        flattened: how giving up all that is held has ended; None where it has not, in this run.
        told: topic of an alert → moment of the snapshot at which it was told last.

    """

    tag: str
    tags: frozenset[str]
    cycle: int = 0
    identities: Mapping[str, Identity] = field(factory=dict)
    accounts: Mapping[str, Account] = field(factory=dict)
    read: Mapping[str, Account] = field(factory=dict)
    met: frozenset[str] = frozenset()
    seen: Mapping[str, tuple[str, ...]] = field(factory=dict)
    orders: Mapping[str, Order] = field(factory=dict)
    inexact: Mapping[str, int] = field(factory=dict)
    booked: Mapping[str, Decimal] = field(factory=dict)
    differences: Mapping[str, tuple[tuple[str, ...], int]] = field(factory=dict)
    decision: DecisionMade | None = None
    memory: Memory | None = None
    step: int = 0
    last: float | None = None
    stamp: Mapping[str, Any] = field(factory=dict)
    notes: tuple[str, ...] = ()
    sizes: Mapping[str, int | None] = field(factory=dict)
    turnover: tuple[tuple[float, float], ...] = ()
    waiting: bool = False
    reasons: tuple[str, ...] = ()
    clean: int = 0
    failures: int = 0
    failed: float = 0.0
    halted: str | None = None
    flattened: HedgeFlattened | None = None
    told: Mapping[str, float] = field(factory=dict)

    @property
    def pending(self) -> tuple[Order, ...]:
        """Orders of which it is not proven that nothing more can happen to them."""
        return tuple(each for each in self.orders.values() if not each.done)

    @property
    def unbooked(self) -> tuple[Order, ...]:
        """Orders that are done, and whose fills their account has not told yet."""
        return tuple(each for each in self.orders.values() if each.done)

    def explained_account(self, venue: str, now: Identity) -> Account | None:
        """Account as it was last explained; None where it never was, or was one on paper.

        Raises:
            UnexplainedError: another account is traded on than before, and neither is on paper.

        """
        known = self.identities.get(venue)
        if known is None or not self.same(venue, now):
            return None
        if not self.is_of(venue, now):
            pair = f"{now.account} on {now.network}, and was {known.account} on {known.network}"
            raise UnexplainedError(f"the account at {venue} is {pair}")
        return self.accounts.get(venue)

    def is_of(self, venue: str, now: Identity) -> bool:
        """True if a venue's account and network are those known, or none are known yet."""
        known = self.identities.get(venue, now)
        return (known.account, known.network) == (now.account, now.network)

    def same(self, venue: str, now: Identity) -> bool:
        """True if a venue known as paper is paper, and one known as real is real."""
        known = self.identities.get(venue)
        return known is None or (known.network == PAPER) == (now.network == PAPER)

    def turnover_since(self, since: float) -> float:
        """Cash that was traded since a moment, or may still be by orders that are not done."""
        past = sum(cash for time, cash in self.turnover if time > since)
        return past + sum(each.turnover for each in self.pending)
