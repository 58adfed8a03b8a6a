"""A session on a bench, and what every law of venues does with them: orders, to their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import count
from typing import Any

from attrs import field, frozen

from hedgecore.errors import VenueError
from hedgecore.interfaces.account import Account
from hedgecore.interfaces.orders import Absent, Filled, Intent, Outcome, Receipt, Unknown
from hedgecore.interfaces.venue import AbstractSession
from hedgecore.testing.law import CannotBeTold, require
from hedgecore.testing.venue_bench import VenueBench, VenueCase

SLACK = Decimal("0.02")
"""Of the price, that an ordinary limit leaves."""
MOST = 40
"""Requests of one call of which each answer is spoiled."""
PATIENCE = 8
"""Quarters of an order's life after which it must be known what became of it."""


@frozen(eq=False)
class Desk:
    """A session, on a bench."""

    session: AbstractSession
    bench: VenueBench
    _ids: Iterator[int] = field(factory=count)

    def intent(self, contracts: Decimal, *, slack: Decimal = SLACK, **more: Any) -> Intent:
        """Order at the best price, and a part of it worse; better where that is negative."""
        symbol = self.bench.symbol
        top, tick = self.session.book(symbol), self.session.terms()[symbol].tick
        buys = contracts > 0
        limit = top.ask * (1 + slack) if buys else top.bid * (1 - slack)
        if tick:
            limit = (limit / tick).to_integral_value(ROUND_FLOOR if buys else ROUND_CEILING) * tick
        life = {"expires": self.session.time() + self.bench.lifetime}
        named = {"client_id": f"{next(self._ids):032x}", **life, **more}
        return Intent(symbol=symbol, contracts=contracts, limit_price=limit, **named)

    def account(self, cursor: str | None = None) -> Account:
        """Account, with all that has happened so far."""
        self.bench.advance(self.bench.lifetime / 4)
        return self.session.account(cursor)

    def contracts(self) -> Decimal:
        """Contracts held, all that has happened counted."""
        position = self.account().positions.get(self.bench.symbol)
        return Decimal(0) if position is None else position.contracts

    def place(self, receipt: Receipt) -> None:
        """Send an order, whatever comes back."""
        with suppress(VenueError):
            self.session.place(receipt)

    def settle(self, receipt: Receipt) -> Outcome:
        """Outcome of an order, once it is known: soon after its end, at the latest."""
        for _ in range(PATIENCE):
            outcome = self.session.resolve(receipt)
            if not isinstance(outcome, Unknown):
                return outcome
            self.bench.advance(self.bench.lifetime / 4)
        require(holds=False, reason="long after its end it is not known what became of it",
                got=outcome)  # fmt: skip
        return outcome

    def trade(self, contracts: Decimal, **more: Any) -> Outcome:
        """Outcome of an order that is prepared, sent and waited for."""
        receipt = self.session.prepare(self.intent(contracts, **more))
        self.place(receipt)
        return self.settle(receipt)

    def fill(self, contracts: Decimal) -> Decimal:
        """Contracts that an ordinary order trades; all of them, or the law cannot be told."""
        outcome = self.trade(contracts)
        if contracts_of(outcome) != contracts:
            raise CannotBeTold(f"an ordinary order is not filled here: {outcome}")
        return contracts


def contracts_of(outcome: Outcome) -> Decimal:
    """Contracts that an order has traded."""
    require(isinstance(outcome, Filled | Absent), "it is not known what became of it", got=outcome)
    return outcome.contracts if isinstance(outcome, Filled) else Decimal(0)


@contextmanager
def desk_at(venue: Any, at: Any) -> Iterator[Desk]:
    """Desk of a venue, in a world of its own."""
    if not isinstance(at, VenueCase):
        raise CannotBeTold("a venue is checked in a world of its own: give a VenueCase, as `at`")
    with at.opened() as bench, venue.open() as session:
        yield Desk(session, bench)
