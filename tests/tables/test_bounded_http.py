"""Requests by the clients of others end in time, and with an answer of a size that can be read."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from hedgecore.tables import bounded_http
from hedgecore.tables.bounded_http import bound_session


class Answer(nullcontext):
    """A response of `requests` that comes in pieces, each some seconds after the one before."""

    def __init__(self, pieces, clock, seconds):
        super().__init__()
        self.pieces, self.clock, self.seconds = pieces, clock, seconds

    def iter_content(self, size):  # noqa: ARG002
        for each in self.pieces:
            self.clock.append(self.clock[-1] + self.seconds)
            yield each


@pytest.fixture
def send(monkeypatch):
    """Send of a session whose requests end within ten seconds, to a server that is slow."""
    clock, asked = [0.0], []
    monkeypatch.setattr(bounded_http, "monotonic", lambda: clock[-1])

    def sent(pieces, seconds=0.0):
        def plain(request, **options):
            asked.append((request, options))
            return Answer(pieces, clock, seconds)

        session = SimpleNamespace(adapters={"https://": SimpleNamespace(send=plain)})
        bound_session(session, 10.0)
        assert session.max_redirects == 0
        return session.adapters["https://"].send("request", timeout=None, stream=False, verify=True)

    sent.asked = asked
    return sent


def test_an_answer_is_read_in_full_as_it_is_asked_for(send):
    assert send([b'{"a', b'": 1}'])._content == b'{"a": 1}'
    assert send.asked == [("request", {"timeout": 10.0, "stream": True, "verify": True})]


def test_a_byte_now_and_then_is_no_answer(send):
    """The timeout of `requests` is that of each piece."""
    with pytest.raises(TimeoutError):
        send([b"x"] * 4, seconds=3.0)
    assert send([b"x"] * 3, seconds=3.0)._content == b"xxx"


def test_an_answer_without_an_end_is_none(send, monkeypatch):
    monkeypatch.setattr(bounded_http, "MOST_BYTES", 3)
    assert send([b"ab", b"c"])._content == b"abc"
    with pytest.raises(TimeoutError):
        send([b"ab", b"cd"])


def test_an_answer_that_is_nested_too_deeply_is_none_and_one_that_is_no_json_is_one(send):
    with pytest.raises(ValueError, match="nested deeper than 500 levels"):
        send([b"[" * 600])
    assert send([b"<html>"])._content == b"<html>"
