"""What is not written down is not sent: killed at each point, on a full disk, on one that fails."""

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hedgecore.errors import JournalError
from hedgecore.live import journal_file
from hedgecore.live.journal import Journal, JournalReader, Run

HERE = Path(__file__).parent
POINTS = ("before", "inserting", "inserted", "intended", "half sent", "sent", "noted")
AFTER_INTENT = POINTS[2:]
DEATHS = list(itertools.product(POINTS, range(1, 6)))
ROUNDS = DEATHS * 3 if os.environ.get("HEDGECORE_NIGHT") else DEATHS[2::5]
"""105 deaths at night, 7 by day: each point is among them. `test_kills` kills the loop itself."""


def intents(folder):
    reader = JournalReader(folder / "live")
    return [each.body["id"] for each in reader.events(kinds=["intent"])]


def sent(folder):
    """Orders of which the venue has a byte; one whose number is missing was cut off."""
    if not (folder / "venue").exists():
        return []
    return (folder / "venue").read_text().splitlines()


@pytest.fixture(scope="module")
def reaper():
    """A process that leads children to their deaths: ``reaper(folder, point, order)``."""
    command = [sys.executable, str(HERE / "crashes.py")]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def led(*how):
            process.stdin.write(json.dumps(how) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield led
        process.stdin.close()


def test_each_point_of_an_order_is_among_the_deaths():
    assert {point for point, _ in ROUNDS} == set(POINTS)


@pytest.mark.parametrize(("point", "order"), ROUNDS)
def test_invariant_3_an_intent_is_durable_before_its_first_byte_is_sent(
    tmp_path, reaper, point, order
):
    assert reaper(str(tmp_path), point, order) == -9
    written, at_venue = intents(tmp_path), sent(tmp_path)
    last = order if point in AFTER_INTENT else order - 1
    assert written == [f"order-{n}" for n in range(1, last + 1)], "none is lost"
    whole = [each for each in at_venue if each != "order-"]
    assert set(whole) <= set(written), "none was sent that is not written down"
    noted = [each.body["id"] for each in JournalReader(tmp_path / "live").events(kinds=["sent"])]
    assert len(set(written) - set(noted)) <= 1, "one at most is in doubt"
    JournalReader(tmp_path / "live").verify()
    with Journal.open(tmp_path / "live", run=Run(mode="armed")) as journal:
        assert journal.append(1, "heartbeat", {}) == journal.head[0]
    JournalReader(tmp_path / "live").verify()


def halted_and_nothing_was_sent_since(folder, failures):
    """Check that from the first failure on all fails, and the venue has only what is durable."""
    first = failures[0]
    assert failures == list(range(first, failures[-1] + 1)), "a journal that failed stays failed"
    assert 1 < first < failures[-1]
    orders = {f"order-{n}" for n in range(1, first + 1)}
    assert set(sent(folder)) <= set(intents(folder)) <= orders
    JournalReader(folder / "live").verify()


def test_invariant_22_a_full_disk_halts_before_sending(tmp_path):
    with Journal.open(tmp_path, run=Run(mode="armed")) as journal:
        pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
        journal._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        for cycle in itertools.count():
            head = journal.head
            try:
                journal.append(cycle, "snapshot", {"pad": "x" * 900})
            except JournalError as error:
                assert "database or disk is full" in str(error)  # noqa: PT017 - at some cycle
                break
        journal._connection.execute(f"PRAGMA max_page_count = {pages + 99}")
        with pytest.raises(JournalError, match=r"has failed before: .*is full"):
            journal.append(1, "intent", {})
    chain = JournalReader(tmp_path).verify()
    assert (chain.head.seq, chain.head.hash.hex()) == head, "what returned is there"


def run_trader(folder, prelude="", **environment):
    """Trade 40 orders in a process of its own; the numbers of those that failed."""
    code = f"{prelude}\nimport sys\nsys.path.insert(0, sys.argv[1])\nimport crashes\n"
    code += "crashes.trade_until_it_fails(sys.argv[2], 40)"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, str(HERE), str(folder)],
        capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    return [int(line.split()[0]) for line in done.stdout.splitlines()], done.stdout


def test_invariant_22_a_file_that_may_not_grow_halts_before_sending(tmp_path):
    prelude = (
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))"
    )
    failures, _ = run_trader(tmp_path, prelude)
    halted_and_nothing_was_sent_since(tmp_path, failures)


@pytest.fixture(scope="module")
def failing_disk(tmp_path_factory):
    """A library that makes fsync fail, built here."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("a disk that fails needs a C compiler, on Linux")
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    command = [compiler, "-shared", "-fPIC", "-o", library, HERE / "failing_disk.c"]
    subprocess.run(command, check=True)  # noqa: S603
    return library


def test_invariant_22_an_fsync_that_fails_halts_before_sending(tmp_path, failing_disk):
    prelude = (
        "from hedgecore.live.journal import Journal\n"
        "append = Journal.append\n"
        "def failing(journal, cycle, kind, body):\n"
        f"    if (cycle, kind) == (7, 'intent'): open({str(tmp_path / 'fails')!r}, 'w').close()\n"
        "    return append(journal, cycle, kind, body)\n"
        "Journal.append = failing"
    )
    failures, said = run_trader(
        tmp_path, prelude, LD_PRELOAD=str(failing_disk), FSYNC_FAILS=str(tmp_path / "fails")
    )
    assert failures[0] == 7
    assert "disk I/O error" in said
    assert sent(tmp_path) == [f"order-{n}" for n in range(1, 7)]
    halted_and_nothing_was_sent_since(tmp_path, failures)


@pytest.mark.campaign
def test_each_event_is_synced_to_the_disk_before_append_returns(tmp_path, failing_disk):
    prelude = (
        "import os\n"
        "from hedgecore.live.journal import Journal\n"
        "append = Journal.append\n"
        "def counted(*given):\n"
        "    before = os.path.getsize(os.environ['FSYNC_COUNT'])\n"
        "    seq = append(*given)\n"
        "    assert os.path.getsize(os.environ['FSYNC_COUNT']) > before\n"
        "    return seq\n"
        "Journal.append = counted"
    )
    count = tmp_path / "count"
    failures, _ = run_trader(
        tmp_path, prelude, LD_PRELOAD=str(failing_disk), FSYNC_COUNT=str(count)
    )
    assert failures == []
    assert len(intents(tmp_path)) == 40


@pytest.mark.parametrize("statement", ["INSERT", "COMMIT"])
def test_invariant_22_a_month_that_cannot_be_begun_halts(tmp_path, monkeypatch, statement):
    now = [1.796e9]
    with Journal.open(tmp_path, run=Run(mode="armed"), wall=lambda: now[0]) as journal:

        def refused(connection, origin):  # noqa: ARG001 - as what it stands for
            raise sqlite3.OperationalError(f"disk I/O error at {statement}")

        monkeypatch.setattr(journal_file, "begin", refused)
        now[0] += 40 * 86400.0
        with pytest.raises(JournalError, match="disk I/O error"):
            journal.append(1, "intent", {})
        now[0] -= 40 * 86400.0
        with pytest.raises(JournalError, match="has failed before"):
            journal.append(1, "intent", {})
    assert JournalReader(tmp_path).verify().events == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM event",
        "INSERT INTO origin VALUES (9, x'')",
        "DROP TABLE event",
        "PRAGMA user_version = 9",
        "PRAGMA journal_mode = DELETE",
        "VACUUM",
    ],
)
def test_invariant_21_a_reader_cannot_change_a_journal(tmp_path, statement):
    with Journal.open(tmp_path, run=Run(mode="watch")) as journal:
        (path,) = journal_file.files(tmp_path)
        with (
            pytest.raises(JournalError, match=r"readonly|disk I/O error"),
            journal_file.connect_reader(path) as connection,
        ):
            connection.execute(statement)
        journal.append(1, "heartbeat", {})
    assert JournalReader(tmp_path).verify().events == 2


def test_invariant_21_a_reader_that_never_ends_blocks_no_writer(tmp_path):
    with Journal.open(tmp_path, run=Run(mode="watch")) as journal:
        (path,) = journal_file.files(tmp_path)
        with journal_file.connect_reader(path) as stuck:
            stuck.execute("BEGIN")
            assert stuck.execute("SELECT count(*) FROM event").fetchone() == (1,)
            for cycle in range(100):  # beyond where SQLite checkpoints by itself
                journal.append(cycle, "snapshot", {"pad": "x" * 50_000})
            assert stuck.execute("SELECT count(*) FROM event").fetchone() == (1,)
    assert JournalReader(tmp_path).verify().events == 101


def test_invariant_21_a_reader_that_stops_in_the_middle_holds_nothing(tmp_path):
    with Journal.open(tmp_path, run=Run(mode="watch")) as journal:
        events = journal.events()
        assert next(events).seq == 1
        (path,) = journal_file.files(tmp_path)
        with contextlib.closing(sqlite3.connect(path, timeout=0)) as other:
            (busy, *_) = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0, "no transaction of a reader is open"
        assert next(events, None) is None


def test_a_reader_follows_a_journal_that_is_written(tmp_path):
    with Journal.open(tmp_path, run=Run(mode="watch")) as journal:
        events = journal.events(kinds=["heartbeat"])
        for cycle in range(1, 5):
            journal.append(cycle, "heartbeat", {})
            assert next(events).cycle == cycle
        assert list(events) == []
