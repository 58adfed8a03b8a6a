"""Venues: where orders are placed. What is read at one moment, and trades nothing, is a source.

A venue is a frozen attrs class whose fields are its table ``[venues.NAME]``; keys are the names of
environment variables there, and `Secret` from then on. It opens a session, whose every call ends
within the seconds it was given, and raises a VenueError where an answer is missing or incomplete:
never nothing, never flat.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from hedgecore.interfaces.account import Account, ContractTerms, Identity, TopOfBook
from hedgecore.interfaces.closable import Closable
from hedgecore.interfaces.orders import Intent, Outcome, Receipt


class AbstractSession(Closable):
    """One account at a venue, open; a context manager that closes it.

    Nothing is retried within, and nothing remembered that the venue would not say again.
    """

    @abstractmethod
    def identity(self) -> Identity:
        """Identity of the account: its owner, its network, and the permissions of its key."""

    @abstractmethod
    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of all contracts that can be traded, by symbol."""

    @abstractmethod
    def account(self, cursor: str | None = None) -> Account:
        """Account as it stands, with the events since a cursor.

        Args:
            cursor: of an earlier reading; without one, no event is wanted.

        Raises:
            VenueError: a part is missing, or the events do not reach back to the cursor.

        """

    @abstractmethod
    def book(self, symbol: str) -> TopOfBook:
        """Best prices of a contract."""

    @abstractmethod
    def time(self) -> float:
        """Seconds since 1970 by the venue's clock."""

    @abstractmethod
    def prepare(self, intent: Intent) -> Receipt:
        """Receipt of an order, signed if need be, and not sent: nothing changes at the venue.

        What it returns is written down before `place` sends a byte. So a crash in between leaves
        something that can be resolved.
        """

    @abstractmethod
    def place(self, receipt: Receipt) -> None:
        """Send an order, exactly as it was prepared; sending the same receipt again is harmless.

        Raises:
            RejectedError: the venue has refused it, and that is proven.
            VenueError: anything else; what became of it is then for `resolve` to find out.

        """

    @abstractmethod
    def resolve(self, receipt: Receipt) -> Outcome:
        """Outcome of an order, from the venue's own records, never from `place`'s answer.

        `Absent` is answered only where the venue proves it; nobody else reasons about time.
        """

    @abstractmethod
    def cancel(self, receipt: Receipt) -> None:
        """Ask that an order no longer be executed; a no-op where it is done or cannot be."""


class AbstractVenue(ABC):
    """Venue of orders; a frozen attrs class, whose fields are its table.

    Attributes:
        kind: its name in ``[venues.NAME]``.
        example: fields that build one, for the reference.
        proof: a sentence on what proves there that an order is absent, for the reference.
        calls_per_minute: so many calls a session may make.
        order_seconds: life of an order there, unless a book says otherwise.
        funding_hours: interval that its funding rates are of; None where there is no one interval.
        scope: which contracts it has, and where others are, for the refusal of one that it has not.

    """

    kind: ClassVar[str]
    example: ClassVar[Mapping[str, Any]] = {}
    proof: ClassVar[str] = ""
    calls_per_minute: ClassVar[int] = 60
    order_seconds: ClassVar[float] = 5.0
    funding_hours: ClassVar[float | None] = None
    scope: ClassVar[str] = "the contracts that its terms list"

    @abstractmethod
    def open(self, *, seconds: float = 10.0) -> AbstractSession:
        """Open a session.

        Args:
            seconds: within which each of its calls ends.

        Raises:
            VenueError: it cannot be reached, or a key is missing.

        """

    def watch(self, *, seconds: float = 10.0) -> AbstractSession:
        """Open a session that only reads; `open`'s, unless the venue is read without a key.

        Args:
            seconds: within which each of its calls ends.

        Raises:
            VenueError: it cannot be reached.

        """
        return self.open(seconds=seconds)
