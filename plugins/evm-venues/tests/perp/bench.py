"""The world of a `perp-v2`: the protocol on a node, a proxy before it, an account and its keys."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from chain import proxy
from chain.proxy import SECRETS, Exchange, Proxy
from eth_account import Account as Key
from hedgecore_evm_venues import PerpV2

from hedgecore import Secret
from hedgecore.testing import VenueBench
from hedgecore.testing.fake_exchange import spoil_text
from perp.deployed import USDC, Perp

OWNER_KEY, DELEGATE_KEY = "0x" + "c0" * 32, "0x" + "de" * 32
OWNER, DELEGATE = (Key.from_key(each).address for each in (OWNER_KEY, DELEGATE_KEY))
MARGIN = 100_000 * USDC
ETHER = 10**18
SEND = b"eth_sendRawTransaction"
HOURS = 8 * 3600
OPEN_POSITION = 1
"""What a delegate is allowed."""
WAYS = (proxy.html, proxy.half, proxy.forbidden, proxy.null, proxy.empty, proxy.zeros,
        proxy.another, proxy.telling)  # fmt: skip
SPOILS = {each.__name__: each for each in WAYS}
PLACES = 6
"""Values of an answer that are left out, one by one."""


class PerpBench(VenueBench):
    """An account with margin, whose delegate trades through a proxy."""

    symbol, size = "vETH", Decimal("1.5")
    rounding = Decimal("1e-6")  # a withdrawal rounds what is owed down to a unit of the coin
    faults = (*SPOILS, "nan 4", *(f"missing {n}" for n in range(PLACES)))

    def __init__(self, perp: Perp, between: Proxy) -> None:
        self.perp, self.between = perp, between
        self.secrets = tuple(map(Secret, (*SECRETS, DELEGATE_KEY, DELEGATE_KEY[2:])))

    @classmethod
    @contextmanager
    def opened(cls, perp: Perp) -> Iterator[PerpBench]:
        """Bench on a chain that is as it was again afterwards."""
        names = "HEDGECORE_RPC", "HEDGECORE_KEY"
        before = {name: os.environ.get(name) for name in names}
        with perp.rpc.undone(), Proxy(perp.node.url).running() as between:
            os.environ |= dict(zip(names, (between.url, DELEGATE_KEY), strict=True))
            try:
                perp.rpc.ask("anvil_setBalance", OWNER, hex(100 * ETHER))
                endow(perp)
                yield cls(perp, between)
            finally:
                for name in names:
                    del os.environ[name]
                os.environ |= {name: text for name, text in before.items() if text is not None}

    @property
    def requests(self) -> int:
        return self.between.seen

    @contextmanager
    def spoil_answers(self, fault: str, index: int | None = None) -> Iterator[None]:
        first = self.between.seen + 1
        spoil = SPOILS.get(fault, self._in_place(fault))

        def at_index(exchange: Exchange) -> None:
            if index in {None, self.between.seen - first}:
                spoil(exchange)
            else:
                exchange.send(self.between.passed_on(exchange.asked))

        with self._spoil(at_index):
            yield

    @contextmanager
    def spoiled_method(self, method: bytes, fault: str) -> Iterator[None]:
        """Spoil the answers to one method of the node's."""

        def of_method(exchange: Exchange) -> None:
            if method in exchange.asked:
                self._in_place(fault)(exchange)
            else:
                exchange.send(self.between.passed_on(exchange.asked))

        with self._spoil(of_method):
            yield

    @contextmanager
    def lose_answers(self, *, executed: bool) -> Iterator[None]:
        def silent(exchange: Exchange) -> None:
            sends = SEND in exchange.asked
            said = self.between.passed_on(exchange.asked) if executed or not sends else b""
            if sends:
                proxy.hung_up(exchange)
            else:
                exchange.send(said)

        with self._spoil(silent):
            yield

    def advance(self, seconds: float) -> None:
        """Mine two blocks: the second confirms what is in the first."""
        self.perp.pass_time(int(seconds) - 2)
        self.perp.pass_time(2)

    def trade(self, contracts: Decimal) -> None:
        self.perp.trade(OWNER, contracts)

    def accrue(self) -> None:
        self.perp.pass_time(HOURS)
        self.perp.settle_funding(OWNER)

    def transfer(self, amount: Decimal) -> None:
        move = self.perp.deposit if amount > 0 else self.perp.withdraw
        move(OWNER, int(abs(amount) * USDC))

    def thin(self, contracts: Decimal) -> None:
        self.perp.thin(contracts, Decimal("0.02"))

    def _in_place(self, fault: str) -> proxy.Spoil:
        def spoil(exchange: Exchange) -> None:
            said = self.between.passed_on(exchange.asked).decode()
            wrapped = json.dumps({"all": json.loads(said)})
            _, text = spoil_text(wrapped, fault)
            exchange.send(json.dumps(json.loads(text).get("all")).encode())

        return spoil

    @contextmanager
    def _spoil(self, spoil: proxy.Spoil) -> Iterator[None]:
        self.between.spoil = spoil
        try:
            yield
        finally:
            self.between.spoil = None


def endow(perp: Perp, owner: str = OWNER) -> None:
    """Give an account margin, and its delegate the right to trade, and Ether for gas."""
    perp.rpc.ask("anvil_setBalance", DELEGATE, hex(100 * ETHER))
    perp.deposit(owner, MARGIN)
    perp.delegates.send("approve", DELEGATE, OPEN_POSITION, sender=owner)


def venue(perp: Perp, **more: object) -> PerpV2:
    """Venue of the account, on its one market."""
    markets = [perp.base.address]
    return PerpV2(clearing_house=perp.house.address, account=OWNER, markets=markets, **more)
