"""Progress off a terminal: a line once it takes a while, then once a minute, with what is left."""

import pytest

pytest.importorskip("rich")

from hedgecore.cli.terminal.progress import ProgressLines


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lines(clock):
    return ProgressLines("Simulating", clock)


def told(lines, clock, capsys, *looks):
    for at, done in looks:
        clock.now = 100.0 + at
        lines(done, 10)
    return capsys.readouterr().err.splitlines()


def test_what_is_short_says_nothing(lines, clock, capsys):
    assert told(lines, clock, capsys, (1, 2), (5, 5), (9.9, 9), (9.99, 10)) == []


def test_what_is_long_says_at_first_and_then_once_a_minute_how_long_it_takes(lines, clock, capsys):
    looks = ((5, 1), (12, 2), (40, 4), (71, 6), (73, 7), (140, 9))
    assert told(lines, clock, capsys, *looks) == [
        "Simulating: 2 of 10 done in 12 s, about 48 s left.",
        "Simulating: 7 of 10 done in 73 s, about 31 s left.",
        "Simulating: 9 of 10 done in 140 s, about 16 s left.",
    ]


def test_the_end_is_no_news_and_nothing_done_has_no_estimate(lines, clock, capsys):
    assert told(lines, clock, capsys, (50, 0), (130, 10)) == []
