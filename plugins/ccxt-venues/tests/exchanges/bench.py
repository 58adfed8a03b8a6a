"""Bench of an exchange: its answers behind a server on this machine."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal

from hedgecore import Secret
from hedgecore.testing import LoopbackBench
from hedgecore.testing.fake_exchange import TEXTS

WAYS, FEW, MANY = ("nan", "missing"), 4, 16
"""Values of an answer that are left out, or no number, one by one; of so many places of it."""


def faults(places):
    """Names of faults, those of so many places of an answer among them."""
    return (*TEXTS, "lost", "late", *(f"{what} {n}" for what in WAYS for n in range(places)))


class ExchangeBench(LoopbackBench):
    """An account that is traded for by its keys."""

    faults = faults(FEW)
    rounding = Decimal("1e-8")

    def __init__(self, exchange, server, *, symbol, size, secrets):
        self.exchange, self.server, self.ledger = exchange, server, exchange.ledger
        self.symbol, self.size = symbol, Decimal(size)
        self.secrets = tuple(map(Secret, secrets))
        self.requests_seen = []

    @classmethod
    @contextmanager
    def opened(cls, make, server, **its):
        """Bench of an exchange of its own, behind a server that runs."""
        bench = cls(make(), server, **its)
        server.answer = bench.answer
        yield bench

    def answer(self, asked):
        self.requests_seen.append(asked)
        return self.exchange.answer(asked)

    def orders_seen(self):
        """Requests that placed orders."""
        return [each for each in self.requests_seen if self.server.is_order(each)]

    def advance(self, seconds):
        self.ledger.now += int(seconds * 1000)

    def trade(self, contracts):
        self.ledger.trade(contracts)

    def accrue(self):
        self.ledger.accrue()

    def transfer(self, amount):
        self.ledger.transfer(amount)

    def thin(self, contracts):
        lot = self.ledger.lot
        self.ledger.depth = max(contracts / 5 // lot, 1) * lot


def changed(bench, method, change):
    """Let the exchange's answers of one kind be changed."""
    plain = getattr(bench.exchange, method)
    setattr(bench.exchange, method, lambda *asked: change(plain(*asked)))
