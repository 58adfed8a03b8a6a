"""What a backtest says of payments: how many, how far apart, and what is unknown."""

import numpy as np
import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("hedgecore_derivatives")
pytest.importorskip("hedgecore_uniswap_v3")

import runs
from books import written
from payments import HOUR, LAYOUTS, every, file, walk


def report(document, folder, seconds, payments=None, *, head="time,price", rows=None):
    """Return the document of a backtest of a range and a perpetual, short at the start."""
    text = runs.BOOK.replace("WETH", "BTC").replace("ETH-PERP", "P")
    book = written(folder, text + '[simulation.policy]\nkind = "never"\nat_start = true\n')
    prices = walk(len(seconds))
    rows = rows or zip(seconds, prices, strict=True)
    words = ["--prices", file(folder, "prices.csv", head, rows)]
    if payments:
        words += ["--funding", file(folder, "rates.csv", "time,rate", payments)]
    return document("backtest", book, *words)


SAID = {
    "daily rows, each 8 h": "P: 21 payments, 8 h apart, 14 between rows, at the price last known.",
    "hourly rows, each 8 h": "P: 21 payments, 8 h apart, each at a row.",
    "from each 8 h to 4 h to 1 h": (
        "P: 90 payments, 1 to 8 h apart, 83 between rows, at the price last known."
    ),
    "a gap in payments of 2 days": "P: 15 payments, 8 to 56 h apart, each at a row.",
}


@pytest.mark.parametrize("name", SAID)
def test_a_report_says_how_many_payments_were_made_and_how_far_apart(document, tmp_path, name):
    seconds, payments = LAYOUTS[name]
    given = report(document, tmp_path, seconds, payments)
    assert f"Funding of {SAID[name]}" in given["notes"]
    count = given["payments"]["P"]
    assert count["payments"] == len(payments)
    gaps = [note for note in given["notes"] if note.startswith("Gaps in payments, 1: rates.csv")]
    assert bool(gaps) == (count["most_hours"] == 56.0)


def test_a_perpetual_left_at_its_rule_says_so_too(document, tmp_path):
    seconds = every(6 * HOUR, 7)
    given = report(document, tmp_path, seconds)
    assert given["payments"]["P"] == {
        "payments": 21, "least_hours": 8.0, "most_hours": 8.0, "between": 14,
    }  # fmt: skip


def test_a_column_that_changes_more_often_than_is_paid_is_said(document, tmp_path):
    seconds = every(HOUR, 3)
    rates = np.random.default_rng(0).normal(1e-4, 1e-4, len(seconds)).round(8).tolist()
    rows = list(zip(seconds, walk(len(seconds)), rates, strict=True))
    notes = report(document, tmp_path, seconds, head="time,price,funding", rows=rows)["notes"]
    assert any("column of funding changes 72 times, and P pays 9 times" in note for note in notes)
    steady = [(s, p, 1e-4) for s, p, _ in rows]
    notes = report(document, tmp_path, seconds, head="time,price,funding", rows=steady)["notes"]
    assert not any("column of funding" in note for note in notes)


def test_volume_over_a_gap_is_said_to_be_unknown(document, tmp_path):
    seconds = every(HOUR, 2, but=[(0.5, 1)])
    rows = [(s, 2000, 600) for s in seconds]
    notes = report(document, tmp_path, seconds, head="time,price,volume", rows=rows)["notes"]
    said = "Volume of BTC is unknown over the gaps, 11 rows: the fees of these are left out."
    assert said in notes
