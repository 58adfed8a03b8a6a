"""Submits under faults: each order is traded once or not at all, and known to be so."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import repeat
from typing import TypeVar

from hedgecore.errors import RejectedError, VenueError
from hedgecore.interfaces.account import Account
from hedgecore.interfaces.orders import Outcome, Receipt, Unknown
from hedgecore.testing.law import require
from hedgecore.testing.loopback import LATE, LOST, LoopbackBench
from hedgecore.testing.venue_desk import Desk, contracts_of

Answer = TypeVar("Answer")
RATE = 0.5
PATIENCE = 200


def faulted_submits(desk: Desk, count: int, seed: int) -> Counter[str]:
    """Kinds of what became of so many orders, whose every request may meet a fault.

    Each is prepared, sent, often sent again, and asked after until its outcome is known; then the
    account's own fills must be those outcomes, order by order.

    Args:
        desk: at a bench behind a `Loopback`.
        count: of orders.
        seed: of the faults.

    Example:
        >>> from hedgecore.testing import faulted_submits
        >>> def test_no_order_is_traded_twice(desk):  # a fixture: a `Desk` at the plugin's bench
        ...     told = faulted_submits(desk, 60, seed=1)
        ...     assert told["Filled"] + told["Absent"] == 60

    """
    chance, told = random.Random(seed), Counter[str]()  # noqa: S311 - no secret
    account = desk.account()
    for _ in range(count):
        receipt = _prepare(desk, account, chance)
        with _faults(desk, chance):
            ambiguous = _sent(desk, receipt, chance)
            outcome = _resolve(desk, receipt)
        told.update(["ambiguous"] if ambiguous else [])
        told[type(outcome).__name__] += 1
        account = _judged(desk, receipt, outcome, account.cursor)
    return told


def _prepare(desk: Desk, account: Account, chance: random.Random) -> Receipt:
    """Order to buy or to sell, back towards nothing where much is held."""
    position = account.positions.get(desk.bench.symbol)
    held = Decimal(0) if position is None else position.contracts
    side = chance.choice((1, -1)) if abs(held) < 4 * desk.bench.size else -1 if held > 0 else 1
    number = f"{chance.getrandbits(128):032x}"
    return desk.session.prepare(desk.intent(side * desk.bench.size, client_id=number))


@contextmanager
def _faults(desk: Desk, chance: random.Random) -> Iterator[None]:
    """Faults by chance, of all ways that the bench has."""
    bench = desk.bench
    require(isinstance(bench, LoopbackBench), "faults need a bench behind a Loopback")
    server = bench.server  # type: ignore[attr-defined]
    server.faults = (_fault(bench.faults, chance) for _ in repeat(0))
    try:
        yield
    finally:
        server.faults = repeat(None)


def _fault(kinds: tuple[str, ...], chance: random.Random) -> str | None:
    """Fault of one request: an answer is late or lost as often as it is spoiled."""
    if chance.random() > RATE:
        return None
    return chance.choice((LOST, LATE, *chance.choices(kinds, k=2)))


def _sent(desk: Desk, receipt: Receipt, chance: random.Random) -> bool:
    """True if it is not known, from what came back, whether the order was taken."""
    ambiguous = False
    for _ in range(chance.choice((1, 1, 2, 3))):
        try:
            desk.session.place(receipt)
        except RejectedError:
            return ambiguous
        except VenueError:
            ambiguous = True
    return ambiguous


def _resolve(desk: Desk, receipt: Receipt) -> Outcome:
    for _ in range(PATIENCE):
        outcome = _answer(lambda: desk.session.resolve(receipt))
        if outcome is not None and not isinstance(outcome, Unknown):
            return outcome
        desk.bench.advance(desk.bench.lifetime / 4)
    require(holds=False, reason="it never is known what became of an order", got=outcome)
    return Unknown("")


def _answer(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except VenueError:
        return None


def _judged(desk: Desk, receipt: Receipt, outcome: Outcome, since: str) -> Account:
    """Account after an order: its fills are what became of that."""
    account = desk.account(since)
    mine = [e.contracts for e in account.events if e.client_id == receipt.intent.client_id]
    filled, said = sum(mine, Decimal(0)), contracts_of(outcome)
    require(filled == said, "the account has traded something else", got=filled, expected=said)
    require(abs(said) <= abs(receipt.intent.contracts), "more is traded than was meant", got=said)
    return account
