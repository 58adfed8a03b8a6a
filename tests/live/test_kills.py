"""The loop, killed at each of a cycle's points: an intent is durable before its first byte is sent.

Then it is started again, and the hedge is what it would have been: no order was lost, and none was
sent twice.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hedgecore.live.journal import JournalReader, journal_folder
from hedgecore.tables.atomic_write import save
from live_world import tables

pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")
pytest.importorskip("hedgecore_derivatives", reason="the hedge is its contract")

HALVES = [n / 2 for n in range(2, 68)]
"""Before and after each effect of a run that opens a hedge; a few more than there are."""
DEATHS = [(0, when) for when in HALVES] + [(1, when) for when in HALVES[:28]]
"""Looks before, that were left to end, and the effect at which a run is killed."""
POINTS = DEATHS if os.environ.get("HEDGECORE_NIGHT") else DEATHS[1:60:4]
"""94 at night, 15 by day."""


@pytest.fixture(scope="module")
def reaper():
    """A process that leads loops to their deaths: ``reaper(folder, effect)``."""
    command = [sys.executable, str(Path(__file__).parent / "crashing_loop.py")]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def led(folder, when):
            process.stdin.write(json.dumps([str(folder), when]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield led
        process.stdin.close()


@pytest.fixture
def folder(tmp_path):
    """A folder with a book that is hedged at a venue."""
    save(tables(), tmp_path / "book.toml")
    return tmp_path


def sent(folder):
    """Client ids that the venue was sent, in order."""
    ids = folder / "venue.ids"
    return ids.read_text().split() if ids.exists() else []


def intended(folder):
    """Client ids that are written down."""
    reader = JournalReader(journal_folder(folder / "book.toml"))
    found = reader.events(kinds=["intent"])
    return [each.body["order"]["receipt"]["intent"]["client_id"] for each in found]


def test_the_points_are_all_that_a_run_has(folder, reaper):
    code, effects = reaper(folder, None)
    assert code == 0
    assert HALVES[-1] - 4 < int(effects) <= HALVES[-1]
    assert len(sent(folder)) == 1


@pytest.mark.parametrize(("looks", "when"), POINTS)
@pytest.mark.sample(8)
def test_invariant_3_an_intent_is_durable_before_its_first_byte_is_sent(
    folder, reaper, looks, when
):
    for _ in range(looks):
        assert reaper(folder, None)[0] == 0
    code, _ = reaper(folder, when)
    assert code in {-9, 0}, "0 where the run was over before"
    assert set(sent(folder)) <= set(intended(folder))
    JournalReader(journal_folder(folder / "book.toml")).verify()
    for _ in range(2):
        assert reaper(folder, None)[0] == 0
    assert len(sent(folder)) == 1, "the hedge was opened once"
    assert set(sent(folder)) <= set(intended(folder))
    JournalReader(journal_folder(folder / "book.toml")).verify()
