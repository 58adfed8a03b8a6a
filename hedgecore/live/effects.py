"""Effects: what a cycle asks the world to do, each with its answer.

A cycle is a generator of these. It has no clock and no connection of its own, so that whoever
answers, the loop or a test, decides what the world is like. An answer that cannot be had is raised
within the cycle, where it asked.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeAlias, TypeVar

from attrs import field, frozen

from hedgecore.interfaces.orders import Intent, Receipt
from hedgecore.live.snapshot import VenueReading


@frozen
class AssertLease:
    """Assert that no other loop trades on these accounts; LeaseError where that is not certain."""


@frozen
class ReadHalt:
    """Read why the loop is to halt, in words; None where nobody wants that."""


@frozen
class RaiseHalt:
    """Raise the flag that halts, which a person alone takes down."""

    reason: str


@frozen
class ReadClock:
    """Seconds since 1970, by a clock that no change of the machine's time moves."""


@frozen(eq=False)
class ReadChain:
    """The book as it stands, a `BookReading`; `since` is the stamp of the one before."""

    since: Mapping[str, Any]


@frozen
class FindBlock:
    """Question whether the chain has a block that the last reading did not see."""


@frozen
class ConfirmChain:
    """Confirm that what was read is still one state of the chain; ReaderError otherwise."""


@frozen
class ReadIdentity:
    """Read the `Identity` of the account at a venue."""

    venue: str


@frozen
class ReadTerms:
    """Terms of a venue's contracts, by symbol."""

    venue: str


@frozen
class ReadTop:
    """Best prices of a contract, a `TopOfBook`."""

    venue: str
    symbol: str


@frozen
class ReadAccount:
    """An account as it stands, an `Account`, with the events since a cursor."""

    venue: str
    cursor: str | None


@frozen
class ReadVenueTime:
    """Seconds since 1970, by the venue's clock."""

    venue: str


@frozen(eq=False)
class ReadArming:
    """Reason why no order may be sent to accounts, on terms, that were read; None where one may."""

    venues: Mapping[str, VenueReading]


@frozen
class Prepare:
    """Receipt of an order, which is not sent."""

    venue: str
    intent: Intent


@frozen
class Place:
    """Send an order; RejectedError where it is refused, VenueError where nobody knows."""

    venue: str
    receipt: Receipt


@frozen
class Resolve:
    """Outcome of an order, an `Outcome`, as the venue proves it."""

    venue: str
    receipt: Receipt


@frozen(eq=False)
class Record:
    """Write an event down; durable once answered."""

    cycle: int
    event: Any


@frozen(eq=False)
class KeepState:
    """Write down what is known at the end of a cycle, so that a restart reads on from there."""

    cycle: int
    state: Any


@frozen(eq=False)
class Alert:
    """Tell a person."""

    level: str
    text: str
    details: Mapping[str, Any] = field(factory=dict)


@frozen
class Beat:
    """Tell whoever watches that the loop lives."""


Effect: TypeAlias = (
    AssertLease
    | ReadHalt
    | RaiseHalt
    | ReadClock
    | ReadChain
    | FindBlock
    | ConfirmChain
    | ReadIdentity
    | ReadTerms
    | ReadTop
    | ReadAccount
    | ReadVenueTime
    | ReadArming
    | Prepare
    | Place
    | Resolve
    | Record
    | KeepState
    | Alert
    | Beat
)
Result = TypeVar("Result")
Effects: TypeAlias = Generator[Effect, Any, Result]
