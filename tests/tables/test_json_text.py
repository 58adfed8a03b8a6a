"""JSON from outside is bounded in depth by us, whatever limit the process has."""

import sys
from contextlib import contextmanager

import pytest

import hedgecore as hc
from hedgecore.tables.files import read_tables
from hedgecore.tables.json_text import MOST_LEVELS, parse_json


@contextmanager
def recursion_limit(most):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(most)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_deep_nesting_is_refused_where_a_library_has_raised_the_limit(opening, tmp_path):
    """py_ecc 8.0.0, which every signer of Ethereum's imports, raises it to 100 000."""
    text = opening * 2 * MOST_LEVELS
    file = tmp_path / "book.json"
    file.write_text(text)
    with recursion_limit(100_000):
        with pytest.raises(ValueError, match="deeper than 500 levels"):
            parse_json(text)
        with pytest.raises(hc.SpecError, match="nested deeper"):
            read_tables(file)


@pytest.mark.parametrize(
    "text",
    [
        '["' + "[" * 2000 + '"]',
        "[" + "[]," * 2000 + "[]]",
        '{"a": "\\"' + "{" * 2000 + '"}',
        "[" * (MOST_LEVELS - 1) + "]" * (MOST_LEVELS - 1),
    ],
)
def test_what_is_shallow_is_read(text):
    assert parse_json(text) == parse_json(text.encode()) != []


def test_a_text_that_does_not_end_is_no_json():
    with pytest.raises(ValueError, match="Unterminated"):
        parse_json("[" * MOST_LEVELS + '"' + "[" * 2000)
