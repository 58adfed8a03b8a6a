"""`hedgecore performance`: the same numbers as a table, as JSON and as a picture."""

import pytest

from books import written

pytest.importorskip("hedgecore_derivatives", reason="the book holds its kinds")

BOOK = """
numeraire = "USD"
as_of = 2026-07-01
[prices]
ETH = 2000.0
[[position]]
name = "coins"
kind = "spot"
asset = "ETH"
amount = 2.0
[[flow]]
date = 2026-01-01
asset = "ETH"
amount = 2.0
"""
PRICES = "date,price\n2025-12-30,1500\n2025-12-31,1600\n2026-01-02,1700\n2026-01-03,1800\n"


@pytest.fixture
def book(tmp_path):
    return written(tmp_path, BOOK)


@pytest.fixture
def history(tmp_path):
    path = tmp_path / "eth.csv"
    path.write_text(PRICES)
    return path


def test_a_history_prices_flows_by_the_last_row_before_them(document, book, history):
    found = document("performance", book, "--prices", history, "--asset", "ETH")
    assert found["total"]["deposited"] == 2 * 1600
    assert found["total"]["net"] == 2 * 400


def test_without_a_price_the_net_is_unknown_and_the_table_says_what_to_do(output, book):
    said = " ".join(output("performance", book).split())
    assert "Net unknown" in said
    assert "price of ETH at the capital of 2026-01-01 is unknown: give price there" in said


def test_a_history_needs_to_know_whose_it_is(call, book, history):
    refused = call("performance", book, "--prices", history)
    assert (refused.exit_code, "--asset: one of ETH" in refused.stderr) == (2, True)


def test_a_history_that_begins_too_late_is_refused(call, book, history):
    history.write_text("date,price\n2026-01-02,1\n2026-01-03,1\n2026-01-04,1\n")
    refused = call("performance", book, "--prices", history, "--asset", "ETH")
    assert (refused.exit_code, "begins after the flow" in " ".join(refused.stderr.split())) == (
        2, True,
    )  # fmt: skip


def test_it_is_drawn(call, book, tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "performance.png"
    assert call("performance", book, "--plot", picture).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_price_that_contradicts_the_history_is_refused_or_said(call, tmp_path, history, document):
    """On 1 January the history says 1600."""
    priced = BOOK + "price = {}\n"
    turned = written(tmp_path, priced.format(4200.0), "twice.toml")
    found = document("performance", turned, "--prices", history, "--asset", "ETH")
    assert "its price is 4200, and the history says 1600" in found["warnings"][-1]
    other = written(tmp_path, priced.format(160_000.0), "cents.toml")
    refused = call("performance", other, "--prices", history, "--asset", "ETH")
    assert (refused.exit_code, "10^2 times the market" in " ".join(refused.stderr.split())) == (
        2, True,
    )  # fmt: skip
    near = written(tmp_path, priced.format(1650.0), "near.toml")
    found = document("performance", near, "--prices", history, "--asset", "ETH")
    assert not any("history" in each for each in found["warnings"])
