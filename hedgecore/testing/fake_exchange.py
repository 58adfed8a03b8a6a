"""An exchange that is faked: one account, one perpetual, a top of book, and faults by a schedule.

Requests and answers are texts, as on a wire, so that a fault is what it would be there. Time passes
only where somebody says so.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, islice, repeat
from typing import Any, ClassVar

SYMBOL, COIN = "ETH-PERP", "USDC"
LOT, TICK, LEAST, FEE = Decimal("0.001"), Decimal("0.1"), Decimal("0.002"), Decimal("0.0005")
SPREAD, LEVELS = Decimal("0.2"), 5
INITIAL, MAINTENANCE, PENALTY = Decimal("0.1"), Decimal("0.05"), Decimal("0.01")
NONE = "none"
"""Instead of an order that there is not."""
START = 1_700_000_000.0
SKEW = 3600.0
OK, FAILED = 200, 500
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
TEXTS: dict[str, Callable[[str, str], tuple[int, str]]] = {
    "500": lambda text, key: (FAILED, text),  # noqa: ARG005 - as all faults
    "telling": lambda text, key: (FAILED, f"key {key} is not valid"),  # noqa: ARG005
    "html": lambda text, key: (OK, HTML),  # noqa: ARG005
    "empty": lambda text, key: (OK, "{}"),  # noqa: ARG005
    "null": lambda text, key: (OK, "null"),  # noqa: ARG005
    "half": lambda text, key: (OK, text[: len(text) // 2]),  # noqa: ARG005
}
"""Fault → what it makes of an answer, and of the key that was shown."""
LEAVES = 24
"""Places of an answer at which one value is spoiled."""
UNREADABLE = (
    *TEXTS,
    "lost",
    *(f"{what} {place}" for what in ("nan", "missing") for place in range(LEAVES)),
)
"""Faults after which nothing is known: no answer, or a part of one is wrong."""
MISLEADING = ("late", "stale", "skew", "duplicate", "reject")
"""Faults that can be read: executed and not answered, old, an hour off, told twice, refused."""


class FakeExchange:
    """Exchange with one account, as whoever trades there finds it.

    Attributes:
        time: seconds since 1970.
        price: middle of the book, the mark and the index.
        depth: contracts at each of five prices on each side; they are there again at once.
        faults: of the next requests, in order; None is none.
        requests: that were made so far.

    Example:
        >>> from hedgecore.testing import FakeExchange
        >>> FakeExchange("quiet").price
        Decimal('2000')

    """

    running: ClassVar[dict[str, FakeExchange]] = {}

    def __init__(self, name: str, *, price: Decimal = Decimal(2000)) -> None:
        self.time, self.price, self.depth = START, price, Decimal(100)
        self.balance, self.held, self.entry = Decimal(100_000), Decimal(0), Decimal(0)
        self.events: list[dict[str, Any]] = []
        self.orders: dict[str, dict[str, Any]] = {}
        self.requests = 0
        self.faults: Iterator[str | None] = repeat(None)
        self._last: dict[str, str] = {}
        self.running[name] = self

    def exchange(self, request: str, key: str) -> tuple[int, str]:
        """Status and text of the answer to one request.

        Raises:
            TimeoutError: there is none.

        """
        self.requests += 1
        fault = next(self.faults, None) or ""
        asked = json.loads(request)
        about = f"{asked['method']} {asked.get('client_id')}"
        if fault == "lost":
            raise TimeoutError
        answer = self._answer(asked, fault)
        if fault == "late":
            raise TimeoutError
        text = json.dumps(answer)
        if fault == "stale":
            return OK, self._last.get(about, text)
        self._last[about] = text
        return spoil_text(text, fault, key)

    def move(self, price: Decimal) -> None:
        """Let all prices be this one; an account below its maintenance is closed."""
        self.price = price
        if self.held and self._equity() < MAINTENANCE * abs(self.held) * price:
            self._fill(-self.held, price, PENALTY, "liquidation", None)

    def trade(self, contracts: Decimal) -> None:
        """Trade by another client of the same account."""
        self._fill(contracts, self.price, FEE, "fill", None)

    def accrue(self, rate: Decimal = Decimal("0.0001")) -> None:
        """Pay funding: longs pay shorts where the rate is positive."""
        self._book("funding", paid=-self.held * self.price * rate)

    def transfer(self, amount: Decimal) -> None:
        """Pay in, or out what is negative."""
        self._book("transfer", paid=amount)

    def _answer(self, asked: dict[str, Any], fault: str) -> dict[str, Any]:
        now = self.time + (SKEW if fault == "skew" else 0.0)
        methods: dict[str, Callable[[], dict[str, Any]]] = {
            "account": lambda: self._account(asked.get("since"), twice=fault == "duplicate"),
            "book": self._top,
            "order": lambda: self._order(asked, refused=fault == "reject"),
            "find": lambda: {"order": self.orders.get(asked["client_id"], NONE)},
            "time": dict,
        }
        return {"time": now, **methods[asked["method"]]()}

    def _account(self, since: int | None, *, twice: bool) -> dict[str, Any]:
        told = [] if since is None else self.events[since:]
        again = self.events[max((since or 0) - 2, 0) : since] + told[-1:] if twice else []
        worth = abs(self.held) * self.price
        return {
            "balances": {COIN: str(self.balance)},
            "positions": {SYMBOL: {"contracts": str(self.held), "entry": str(self.entry)}},
            "equity": str(self._equity()),
            "maintenance": str(MAINTENANCE * worth),
            "events": again + told,
            "cursor": len(self.events),
        }

    def _top(self) -> dict[str, Any]:
        half, price = SPREAD / 2, self.price
        prices = {"bid": price - half, "ask": price + half, "mark": price, "index": price}
        return {name: str(each) for name, each in prices.items()} | {"funding": "0.0001"}

    def _order(self, asked: dict[str, Any], *, refused: bool) -> dict[str, Any]:
        """Execute an order as far as its limit allows, once; what is refused is not remembered."""
        contracts, known = Decimal(asked["contracts"]), asked["client_id"] in self.orders
        if known:
            return {"accepted": True}
        if reason := "no thanks" if refused else self._refusal(asked, contracts):
            return {"accepted": False, "reason": reason}
        filled, cost = self._match(contracts, Decimal(asked["limit"]))
        price = cost / filled if filled else None
        if price is not None:
            self._fill(filled, price, FEE, "fill", asked["client_id"])
        self.orders[asked["client_id"]] = {
            "filled": str(filled),
            "price": str(price),
            "fee": str(abs(cost) * FEE),
        }
        return {"accepted": True}

    def _refusal(self, asked: dict[str, Any], contracts: Decimal) -> str | None:
        if contracts % LOT or abs(contracts) < LEAST:
            return "the size is no whole number of lots, or too small"
        if self.time > asked["expires"]:
            return "it has expired"
        after = self.held + contracts
        if asked["reduce_only"] and (after * self.held < 0 or abs(after) >= abs(self.held)):
            return "it does not reduce"
        grows = abs(after) > abs(self.held)
        if grows and self._equity() < INITIAL * abs(after) * self.price:
            return "the margin does not suffice"
        return None

    def _match(self, contracts: Decimal, limit: Decimal) -> tuple[Decimal, Decimal]:
        """Contracts that are executed within a limit, and what they cost; both signed."""
        side = 1 if contracts > 0 else -1
        filled = cost = Decimal(0)
        for level in range(LEVELS):
            price = self.price + side * (SPREAD / 2 + level * TICK)
            if side * (price - limit) <= 0:
                part = min(abs(contracts - filled), self.depth)
                filled, cost = filled + side * part, cost + side * part * price
        return filled, cost

    def _fill(
        self, contracts: Decimal, price: Decimal, fee: Decimal, kind: str, client_id: str | None
    ) -> None:
        closed = min(abs(contracts), abs(self.held)) if contracts * self.held < 0 else Decimal(0)
        side = 1 if self.held > 0 else -1
        profit, before = side * closed * (price - self.entry), self.held
        self.held += contracts
        if before * self.held <= 0:
            self.entry = price
        elif abs(self.held) > abs(before):
            self.entry = (before * self.entry + contracts * price) / self.held
        paid = profit - abs(contracts) * price * fee
        self._book(kind, paid=paid, contracts=contracts, price=price, client_id=client_id)

    def _book(self, kind: str, *, paid: Decimal, **more: Any) -> None:
        """Change the balance, and keep the event of it."""
        self.balance += paid
        event = {"id": str(len(self.events)), "kind": kind, "at": self.time, "paid": str(paid)}
        said = {name: None if each is None else str(each) for name, each in more.items()}
        self.events.append({**event, "contracts": "0", "price": None, "client_id": None, **said})

    def _equity(self) -> Decimal:
        return self.balance + self.held * (self.price - self.entry)


def spoil_text(text: str, fault: str, key: str = "") -> tuple[int, str]:
    """Status and text of an answer after a fault; as it is after any other."""
    if fault in TEXTS:
        return TEXTS[fault](text, key)
    what, _, place = fault.partition(" ")
    if not place:
        return OK, text
    answer = json.loads(text)
    spots = [*_spots(answer)]
    part, at = spots[int(place) % len(spots)]
    if what == "nan":
        part[at] = float("nan")
    else:
        del part[at]
    return OK, json.dumps(answer)


def _spots(part: Any) -> Iterator[tuple[Any, Any]]:
    """Places of the values in an answer, at all depths: the container, and the key."""
    for at in [*(part if isinstance(part, dict) else range(len(part)))]:
        if isinstance(part, dict):
            yield part, at
        if isinstance(part[at], dict | list):
            yield from _spots(part[at])


def seeded_faults(seed: int, rate: float) -> Iterator[str | None]:
    """Faults of the requests to come, by chance: the same of one seed.

    Example:
        >>> from itertools import islice
        >>> from hedgecore.testing import seeded_faults
        >>> list(islice(seeded_faults(1, 0.5), 4)) == list(islice(seeded_faults(1, 0.5), 4))
        True

    """
    chance, kinds = random.Random(seed), (*UNREADABLE, *MISLEADING)  # noqa: S311 - no secret
    while True:
        yield chance.choice(kinds) if chance.random() < rate else None


def fault_at(fault: str, index: int | None) -> Iterator[str | None]:
    """Faults of the requests to come: one at one of them, or the same at each; None for none."""
    if index is None:
        return repeat(fault)
    return chain(islice(repeat(None), index), [fault], repeat(None))
