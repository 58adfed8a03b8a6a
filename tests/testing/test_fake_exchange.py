"""The faked exchange does what an exchange does, and its faults are the same of one seed."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from itertools import islice

import pytest
from attrs import evolve

import hedgecore as hc
from hedgecore.testing import FakeBench, FakeVenue, seeded_faults
from hedgecore.testing.fake_exchange import MISLEADING, UNREADABLE, fault_at
from hedgecore.testing.venue_desk import Desk


@contextmanager
def desk():
    with FakeBench.opened() as bench, FakeVenue(exchange="bench").open() as session:
        yield Desk(session, bench), bench.exchange


def test_an_order_takes_the_levels_within_its_limit_and_no_more():
    with desk() as (its, exchange):
        exchange.depth = Decimal(1)
        intent = evolve(its.intent(Decimal(4)), limit_price=Decimal("2000.2"))
        receipt = its.session.prepare(intent)
        its.session.place(receipt)
        filled = its.session.resolve(receipt)
        assert filled.contracts == 2
        assert filled.price == Decimal("2000.15")
        assert filled.fee == 2 * filled.price * Decimal("0.0005")


def test_an_account_below_its_maintenance_is_liquidated_and_told_so():
    with desk() as (its, exchange):
        start = its.account().cursor
        exchange.trade(Decimal(-400))
        assert its.contracts() == -400
        exchange.move(Decimal(2200))
        account = its.account(start)
        assert account.positions == {}
        kinds = [each.kind for each in account.events]
        assert kinds == [hc.EventKind.FILL, hc.EventKind.LIQUIDATION]
        assert account.balances["USDC"] == 100_000 - 400 * (2000 * Decimal("0.0005") + 200 + 22)


def test_what_the_margin_does_not_bear_is_refused():
    with desk() as (its, _):
        receipt = its.session.prepare(its.intent(Decimal(501)))
        with pytest.raises(hc.RejectedError, match="margin"):
            its.session.place(receipt)
        assert its.contracts() == 0
        receipt = its.session.prepare(its.intent(Decimal(400)))
        its.session.place(receipt)
        assert its.contracts() == 400


def test_an_order_that_only_reduces_does_not_turn_a_position():
    with desk() as (its, exchange):
        exchange.trade(Decimal(1))
        with pytest.raises(hc.RejectedError, match="reduce"):
            its.session.place(its.session.prepare(its.intent(Decimal(-2), reduce_only=True)))
        its.session.place(its.session.prepare(its.intent(Decimal(-1), reduce_only=True)))
        assert its.contracts() == 0


def test_shorts_are_paid_by_longs_where_funding_is_positive():
    with desk() as (its, exchange):
        exchange.trade(Decimal(-3))
        before = its.account().balances["USDC"]
        exchange.accrue(Decimal("0.001"))
        assert its.account().balances["USDC"] - before == 6


@pytest.mark.parametrize(("fault", "shown"), [("skew", 3600.0), ("", 0.0)])
def test_a_clock_that_is_off_shows_in_what_is_read(fault, shown):
    with desk() as (its, exchange):
        exchange.faults = fault_at(fault, 0)
        assert its.session.time() - exchange.time == shown


def test_events_told_twice_have_their_own_ids():
    with desk() as (its, exchange):
        for size in (1, 2, -1):
            exchange.trade(Decimal(size))
        exchange.faults = fault_at("duplicate", 0)
        told = its.session.account("2").events
        assert [each.id for each in told] == ["0", "1", "2", "2"]
        assert told[2] == told[3]


def test_an_account_older_than_its_cursor_is_an_error():
    with desk() as (its, exchange):
        its.session.account()
        exchange.trade(Decimal(1))
        cursor = its.session.account().cursor
        exchange.trade(Decimal(1))
        exchange.faults = fault_at("stale", 0)
        assert its.session.account(cursor).positions["ETH-PERP"].contracts == 1
        later = "2"
        exchange.faults = fault_at("stale", 0)
        with pytest.raises(hc.VenueError, match="older"):
            its.session.account(later)


def test_a_seed_gives_one_schedule_and_each_fault_comes():
    many = list(islice(seeded_faults(7, 0.5), 5000))
    assert many == list(islice(seeded_faults(7, 0.5), 5000))
    assert many != list(islice(seeded_faults(8, 0.5), 5000))
    assert {*many} == {None, *UNREADABLE, *MISLEADING}
    assert 2200 < many.count(None) < 2800


def test_under_a_thousand_seeded_faults_no_order_is_traded_twice_or_lost():
    """Each order is sent until its venue says what became of it; the account has each fill once."""
    with desk() as (its, exchange):
        filled = Decimal(0)
        for number in range(1000):
            intent = hc.Intent(
                client_id=f"{number:032x}",
                symbol="ETH-PERP",
                contracts=Decimal((-1) ** number * (1 + number % 7)) / 10,
                limit_price=Decimal(10**6 if number % 2 == 0 else 1),
                expires=exchange.time + 60,
            )
            receipt = its.session.prepare(intent)
            exchange.faults = seeded_faults(number, 0.5)
            its.place(receipt)
            filled += outcome(its, receipt)
        exchange.faults = fault_at("", None)
        told = its.account("0").events
        assert its.contracts() == filled == sum(each.contracts for each in told)
        assert len({each.client_id for each in told}) == len(told)


def outcome(its, receipt):
    """Return what an order has traded, asked as often as it takes."""
    for _ in range(200):
        try:
            found = its.session.resolve(receipt)
        except hc.VenueError:
            continue
        if isinstance(found, hc.Filled):
            return found.contracts
        if isinstance(found, hc.Absent):
            return Decimal(0)
        its.bench.advance(20)
    raise AssertionError("never resolved")
