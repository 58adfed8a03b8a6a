"""One account at an exchange of ccxt's: what all of them share. What differs is in its table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, frozen

from hedgecore import (
    AbstractSession,
    Account,
    AccountEvent,
    AccountMargin,
    ContractPosition,
    ContractTerms,
    Intent,
    Receipt,
    RejectedError,
    VenueError,
)
from hedgecore_ccxt_venues.answers import NONE, THOUSAND
from hedgecore_ccxt_venues.client import Call, Client
from hedgecore_ccxt_venues.orders import (
    OrderRecord,
    Outcome,
    check_intent,
    record_outcome,
    unknown_outcome,
)


@frozen(kw_only=True)
class Standing:
    """Positions, balances and margin at one moment, that add up."""

    balances: Mapping[str, Decimal]
    positions: Mapping[str, ContractPosition]
    margin: AccountMargin

    @property
    def amounts(self) -> tuple[Mapping[str, Decimal], Mapping[str, Decimal]]:
        """Balances, and contracts by symbol: no price moves them."""
        return self.balances, {name: each.contracts for name, each in self.positions.items()}


@frozen(kw_only=True)
class Happened:
    """Events of an account, and where they lead.

    Attributes:
        events: oldest first.
        cursor: after them.
        balances: asset → amount after the last of them, where the exchange tells it.
        positions: symbol → contracts after the last of them, where the exchange tells it.

    """

    events: tuple[AccountEvent, ...]
    cursor: str
    balances: Mapping[str, Decimal] = field(factory=dict)
    positions: Mapping[str, Decimal] = field(factory=dict)

    def missing(self, standing: Standing, unit: Decimal) -> list[str]:
        """Names of what events do not lead to, as it stands."""
        there = standing.amounts
        amounts = [n for n, x in self.balances.items() if abs(there[0].get(n, NONE) - x) > unit]
        return amounts + [n for n, x in self.positions.items() if there[1].get(n, NONE) != x]


class CcxtSession(AbstractSession):
    """One account, open; each exchange's table says what is asked, and what answers mean.

    Attributes:
        unit: of an amount, to which the exchange rounds.

    """

    unit: ClassVar[Decimal] = Decimal("1e-8")

    def __init__(self, venue: Any, client: Client) -> None:
        self._venue, self._client = venue, client
        self._unsent = set[str]()

    def account(self, cursor: str | None = None) -> Account:
        """Account as it stands; an error where it changed while it was read."""
        now = self.time()
        before = self.standing()
        happened = self.since(cursor, now, before)
        orders = self.open_orders()
        after = self.standing()
        if before.amounts != after.amounts:
            raise self.error("the account changed while it was read")
        if missing := happened.missing(after, self.unit):
            raise self.error(f"its history does not reach what it holds of {', '.join(missing)}")
        return Account(
            time=now,
            balances=after.balances,
            positions=after.positions,
            margin=after.margin,
            open_orders=orders,
            events=() if cursor is None else happened.events,
            cursor=happened.cursor,
        )

    def prepare(self, intent: Intent) -> Receipt:
        """Receipt of an order that can be sent as it is meant."""
        terms = self.terms_of(intent.symbol)
        if terms is None:
            scope = f"there are {type(self._venue).scope}"
            raise RejectedError(f"no contract is called {intent.symbol!r:.40}: {scope}")
        check_intent(intent, terms)
        receipt = Receipt(intent=intent, proof=self.proof(intent))
        self._unsent.add(intent.client_id)
        return receipt

    def place(self, receipt: Receipt) -> None:
        """Send an order, once: the exchange would take a second one under the same client id.

        Raises:
            VenueError: it was sent before, or prepared by another session, and may still arrive.

        """
        name = receipt.intent.client_id
        if name not in self._unsent:
            raise self.error(f"order {name} was sent before, or elsewhere: resolve it")
        self._unsent.remove(name)
        reason = self._client.refusal(self.order(receipt), self.refusal)
        if reason is not None:
            raise RejectedError(reason)

    def resolve(self, receipt: Receipt) -> Outcome:
        """Outcome of an order; the time is asked for first, so that what follows is later."""
        now = self.time()
        record = self.record(receipt.intent)
        if record is None:
            return unknown_outcome(receipt.intent, now)
        return record_outcome(record, receipt.intent)

    def cancel(self, receipt: Receipt) -> None:
        """Nothing: no order rests."""

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def time(self) -> float:
        """Time of the exchange; requests are signed by it."""
        milliseconds = self.milliseconds()
        self._client.set_time(milliseconds)
        return milliseconds / THOUSAND

    def error(self, reason: str) -> VenueError:
        """Error that names the exchange."""
        return VenueError(self._client.hide(f"{self._client.name}: {reason}"))

    def proof(self, intent: Intent) -> Mapping[str, str]:
        """Texts by which the exchange finds an order again; its client id is enough."""
        return {"client_id": intent.client_id}

    @abstractmethod
    def milliseconds(self) -> int:
        """Milliseconds since 1970 by the exchange's clock."""

    @abstractmethod
    def terms_of(self, symbol: str) -> ContractTerms | None:
        """Terms of one contract as it is listed; its fee may be left out."""

    @abstractmethod
    def standing(self) -> Standing:
        """Positions, balances and margin."""

    @abstractmethod
    def since(self, cursor: str | None, now: float, standing: Standing) -> Happened:
        """Events since a cursor; without one, those that give the first."""

    @abstractmethod
    def open_orders(self) -> tuple[str, ...]:
        """Client ids of orders that rest."""

    @abstractmethod
    def order(self, receipt: Receipt) -> Call:
        """Request that places an order."""

    @abstractmethod
    def refusal(self, said: Any) -> str | None:
        """Reason of an order's refusal; None where it was taken; an error where that is open."""

    @abstractmethod
    def record(self, intent: Intent) -> OrderRecord | None:
        """Record of an order; None where the exchange has none."""
