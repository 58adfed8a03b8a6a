"""What an auditor would try: lies, two hosts, a process that is stopped, one that ends on paper."""

from decimal import Decimal

import pytest
from attrs import define, evolve

from hedgecore.errors import JournalError, LeaseError, VenueError
from hedgecore.interfaces.account import EventKind
from hedgecore.interfaces.orders import Filled
from hedgecore.live.clock import LoopClock
from hedgecore.live.cycle import Status, status
from hedgecore.live.effects import Alert, AssertLease, Record
from hedgecore.live.events import AccountRead, OrderIntended, OrderResolved
from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.live.loop import after_one, keep
from hedgecore.live.run import open_run
from live_world import World, altered, open_delta, raising

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


@pytest.mark.parametrize("part", ["2", "-1", "NaN", "Infinity"])
def test_6_a_fill_that_cannot_be_is_no_outcome_and_a_restart_is_not_stopped_by_it(part):
    world = altered(Resolve=lambda its: evolve(its, contracts=its.contracts * Decimal(part)))
    world.cycle()
    assert not any(isinstance(each.outcome, Filled) for each in world.disk.of("outcome"))
    assert status(world.state) in {Status.HALTED, Status.RESOLVING}
    assert len(world.state.pending) == 1
    world.restart()
    world.ways, world.disk.halt = {}, None
    world.look_again(3)
    assert status(world.state) is Status.WATCHING
    assert len(world.placed) == 1


def test_6_a_person_may_take_an_account_in_which_more_was_filled_than_was_ordered():
    world = altered(
        Resolve=lambda its: evolve(its, contracts=its.contracts + min(its.contracts, 0))
    )
    world.cycle()
    world.venue.happen(EventKind.FILL, contracts=world.venue.held)
    world.disk.halt, world.adopt, world.state = None, True, None
    world.look_again(3)
    assert status(world.state) is Status.WATCHING
    assert abs(open_delta(world)) <= 0.3 + 0.005


def test_12_what_nothing_explains_halts_though_it_is_another_number_each_time():
    world = World()
    world.cycle()
    for _ in range(3):
        world.passing(12.0)
        world.venue.cash += Decimal("0.5")
        world.cycle()
    assert status(world.state) is Status.HALTED
    assert "USDC: " in world.disk.halt
    assert len(world.placed) == 1


def test_12_what_is_less_than_a_lot_each_time_adds_up_and_halts():
    world = World()
    world.cycle()
    for _ in range(5):
        world.passing(12.0)
        world.venue.held += Decimal("0.004")
        world.cycle()
    assert status(world.state) is Status.HALTED
    assert "ETH: -12.23 contracts are expected, and the account has -12.2" in world.disk.halt


def test_12_an_account_that_is_late_by_a_reading_or_two_does_not_halt():
    world = altered()
    world.cycle()
    world.ways = {"ReadAccount": lambda a: evolve(a, positions={})}
    for _ in range(2):
        world.passing(12.0)
        world.cycle()
        assert status(world.state) is Status.WAITING
    world.ways = {}
    world.look_again(3)
    assert status(world.state) is Status.WATCHING
    assert len(world.placed) == 1


def test_10_of_two_loops_on_two_hosts_one_halts_at_the_other_s_fill_and_one_hedges():
    one, two = World(), World(runs=100)
    two.venue = one.venue
    for price in (3000.0, 2900.0, 2800.0, 2700.0):
        for each in (one, two):
            each.cycle()
            each.clock += 12.0
        one.venue.time, one.venue.price = one.clock, price
    assert status(one.state) is Status.WATCHING
    assert status(two.state) is Status.HALTED
    assert "fill 'e1' of -1.26 ETH" in two.disk.halt
    assert two.placed == []
    one.cycle()
    assert abs(open_delta(one)) <= 0.3 + 0.005


def test_10_two_loops_that_open_at_once_both_halt_and_trade_no_more():
    one, two = World(), Interleaved(runs=100)
    two.venue, two.other = one.venue, one
    for _ in range(3):
        two.cycle()
        one.cycle()
        for each in (one, two):
            each.passing(6.0, 2800.0)
    assert {status(each.state) for each in (one, two)} == {Status.HALTED}
    assert len(one.placed) == len(two.placed) == 1


@define
class Interleaved(World):
    """A world in which another loop makes a whole cycle just before this one's first order."""

    other: World | None = None

    def Place(self, effect):  # noqa: N802
        self.other.cycle()
        World.Place(self, effect)


@define
class Stopped(World):
    """A world whose loop is stopped, by SIGSTOP, between writing an order down and sending it."""

    seconds: float = 0.0

    def Place(self, effect):  # noqa: N802
        seconds, self.seconds = self.seconds, 0.0
        self.passing(seconds, 2900.0 if seconds else None)
        World.Place(self, effect)


def test_11_a_loop_that_was_stopped_before_it_sent_sends_what_has_expired_and_nothing_is_filled():
    world = Stopped(seconds=600.0)
    world.cycle()
    assert (len(world.placed), world.venue.held) == (1, 0)
    world.look_again(3)
    assert status(world.state) is Status.WATCHING
    assert abs(open_delta(world)) <= 0.3 + 0.005


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_23_a_venue_whose_clock_jumps_is_waited_for_and_gets_no_order(jump):
    world = World()
    world.cycle()
    world.venue.time += jump
    for price in (2900.0, 2800.0):
        world.passing(12.0, price)
        world.cycle()
        assert status(world.state) is Status.WAITING
    world.venue.time -= jump
    world.look_again(2)
    assert status(world.state) is Status.WATCHING
    assert abs(open_delta(world)) <= 0.3 + 0.005


def test_12_a_liquidation_funding_and_a_deposit_are_explained_and_a_manual_trade_halts():
    world = World()
    world.cycle()
    happen = world.venue.happen
    happen(EventKind.LIQUIDATION, contracts=-world.venue.held, paid=Decimal(-40))
    happen(EventKind.FUNDING, paid=Decimal("-3.25"))
    happen(EventKind.TRANSFER, paid=Decimal(5000))
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.WATCHING
    assert abs(open_delta(world)) <= 0.3 + 0.005
    happen(EventKind.FILL, contracts=Decimal("0.01"))
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.HALTED


@pytest.mark.parametrize("error", [LeaseError("the lease is lost"), JournalError("disk full")])
def test_22_a_loop_that_ends_tells_a_person_why(error):
    world = altered(AssertLease=raising(error))
    world.restart()
    with pytest.raises(type(error)):
        keep(world.plan, world.state, world, LoopClock(), is_over=after_one)
    assert world.alerts == [("critical", f"the loop ends: {error}")]
    assert {type(each) for each in world.asked} == {AssertLease, Alert}


class Killed(BaseException):
    """The end of a process."""


def ended_at(run, event):
    """Let a run end once an event is written down."""
    answer = run.world.answer

    class Dying:
        """A world that ends."""

        def answer(self, effect):
            found = answer(effect)
            if isinstance(effect, Record) and isinstance(effect.event, event):
                raise Killed
            return found

    with pytest.raises(Killed):
        keep(run.plan, run.state, Dying(), run.clock, is_over=after_one)


@pytest.mark.parametrize("event", [OrderIntended, OrderResolved, AccountRead])
@pytest.mark.parametrize("arms", [False, True])
def test_3_a_loop_that_ends_in_the_middle_of_an_order_on_paper_goes_on(
    output, book, desk, event, arms
):
    with open_run(book) as run:
        ended_at(run, event)
    if arms:
        output("arm", book, "--yes")
    for _ in range(2):
        with open_run(book) as run:
            state = keep(run.plan, run.state, run.world, run.clock, is_over=after_one)
        assert status(state) is Status.WATCHING, state.reasons
    assert state.pending == state.unbooked == ()
    assert state.accounts["sim"].positions["ETH"].contracts < -10
    assert len(desk.placed) == arms
    JournalReader(journal_folder(book)).verify()


@pytest.mark.parametrize("first", [True, False])
def test_2_a_first_reading_that_is_empty_by_mistake_is_not_taken_for_a_flat_account(first):
    """Nothing is known yet that it could be compared with: it is read twice."""
    readings = iter([first, not first])
    world = altered(ReadAccount=lambda a: evolve(a, positions={}) if next(readings, False) else a)
    world.venue.held, world.venue.entry = Decimal("-12.23"), Decimal(3000)
    world.cycle()
    assert world.placed == []
    assert status(world.state) is Status.WAITING
    assert "sim was asked twice what is held: " in world.state.reasons[0]
    world.look_again(4)
    assert status(world.state) is Status.WATCHING
    assert world.placed == []
    assert abs(open_delta(world)) <= 0.3 + 0.005


def test_12_a_venue_that_fills_an_order_twice_halts_however_it_tells():
    for told in (True, False):
        world = Twice(told=told)
        world.look_again(6)
        assert status(world.state) is Status.HALTED
        assert len(world.placed) == 1


@define
class Twice(World):
    """A world whose answer is lost, and whose venue fills the order twice."""

    told: bool = True

    def Place(self, effect):  # noqa: N802
        World.Place(self, effect)
        intent = effect.receipt.intent
        if self.told:
            self.venue.happen(EventKind.FILL, intent.contracts, client_id=intent.client_id)
        else:
            self.venue.held += intent.contracts
        raise VenueError("lost on the way back")


def test_4_a_rest_that_is_filled_after_the_order_was_over_halts():
    world = altered(Resolve=lambda its: evolve(its, contracts=its.contracts / 2))
    world.look_again(2)
    assert status(world.state) is Status.HALTED
    assert "at most by its venue" in world.disk.halt
    assert len(world.placed) == 1


def test_12_a_liquidation_or_a_manual_trade_just_before_an_order_is_seen_in_the_next_account():
    for kind, halts in ((EventKind.LIQUIDATION, False), (EventKind.FILL, True)):
        world = Meanwhile(kind=None)
        world.cycle()
        world.kind = kind
        world.passing(12.0, 2800.0)
        world.cycle()
        world.look_again(2)
        assert (status(world.state) is Status.HALTED) is halts
        assert halts or abs(open_delta(world)) <= 0.3 + 0.005


@define
class Meanwhile(World):
    """A world in which something happens to the account once, just before an order arrives."""

    kind: EventKind | None = None

    def Place(self, effect):  # noqa: N802
        kind, self.kind = self.kind, None
        if kind is not None:
            self.venue.happen(kind, contracts=-self.venue.held / 2)
        World.Place(self, effect)
