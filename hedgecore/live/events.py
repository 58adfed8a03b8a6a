"""Events of a live hedge: what is written down, one record for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
from attrs import field, frozen

from hedgecore.decisions.decide import Decision, Reason
from hedgecore.decisions.memory import Memory
from hedgecore.interfaces.account import Account
from hedgecore.interfaces.orders import Outcome
from hedgecore.live.decision_input import DecisionInput, decision_body
from hedgecore.live.orders import Order
from hedgecore.live.plain import TYPE
from hedgecore.live.records import from_plain
from hedgecore.live.snapshot import Snapshot
from hedgecore.numerics.arrays import Array


@frozen(kw_only=True, eq=False)
class DecisionMade:
    """A decision of the policy, with what a replay makes it from.

    Attributes:
        step: which look it was, from 1; 0 opened the hedge.
        input: all that it was made from.
        made: fraction and allowed, by asset, and trade, in contracts.
        held: contracts of each instrument, (k,).
        after: memory once some of it is traded.
        reason: why there is a trade, or none.
        doubt: why it is not traded all the same; None where it is.

    """

    step: int
    input: DecisionInput
    made: Mapping[str, Array]
    held: Array
    after: Memory
    reason: str
    doubt: str | None = None

    @classmethod
    def of(
        cls, given: DecisionInput, made: Decision, *, step: int, doubt: str | None
    ) -> DecisionMade:
        """Record of a decision."""
        return cls(
            **decision_body(given, made), step=step, held=made.held, after=made.memory,
            reason=Reason(int(made.reason)).name.lower(), doubt=doubt,
        )  # fmt: skip

    @property
    def trade(self) -> Array:
        """Contracts to buy, (k,)."""
        return self.made["trade"]

    @property
    def before(self) -> Memory:
        """Memory of the decisions before."""
        return self.input.memory

    @property
    def trades(self) -> bool:
        """True if the decision trades any contract."""
        return bool(np.any(self.trade))


@frozen(kw_only=True)
class OrderIntended:
    """An order that is about to be sent: durable before its first byte is."""

    order: Order


@frozen(kw_only=True)
class OrderSent:
    """An order that was sent: taken, or with no answer, and why."""

    client_id: str
    error: str | None = None


@frozen(kw_only=True)
class OrderResolved:
    """Outcome of an order, as its venue says."""

    client_id: str
    outcome: Outcome


@frozen(kw_only=True)
class AccountRead:
    """An account, as its venue says."""

    venue: str
    account: Account


@frozen(kw_only=True)
class AccountReconciled:
    """An account that is explained: what was expected is there.

    Attributes:
        venue: whose.
        events: ids of the events that explain it.
        fills: client id → contracts, of our own among them.

    """

    venue: str
    events: tuple[str, ...] = ()
    fills: Mapping[str, Decimal] = field(factory=dict)


@frozen(kw_only=True)
class DifferenceAdopted:
    """Differences that a person takes as they are: the account is right, whatever explains it.

    Attributes:
        venue: whose.
        differences: sentences, each with both numbers.
        events: ids of the events that are counted with it.
        fills: client id → contracts, of our own among them.

    """

    venue: str
    differences: tuple[str, ...]
    events: tuple[str, ...] = ()
    fills: Mapping[str, Decimal] = field(factory=dict)


@frozen(kw_only=True)
class PositionChanged:
    """A position that its owner has changed, emptied or given away, or one that was found.

    Attributes:
        position: its name in the source.
        before: raw units; None where none was known.
        after: raw units now; None where the book does not have it.
        holder: account that has it now, where that is not its owner; None where nobody says.

    """

    position: str
    before: int | None
    after: int | None
    holder: str | None = None


@frozen(kw_only=True)
class HedgeFlattened:
    """The end of giving up all that is held.

    Attributes:
        left: instrument → contracts that no order can give up.
        reasons: why not, a sentence each.

    """

    left: Mapping[str, Decimal] = field(factory=dict)
    reasons: tuple[str, ...] = ()


@frozen(kw_only=True)
class LoopWaiting:
    """Reasons why nothing is decided; they clear themselves.

    Attributes:
        reasons: of this snapshot; none where it is clean.
        clean: snapshots in a row without one.
        over: whether these were enough.
        differences: venue → what nothing explains in its account; the same in a few readings halts.

    """

    reasons: tuple[str, ...] = ()
    clean: int = 0
    over: bool = False
    differences: Mapping[str, tuple[str, ...]] = field(factory=dict)


@frozen(kw_only=True)
class LoopHalted:
    """Halt of a loop: nothing is traded until a person says so."""

    reason: str


@frozen(kw_only=True)
class LoopResumed:
    """A person has said that it may go on."""


@frozen(kw_only=True)
class AlertRaised:
    """Something that a person should know.

    Attributes:
        level: "info", "warning" or "critical".
        topic: what it is about: one topic is told of once an hour.
        text: a sentence.
        details: numbers.

    """

    level: str
    topic: str
    text: str
    details: Mapping[str, Any] = field(factory=dict)


@frozen(kw_only=True)
class LoopBeat:
    """The end of a cycle."""

    status: str


EVENTS: Mapping[str, type] = {
    "snapshot": Snapshot,
    "decision": DecisionMade,
    "intent": OrderIntended,
    "sent": OrderSent,
    "outcome": OrderResolved,
    "account": AccountRead,
    "reconciled": AccountReconciled,
    "adopted": DifferenceAdopted,
    "position": PositionChanged,
    "flattened": HedgeFlattened,
    "waiting": LoopWaiting,
    "halted": LoopHalted,
    "resumed": LoopResumed,
    "alert": AlertRaised,
    "heartbeat": LoopBeat,
}
"""Kind, as the journal has it → record."""
KIND_OF: Mapping[type, str] = {cls: kind for kind, cls in EVENTS.items()}
ENDED = "ended"
"""Kind of the last event of a run that ended as it should; its body says `why`."""
KINDS = ("run", *EVENTS, ENDED, "state")
"""Kinds of events of a journal: the loop's, and those of the beginning and end of a run."""


def body_of(event: Any) -> dict[str, Any]:
    """Body of an event in the journal: its fields, by name."""
    return attrs.asdict(event, recurse=False)


def event_of(kind: str, body: Mapping[str, Any]) -> Any:
    """Event that a body of the journal describes; None for a kind that is not the loop's.

    Raises:
        JournalError: it describes none.

    """
    cls = EVENTS.get(kind)
    return None if cls is None else from_plain({TYPE: cls.__name__, **body}, cls)
