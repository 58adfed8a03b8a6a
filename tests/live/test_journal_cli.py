"""The commands beside the loop: `status`, `halt`, `resume` and `journal`, with their exit codes."""

import csv
import json
import sqlite3
from datetime import UTC, datetime

import pytest

from hedgecore.cli.terminal import clock
from hedgecore.live.journal import Journal, Run, journal_folder
from hedgecore.live.lease import Lease, journal_lease

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC).timestamp()
CHAIN = {"stamp": {"block": 9}, "empty": []}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book's file; the clock of the command line stands ten seconds after the last event."""
    monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(NOON + 10.0, UTC))
    return tmp_path / "book.toml"


def written(book, *events, every=12.0):
    """A journal of events, (kind, body), all at noon."""
    run = Run(id="r1", mode="paper", every_seconds=every)
    with Journal.open(journal_folder(book), run=run, wall=lambda: NOON) as journal:
        for cycle, (kind, body) in enumerate(events, 1):
            journal.append(cycle, kind, body)


def beat(status="watching"):
    return "heartbeat", {"type": "LoopBeat", "status": status}


def wait(*reasons, over=False):
    return "waiting", {"type": "LoopWaiting", "reasons": reasons, "over": over}


@pytest.mark.parametrize(
    ("events", "code", "reasons"),
    [
        ([beat()], 0, []),
        ([wait("old"), wait(over=True), beat()], 0, []),
        ([wait("the chain is 40 s old"), beat("waiting")], 1, ["the chain is 40 s old"]),
        ([wait("old"), beat("resolving")], 1, ["it is resolving"]),
        ([], 1, ["it starts"]),
    ],
)
def test_status_tells_by_its_exit_code_where_a_loop_stands(call, book, events, code, reasons):
    written(book, *events)
    with Lease.take(journal_lease(journal_folder(book)), run="r1"):
        done = call("status", book, "--json")
        assert done.exit_code == code, done.output
        said = json.loads(done.stdout)
        assert said["state"] == ("well", "waiting")[code]
        assert (said["reasons"], said["run"], said["mode"]) == (reasons, "r1", "paper")
        assert said["age_seconds"] == 10.0
        text = call("status", book)
    assert text.exit_code == code
    assert f"The loop is {said['state']}" in text.output
    assert all(each in text.output for each in reasons)


def test_a_loop_that_ended_waiting_says_for_what(call, book):
    written(book, wait("the chain is 40 s old"), beat("waiting"), ("ended", {"why": "--once"}))
    done = call("status", book, "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["state"]) == (3, "ended")
    ended = "it ended at 2026-11-30 12:00:00+00:00: --once"
    assert said["reasons"] == [ended, "the chain is 40 s old"]


def test_a_loop_whose_process_is_gone_is_dead(call, book):
    written(book, beat())
    done = call("status", book, "--json")
    assert (done.exit_code, json.loads(done.stdout)["reasons"]) == (3, ["its process is gone"])


def test_a_loop_that_is_silent_is_dead_though_its_process_is_there(call, book, monkeypatch):
    written(book, beat(), every=12.0)
    with Lease.take(journal_lease(journal_folder(book)), run="r1"):
        assert call("status", book).exit_code == 0
        monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(NOON + 121.0, UTC))
        done = call("status", book, "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["reasons"] == ["it has written nothing for 121 s"]


def test_where_no_loop_has_run_it_is_dead(call, book):
    done = call("status", book)
    assert done.exit_code == 3
    assert "no loop has run here" in done.output


def test_halt_and_resume_raise_the_flag_and_take_it_down(call, output, book):
    written(book, beat())
    with Lease.take(journal_lease(journal_folder(book)), run="r1"):
        assert "Halted: too wild" in output("halt", book, "--reason", "too wild")
        assert "Halted: too wild" in output("halt", book), "the first reason stays"
        done = call("status", book, "--json")
        assert done.exit_code == 2
        assert json.loads(done.stdout)["reasons"] == ["too wild"]
        assert "It was halted: too wild" in output("resume", book)
        assert "It was not halted" in output("resume", book)
        assert call("status", book).exit_code == 0
    output("halt", book)
    assert "its process is gone" in call("status", book).output


def test_the_journal_is_written_as_lines_of_json_and_as_csv(output, book):
    written(book, ("snapshot", CHAIN), beat(), beat())
    lines = [json.loads(each) for each in output("journal", book, "--jsonl").splitlines()]
    assert [each["seq"] for each in lines] == [1, 2, 3, 4]
    assert lines[1] == {
        "seq": 2, "time": "2026-11-30T12:00:00.000+00:00", "run": "r1", "cycle": 1,
        "kind": "snapshot", "body": CHAIN, "wall": NOON, "mono": lines[1]["mono"],
    }  # fmt: skip
    rows = list(csv.DictReader(output("journal", book, "--csv").splitlines()))
    assert [json.loads(each["body"]) for each in rows] == [each["body"] for each in lines]
    assert [list(each) for each in rows] == [list(each) for each in lines]


def test_the_journal_is_shown_as_a_table_of_its_latest_events(output, book):
    written(book, ("snapshot", CHAIN), *[beat()] * 30)
    shown = output("journal", book)
    assert "status watching" in shown
    assert "block 9" not in shown
    assert "block 9" in output("journal", book, "--kind", "snapshot")
    assert len(output("journal", book, "--jsonl", "--last", "3").splitlines()) == 3


def test_events_are_filtered_by_kind_run_and_moment(output, call, book):
    written(book, ("snapshot", {}), beat())

    def seqs(*words):
        return [
            json.loads(e)["seq"]
            for e in output("journal", book, "--jsonl", *words).split("\n")
            if e
        ]

    assert seqs("--kind", "snapshot", "--kind", "run") == [1, 2]
    assert seqs("--run", "r1") == [1, 2, 3]
    assert seqs("--run", "r2") == []
    assert seqs("--since", "2026-11-30T12:00") == [1, 2, 3]
    assert seqs("--since", "2026-11-30T14:00:01+02:00") == []
    assert "--since is a moment" in call("journal", book, "--since", "noon").output
    assert "--kind is one of run," in call("journal", book, "--kind", "gift").output


def test_a_journal_is_verified_and_one_that_was_changed_is_bad_input(call, output, document, book):
    written(book, beat())
    assert "2 events are what was written, from event 1 on" in output("journal", book, "--verify")
    said = document("journal", book, "--verify")
    assert (said["events"], said["first"], len(said["hash"])) == (2, 1, 64)
    (file,) = journal_folder(book).glob("*.sqlite")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE event SET wall = 0 WHERE seq = 2")
    connection.commit()
    connection.close()
    done = call("journal", book, "--verify")
    assert done.exit_code == 2
    assert "event 2 is not what was written" in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--jsonl", "--csv"], "choose one of"),
        (["--verify", "--replay"], "choose one of"),
        (["--json"], "--json goes with --verify"),
    ],
)
def test_two_wishes_at_once_are_refused(call, book, words, says):
    written(book)
    done = call("journal", book, *words)
    assert done.exit_code == 2
    assert says in done.output


def test_a_journal_is_backed_up_and_the_copy_checked(output, document, book, tmp_path):
    written(book, beat())
    assert "2 events are what was written" in output("journal", book, "--backup", tmp_path / "to")
    assert document("journal", book, "--backup", tmp_path / "to")["events"] == 2


def test_a_book_without_a_journal_is_bad_input(call, book):
    done = call("journal", book)
    assert done.exit_code == 2
    assert "there is no journal in" in done.output


def test_a_journal_may_lie_elsewhere(output, book, tmp_path):
    with Journal.open(tmp_path / "other", run=Run(id="r9", mode="watch")):
        assert "r9" in output("journal", book, "--journal", tmp_path / "other", "--jsonl")
