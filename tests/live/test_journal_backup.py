"""A journal is copied while it is written; the copy is a journal, in one chain."""

import sqlite3
from datetime import UTC, datetime

import pytest

from hedgecore.errors import JournalError
from hedgecore.live.backup import back_up
from hedgecore.live.journal import Journal, JournalReader, Run

NOVEMBER = datetime(2026, 11, 30, 23, tzinfo=UTC).timestamp()


@pytest.fixture
def journal(tmp_path):
    """A journal of two months that is open, and its clock."""
    now = [NOVEMBER]
    with Journal.open(tmp_path / "live", run=Run(mode="watch"), wall=lambda: now[0]) as made:
        made.append(1, "heartbeat", {})
        now[0] += 7200.0
        made.append(2, "heartbeat", {})
        yield made


def test_a_copy_taken_while_it_is_written_has_all_that_was_appended(tmp_path, journal):
    chain = back_up(tmp_path / "live", tmp_path / "copy")
    assert (chain.head.seq, chain.head.hash.hex()) == journal.head
    assert list(JournalReader(tmp_path / "copy").events()) == list(journal.events())


def test_a_copy_goes_on_and_leaves_months_that_are_over_as_they_are(tmp_path, journal):
    copy = tmp_path / "copy"
    back_up(tmp_path / "live", copy)
    before = {each.name: each.stat().st_ino for each in copy.iterdir()}
    journal.append(3, "heartbeat", {})
    assert back_up(tmp_path / "live", copy).head.seq == journal.head[0]
    after = {each.name: each.stat().st_ino for each in copy.iterdir()}
    assert before["2026-11.sqlite"] == after["2026-11.sqlite"]
    assert before["2026-12.sqlite"] != after["2026-12.sqlite"]
    assert set(before) == set(after), "nothing else is left there"


def test_a_copy_that_was_changed_is_told(tmp_path, journal):  # noqa: ARG001 - it is open
    copy = tmp_path / "copy"
    back_up(tmp_path / "live", copy)
    connection = sqlite3.connect(copy / "2026-11.sqlite")
    connection.execute("UPDATE event SET wall = 0 WHERE seq = 1")
    connection.commit()
    connection.close()
    with pytest.raises(JournalError, match="event 1 is not what was written"):
        back_up(tmp_path / "live", copy)


def test_a_place_that_cannot_be_written_is_an_error(tmp_path, journal):  # noqa: ARG001
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="file"):
        back_up(tmp_path / "live", tmp_path / "file")


def test_a_folder_without_a_journal_is_an_error(tmp_path):
    with pytest.raises(JournalError, match="holds no journal"):
        back_up(tmp_path / "nowhere", tmp_path / "copy")
