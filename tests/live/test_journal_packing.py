"""Bodies in a file: the first of each kind as it is, later ones as what differs from it."""

import contextlib
import json
import sqlite3

import pytest

from hedgecore.errors import JournalError
from hedgecore.live.journal import Journal, JournalReader, Run
from hedgecore.live.journal_packing import LONGEST, SPOILT, pack, unpack

BODY = json.dumps({"accounts": {name: [f"{name}-{n}" for n in range(40)] for name in "abcdef"}})
LATER = BODY.replace("a-7", "a-70")
FILLER = "x" * 200


@pytest.mark.parametrize("text", [LATER, "", "{}", "é" * 90_000, BODY, FILLER * 1000])
@pytest.mark.parametrize("first", [BODY, "", "{}", FILLER, "è" * 90_000, None])
def test_a_body_comes_back_as_it_was(text, first):
    stored = pack(text, first)
    assert unpack(stored, first) == text
    assert len(stored) <= len(text)


def test_of_a_body_that_is_much_like_the_first_little_is_stored():
    assert isinstance(pack(BODY, None), str)
    assert len(pack(LATER, BODY)) < len(BODY) / 20


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (pack(LATER, BODY)[:-3], BODY),
        (b"", BODY),
        (b"no zlib", BODY),
        (pack(LATER, BODY), BODY.replace("b-1", "b-2")),
        (pack(LATER, BODY), None),
        (pack(LATER, BODY), b"packed"),
        (pack("x" * (LONGEST + 1), "y"), "y"),
    ],
)
def test_a_body_that_was_changed_or_whose_first_one_was_is_none(body, first):
    assert unpack(body, first) == SPOILT


def journal(folder, count):
    with Journal.open(folder, run=Run(id="r", mode="paper"), wall=lambda: 1.8e9) as made:
        for number in range(count):
            made.append(number, "snapshot", {"number": number, "same": json.loads(BODY)})
    return JournalReader(folder), next(folder.glob("*.sqlite"))


def test_a_journal_packs_what_it_repeats_and_its_chain_is_of_the_texts(tmp_path):
    reader, file = journal(tmp_path, 50)
    assert [e.body["number"] for e in reader.events(kinds=["snapshot"])] == list(range(50))
    assert reader.verify().events == 51
    with contextlib.closing(sqlite3.connect(file)) as raw:
        kinds = raw.execute("SELECT typeof(body), count(*) FROM event GROUP BY 1").fetchall()
        (stored,) = raw.execute("SELECT sum(length(body)) FROM event").fetchone()
    assert dict(kinds) == {"text": 2, "blob": 49}
    assert stored < 4 * len(BODY)


@pytest.mark.parametrize("seq", [2, 3, 51])
def test_a_first_or_a_later_body_that_was_changed_is_found(tmp_path, seq):
    reader, file = journal(tmp_path, 50)
    with contextlib.closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE event SET body = '{}' WHERE seq = ?", (seq,))
    with pytest.raises(JournalError, match=f"event {seq} is not what was written after {seq - 1}"):
        reader.verify()


def test_a_journal_of_the_format_before_is_read_and_gone_on_with(tmp_path):
    reader, file = journal(tmp_path, 1)
    with contextlib.closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA user_version = 1")
    journal(tmp_path, 3)
    assert reader.verify().events == 6
    assert [e.body["number"] for e in reader.events(kinds=["snapshot"])] == [0, 0, 1, 2]
