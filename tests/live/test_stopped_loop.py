"""Real processes, stopped by SIGSTOP while the world goes on, and with clocks that jump.

Time is the venue's: it moves where a test says so, and nothing here waits for a wall's clock.
"""

import shutil
import time
from decimal import Decimal

import pytest

from hedgecore.live.journal import JournalReader, journal_folder
from live_wire import BAND, WiredWorld, leading, wired_book

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

pytestmark = pytest.mark.campaign
LONG = 600.0
"""Seconds that a loop is stopped: more than any reading, any order and any snapshot lives."""
CYCLES = 6
EFFECTS = 31
"""Effects of a run's first cycle, which opens the hedge."""
DAY = 86_400.0


@pytest.fixture(scope="module")
def leader():
    with leading() as one:
        yield one


@pytest.fixture(scope="module")
def another():
    with leading() as two:
        yield two


@pytest.fixture
def world():
    made = WiredWorld()
    with made.server.serving() as made.url:
        yield made


@pytest.fixture
def folder(tmp_path):
    return wired_book(tmp_path / "one")


@pytest.fixture
def other(tmp_path):
    return wired_book(tmp_path / "two")


def moved_on(world):
    """Let the world go on without a loop: what it knew is old, and wrong."""
    world.exchange.time += LONG
    world.exchange.move(Decimal(2995))


def test_11_and_20_a_loop_that_is_stopped_anywhere_sends_nothing_on_what_is_old(
    leader, world, tmp_path
):
    """At each effect of its first look, one run after another: then it goes on, and hedges."""
    for number in range(1, EFFECTS + 1):
        folder = wired_book(tmp_path / f"at-{number}")
        world.__init__()
        with world.server.serving() as url:
            world.stop_at = number
            leader.begin(folder, url, CYCLES)
            leader.heard("stopped")
            sent = len(world.sent)
            moved_on(world)
            leader.go_on()
            assert leader.heard("ended") == "watching", world.effects[:number]
        world.judge(folder)
        late = "Place" in world.effects[number - 1 : number + 1]
        assert not sent or world.sent[sent - 1][1] < world.exchange.time - LONG
        assert len(world.exchange.orders) == len(world.sent) - late, "what has expired is refused"
        assert abs(world.net()) <= BAND, (number, world.effects[number - 1])
    assert {"Place", "Prepare", "ConfirmChain", "Resolve"} <= set(world.effects[:EFFECTS])


def test_10_a_loop_that_is_stopped_still_has_its_lease_and_no_other_trades(
    leader, another, world, folder, other
):
    world.stop_at = "Place"
    leader.begin(folder, world.url, CYCLES)
    leader.heard("stopped")
    another.begin(other, world.url, CYCLES)
    assert another.heard("ended").startswith("LeaseError: no lease: another loop has it")
    assert world.sent == []
    moved_on(world)
    leader.go_on()
    assert leader.heard("ended") == "watching"
    world.judge(folder, other)
    assert abs(world.net()) <= BAND


@pytest.mark.parametrize("at", ["ReadTop", "Prepare", "Place"])
def test_10_a_loop_whose_lease_was_taken_while_it_was_stopped_is_fenced_off(
    leader, another, world, at, request
):
    """By its lease; and by the life of its order, if nothing stood between that and the wire."""
    folder, other = (request.getfixturevalue(each) for each in ("folder", "other"))
    world.stop_at = at
    leader.begin(folder, world.url, CYCLES)
    leader.heard("stopped")
    shutil.rmtree(folder.parent / "state")  # somebody takes the lease away, by hand
    moved_on(world)
    another.begin(other, world.url, CYCLES)
    assert another.heard("ended") == "watching"
    filled, held = len(world.exchange.events), world.exchange.held
    leader.go_on()
    assert leader.heard("ended").startswith("LeaseError: the lease is lost")
    assert (len(world.exchange.events), world.exchange.held) == (filled, held)
    world.judge(folder, other)
    assert abs(world.net()) <= BAND


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 40 * DAY, -40 * DAY])
def test_23_a_machine_whose_time_jumps_hedges_as_before(leader, world, folder, jump):
    """The process is real, and so is its clock; the time that the machine says is what jumps."""
    world.clock = time.time
    prices = {12: 2950, 60: 2900, 100: 2850, 140: 2800}

    def jumps():
        world.shift = jump if len(world.effects) > 40 else 0.0
        if len(world.effects) in prices:
            world.exchange.move(Decimal(prices[len(world.effects)]))

    world.after = jumps
    leader.begin(folder, world.url, 10, own=True)
    assert leader.heard("ended") == "watching"
    assert len(world.sent) > 2
    assert abs(world.net()) <= BAND
    reader = JournalReader(journal_folder(folder / "book.toml"))
    reader.verify()
    walls = [each.wall for each in reader.events()]
    assert max(walls) - min(walls) >= abs(jump) - 60
    assert {each.body["status"] for each in reader.events(kinds=["heartbeat"])} == {"watching"}
