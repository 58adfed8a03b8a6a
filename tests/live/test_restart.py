"""A run begins with what the runs before have written down, however much that is."""

import pytest

from hedgecore.errors import LeaseError, VenueError
from hedgecore.live import loop
from hedgecore.live.changes import restore_state
from hedgecore.live.client_ids import run_tag
from hedgecore.live.events import event_of
from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.live.loop import keep
from hedgecore.live.opening import state_of
from hedgecore.live.plain import to_plain
from hedgecore.live.plan import Mode
from hedgecore.live.run import open_run
from hedgecore.live.state import LoopState
from hedgecore.tables.atomic_write import save
from live_world import tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")


def kept(book, cycles, prices=None):
    """Keep a hedge for so many cycles, at a price each."""
    with open_run(book) as run:

        def is_over(state):
            if prices:
                run.world.venues["sim"].venue.real.venue.price = prices.pop(0)
            return state.cycle >= cycles

        return keep(run.plan, run.state, run.world, run.clock, is_over=is_over)


@pytest.mark.parametrize("every", [1, 3, 7])
def test_what_was_known_and_what_came_since_is_the_sum_of_all(book, monkeypatch, every):
    monkeypatch.setattr(loop, "KEPT", every)
    kept(book, 5, [3000.0, 2800.0, 3300.0, 3000.0, 2500.0])
    kept(book, 4, [2600.0, 2900.0, 3100.0, 2400.0])
    reader = JournalReader(journal_folder(book))
    assert reader.last("state") is not None
    events = (event_of(each.kind, each.body) for each in reader.events())
    runs = ("next", *(each.run for each in reader.events(kinds=["run"])))
    start = LoopState(tag=run_tag("next"), tags=frozenset(map(run_tag, runs)))
    slow = restore_state(start, (each for each in events if each is not None))
    assert to_plain(state_of("next", reader)) == to_plain(slow)
    assert slow.memory is not None
    assert slow.turnover


def test_a_restart_reads_what_came_since_and_no_more(book, monkeypatch):
    monkeypatch.setattr(loop, "KEPT", 4)
    kept(book, 9)
    reader = JournalReader(journal_folder(book))
    read = []
    events = JournalReader.events

    def counted(self, after=0, kinds=(), run=None):
        for each in events(self, after, kinds, run):
            read.append(each.kind)
            yield each

    monkeypatch.setattr(JournalReader, "events", counted)
    state_of("next", reader)
    assert read.count("snapshot") == 1, "of nine: the state of the eighth cycle was kept"


def test_invariant_10_two_books_on_one_account_are_not_kept_at_once(output, tmp_path, book, desk):
    save(tables(), tmp_path / "other.toml")
    for each in (book, tmp_path / "other.toml"):
        output("arm", each, "--yes")
    with open_run(book) as first:
        keep(first.plan, first.state, first.world, first.clock, is_over=loop.after_one)
        sent = len(desk.placed)
        with pytest.raises(LeaseError, match="another loop has it"), open_run(book):
            pass
        with (
            open_run(tmp_path / "other.toml") as second,
            pytest.raises(LeaseError, match="another loop has it"),
        ):
            keep(second.plan, second.state, second.world, second.clock, is_over=loop.after_one)
        assert len(desk.placed) == sent == 1
        with open_run(tmp_path / "other.toml", mode=Mode.WATCH) as watching:
            keep(
                watching.plan, watching.state, watching.world, watching.clock,
                is_over=loop.after_one,
            )  # fmt: skip
    assert len(desk.placed) == 1


def test_a_journal_of_the_loop_is_replayed_to_the_bit(document, book):
    kept(book, 5, [3000.0, 2800.0, 3300.0, 3000.0, 2500.0])
    said = document("journal", book, "--replay")
    assert said["decisions"] == said["to_the_bit"] > 2
    assert said["different"] == []


def test_invariant_20_while_the_flag_is_up_nothing_is_placed_a_restart_included(
    call, output, book, desk
):
    output("arm", book, "--yes")
    output("halt", book, "--reason", "maintenance")
    for _ in range(2):
        assert call("live", book, "--once").exit_code == 2
    assert desk.placed == []
    assert "maintenance" in call("status", book).output
    output("resume", book)
    assert call("live", book, "--once").exit_code in {0, 1}
    assert call("live", book, "--once").exit_code == 0
    assert len(desk.placed) == 1


def test_5_an_order_at_a_venue_that_the_book_has_no_more_is_not_forgotten(output, book, desk):
    """Nothing proves what became of it: nothing is decided, and the venue is named."""
    output("arm", book, "--yes")
    desk.failing.update({"place", "resolve"})
    with open_run(book) as run:
        keep(run.plan, run.state, run.world, run.clock, is_over=lambda state: state.cycle == 1)
    desk.failing.clear()
    book.write_text(book.read_text().replace("sim", "other"))
    output("arm", book, "--yes")
    with open_run(book) as run:
        state = keep(
            run.plan, run.state, run.world, run.clock, is_over=lambda state: state.cycle == 3
        )
    assert [each.venue for each in state.pending] == ["sim"]
    assert len(desk.placed) == 1
    assert run.world.venue("other")
    with pytest.raises(VenueError, match="no venue 'sim' any more"):
        run.world.venue("sim")
