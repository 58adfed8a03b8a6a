"""Bench for the laws of venues: a world of a venue's own, in which things happen."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from itertools import repeat

from attrs import frozen

from hedgecore.tables.secret import Secret
from hedgecore.testing.fake_exchange import SYMBOL, UNREADABLE, FakeExchange, fault_at
from hedgecore.testing.fake_venue import KEY


class VenueBench(ABC):
    """World of one venue: what stands behind it, and what only the world can do.

    Attributes:
        symbol: a contract that is traded there.
        size: contracts of an ordinary order, which the book bears many times; a whole number of
            lots, and twice the least order or more.
        secrets: that must be shown nowhere.
        faults: ways in which an answer is spoiled, so that nothing can be known from it.
        lifetime: seconds that an order lives.
        rounding: of an asset, that the venue may lose or win by each event.

    Example:
        >>> from hedgecore.testing import FakeBench, VenueBench
        >>> issubclass(FakeBench, VenueBench)
        True

    """

    symbol: str
    size: Decimal
    secrets: tuple[Secret, ...]
    faults: tuple[str, ...]
    lifetime: float = 60.0
    rounding: Decimal = Decimal(0)

    @property
    @abstractmethod
    def requests(self) -> int:
        """Requests that were made of the venue so far."""

    @abstractmethod
    def spoil_answers(self, fault: str, index: int | None = None) -> AbstractContextManager[None]:
        """Spoil the answer to one of the requests within, by its index, or to each."""

    @abstractmethod
    def lose_answers(self, *, executed: bool) -> AbstractContextManager[None]:
        """Answer no order within: it is executed all the same, or it never arrives."""

    @abstractmethod
    def advance(self, seconds: float) -> None:
        """Let the venue's clock move on."""

    @abstractmethod
    def trade(self, contracts: Decimal) -> None:
        """Trade on the account from elsewhere, at any price."""

    @abstractmethod
    def accrue(self) -> None:
        """Let funding or interest be paid."""

    @abstractmethod
    def transfer(self, amount: Decimal) -> None:
        """Pay margin in, or out what is negative."""

    @abstractmethod
    def thin(self, contracts: Decimal) -> None:
        """Leave about so much in the book within any limit."""


@frozen
class VenueCase:
    """Place where a venue is checked.

    Attributes:
        opened: returns a bench, anew each time and all alike; its end is the end of that world.

    Example:
        >>> from hedgecore.testing import FakeBench, VenueCase
        >>> VenueCase(FakeBench.opened).opened is FakeBench.opened
        False

    """

    opened: Callable[[], AbstractContextManager[VenueBench]]


class FakeBench(VenueBench):
    """World of a `FakeVenue`: its exchange, anew.

    Example:
        >>> from hedgecore.testing import FakeBench, FakeVenue, VenueCase, check_venue
        >>> check_venue(FakeVenue(exchange="bench"), VenueCase(FakeBench.opened))

    """

    symbol, size, faults = SYMBOL, Decimal("1.5"), UNREADABLE

    def __init__(self, exchange: FakeExchange, key: Secret) -> None:
        self.exchange, self.secrets = exchange, (key,)

    @classmethod
    @contextmanager
    def opened(cls, name: str = "bench", key: str = "canary-4f1d9c") -> Iterator[FakeBench]:
        """Bench of an exchange of a name, whose key is in the environment."""
        before = os.environ.get(KEY)
        os.environ[KEY] = key
        try:
            yield cls(FakeExchange(name), Secret(key))
        finally:
            del os.environ[KEY]
            if before is not None:
                os.environ[KEY] = before

    @property
    def requests(self) -> int:
        """Requests that were made so far."""
        return self.exchange.requests

    @contextmanager
    def spoil_answers(self, fault: str, index: int | None = None) -> Iterator[None]:
        """Spoil answers."""
        self.exchange.faults = fault_at(fault, index)
        try:
            yield
        finally:
            self.exchange.faults = repeat(None)

    def lose_answers(self, *, executed: bool) -> AbstractContextManager[None]:
        """Answer nothing."""
        return self.spoil_answers("late" if executed else "lost")

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.exchange.time += seconds

    def trade(self, contracts: Decimal) -> None:
        """Trade from elsewhere."""
        self.exchange.trade(contracts)

    def accrue(self) -> None:
        """Pay funding."""
        self.exchange.accrue()

    def transfer(self, amount: Decimal) -> None:
        """Pay in or out."""
        self.exchange.transfer(amount)

    def thin(self, contracts: Decimal) -> None:
        """Leave so much, in one level of five."""
        self.exchange.depth = contracts / 5
