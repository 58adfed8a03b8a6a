"""The journal: durable before `append` returns, chained, turned by month, read without a trace."""

import itertools
import json
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hedgecore import Secret
from hedgecore.errors import JournalError
from hedgecore.interfaces.orders import Intent
from hedgecore.live import journal_reader
from hedgecore.live.journal import Journal, JournalReader, Run, journal_folder
from hedgecore.live.records import from_plain

NOVEMBER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC).timestamp()
RUN = Run(id="r1", mode="paper", versions={"hedgecore": "0.1.0"}, every_seconds=12.0)
INTENT = Intent(
    client_id="r1-1", symbol="P", contracts=Decimal("0.10"), limit_price=Decimal(3), expires=9.0
)


class Clock:
    """A clock that is set."""

    def __init__(self, now=NOVEMBER):
        self.now = now

    def __call__(self):
        return self.now


def opened(folder, clock=None, **options):
    ticks = itertools.count()
    return Journal.open(
        folder, run=RUN, wall=clock or Clock(), mono=lambda: float(next(ticks)), **options
    )


def filled(folder, count=3, clock=None):
    """A journal with so many snapshots after its run, closed."""
    with opened(folder, clock) as journal:
        for cycle in range(1, count + 1):
            journal.append(cycle, "snapshot", {"at": cycle})
    return JournalReader(folder)


def changed(folder, statement, *given):
    """Change the latest file of a journal behind its back."""
    path = max(folder.glob("*.sqlite"))
    with sqlite3.connect(path) as connection:
        connection.execute(statement, given)
    connection.close()


def test_what_is_appended_is_read_back_as_it_was(tmp_path):
    with opened(tmp_path / "new" / "book.live") as journal:
        assert journal.append(1, "intent", {"intent": INTENT, "why": "delta"}) == 2
        first, second = journal.events()
        assert (first.kind, first.cycle, first.run) == ("run", 0, "r1")
        assert from_plain(first.body, Run) == RUN
        assert (second.seq, second.wall, second.cycle) == (2, NOVEMBER, 1)
        assert from_plain(second.body["intent"], Intent) == INTENT
        assert second.body["why"] == "delta"


def test_a_journal_goes_on_where_it_ended(tmp_path):
    filled(tmp_path, 2)
    reader = filled(tmp_path, 1)
    assert [each.seq for each in reader.events()] == [1, 2, 3, 4, 5]
    assert [each.kind for each in reader.events(after=3)] == ["run", "snapshot"]
    assert [each.seq for each in reader.events(kinds=["run"])] == [1, 4]


def test_the_latest_event_of_a_kind_is_found_across_months(tmp_path):
    reader = filled(tmp_path, 2)
    clock = Clock(NOVEMBER + 3600.0)
    with opened(tmp_path, clock) as journal:
        assert journal.last("snapshot").seq == 2 + 1
        assert journal.last().kind == "run"
    assert reader.last("halted") is None
    assert reader.last("heartbeat", "run").seq == 4


def test_many_pages_of_events_are_read_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(journal_reader, "PAGE", 7)
    reader = filled(tmp_path, 30)
    assert [each.seq for each in reader.events()] == list(range(1, 32))
    assert reader.verify().events == 31


def test_a_new_month_has_a_file_of_its_own_in_one_chain(tmp_path):
    clock = Clock()
    with opened(tmp_path, clock) as journal:
        journal.append(1, "snapshot", {})
        clock.now += 120.0
        assert journal.append(2, "snapshot", {}) == 3
        clock.now += 40 * 86400.0
        assert journal.append(3, "snapshot", {}) == 4
        head = journal.head
    assert [each.name for each in sorted(tmp_path.glob("*.sqlite"))] == [
        "2026-11.sqlite", "2026-12.sqlite", "2027-01.sqlite",
    ]  # fmt: skip
    chain = JournalReader(tmp_path).verify()
    assert (chain.events, chain.first, chain.head.seq) == (4, 1, 4)
    assert (chain.head.seq, chain.head.hash.hex()) == head


def test_invariant_23_a_clock_that_jumps_back_over_a_month_changes_nothing(tmp_path):
    clock = Clock(NOVEMBER + 120.0)
    with opened(tmp_path, clock) as journal:
        clock.now -= 3600.0
        journal.append(1, "snapshot", {})
    assert [each.name for each in tmp_path.glob("*.sqlite")] == ["2026-12.sqlite"]
    with opened(tmp_path, clock) as journal:
        journal.append(1, "snapshot", {})
    assert [each.name for each in tmp_path.glob("*.sqlite")] == ["2026-12.sqlite"]
    assert JournalReader(tmp_path).verify().events == 4


@pytest.mark.parametrize("now", [1e300, float("nan"), -1e18])
def test_a_clock_that_tells_no_moment_is_a_journal_error(tmp_path, now):
    clock = Clock()
    with opened(tmp_path, clock) as journal:
        clock.now = now
        with pytest.raises(JournalError):
            journal.append(1, "snapshot", {})
    assert JournalReader(tmp_path).verify().events == 1


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE event SET body = '{\"at\":7}' WHERE seq = 3", "event 3 is not what was written"),
        ("UPDATE event SET kind = 'halted' WHERE seq = 2", "event 2 is not"),
        ("UPDATE event SET wall = wall + 1 WHERE seq = 4", "event 4 is not"),
        ("DELETE FROM event WHERE seq = 3", "event 4 is not what was written after 2"),
        (
            "INSERT INTO event SELECT seq - 4, run, cycle, wall, mono, kind, body, hash FROM event",
            "events before the first",
        ),
        ("UPDATE event SET seq = 9 WHERE seq = 4", "event 9 is not"),
    ],
)
def test_an_event_that_was_changed_is_found(tmp_path, statement, says):
    reader = filled(tmp_path)
    reader.verify()
    changed(tmp_path, statement)
    with pytest.raises(JournalError, match=says):
        reader.verify()


def test_a_month_that_is_missing_or_was_cut_short_is_found(tmp_path):
    clock = Clock()
    reader = filled(tmp_path, 2, clock)
    clock.now += 3600.0
    filled(tmp_path, 2, clock)
    november, _ = sorted(tmp_path.glob("*.sqlite"))
    with sqlite3.connect(november) as connection:
        connection.execute("DELETE FROM event WHERE seq = 3")
    connection.close()
    with pytest.raises(JournalError, match="event 4 does not follow event 2"):
        reader.verify()
    november.unlink()
    assert reader.verify()[:2] == (3, 4), "the oldest may be archived: the rest is a chain"


def test_the_end_that_was_cut_off_is_told_by_the_head_that_was_kept(tmp_path):
    with opened(tmp_path) as journal:
        journal.append(1, "snapshot", {})
        head = journal.head
    changed(tmp_path, "DELETE FROM event WHERE seq = 2")
    chain = JournalReader(tmp_path).verify()
    assert (chain.head.seq, chain.head.hash.hex()) != head


def test_a_last_event_that_was_changed_is_not_gone_on_from(tmp_path):
    filled(tmp_path)
    changed(tmp_path, "UPDATE event SET body = '{}' WHERE seq = 4")
    with pytest.raises(JournalError, match="event 4 is not what was written"):
        opened(tmp_path)


def test_a_file_that_was_never_finished_is_begun_again(tmp_path):
    filled(tmp_path, 2)
    (tmp_path / "2026-12.sqlite").touch()
    assert JournalReader(tmp_path).verify().events == 3
    with opened(tmp_path, Clock(NOVEMBER + 3600.0)) as journal:
        assert journal.head[0] == 4
    assert JournalReader(tmp_path).verify().events == 4


def test_a_format_of_another_version_is_refused(tmp_path):
    reader = filled(tmp_path)
    changed(tmp_path, "PRAGMA user_version = 3")
    with pytest.raises(JournalError, match="has format 3; this hedgecore reads 1 to 2"):
        list(reader.events())
    with pytest.raises(JournalError, match="has format 3"):
        opened(tmp_path)


def test_what_is_no_event_is_refused_and_harms_nothing(tmp_path):
    with opened(tmp_path) as journal:
        with pytest.raises(JournalError, match="'gift' is no kind of event"):
            journal.append(1, "gift", {})
        with pytest.raises(JournalError, match="a function is not written down"):
            journal.append(1, "snapshot", {"f": opened})
        assert journal.append(1, "snapshot", {"text": "“\ud800–"}) == 2
    assert JournalReader(tmp_path).verify().events == 2


def test_a_folder_without_a_journal_has_no_events(tmp_path):
    assert list(JournalReader(tmp_path).events()) == []
    assert JournalReader(tmp_path / "nowhere").last() is None
    with pytest.raises(JournalError, match="holds no journal"):
        JournalReader(tmp_path).verify()


def test_a_folder_that_cannot_be_is_a_journal_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match=r"File exists|Not a directory"):
        opened(tmp_path / "file")


def test_the_journal_of_a_book_lies_beside_it(tmp_path):
    assert journal_folder(tmp_path / "book.toml") == tmp_path / "book.live"


def test_invariant_10_a_second_writer_breaks_neither_the_chain_nor_the_first(tmp_path):
    with opened(tmp_path) as one, opened(tmp_path) as other:
        other.append(1, "snapshot", {})
        with pytest.raises(JournalError, match="UNIQUE"):
            one.append(1, "snapshot", {})
        with pytest.raises(JournalError, match="has failed before"):
            one.append(1, "heartbeat", {})
    assert JournalReader(tmp_path).verify().events == 3


def test_invariant_24_no_secret_is_in_the_files_whatever_a_message_quotes(tmp_path):
    key = 'https://node.example/v2/"canary"'
    with opened(tmp_path, secrets=[Secret(key), Secret("0")]) as journal:
        journal.append(1, "alert", {"text": f"GET {key}: refused", "rows": [key, 0.5]})
        (event,) = journal.events(after=1)
        with pytest.raises(JournalError):
            journal.append(1, "alert", {"key": Secret(key)})
    assert event.body == {"text": "GET Secret(…): refused", "rows": ["Secret(…)", 0.5]}
    assert not [each for each in tmp_path.iterdir() if b"canary" in each.read_bytes()]
    assert "canary" not in repr(journal) + json.dumps(event.body)
