"""Keys that an exchange quotes back, in whichever answer: they are shown nowhere."""

from __future__ import annotations

import json
from traceback import TracebackException, format_exception

import pytest
from exchanges.places import ACCOUNTS

import hedgecore as hc

pytestmark = pytest.mark.parametrize("place", ACCOUNTS, indirect=True, ids=lambda its: its.name)


def quoted(words):
    """Answers with words in each place where an exchange may say some: status and text."""
    fine = {"result": 1, "serverTime": 1, "code": "0"}
    mode = {"ts": "1", "uid": words, "acctLv": words, "posMode": words}
    said = [
        (400, {"error": {"code": 10009, "message": words}, "code": -2015, "msg": words}),
        (401, {"code": "50113", "msg": words, "data": []}),
        (200, {"code": words, "msg": words, "data": words, "result": words, "serverTime": words}),
        (200, {**fine, "uid": words, "data": [mode]}),
        (200, [words]),
    ]
    texts = [(200, f"<html>{words}</html>"), (500, words), (403, words)]
    return [*texts, *((status, json.dumps(each)) for status, each in said)]


@pytest.mark.parametrize("number", range(8))
def test_a_key_that_an_answer_quotes_is_in_no_error_log_or_local(
    place, bench, server, caplog, number
):
    keys = [each.reveal() for each in bench.secrets]
    server[0].answer = lambda _: quoted(" ".join(keys))[number]
    with caplog.at_level("DEBUG"), pytest.raises(hc.VenueError) as caught:
        place.venue(url=server[1]).open()
    frames = TracebackException.from_exception(caught.value, capture_locals=True).stack[1:]
    told = [*format_exception(caught.value), caplog.text, *(str(each.locals) for each in frames)]
    assert not [key for key in keys for text in told if key in text]


@pytest.mark.parametrize("flags", [[], ["--verbose"]], ids=["plain", "verbose"])
def test_a_key_that_an_answer_quotes_is_not_printed(place, bench, server, tmp_path, flags):
    typer = pytest.importorskip("typer.testing")
    from hedgecore.cli.app import program  # noqa: PLC0415

    keys = [each.reveal() for each in bench.secrets]
    venue, book = hc.spec_of(place.venue(url=server[1])), tmp_path / "book.toml"
    lines = [f"{name} = {json.dumps(each)}" for name, each in venue.items()]
    book.write_text("\n".join(["[venues.mine]", *lines]))
    words = [*flags, "read", "--account", "mine", "--merge", str(book), "--book", str(book)]
    for answer in quoted(" ".join(keys)):
        server[0].answer = lambda _, answer=answer: answer
        done = typer.CliRunner().invoke(program(), words)
        assert done.exit_code == 2, done.output
        assert not [key for key in keys if key in done.output]
