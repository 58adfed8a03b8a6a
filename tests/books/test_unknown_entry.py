"""What was paid for an option and is not stated is unknown, which is not zero."""

import pytest

pytest.importorskip("hedgecore_derivatives")

import hedgecore as hc
from hedgecore.analysis.book_performance import performance

CALL = {
    "name": "call", "kind": "option", "option_type": "call", "underlying": "WETH",
    "strike": 3000.0, "expiry_years": 0.25, "vol": 0.8,
}  # fmt: skip
PERP = {"name": "perp", "kind": "perp", "underlying": "WETH", "fee": 0.0}
FLOW = {"date": "2026-01-01", "asset": "WETH", "amount": 2.0, "price": 2000.0}
SAID = "call: what was paid for it is unknown, and so it is worth nothing here"


def book(*positions, **tables):
    coins = {"name": "coins", "kind": "spot", "asset": "WETH", "amount": 2.0}
    return hc.Book.from_tables({
        "numeraire": "USD", "prices": {"WETH": 3000.0}, "as_of": "2026-11-30T12:00:00Z",
        "position": [coins, *positions], "flow": [FLOW], **tables,
    })  # fmt: skip


def doubts(of):
    return [each for each in of.warnings if each.startswith(SAID)]


def test_an_option_that_is_held_at_an_unknown_price_is_warned_of():
    assert len(doubts(book(CALL))) == 1
    assert len(doubts(book(instrument=[{**CALL, "held": 3.0}]))) == 1


@pytest.mark.parametrize("paid", [0.0, 400.0])
def test_one_whose_price_is_stated_is_not(paid):
    assert doubts(book({**CALL, "entry_price": paid})) == []
    assert doubts(book(instrument=[{**CALL, "held": 3.0, "entry_price": paid}])) == []


def test_what_is_not_held_or_is_never_owned_outright_is_not():
    assert doubts(book(PERP, instrument=[CALL])) == []


@pytest.mark.parametrize("row", [CALL, PERP])
def test_the_profit_of_a_position_whose_entry_is_not_stated_is_refused(row):
    place = rf"position '{row['name']}': entry_price: is needed: .* unknown is not zero"
    with pytest.raises(hc.SpecError, match=place):
        performance(book(row))


def test_an_option_owned_outright_is_part_of_the_profit_by_its_mark():
    owned = book({**CALL, "entry_price": 0.0})
    mark = float(owned["call"].model.mark(owned.market).value)
    assert mark > 0.0
    assert performance(owned).total.net == pytest.approx(2000.0 + mark, rel=1e-12)
