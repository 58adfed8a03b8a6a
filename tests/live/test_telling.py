"""What a person is told: why it waits, and what became of the book's positions."""

import pytest
from attrs import evolve

from hedgecore.interfaces.orders import Unknown
from hedgecore.live.cycle import Status, status
from live_world import Altered, World, altered, tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


def told(world):
    return [text for _, text in world.alerts]


def waiting(world, *reasons, seconds=12.0):
    """One more cycle, which waits for these reasons."""
    world.unarmed = "; ".join(reasons) or None
    world.passing(seconds)
    world.cycle()


def test_another_reason_within_the_hour_is_told_and_the_same_one_is_not():
    world = World()
    waiting(world, "the chain is 48.1 s old")
    waiting(world, "the chain is 60.25 s old")
    waiting(world, "order 58d77fecda0d887b lags behind")
    waiting(world, "order 00000000000000ff lags behind")
    assert told(world) == ["the chain is 48.1 s old", "order 58d77fecda0d887b lags behind"]
    waiting(world, "the chain is 7 s old", seconds=3600.0)
    assert told(world)[2:] == ["the chain is 7 s old"]


def test_a_restart_does_not_tell_again_what_was_told():
    world = World()
    waiting(world, "the chain is 48 s old")
    world.restart()
    waiting(world, "the chain is 72 s old")
    assert len(world.alerts) == 1


def test_however_many_reasons_there_are_no_more_than_a_few_are_told():
    world = World()
    for number in range(200):
        waiting(world, "reason " + "".join(chr(ord("g") + int(n)) for n in str(number)))
    assert len(world.alerts) == 11
    assert "`hedgecore status` has them" in told(world)[-1]


def with_sizes(*sizes):
    """A world whose source says so of positions, reading by reading."""
    said = iter(sizes)
    return altered(ReadChain=lambda found: evolve(found, sizes=next(said)))


def test_what_an_owner_does_with_a_position_is_an_event_of_its_own_and_told_at_once():
    before, less = {"lp": 500, "other": 7}, {"lp": 200, "other": 7}
    world = with_sizes(before, before, less, {**less, "other": 0}, {**less, "other": 0})
    world.look_again(5)
    events = world.disk.of("position")
    assert [(e.position, e.before, e.after) for e in events] == [("lp", 500, 200), ("other", 7, 0)]
    assert told(world) == [
        "lp: it was 500 units, and is 200",
        "other: nothing is left of it; it was withdrawn or moved",
    ]
    assert status(world.state) is Status.WATCHING


def test_a_position_that_is_another_account_s_now_is_an_event_that_names_it_and_told_at_once():
    world = altered(
        ReadChain=lambda found: (
            evolve(found, sizes={"lp": 0}, holders={"lp": "0xb2"})
            if len(world.disk.of("snapshot"))
            else evolve(found, sizes={"lp": 500})
        )
    )
    world.look_again(3)
    [event] = world.disk.of("position")
    assert (event.before, event.after, event.holder) == (500, 0, "0xb2")
    [text] = told(world)
    assert text.startswith("lp is 0xb2's now: it was given away, or is kept where nobody says")
    assert text.endswith("it is hedged no more")


def test_a_position_that_the_book_does_not_have_is_told_at_the_first_look():
    world = with_sizes(*[{"lp": 500, "uniswap 8": None}] * 3)
    world.look_again(3)
    assert [each.position for each in world.disk.of("position")] == ["uniswap 8"]
    assert "it is not hedged before the book is read anew" in told(world)[0]
    assert len(world.alerts) == 1


def test_a_position_that_comes_back_is_told_and_a_restart_tells_nothing_twice():
    world = with_sizes({"lp": 500}, {"lp": 0}, {"lp": 0}, {"lp": 300}, {"lp": 300})
    for count in range(5):
        if count == 2:
            world.restart()
        world.passing(12.0)
        world.cycle()
    assert [each.after for each in world.disk.of("position")] == [0, 300]
    assert told(world)[1] == "lp: there is a position now, of 300 units"


def test_what_a_reading_could_not_price_is_told_for_no_figure_has_it():
    book = tables()
    lost = {"SCAM balance": {"reason": "there is no price", "amount": 7.0}}
    world = World(book={**book, "source": {"chain": 1, "block": 7, "read": {}, "unread": lost}})
    world.look_again(3)
    assert told(world) == ["SCAM balance is unknown, and in no figure: there is no price"]


def test_what_a_node_says_that_is_behind_tells_nothing_of_positions():
    readings = iter([(10, 500), (9, 700), (11, 500)])

    def behind(found):
        block, size = next(readings)
        return evolve(found, stamp={"block": block}, time=world.clock, sizes={"lp": size})

    world = Altered(book=tables(), ways={"ReadChain": behind})
    world.look_again(3)
    assert world.disk.of("position") == []


def test_5_an_order_of_which_nothing_is_proven_for_long_is_told():
    world = altered(Resolve=lambda found: Unknown("busy"))  # noqa: ARG005
    world.look_again(3)
    assert world.alerts == []
    world.look_again(4)
    [(level, text)] = world.alerts
    assert level == "warning"
    assert "at sim is unknown for 36 s, and nothing is decided meanwhile" in text
    assert len(world.placed) == 1


def test_23_what_was_told_by_a_clock_that_was_ahead_is_told_again():
    world = World()
    world.passing(86_400.0)
    waiting(world, "the chain is old")
    world.passing(-86_400.0)
    world.restart()
    waiting(world, "the chain is old")
    assert told(world).count("the chain is old") == 2
