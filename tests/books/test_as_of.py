"""`as_of`: the moment of a book's prices, and their age by a clock that is given."""

from datetime import UTC, datetime, timedelta

import pytest

import hedgecore as hc
from books import written

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ROWS = {"prices": {"WETH": 2000.0}, "numeraire": "USD"}


@pytest.mark.parametrize(
    ("stated", "age"),
    [
        ("2026-11-27T12:00:00Z", timedelta(days=3)),
        ('"2026-11-27T12:00:00Z"', timedelta(days=3)),
        ("2026-11-30T13:00:00+02:00", timedelta(hours=1)),
        ("2026-11-30T11:59:00", timedelta(minutes=1)),
        ("2026-11-29", timedelta(hours=36)),
    ],
)
def test_a_date_time_of_toml_and_its_text_are_one_moment(tmp_path, stated, age):
    book = hc.Book.load(written(tmp_path, f"as_of = {stated}\n[prices]\nWETH = 2000.0\n"))
    assert book.age(NOW) == age


def test_a_book_that_does_not_say_has_no_age():
    book = hc.Book.from_tables(ROWS)
    assert book.age(NOW) is None
    assert book.age_warning(NOW) is None


@pytest.mark.parametrize("given", ["yesterday", 3, "2026-13-01", True, None])
def test_what_is_no_moment_is_refused_by_its_field(given):
    with pytest.raises(hc.SpecError, match="as_of: must be a date-time"):
        hc.Book.from_tables({**ROWS, "as_of": given})


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(hours=23), None),
        (timedelta(days=1), "prices are 1 day old"),
        (timedelta(days=3, hours=5), "prices are 3 days old"),
        (timedelta(minutes=-1), None),
        (timedelta(hours=-1), "prices are of the future"),
    ],
)
def test_prices_are_said_to_be_old_from_a_day_on(ago, words):
    found = hc.Book.from_tables({**ROWS, "as_of": (NOW - ago).isoformat()}).age_warning(NOW)
    assert found is None if words is None else found.startswith(words)
