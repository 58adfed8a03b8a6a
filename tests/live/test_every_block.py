"""A cycle for each new block: by what the chain says, and by no clock."""

import pytest
from attrs import define

import hedgecore as hc
from hedgecore.errors import ReaderError
from hedgecore.live.loop import keep
from hedgecore.live.settings import LiveSettings
from live_world import START, World, tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

SOURCE = {"chain": 1, "block": 7, "read": {}}


@define
class ChainWorld(World):
    """A world whose chain has a block at each of some moments; its clock is the loop's too."""

    blocks: tuple = ()
    seen: int = 0
    fault: Exception | None = None
    looks: list = None

    def head(self):
        return sum(self.clock - START >= each for each in self.blocks)

    def ReadChain(self, effect):  # noqa: N802
        if self.fault:
            raise self.fault
        self.seen = self.head()
        self.looks.append((self.clock - START, self.seen))
        return World.ReadChain(self, effect)

    def FindBlock(self, effect):  # noqa: ARG002, N802
        if self.fault:
            raise self.fault
        return self.head() > self.seen

    def monotonic(self):
        return self.clock

    def sleep(self, seconds):
        self.passing(max(seconds, 0.0))


def kept(cycles, *blocks, **more):
    """The world after so many cycles, one for each block."""
    live = {k: each for k, each in tables()["live"].items() if k != "every_seconds"}
    book = {**tables(), "live": {**live, "every_block": True}, "source": SOURCE}
    world = ChainWorld(book=book, blocks=blocks, looks=[], **more)
    world.restart()
    world.state = keep(
        world.plan, world.state, world, world, is_over=lambda state: state.cycle >= cycles
    )
    return world


def test_each_block_has_one_cycle_whenever_it_comes():
    world = kept(5, 0.0, 12.0, 24.5, 25.5, 60.0)
    assert [block for _, block in world.looks] == [1, 2, 3, 4, 5]
    assert [moment for moment, _ in world.looks] == [0.0, 12.0, 25.0, 26.0, 60.0]


def test_of_blocks_that_come_at_once_the_last_is_looked_at_and_none_queues():
    assert [block for _, block in kept(2, 0.0, 4.1, 4.2, 4.3).looks] == [1, 4]


def test_a_chain_that_is_silent_is_looked_at_once_a_minute():
    assert [moment for moment, _ in kept(3, 0.0).looks] == [0.0, 60.0, 120.0]


def test_a_chain_that_cannot_be_asked_is_waited_for_and_asked_once_a_second():
    world = kept(4, 0.0, fault=ReaderError("it is gone"))
    assert world.state.reasons == ("it is gone",)
    assert world.clock - START == 3.0


@pytest.mark.parametrize(
    ("live", "source", "words"),
    [
        ({"every_block": True}, {}, r"every_block: needs a book that was read from a chain"),
        ({"every_block": True, "every_seconds": 3.0}, SOURCE, "choose one of them"),
        ({"every_block": 1}, SOURCE, "every_block: must be true or false, not 1"),
    ],
)
def test_blocks_where_there_are_none_or_beside_a_clock_are_refused(live, source, words):
    found = tables()
    del found["live"]["every_seconds"]
    found["live"] |= live
    with pytest.raises(hc.SpecError, match=words):
        LiveSettings.from_book(hc.Book.from_tables({**found, "source": source}))
