"""Performance so far: two deposits, a collect and a partial withdrawal, by other arithmetic."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

import hedgecore as hc
from hedgecore.analysis.book_performance import performance
from hedgecore.analysis.returns import money_weighted, time_weighted
from hedgecore.errors import SpecError

DEPOSITS = [
    {"date": "2026-01-01", "asset": "ETH", "amount": 10.0, "price": 1500.0},
    {"date": "2026-01-01", "asset": "USD", "amount": 15_000.0},
    {
        "date": "2026-03-15", "asset": "ETH", "amount": 4.0, "price": 1800.0,
        "worth_before": 32_500.0,
    },
    {"date": "2026-03-15", "asset": "USD", "amount": 7_200.0},
]  # fmt: skip
COLLECT = [
    {"date": "2026-04-01", "asset": "ETH", "amount": 0.25, "price": 1900.0, "type": "fees"},
    {"date": "2026-04-01", "asset": "USD", "amount": 410.0, "type": "fees"},
]
WITHDRAWAL = [
    {
        "date": "2026-06-01", "asset": "ETH", "amount": -3.0, "price": 2100.0,
        "worth_before": 50_000.0,
    },
    {"date": "2026-06-01", "asset": "USD", "amount": -6_000.0},
]  # fmt: skip
COSTS = [{"date": "2026-06-01", "asset": "ETH", "amount": 0.01, "price": 2100.0, "type": "costs"}]
TRADES = [
    {"date": "2026-01-01", "instrument": "P", "contracts": -5.0, "price": 1500.0, "fee": 3.75},
    {"date": "2026-05-01", "instrument": "P", "contracts": 2.0, "price": 2050.0, "fee": 2.05},
]
FUNDING = [{"date": "2026-05-01", "asset": "USD", "amount": -35.0, "type": "funding"}]
ETH, LEFT = 2000.0, [9.0, 17_000.0]
"""The price now, and what the pool holds now."""
TABLES = {
    "numeraire": "USD",
    "prices": {"ETH": ETH},
    "as_of": "2026-07-01T00:00:00Z",
    "position": [
        {"name": "coins", "kind": "spot", "asset": "ETH", "amount": LEFT[0]},
        {"name": "cash", "kind": "spot", "asset": "USD", "amount": LEFT[1]},
    ],
    "holding": [{"name": "USD fees, coins", "asset": "USD", "amount": 120.0}],
    "instrument": [{"name": "P", "kind": "perp", "underlying": "ETH", "held": -3.0}],
    "flow": [*DEPOSITS, *COLLECT, *WITHDRAWAL, *COSTS, *FUNDING],
    "trade": TRADES,
}


def book(**changed):
    return hc.Book.from_tables({**TABLES, **changed})


@pytest.fixture
def found():
    return performance(book())


def test_each_part_is_what_a_ledger_by_hand_has(found):
    total = found.total
    assert total.deposited == 10 * 1500 + 15_000 + 4 * 1800 + 7_200
    assert total.withdrawn == 3 * 2100 + 6_000
    assert total.value == 9 * 2000 + 17_000
    assert total.hold_value == (10 + 4 - 3) * 2000 + 15_000 + 7_200 - 6_000
    assert total.parts == {
        "price change": total.hold_value - (total.deposited - total.withdrawn),
        "impermanent loss": total.value - total.hold_value,
        "fees": 0.25 * 1900 + 410 + 120,
        "rewards": None,
        "costs": pytest.approx(-(0.01 * 2100 + 3.75 + 2.05), rel=1e-15),
        "hedge": -5 * (2000 - 1500) + 2 * (2000 - 2050),
        "funding": -35.0,
    }


def test_the_parts_sum_to_what_cash_and_worth_come_to(found):
    """All that went in and came out, at its price then, and all that is there."""
    rows = [*DEPOSITS, *COLLECT, *WITHDRAWAL, *COSTS, *FUNDING]
    cash = sum(
        Fraction(each["amount"])
        * Fraction(each.get("price", 1))
        * (-1 if each.get("type", "capital") in {"capital", "costs"} else 1)
        for each in rows
    )
    trades = sum(Fraction(e["contracts"]) * (2000 - Fraction(e["price"])) for e in TRADES)
    fees = sum(Fraction(each["fee"]) for each in TRADES)
    whole = cash + trades - fees + Fraction(9 * 2000 + 17_000 + 120)
    assert found.total.net == pytest.approx(float(whole), rel=1e-13)


def test_the_money_weighted_return_brings_all_flows_to_nothing(found):
    growth = 1 + found.total.money_weighted
    end = datetime(2026, 7, 1, tzinfo=UTC)
    flows = [
        ("2026-01-01", -30_000 - 3.75), ("2026-03-15", -14_400), ("2026-04-01", 0.25 * 1900 + 410),
        ("2026-05-01", -35 - 2.05), ("2026-06-01", 12_300 - 21), ("2026-07-01", 35_120 - 2_600),
    ]  # fmt: skip
    left = [
        cash * growth ** ((end - datetime.fromisoformat(day).replace(tzinfo=UTC)).days / 365)
        for day, cash in flows
    ]
    assert sum(left) == pytest.approx(0, abs=1e-6)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [1.0, 1e12])
def test_a_rate_is_found_whatever_flows_there_are_in_one_week(scale):
    """Near the end of a long time, and of many more dollars than a double's power has room for."""
    years, cash = [0.0, 2.99, 2.995, 3.0], [-1e5, -4e5, 3e5, 2.5e5]
    rate = money_weighted(years, [each * scale for each in cash])
    parts = [c * (1 + rate) ** (3 - y) for c, y in zip(cash, years, strict=True)]
    assert sum(parts) == pytest.approx(0, abs=1e-6)
    assert money_weighted([0.0, 0.0, 1.0], [-5.0, 5.0, 1.0]) is None


def test_the_time_weighted_return_links_the_periods_between_flows(found):
    periods = [32_500 / 30_000, (50_000 + 0.25 * 1900 + 410) / 46_900, 35_120 / 37_700]
    whole = periods[0] * periods[1] * periods[2] - 1
    assert found.total.time_weighted == pytest.approx(whole, rel=1e-13)


def test_one_deposit_needs_no_worth_on_the_way():
    found = performance(book(flow=DEPOSITS[:2], trade=[])).total
    assert found.time_weighted == pytest.approx(35_120 / 30_000 - 1, rel=1e-13)


def test_what_is_not_stated_is_unknown_and_left_out_of_the_sum():
    found = performance(book(flow=DEPOSITS[:2], trade=[], holding=[])).total
    assert found.not_stated == ("fees", "rewards", "costs", "hedge", "funding")
    assert {found.parts[name] for name in found.not_stated} == {None}
    assert found.net == found.price_change + found.impermanent_loss


def test_a_price_that_is_missing_leaves_no_net_and_is_named():
    flow = [{key: DEPOSITS[0][key] for key in ("date", "asset", "amount")}, DEPOSITS[1]]
    found = performance(book(flow=flow)).total
    assert (found.net, found.money_weighted, found.deposited) == (None, None, None)
    assert found.impermanent_loss == 35_000 - 35_000
    assert "price of ETH at the capital of 2026-01-01 is unknown: give price" in found.missing[0]


def test_a_return_that_is_none_says_why():
    """More is taken out than was there: no rate, and a period that begins in debt."""
    took = {"date": "2026-03-15", "asset": "USD", "amount": -90_000.0, "worth_before": 32_500.0}
    back = {"date": "2026-05-01", "asset": "USD", "amount": 50_000.0, "worth_before": 100.0}
    found = performance(book(flow=[*DEPOSITS[:2], took, back], trade=[])).total
    assert (found.money_weighted, found.time_weighted) == (None, None)
    rate, growth = found.missing
    assert "No one rate is the money-weighted return: more was taken out" in rate
    assert "a period begins with nothing or less" in growth


def test_worth_that_is_missing_leaves_no_time_weighted_return():
    flow = [{key: each[key] for key in each if key != "worth_before"} for each in DEPOSITS]
    found = performance(book(flow=flow, trade=[])).total
    assert found.time_weighted is None
    assert "worth just before the flow of 2026-03-15" in found.missing[0]


def test_a_trade_without_its_fee_leaves_the_costs_unknown():
    trade = [{key: TRADES[0][key] for key in TRADES[0] if key != "fee"}]
    found = performance(book(trade=trade)).total
    assert (found.costs, found.net) == (None, None)
    assert "Fees of trades in P are unknown" in found.missing[0]


def test_positions_by_themselves_have_their_own_flows():
    flow = [
        {"date": "2026-01-01", "asset": "ETH", "amount": 9.0, "price": 1500.0, "position": "coins"},
        {"date": "2026-01-01", "asset": "USD", "amount": 16_000.0, "position": "cash"},
    ]
    coins, cash = performance(book(flow=flow, trade=[])).positions
    assert (coins.name, coins.net, coins.uncollected) == ("coins", 9 * 500 + 120, {"fees": 120.0})
    assert (cash.name, cash.net, cash.uncollected) == ("cash", 1000.0, {})


def test_trades_that_disagree_with_what_is_held_are_said_so():
    (said,) = performance(book(trade=TRADES[:1])).warnings
    assert "come to -5 contracts" in said
    assert "-3 are held" in said


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"flow": []}, "no deposit is stated"),
        ({"flow": [{**DEPOSITS[0], "date": "2027-01-01"}]}, "later than the book's prices"),
        ({"flow": [{**DEPOSITS[0], "date": "yesterday"}]}, "flow 1: date: must be a date"),
        ({"flow": [{**DEPOSITS[0], "type": "fee"}]}, "did you mean 'fees'"),
        ({"flow": [{**DEPOSITS[0], "position": "coin"}]}, "did you mean 'coins'"),
        ({"flow": [{**DEPOSITS[0], "price": 0.0}]}, "price: must be positive"),
        ({"flow": [{"date": "2026-01-01", "asset": "ETH"}]}, "flow 1: needs amount"),
        ({"trade": [{**TRADES[0], "instrument": "Q"}]}, "trade 1: instrument: must be one of P"),
        ({"trade": {}}, "write [[trade]]"),
    ],
    ids=["none", "late", "date", "type", "position", "price", "amount", "instrument", "rows"],
)
def test_what_is_wrong_is_refused_with_its_place(changed, message):
    with pytest.raises(SpecError) as caught:
        performance(book(**changed))
    assert message in str(caught.value)


def test_a_rate_that_is_not_the_only_one_is_none():
    assert money_weighted([0, 1, 2], [-100, 230, -132]) is None  # 10 % and 20 %
    assert money_weighted([0, 1], [-100, -10]) is None
    assert money_weighted([1, 1], [-100, 110]) is None
    assert money_weighted([], []) is None


def test_a_loss_of_nearly_all_has_its_rate():
    assert money_weighted([0, 0.5], [-100, 1]) == pytest.approx(1e-4 - 1, rel=1e-12)


def test_growth_from_nothing_is_none():
    assert time_weighted([1.0], [0.0]) is None
    assert time_weighted([], []) is None
