"""A venue at a faked exchange: as thin as an adapter can be, and all of the contract."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from attrs import frozen

import hedgecore.fields as fields
from hedgecore.errors import ReaderError, RejectedError, VenueError
from hedgecore.interfaces.account import (
    Account,
    AccountEvent,
    AccountMargin,
    ContractPosition,
    ContractTerms,
    EventKind,
    Identity,
    TopOfBook,
)
from hedgecore.interfaces.orders import Absent, Filled, Intent, Outcome, Receipt, Unknown
from hedgecore.interfaces.venue import AbstractSession, AbstractVenue
from hedgecore.tables.secret import Secret
from hedgecore.testing.fake_exchange import (
    COIN,
    FEE,
    LEAST,
    LOT,
    MAINTENANCE,
    NONE,
    OK,
    SYMBOL,
    TICK,
    FakeExchange,
)

Read = TypeVar("Read")
KEY = "HEDGECORE_FAKE_KEY"
"""Environment variable of the key."""


@frozen(kw_only=True)
class FakeVenue(AbstractVenue):
    """Account at an exchange that is faked, for tests: `FakeExchange` is the other side.

    Example:
        >>> from hedgecore.testing import FakeVenue
        >>> FakeVenue(exchange="quiet").kind
        'fake'

    """

    kind = "fake"
    example = {"exchange": "quiet"}
    proof = "The exchange has no order of that client id, and its time is past the order's expiry."
    calls_per_minute = 600

    exchange: str = fields.name("that is running")
    key: str = fields.name("environment variable of the key", default=KEY)

    def open(self, *, seconds: float = 10.0) -> FakeSession:  # noqa: ARG002 - it answers at once
        """Open a session; see `AbstractVenue.open`."""
        if self.exchange not in FakeExchange.running:
            raise VenueError(f"no exchange is called {self.exchange!r:.40}")
        try:
            key = Secret.from_environment(self.key, what="key")
        except ReaderError as error:
            raise VenueError(str(error)) from None
        return FakeSession(FakeExchange.running[self.exchange], key)


class FakeSession(AbstractSession):
    """One account at a faked exchange, open.

    Example:
        >>> from hedgecore.testing import FakeSession
        >>> FakeSession.__base__.__name__
        'AbstractSession'

    """

    def __init__(self, exchange: FakeExchange, key: Secret) -> None:
        self._exchange, self._key = exchange, key

    def identity(self) -> Identity:
        """Account, which the exchange does not name."""
        self._ask("time", _time)
        return Identity(account="faked", network="fake", permissions=("trade",))

    def terms(self) -> Mapping[str, ContractTerms]:
        """Terms of its one contract."""
        self._ask("time", _time)
        terms = ContractTerms(
            symbol=SYMBOL,
            lot=LOT,
            tick=TICK,
            min_order=LEAST,
            fee=FEE,
            settlement=COIN,
            maintenance=MAINTENANCE,
        )
        return {SYMBOL: terms}

    def account(self, cursor: str | None = None) -> Account:
        """Account as it stands."""
        since = None if cursor is None else int(cursor)
        found = self._ask("account", _account, since=since)
        if since is not None and int(found.cursor) < since:
            raise VenueError("the account is older than what was read of it before")
        return found

    def book(self, symbol: str) -> TopOfBook:
        """Best prices."""
        if symbol != SYMBOL:
            raise VenueError(f"no contract is called {symbol!r:.40}")
        return self._ask("book", _top)

    def time(self) -> float:
        """Time of the exchange."""
        return self._ask("time", _time)

    def prepare(self, intent: Intent) -> Receipt:
        """Receipt: the client id is all that the exchange needs to find an order."""
        whole = intent.contracts.is_finite() and not intent.contracts % LOT
        if not whole or abs(intent.contracts) < LEAST or not intent.limit_price.is_finite():
            raise RejectedError(
                f"{intent.contracts} contracts at {intent.limit_price} are no order"
            )
        return Receipt(intent=intent)

    def place(self, receipt: Receipt) -> None:
        """Send an order."""
        intent = receipt.intent
        reason = self._ask(
            "order",
            _reason,
            client_id=intent.client_id,
            contracts=str(intent.contracts),
            limit=str(intent.limit_price),
            reduce_only=intent.reduce_only,
            expires=intent.expires,
        )
        if reason is not None:
            raise RejectedError(reason)

    def resolve(self, receipt: Receipt) -> Outcome:
        """Outcome under a client id: nothing there proves nothing until it has expired."""
        intent = receipt.intent
        now, found = self._ask("find", _find, client_id=intent.client_id)
        if found is not None:
            return found
        said = f"the exchange has no such order at {now:.0f}, and its end is {intent.expires:.0f}"
        return Absent(said) if now > intent.expires else Unknown(said)

    def cancel(self, receipt: Receipt) -> None:
        """Nothing: no order rests."""

    def close(self) -> None:
        """Nothing is open."""

    def _ask(self, method: str, read: Callable[[Any], Read], **given: Any) -> Read:
        """Result of reading an answer: all that is looked for, or a VenueError."""
        found = self._read(json.dumps({"method": method, **given}), read)
        if isinstance(found, _Fault):  # raised here: below, what the exchange said is a local
            raise VenueError(f"{method}: {found.reason}")
        return found

    def _read(self, request: str, read: Callable[[Any], Read]) -> Read | _Fault:
        try:
            status, text = self._exchange.exchange(request, self._key.reveal())
            if status != OK:
                return _Fault(f"the exchange answers with status {status}")
            return read(json.loads(text))
        except TimeoutError:
            return _Fault("the exchange did not answer")
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            return _Fault(f"the answer is incomplete: {type(error).__name__}")


@frozen
class _Fault:
    """Fault of an answer."""

    reason: str


def _account(said: Any) -> Account:
    position = said["positions"][SYMBOL]
    held, entry = amount(position["contracts"]), amount(position["entry"])
    equity, least = amount(said["equity"]), amount(said["maintenance"])
    return Account(
        time=_time(said),
        balances={COIN: amount(said["balances"][COIN])},
        positions={SYMBOL: ContractPosition(contracts=held, entry_price=entry)} if held else {},
        margin=AccountMargin(asset=COIN, equity=equity, maintenance=least),
        events=tuple(_event(each) for each in said["events"]),
        cursor=str(int(said["cursor"])),
    )


def _event(said: Any) -> AccountEvent:
    contracts, price = amount(said["contracts"]), said["price"]
    return AccountEvent(
        id=text(said["id"]),
        kind=EventKind(said["kind"]),
        time=number(said["at"]),
        symbol=SYMBOL if contracts else None,
        contracts=contracts,
        price=None if price is None else amount(price),
        changes={COIN: amount(said["paid"])},
        client_id=None if said["client_id"] is None else text(said["client_id"]),
    )


def _top(said: Any) -> TopOfBook:
    return TopOfBook(
        bid=amount(said["bid"]),
        ask=amount(said["ask"]),
        mark=amount(said["mark"]),
        index=amount(said["index"]),
        funding_rate=amount(said["funding"]),
        time=_time(said),
    )


def _reason(said: Any) -> str | None:
    """Reason of an order's refusal; None where it was taken, an error where neither is said."""
    taken = {True: True, False: False}[said["accepted"]]
    return None if taken else text(said["reason"])


def _find(said: Any) -> tuple[float, Filled | None]:
    """Time, and what became of an order; None where the exchange has none."""
    now, order = _time(said), said["order"]
    if order == NONE:
        return now, None
    filled = amount(order["filled"])
    if not filled:
        return now, Filled(contracts=filled)
    price, fee = amount(order["price"]), amount(order["fee"])
    return now, Filled(contracts=filled, price=price, fee=fee, fee_asset=COIN)


def _time(said: Any) -> float:
    return number(said["time"])


def amount(given: Any) -> Decimal:
    """Amount in an answer, a text that is a finite number; a ValueError otherwise."""
    found = Decimal(text(given))
    if not found.is_finite():
        raise ValueError(found)
    return found


def number(given: Any) -> float:
    """Number in an answer, finite; a ValueError otherwise."""
    if not isinstance(given, float) or not math.isfinite(given):
        raise ValueError(given)
    return given


def text(given: Any) -> str:
    """Text in an answer; a ValueError where it is none."""
    if not isinstance(given, str):
        raise ValueError(given)  # noqa: TRY004 - an answer is wrong, not a program
    return given
