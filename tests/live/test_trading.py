"""The orders of a decision: one after another, and none after one that was not filled in full."""

from decimal import Decimal

import pytest
from attrs import evolve

from hedgecore.errors import (
    HedgecoreError,
    JournalError,
    LeaseError,
    ReaderError,
    RejectedError,
    VenueError,
)
from hedgecore.interfaces.account import TopOfBook
from hedgecore.interfaces.orders import Absent, Filled, Intent, Receipt, Unknown
from hedgecore.live.legs import Leg, Orders
from hedgecore.live.loop import drive
from hedgecore.live.trading import trade
from live_world import START, World

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

TOP = TopOfBook(
    bid=Decimal(2999), ask=Decimal(3001), mark=Decimal(3000), index=Decimal(3000), time=START
)


def leg(name, contracts):
    terms = evolve(World().venue.terms()["ETH"], symbol=name)
    return Leg(
        instrument=name, place=0, venue="sim", terms=terms, top=TOP, contracts=Decimal(contracts),
        held=Decimal(10), unit=3000.0,
    )  # fmt: skip


LEGS = (leg("A", -3), leg("B", 2), leg("C", -1))


class Desk:
    """What answers the effects of a trade: each order as it is told, and the order of it all."""

    def __init__(self, *fates, **ways):
        self.fates, self.ways, self.seen, self.sent = list(fates), ways, [], []

    def answer(self, effect):
        name = type(effect).__name__
        self.seen.append(name)
        if name in self.ways:
            return self.ways[name]()
        if name == "Place":
            self.sent.append(effect.receipt.intent.symbol)
            fate = self.fates[len(self.sent) - 1]
            if isinstance(fate, Exception):
                raise fate
        if name == "Resolve":
            return self.resolved(effect.receipt.intent)
        if name == "Prepare":
            return Receipt(intent=effect.intent)
        return START if name in {"ReadClock", "ReadVenueTime"} else None

    def resolved(self, intent):
        fate = self.fates[len(self.sent) - 1]
        if isinstance(fate, Exception):
            return Unknown("busy")
        return fate if isinstance(fate, Absent) else Filled(contracts=intent.contracts * fate)


def begun(desk):
    """Place three orders; the desk that has answered."""
    world = World()
    world.cycle()
    snapshot = world.disk.of("snapshot")[0]
    drive(trade(world.plan, world.state, snapshot, Orders(legs=LEGS)), desk)
    return desk


def raising(error):
    def way():
        raise error

    return way


@pytest.mark.parametrize(
    ("fates", "sent"),
    [
        ((1, 1, 1), "ABC"),
        ((1, Decimal("0.5"), 1), "AB"),
        ((0, 1, 1), "A"),
        ((Absent("gone"), 1, 1), "A"),
        ((RejectedError("no"), 1, 1), "A"),
        ((1, VenueError("no answer"), 1), "AB"),
    ],
    ids=["full", "in part", "nothing", "absent", "refused", "unknown"],
)
def test_what_is_not_filled_in_full_ends_a_decision(fates, sent):
    assert "".join(begun(Desk(*fates)).sent) == sent


def test_3_each_order_is_written_down_before_it_is_sent_and_the_lease_asserted_in_between():
    seen = begun(Desk(1, 1, 1)).seen
    one = ["ReadClock", "ConfirmChain", "ReadHalt", "ReadVenueTime", "ReadClock", "Prepare",
           "Record", "AssertLease", "ReadClock", "ReadHalt", "Place", "Record", "Resolve",
           "Record"]  # fmt: skip
    assert seen == one * 3


def test_the_chain_is_asked_again_before_each_order():
    asked = iter([None, None, ReaderError("block 7 is gone")])

    def confirm():
        found = next(asked)
        if found is not None:
            raise found

    desk = Desk(1, 1, 1, ConfirmChain=confirm)
    with pytest.raises(ReaderError, match="block 7"):
        begun(desk)
    assert desk.sent == ["A", "B"]


def test_10_without_a_lease_nothing_is_sent():
    desk = Desk(1, AssertLease=raising(LeaseError("the lease is lost")))
    with pytest.raises(LeaseError):
        begun(desk)
    assert desk.sent == []


def test_22_what_cannot_be_written_down_is_not_sent():
    desk = Desk(1, Record=raising(JournalError("the disk is full")))
    with pytest.raises(JournalError):
        begun(desk)
    assert desk.sent == []


def test_a_venue_that_prepares_another_order_is_sent_none():
    other = Intent(
        client_id="x", symbol="A", contracts=Decimal(7), limit_price=Decimal(1), expires=START
    )
    desk = Desk(1, Prepare=lambda: Receipt(intent=other))
    with pytest.raises(VenueError, match="has prepared another order"):
        begun(desk)
    assert desk.sent == []


@pytest.mark.parametrize("off", [3600.0, -3600.0, float("nan")])
def test_a_venue_that_is_wrong_about_the_time_gets_no_order(off):
    """An order lives until a moment of the venue's clock: an hour ahead, it would for an hour."""
    desk = Desk(1, ReadVenueTime=lambda: START + off)
    with pytest.raises(VenueError, match="the time of sim is"):
        begun(desk)
    assert "Record" not in desk.seen
    assert not desk.sent


@pytest.mark.parametrize("stop", ["ConfirmChain", "ReadHalt", "ReadVenueTime"])
def test_11_a_snapshot_that_grows_old_while_an_order_is_prepared_is_not_traded_on(stop):
    """As where the process is stopped there: the order's life would begin after that."""
    passed = [0.0]

    def stopped():
        passed[0] += 600.0

    def now():
        return START + passed[0]

    desk = Desk(1, ReadClock=now, ReadVenueTime=now)
    before = desk.ways.get(stop, lambda: None)
    desk.ways[stop] = lambda: (stopped(), before())[1]
    with pytest.raises(HedgecoreError, match=r"this snapshot is 600\.0 s old"):
        begun(desk)
    assert not desk.sent
    assert "Record" not in desk.seen
