"""`--verbose`: lines with times on stderr, and standard output as it is."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

pytest.importorskip("typer")
pytest.importorskip("hedgecore_uniswap_v3", reason="the book is of its pools")

from books import BOOK
from hedgecore.cli.terminal import clock

START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.fixture
def seconds(monkeypatch):
    """A clock that goes on by a second whenever it is read."""
    ticks = count()
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(seconds=next(ticks)))


@pytest.mark.usefixtures("seconds")
def test_start_and_end_are_logged_and_output_is_as_without(call):
    plain, done = call("hedge", BOOK, "--json"), call("hedge", BOOK, "--json", "--verbose")
    assert done.stdout == plain.stdout
    first, *_, last = done.stderr.splitlines()
    assert first == "2026-11-30T01:00:02+00:00 hedgecore hedge: begins"
    assert "hedgecore hedge: ends with exit code 0 after" in last
    times = [datetime.fromisoformat(line.partition(" ")[0]) for line in done.stderr.splitlines()]
    assert times == sorted(times)


@pytest.mark.usefixtures("seconds")
def test_an_error_has_its_time_and_secrets_are_not_logged(call):
    done = call("--verbose", "hedge", "nowhere.toml", "--held", "https://node.example/key")
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert all(line.startswith("2026-11-30T01:00:") for line in lines)
    assert "exit code 2" in lines[-1]
    assert "key" not in done.stderr
