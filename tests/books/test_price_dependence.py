"""A range in per cent belongs to a price at entry: without one it is said to follow the market."""

import json

import pytest

pytest.importorskip("hedgecore_uniswap_v3")
pytest.importorskip("hedgecore_derivatives")

import hedgecore as hc
from hedgecore.books.part import part_warnings
from hedgecore.live.settings import LiveSettings

POOL = {"name": "lp", "kind": "uniswap-v3", "assets": ["WETH", "USDC"], "worth": 1e4}
SAID = "lp: its range counts from whatever price the book has"
CAPS = {"max_order_notional": 5e4, "max_hourly_turnover": 2e5, "max_daily_turnover": 5e5}


def book(weth=3000.0, **row):
    return hc.Book.from_tables({
        "numeraire": "USD", "prices": {"WETH": weth, "USDC": 1.0}, "position": [{**POOL, **row}],
        "instrument": [{"name": "P", "kind": "perp", "underlying": "WETH", "fee": 0.0}],
        "live": {"caps": CAPS},
    })  # fmt: skip


def doubts(of):
    return [each for each in of.warnings if each.startswith("lp: its range")]


def test_a_range_that_moves_with_the_books_price_is_warned_of_by_name():
    first, next_ = book(range="10%"), book(3300.0, range="10%")
    assert next_.positions[0].model.upper == pytest.approx(1.1 * first.positions[0].model.upper)
    for its in (first, next_):
        (said,) = doubts(its)
        assert said.startswith(SAID)
        assert said.endswith("state in its table the price at which it was entered.")
        assert said in part_warnings(its, "lp", hedging=True)


@pytest.mark.parametrize(
    "row",
    [
        {"range": "10%", "price": 3000.0},
        {"range": "10%", "price": 3000.0, "amount": -2.0, "at": "market"},
        {"lower": 2500.0, "upper": 3500.0},
        {"lower": 2500.0, "upper": 3500.0, "price": 3000.0},
        {"range": "10%", "around": 2900.0},
    ],
)
def test_a_range_of_a_price_at_entry_is_not(row):
    assert doubts(book(**row)) == []


def test_a_book_that_was_written_has_the_edges_of_that_day(tmp_path):
    path = tmp_path / "book.json"
    book(range="10%").save(path)
    assert "range" not in json.loads(path.read_text())["position"][0]
    assert doubts(hc.Book.load(path)) == []


def test_a_live_hedge_of_it_is_refused_before_anything_is_read():
    with pytest.raises(hc.SpecError, match=SAID):
        LiveSettings.from_book(book(range="10%"))
    assert LiveSettings.from_book(book(range="10%", price=3000.0)).caps.max_order_notional == 5e4
