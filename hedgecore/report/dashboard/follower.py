"""Follower of a journal: what its events have come to, taken one after another as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from attrs import define, evolve, field

from hedgecore.decisions.policies.abstract_band import AbstractBand
from hedgecore.interfaces.orders import Outcome
from hedgecore.interfaces.policy import Observation
from hedgecore.live.events import AccountRead, AlertRaised, DecisionMade, event_of
from hedgecore.live.journal_reader import Event, JournalReader
from hedgecore.live.orders import Order, Sign
from hedgecore.live.past import PAST, PastEvents
from hedgecore.live.snapshot import Snapshot

ORDERS, ALERTS, POINTS = 40, 20, 720
"""So many of each are kept, the latest; a point is a decision."""


class DeltaPoint(NamedTuple):
    """Delta of one decision: its moment, and by asset what was open and half of the band."""

    wall: float
    delta: Mapping[str, float]
    width: Mapping[str, float | None]


class OrderRow(NamedTuple):
    """One order, where it stands, and what became of it; None as long as nothing is known."""

    order: Order
    outcome: Outcome | None


class AlertRow(NamedTuple):
    """One alert, and its moment."""

    wall: float
    alert: AlertRaised


@define(eq=False)
class JournalFollower:
    """Events of a journal so far; `follow` takes those that are new.

    Attributes:
        folder: of the journal, which is read and never written.
        seq: number of the last event that was taken.
        first: snapshot with which it begins; None before it.
        snapshot: the latest, with accounts as they were read last.
        decision: the latest.
        series: of the latest decisions, oldest first.
        orders: client id → order, oldest first.
        alerts: the latest, oldest first.
        past: fills, funding and fees.

    """

    folder: Path
    seq: int = 0
    first: Snapshot | None = None
    snapshot: Snapshot | None = None
    decision: DecisionMade | None = None
    series: deque[DeltaPoint] = field(factory=lambda: deque(maxlen=POINTS))
    orders: dict[str, OrderRow] = field(factory=dict)
    alerts: deque[AlertRow] = field(factory=lambda: deque(maxlen=ALERTS))
    past: PastEvents = field(factory=PastEvents)

    def follow(self) -> bool:
        """Take what is new; whether there was anything.

        Raises:
            JournalError: it cannot be read.

        """
        before = self.seq
        for event in JournalReader(self.folder).events(self.seq):
            if event.kind in PAST:
                self.past.take(event)
            if event.kind in TAKEN:
                TAKEN[event.kind](self, event, event_of(event.kind, event.body))
            self.seq = event.seq
        return self.seq > before

    def take_snapshot(self, event: Event, made: Snapshot) -> None:  # noqa: ARG002 - as all of them
        """Take a snapshot."""
        self.first = made if self.first is None else self.first
        self.snapshot = made

    def take_account(self, event: Event, made: AccountRead) -> None:  # noqa: ARG002
        """Take an account that was read after an order."""
        if self.snapshot is not None and made.venue in self.snapshot.venues:
            venue = evolve(self.snapshot.venues[made.venue], account=made.account)
            venues = {**self.snapshot.venues, made.venue: venue}
            self.snapshot = evolve(self.snapshot, venues=venues)

    def take_decision(self, event: Event, made: DecisionMade) -> None:
        """Take a decision, and the delta that it was made on."""
        self.decision = made
        self.series.append(_point(event.wall, made))

    def take_intent(self, event: Event, made: Any) -> None:  # noqa: ARG002
        """Take an order that is meant; of the oldest only so many are kept."""
        self.orders[made.order.intent.client_id] = OrderRow(made.order, None)
        while len(self.orders) > ORDERS:
            del self.orders[next(iter(self.orders))]

    def take_sent(self, event: Event, made: Any) -> None:  # noqa: ARG002
        """Take what came of sending an order."""
        row = self.orders.get(made.client_id)
        if row is not None:
            sign = Sign.TAKEN if made.error is None else Sign.UNANSWERED
            self.orders[made.client_id] = row._replace(order=row.order.after(sign))

    def take_outcome(self, event: Event, made: Any) -> None:  # noqa: ARG002
        """Take what became of an order."""
        row = self.orders.get(made.client_id)
        if row is not None:
            order = row.order.resolve(made.outcome)
            self.orders[made.client_id] = OrderRow(order, made.outcome)

    def take_alert(self, event: Event, made: AlertRaised) -> None:
        """Take an alert."""
        self.alerts.append(AlertRow(event.wall, made))


TAKEN: Mapping[str, Callable[[JournalFollower, Event, Any], None]] = {
    "snapshot": JournalFollower.take_snapshot,
    "account": JournalFollower.take_account,
    "decision": JournalFollower.take_decision,
    "intent": JournalFollower.take_intent,
    "sent": JournalFollower.take_sent,
    "outcome": JournalFollower.take_outcome,
    "alert": JournalFollower.take_alert,
}
"""Kind of event → what takes it."""


def _point(wall: float, made: DecisionMade) -> DeltaPoint:
    seen = made.input.observation
    assets = made.input.problem.hedged_assets
    widths = _widths(made, seen)
    return DeltaPoint(
        wall,
        {asset: float(each) for asset, each in zip(assets, np.atleast_1d(seen.delta), strict=True)},
        dict(zip(assets, widths, strict=True)),
    )


def _widths(made: DecisionMade, seen: Observation) -> list[float | None]:
    """Half-widths of the band, by asset; None where the policy has none that is known."""
    policy, count = made.input.policy, np.atleast_1d(seen.delta).size
    if not isinstance(policy, AbstractBand):
        return [None] * count
    widths = np.broadcast_to(policy.width(seen), (count,)).tolist()
    return [each if np.isfinite(each) else None for each in widths]
