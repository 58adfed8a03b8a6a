"""A loop on the faked exchange, whose wire loses, spoils, delays and lies as a seed says.

What the exchange has executed is the judge: each order once, none larger than meant, and all of it
what the account's own events tell.
"""

import os
from collections import Counter
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, repeat
from random import Random

import pytest
from attrs import Factory, define

import hedgecore as hc
from hedgecore.live.cycle import Status, status
from hedgecore.live.venues import AskedVenue
from hedgecore.testing import FakeBench, FakeVenue, seeded_faults
from live_world import PERP, World, tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

NIGHT = bool(os.environ.get("HEDGECORE_NIGHT"))
SEEDS, CYCLES = (40, 250) if NIGHT else (3, 40)
BAND = 0.3
SIZES = {"symbol": "ETH-PERP", "lot": 0.001, "min_size": 0.002}
CALM = 20


def book(price):
    """Return the tables of a book that is hedged at the exchange."""
    return {**tables(price), "instrument": [{**PERP, **SIZES}]}


@define
class WireWorld(World):
    """A world whose venue is an adapter, and behind that a wire."""

    book: dict = Factory(lambda: book(3000.0))
    exchange: object = None
    venue_: AskedVenue = Factory(
        lambda: AskedVenue("sim", FakeVenue(exchange="bench"), 10**9, lambda: 0.0, lambda _: None)
    )

    def passing(self, seconds, price=None):
        self.clock += seconds
        self.exchange.time = self.clock
        if price is not None:
            self.exchange.move(Decimal(repr(price)))
            self.book = book(price)

    def ReadIdentity(self, effect):  # noqa: ARG002, N802
        return self.venue_.ask(lambda its: its.identity(), hc.Identity)

    def ReadTerms(self, effect):  # noqa: ARG002, N802
        return self.venue_.ask(lambda its: dict(its.terms()), dict[str, hc.ContractTerms])

    def ReadAccount(self, effect):  # noqa: N802
        return self.venue_.ask(lambda its: its.account(effect.cursor), hc.Account)

    def ReadTop(self, effect):  # noqa: N802
        return self.venue_.ask(lambda its: its.book(effect.symbol), hc.TopOfBook)

    def ReadVenueTime(self, effect):  # noqa: ARG002, N802
        return self.venue_.ask(lambda its: its.time(), float)

    def Prepare(self, effect):  # noqa: N802
        return self.venue_.ask(lambda its: its.prepare(effect.intent), hc.Receipt)

    def Place(self, effect):  # noqa: N802
        self.placed.append(effect.receipt.intent)
        self.venue_.tell(lambda its: its.place(effect.receipt))

    def Resolve(self, effect):  # noqa: N802
        outcomes = hc.Filled | hc.Absent | hc.Unknown
        return self.venue_.ask(lambda its: its.resolve(effect.receipt), outcomes)


@contextmanager
def world():
    """A loop's world at an exchange of its own, whose key is in the environment."""
    with FakeBench.opened() as bench:
        made = WireWorld(exchange=bench.exchange)
        bench.exchange.balance = Decimal(10**7)
        made.passing(0.0, 3000.0)
        yield made


def judge(its):
    """Compare what was meant with what the exchange has executed."""
    fills = Counter()
    for event in its.exchange.events:
        if event["kind"] == "fill":
            fills[event["client_id"]] += Decimal(event["contracts"])
    meant = {each.client_id: each.contracts for each in its.placed}
    assert len(meant) == len(its.placed), "an order was sent twice"
    assert fills.keys() <= meant.keys()
    for name, filled in fills.items():
        assert 0 < filled / meant[name] <= 1, "more was filled than was meant"
    assert sum(fills.values()) == its.exchange.held


@pytest.mark.parametrize("rate", [0.02, 0.2])
@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.sample(1)
def test_1_4_5_6_8_whatever_the_wire_does_each_order_is_traded_once(seed, rate):
    chance, price = Random(seed), 3000.0  # noqa: S311 - no secret
    with world() as its:
        for number in range(CYCLES):
            its.exchange.faults = seeded_faults(seed * CYCLES + number, rate)
            its.cycle()
            judge(its)
            price *= 1 + chance.choice([-0.01, 0.0, 0.01])
            its.passing(12.0, price)
        its.exchange.faults = repeat(None)
        for _ in range(CALM):
            its.passing(12.0)
            its.cycle()
        judge(its)
        assert its.placed
        assert status(its.state) is Status.WATCHING, its.state.reasons
        exposure = hc.Book.from_tables(its.book).portfolio
        market = hc.Market(prices={"WETH": price, "USDC": 1.0}, numeraire="USD")
        found = exposure.exposure(market)
        net = found.delta[found.assets.index("WETH")] + float(its.exchange.held)
        assert abs(net) <= BAND + SIZES["lot"]


def test_5_an_order_is_not_forgotten_where_the_account_cannot_be_read_after_it():
    """It was sent and not answered, and nothing more is sent until it is known what it became."""
    with world() as its:
        before_it = [None] * 6  # whose account, terms, account twice, book, time
        its.exchange.faults = chain([*before_it, "lost", None, "500"], repeat(None))
        its.cycle()
        assert len(its.placed) == 1
        assert status(its.state) is Status.RESOLVING
        its.passing(1.0)
        its.cycle()
        assert len(its.placed) == 1
        for _ in range(3):
            its.passing(12.0)
            its.cycle()
        judge(its)
        assert len(its.placed) == 2
        assert status(its.state) is Status.WATCHING
