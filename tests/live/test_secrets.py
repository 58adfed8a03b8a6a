"""No key is shown (invariant 24): not in the journal, a log, an answer, a traceback or a repr.

The key of a venue, the URL of a node and that of a webhook are canaries, and each fault quotes
them, as clients do: in its message, and in that of its cause.
"""

import pytest

from hedgecore.errors import RejectedError, VenueError
from hedgecore.live.journal import journal_folder
from hedgecore.live.run import open_run
from hedgecore.live.venues import AskedVenue
from hedgecore.tables.atomic_write import save
from live_desk import KEY, Desk, DeskClock, used
from live_world import tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

CALLS = ("open", "identity", "terms", "account", "book", "time", "prepare", "place", "resolve")
FAULTS = [VenueError, RejectedError, ValueError, KeyError]


def fault(cls):
    """An error that quotes the key, and so does its cause."""
    error = cls(f"401 at /v1?key={KEY}")
    error.__cause__ = OSError(f"GET /v1?key={KEY}")
    return error


@pytest.fixture
def desk():
    return Desk(fault=fault(VenueError))


@pytest.fixture
def book(tmp_path, monkeypatch, desk):
    """A book's file, hedged at the desk, and armed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    used(monkeypatch, desk)
    save(tables(alerts={"webhook": "HOOK"}), tmp_path / "book.toml")
    monkeypatch.setenv("HOOK", f"http://127.0.0.1:9/{KEY}")
    return tmp_path / "book.toml"


def shown(call, book):
    """All that can be seen of a loop: what it says, its files, and what is said of those."""
    done = [
        call("live", book, "--once", "--debug"),
        call("status", book, "--json"),
        call("journal", book, "--jsonl"),
    ]
    written = [each.read_bytes().decode("latin-1") for each in journal_folder(book).iterdir()]
    return "".join([*(each.output for each in done), *written])


@pytest.mark.parametrize("point", CALLS)
def test_invariant_24_no_key_is_shown_whatever_call_fails(call, book, desk, point, monkeypatch):
    assert call("arm", book, "--yes").exit_code == 0
    desk.failing.add(point)
    monkeypatch.setattr("hedgecore.cli.commands.live.after_one", lambda state: state.cycle > 2)
    seen = shown(call, book)
    assert KEY not in seen
    assert "401" in seen or point == "time", "the fault itself is told"


@pytest.mark.parametrize("cls", FAULTS)
def test_invariant_24_no_key_is_in_an_error_of_a_venue_nor_in_its_traceback(desk, cls):
    clock = DeskClock(desk.venue)
    venue = AskedVenue("sim", Desk(fault=fault(cls), failing={"time"}), 60, clock.now, clock.sleep)
    with pytest.raises(VenueError) as caught:
        venue.ask(lambda session: session.time(), float)
    assert KEY not in repr(caught.value)
    assert KEY not in str(caught.getrepr(style="native", chain=True))
    assert "Secret(…)" in str(caught.value)
    assert KEY not in repr(venue.venue.key)


def test_a_fault_that_quotes_no_key_keeps_its_cause():
    clock = DeskClock(Desk().venue)
    plain = ValueError("500")
    venue = AskedVenue("sim", Desk(fault=plain, failing={"time"}), 60, clock.now, clock.sleep)
    with pytest.raises(VenueError, match="sim: ValueError: 500") as caught:
        venue.ask(lambda session: session.time(), float)
    assert caught.value.__cause__ is plain


def test_invariant_24_no_key_is_in_what_a_run_is_made_of(book):
    with open_run(book) as run:
        assert KEY not in repr(run.world.alerts) + repr(run.world.journal) + repr(run.plan)


def test_invariant_24_the_url_of_a_node_is_not_shown(call, tmp_path, monkeypatch):
    pytest.importorskip("hedgecore_evm_readers", reason="a source that has a node")
    own = tables()
    own["instrument"][0] |= {"venue": "paper"}
    own["source"] = {
        "chain": 1, "block": 1,
        "read": {"it": {"kind": "evm-uniswap-v2", "pool": "0x" + "ab" * 20,
                        "owner": "0x" + "cd" * 20}},
    }  # fmt: skip
    save(own, tmp_path / "book.toml")
    monkeypatch.setenv("HEDGECORE_RPC", f"http://127.0.0.1:9/v2/{KEY}")
    seen = shown(call, tmp_path / "book.toml")
    assert KEY not in seen
    assert "waiting" in seen
