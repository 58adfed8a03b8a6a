"""Bench of Hyperliquid: the exchange behind a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from hedgecore_hyperliquid import Hyperliquid

from hedgecore import Secret
from hedgecore.testing import HttpRequest, Loopback, LoopbackBench
from hedgecore.testing.fake_exchange import TEXTS
from hyper.exchange import AGENT_KEY, OWNER, Exchange

KEY = "HEDGECORE_TEST_HYPERLIQUID"
WAYS, PLACES = ("nan", "missing"), 8
"""Values of an answer that are left out, or no number, one by one."""


def is_order(asked: HttpRequest) -> bool:
    """True if a request acts: it is an order, since nothing else is ever sent."""
    return asked.path == "/exchange"


def venue(url: str, **more: object) -> Hyperliquid:
    """Venue at a server, whose agent's key is in the environment."""
    return Hyperliquid(account=OWNER, key=KEY, url=url, **more)


class HyperBench(LoopbackBench):
    """An account that its agent trades for."""

    symbol, size, rounding = "ETH", Decimal("1.5"), Decimal("1e-6")
    faults = (*TEXTS, "lost", "late", *(f"{what} {n}" for what in WAYS for n in range(PLACES)))

    def __init__(self, exchange: Exchange, server: Loopback) -> None:
        self.exchange, self.server = exchange, server
        self.bodies: list[str] = []
        self.secrets = (Secret(AGENT_KEY), Secret(AGENT_KEY[2:]))

    @classmethod
    @contextmanager
    def opened(cls, server: Loopback) -> Iterator[HyperBench]:
        """Bench of an exchange of its own, behind a server that runs."""
        bench = cls(Exchange(), server)
        server.answer = bench.answer
        yield bench

    def answer(self, asked: HttpRequest) -> tuple[int, str]:
        """Answer of the exchange to a request."""
        self.bodies.append(asked.body)
        its, body = self.exchange, json.loads(asked.body)
        return 200, json.dumps(its.act(body) if is_order(asked) else its.info(body))

    def advance(self, seconds: float) -> None:
        self.exchange.now += int(seconds * 1000)

    def trade(self, contracts: Decimal) -> None:
        self.exchange.trade(contracts)

    def accrue(self) -> None:
        self.exchange.pay_funding()

    def transfer(self, amount: Decimal) -> None:
        self.exchange.move_cash(amount)

    def thin(self, contracts: Decimal) -> None:
        self.exchange.depth = (contracts / 5).quantize(Decimal("0.0001"))
