"""What a live hedge never does, one test for each number of the design; the harness has them all.

Here each is looked at alone: one thing is so, and all else goes well.
"""

import ast
import time
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import define, evolve

import hedgecore
from hedgecore.errors import RejectedError, VenueError
from hedgecore.interfaces.account import EventKind
from hedgecore.interfaces.orders import Unknown
from hedgecore.live.clock import STEADY, LoopClock
from hedgecore.live.cycle import Status, status
from hedgecore.live.effects import Place, ReadAccount, Resolve
from hedgecore.live.plan import Mode
from live_world import Altered, World, altered, raising, waits

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

PURE = (
    "decisions/decide", "decisions/observe", "decisions/problem", "decisions/target",
    "live/gates", "live/orders", "live/cycle", "live/trading", "live/deciding", "live/resolve",
    "live/reconcile", "live/accounts", "live/state", "live/changes", "live/memory", "live/caps",
    "live/margins", "live/legs", "live/question", "live/answer", "live/client_ids", "live/alerting",
)  # fmt: skip
IMPURE = {"time", "random", "secrets", "os", "uuid", "datetime", "socket", "subprocess", "sys"}


@pytest.mark.parametrize(
    "name",
    ["ReadChain", "ReadIdentity", "ReadTerms", "ReadAccount", "ReadTop", "ConfirmChain", "Prepare"],
)
@pytest.mark.parametrize("error", [VenueError("it is gone"), TypeError("it is gone")], ids=repr)
def test_1_nothing_is_ordered_where_something_cannot_be_read(name, error):
    assert waits(altered(**{name: raising(error)}), "it is gone")


def test_2_the_target_comes_from_what_the_venue_says_is_held_now():
    world = World()
    world.venue.held, world.venue.entry = Decimal(-5), Decimal(2900)
    world.cycle()
    assert world.disk.of("decision")[0].held.tolist() == [-5.0]
    assert world.venue.held == world.placed[0].contracts - 5


def test_5_after_an_order_without_an_answer_nothing_is_decided_until_it_is_proven():
    world = altered(Resolve=lambda found: Unknown("busy"))  # noqa: ARG005
    for _ in range(4):
        world.cycle()
        world.passing(12.0)
    assert len(world.placed) == 1
    assert len(world.disk.of("decision")) == 1
    assert status(world.state) is Status.RESOLVING
    world.ways = {}
    world.cycle()
    assert status(world.state) is Status.WATCHING
    assert len(world.placed) == 1


def test_5_a_fill_that_the_account_does_not_tell_yet_is_waited_for():
    world = World()
    before = world.venue.account(None)
    late = Altered(ways={"ReadAccount": lambda found: evolve(before, time=found.time)})
    late.cycle()
    late.passing(12.0)
    late.cycle()
    assert len(late.placed) == 1
    assert "lags behind" in late.state.reasons[0]
    late.ways = {}
    late.look_again(3)
    assert status(late.state) is Status.WATCHING
    assert len(late.placed) == 1


def test_6_an_order_that_was_lost_is_absent_once_its_venue_says_so_and_no_sooner():
    lost = Lossy()
    lost.cycle()
    assert [each.state for each in lost.state.pending] == ["unknown"]
    lost.passing(4.0)
    lost.cycle()
    assert len(lost.state.pending) == 1
    lost.passing(2.0)
    lost.losing = False
    lost.cycle()
    assert lost.disk.of("outcome")[-2].outcome.proof == "its time is over"
    assert len(lost.placed) == 2


@define
class Lossy(World):
    """A world in which orders are lost on their way."""

    losing: bool = True

    def Place(self, effect):  # noqa: N802
        if self.losing:
            self.placed.append(effect.receipt.intent)
            raise VenueError("no answer")
        World.Place(self, effect)


def test_7_a_run_resolves_and_reconciles_before_it_decides():
    world = Lossy()
    world.cycle()
    world.restart()
    world.losing = False
    world.passing(12.0)
    world.cycle()
    kinds = [type(each) for each in world.asked]
    assert kinds.index(Resolve) < kinds.index(ReadAccount) < kinds.index(Place)


@pytest.mark.parametrize("name", PURE)
def test_9_what_decides_has_no_clock_no_chance_and_no_environment(name):
    file = Path(hedgecore.__file__).parent / f"{name}.py"
    tree = ast.parse(file.read_text("utf-8"))
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    tops = {
        each.split(".")[0]
        for node in imports
        for each in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert not tops & IMPURE


def test_20_after_a_halt_nothing_is_placed_not_even_what_is_written_down():
    world = altered()

    def halting(found):
        world.disk.halt = "by hand"
        return found

    world.ways = {"Prepare": halting}
    world.cycle()
    assert world.placed == []
    assert "never sent: by hand" in world.disk.of("outcome")[0].outcome.proof
    world.ways = {}
    world.cycle()
    assert status(world.state) is Status.HALTED
    world.disk.halt = None
    world.passing(12.0)
    world.cycle()
    assert len(world.placed) == 1


def test_20_an_order_lives_no_longer_than_the_venue_s_seconds():
    world = World()
    world.cycle()
    assert world.placed[0].expires <= world.venue.time + 5.0


def test_25_unarmed_nothing_is_decided_nor_written_down_as_an_order_and_a_person_is_told():
    world = World(unarmed="caps changed since it was armed: arm it again")
    assert waits(world, "caps changed")
    for _ in range(3):
        world.passing(12.0)
        assert waits(world, "caps changed")
    assert world.disk.of("intent") == world.disk.of("decision") == []
    assert [text for _, text in world.alerts] == [world.unarmed]
    world.unarmed = None
    world.look_again(2)
    assert len(world.placed) == 1


def test_25_a_loop_that_only_watches_needs_no_arming():
    world = World(unarmed="it is not armed", mode=Mode.WATCH)
    world.cycle()
    assert status(world.state) is Status.WATCHING
    assert world.placed == []


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_23_a_clock_that_jumps_changes_nothing(jump, monkeypatch):
    clock, mono = LoopClock(began=1.8e9, at=50.0), [50.0]
    monkeypatch.setattr(time, "clock_gettime", lambda clock: mono[0] if clock == STEADY else 1.8e9)
    monkeypatch.setattr(time, "time", lambda: 1.8e9 + jump)
    mono[0] += 3.0
    assert clock.now() == 1.8e9 + 3.0


def test_a_foreign_fill_halts_and_a_person_may_take_it_as_it_is():
    world = World()
    world.cycle()
    world.venue.happen(EventKind.FILL, contracts=Decimal(2), client_id="web-1")
    world.passing(12.0)
    world.cycle()
    assert status(world.state) is Status.HALTED
    assert "fill 'e1' of 2 ETH" in world.disk.halt
    world.disk.halt, world.adopt = None, True
    world.restart()
    world.cycle()
    assert status(world.state) is Status.WATCHING
    assert world.placed[-1].contracts == Decimal("-1.70")


@define
class Refusing(World):
    """A world whose venue takes no order."""

    def Place(self, effect):  # noqa: N802
        self.placed.append(effect.receipt.intent)
        raise RejectedError("no")


def test_what_a_venue_refuses_is_tried_less_and_less_often():
    world = Refusing()
    world.look_again(200)
    assert 3 < len(world.placed) < 12


def test_an_order_that_was_refused_and_is_filled_all_the_same_halts():
    world = altered(Place=raising(RejectedError("no")))
    world.cycle()
    assert status(world.state) is Status.HALTED
    assert "an order of ours that was over" in world.disk.halt
