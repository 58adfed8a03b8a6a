"""Giving up all that is held ends, whatever the venue's least order leaves of it."""

import json
from decimal import Decimal
from random import Random

import pytest
from attrs import evolve

from books import written
from hedgecore.interfaces.account import EventKind
from hedgecore.live.clock import LoopClock
from hedgecore.live.cycle import Status, status
from hedgecore.live.loop import after_flattening, keep
from hedgecore.live.plan import Mode
from live_desk import PAPER
from live_faults import FaultyWorld
from live_venue import SimVenue
from live_world import PERP, World, night, tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

LEAST = Decimal("0.05")


class Ticks(LoopClock):
    """A clock of a world, which moves where a loop sleeps."""

    world = None
    most = 20

    def sleep(self, seconds):
        type(self).most -= 1
        assert self.most, "it does not end"
        self.world.passing(max(seconds, 12.0))


def flattened(held, *, cls=World, most_cash=1e6, **more):
    """World of a loop that has given up what was held, at a venue whose least order is `LEAST`."""
    book = tables(caps={"max_order_notional": most_cash, **more.pop("caps", {})})
    book["instrument"] = [{**PERP, "min_size": float(LEAST)}]
    venue = SimVenue(held=Decimal(held), entry=Decimal(3000), least=LEAST)
    world = cls(book=book, venue=venue, mode=Mode.FLATTEN, **more)
    world.restart()
    clock = type("Clock", (Ticks,), {"world": world})()
    world.state = keep(world.plan, world.state, world, clock, is_over=after_flattening)
    assert all(abs(each.contracts) >= LEAST for each in world.placed)
    assert all(each.contracts % world.venue.lot == 0 for each in world.placed)
    return world


@pytest.mark.parametrize("held", ["0.04", "-0.03", "0.005"])
def test_14_what_is_less_than_the_least_order_is_left_and_said_and_no_order_is_sent(held):
    world = flattened(held)
    assert world.placed == []
    assert world.state.cycle == 1
    assert status(world.state) is Status.WATCHING
    [end] = world.disk.of("flattened")
    assert end.left == {"ETH-PERP": Decimal(held)}
    assert end.reasons == (
        f"ETH-PERP: {held} contracts are left at sim, and the least order there is 0.05",
    )
    assert ("warning", end.reasons[0]) in world.alerts


@pytest.mark.parametrize(
    ("held", "left"), [("0.05", "0"), ("-7", "0"), ("3.004", "0.004"), ("-12.019", "-0.009")]
)
def test_all_that_can_be_given_up_is_and_the_rest_is_left(held, left):
    world = flattened(held)
    assert len(world.placed) == 1
    assert world.venue.held == Decimal(left)
    [end] = world.disk.of("flattened")
    assert end.left == ({"ETH-PERP": Decimal(left)} if Decimal(left) else {})


def test_orders_within_a_cap_leave_no_rest_that_none_can_give_up():
    """Of 2.03 contracts in orders of a contract at most, 0.03 would be left by the third."""
    world = flattened("2.03", most_cash=3000.0)
    assert [each.contracts for each in world.placed] == [Decimal(-1), Decimal("-0.98"), -LEAST]
    assert world.venue.held == 0


def test_a_cap_below_the_least_order_ends_it_and_is_named():
    world = flattened("1", most_cash=140.0)
    assert world.placed == []
    [end] = world.disk.of("flattened")
    [why] = end.reasons
    assert why.startswith("ETH-PERP: 1 contracts are left at sim: the least order there, 0.05, is")
    assert why.endswith("above a cap, 140 in cash")


def test_a_rest_that_a_part_of_a_fill_leaves_is_left():
    world = flattened("1", cls=Thin)
    assert world.venue.held == Decimal("0.03")
    assert world.disk.of("flattened")[0].left == {"ETH-PERP": Decimal("0.03")}


class Thin(World):
    """A world whose venue fills all but a little of an order."""

    def Place(self, effect):  # noqa: N802
        self.placed.append(effect.receipt.intent)
        self.venue.fill(effect.receipt.intent, Decimal("0.97"))


def test_a_turnover_that_is_spent_is_waited_for_and_no_end():
    with pytest.raises(AssertionError, match="it does not end"):
        flattened("1", caps={"max_hourly_turnover": 1500.0, "max_daily_turnover": 1e9})


def test_what_another_venue_of_the_journal_once_held_is_no_reason_to_go_on():
    world = World()
    world.cycle()
    account = world.venue.account(None)
    world.state = evolve(world.state, accounts={**world.state.accounts, "gone": account})
    world._plan = evolve(world.plan, mode=Mode.FLATTEN)
    world.passing(12.0)
    world.cycle()
    assert after_flattening(world.state)


def test_an_end_of_a_run_before_is_none_of_this_one():
    world = flattened("0.04")
    world.venue.happen(EventKind.TRANSFER, contracts=Decimal(4))
    world.restart()
    assert not after_flattening(world.state)
    world.passing(12.0)
    world.cycle()
    assert world.venue.held == Decimal(0)
    assert after_flattening(world.state)


def test_the_command_says_what_is_left_and_its_exit_code_is_4(call, tmp_path):
    book = written(tmp_path, PAPER)
    assert call("live", book, "--once").exit_code == 0
    left = PAPER.replace("lot = 0.01", "lot = 0.01\nmin_size = 9.0")
    done = call("live", written(tmp_path, left), "--flatten", "--json")
    assert done.exit_code == 4, done.output
    said = json.loads(done.stdout)
    assert said["left"] == {"ETH-PERP": -6.77}
    assert "the least order there is 9" in said["reasons"][0]
    words = call("live", book, "--flatten")
    assert words.exit_code == 4
    assert "-6.77 contracts are left at paper" in words.stdout + words.stderr


@pytest.mark.parametrize("seed", range(night(3, 60)))
@pytest.mark.sample(2)
def test_1_to_20_whatever_fails_it_gives_all_up_in_the_end_and_does_nothing_that_may_not_be(seed):
    """As the harness over all has it, of a loop that opens a hedge, and then is to give it up."""
    world = FaultyWorld(rng=Random(seed), rate=(0.1, 0.3, 1.0)[seed % 3])  # noqa: S311
    for count in range(30):
        if count == 10:
            world.mode, world._plan = Mode.FLATTEN, None
        world.cycle()
        world.happen()
    world.recover()
    assert after_flattening(world.state)
    assert world.venue.held == 0
    assert world.disk.of("flattened")[-1].left == {}
