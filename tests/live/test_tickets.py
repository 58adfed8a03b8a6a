"""Order tickets: what a venue is told of a hedge, in whole lots and ticks, the same each time."""

import csv
import json
import math
from decimal import Decimal
from statistics import NormalDist

import pytest

import hedgecore as hc
from hedgecore.live.tickets import order_tickets

TABLES = {
    "numeraire": "USD",
    "prices": {"ETH": 2000.0, "BTC": 60_000.0, "USD": 1.0},
    "holding": [{"asset": "ETH", "amount": 3.07}, {"asset": "BTC", "amount": 0.5}],
    "venues": {"desk": {"kind": "paper"}},
    "instrument": [
        {
            "name": "E", "kind": "perp", "underlying": "ETH", "lot": 0.01, "tick": 0.5,
            "held": -5.0, "fee": 0.0005, "venue": "desk", "symbol": "ETH-PERPETUAL",
        },
        {
            "name": "B", "kind": "inverse-perp", "underlying": "BTC", "contract_size": 10.0,
            "lot": 1.0, "held": 0.0, "fee": 0.0005,
        },
    ],
}  # fmt: skip


@pytest.fixture
def book():
    return hc.Book.from_tables(TABLES)


def test_sizes_are_whole_lots_and_prices_whole_ticks_within_the_slippage(book):
    first, second = order_tickets(book, max_slippage=0.0031)
    assert (first.symbol, first.venue, first.side) == ("ETH-PERPETUAL", "desk", "buy")
    assert (first.size, first.limit_price) == (Decimal("1.93"), Decimal(2006))
    assert (second.symbol, second.venue, second.side) == ("B", "paper", "sell")
    assert (second.size, second.limit_price) == (Decimal(3000), Decimal("59814.0000"))


def test_a_future_is_limited_at_its_forward_and_an_option_at_its_premium_in_the_coin_it_costs():
    pytest.importorskip("hedgecore_derivatives", reason="futures and options are its kinds")
    option = {"kind": "inverse-option", "strike": 60_000.0, "option_type": "put", "vol": 0.5,
              "contract_size": 0.01, "lot": 1.0, "tick": 0.0005}  # fmt: skip
    rows = [{"name": "F", "kind": "future", "basis": 0.1, "lot": 1.0}, {**option, "name": "O"}]
    own = [{**each, "underlying": "BTC", "expiry_years": 0.5, "fee": 0.0} for each in rows]
    book = hc.Book.from_tables({**TABLES, "instrument": own})
    limits = {each.instrument: each.limit_price
              for each in order_tickets(book, {"F": 2.0, "O": -1.0}, 0.01)}  # fmt: skip
    assert float(limits["F"]) == pytest.approx(60_000 * math.exp(0.05) * 1.01, rel=1e-12)
    premium = 2 * NormalDist().cdf(0.5 * math.sqrt(0.5) / 2) - 1  # at the money, in coins
    assert 0 <= float(limits["O"]) - premium * 0.99 < 0.0005
    assert limits["O"] % Decimal("0.0005") == 0


def test_what_reduces_comes_first_and_only_that_is_reduce_only(book):
    first, second = order_tickets(book)
    assert (first.instrument, first.reduce_only) == ("E", True)
    assert (second.instrument, second.reduce_only) == ("B", False)


def test_an_order_through_nothing_does_not_only_reduce(book):
    (ticket,) = order_tickets(book, {"E": 8.0})
    assert not ticket.reduce_only


def test_the_same_orders_have_the_same_ids_and_others_have_others(book):
    ids = [each.client_id for each in order_tickets(book)]
    assert len({*ids}) == len(ids)
    assert ids == [each.client_id for each in order_tickets(hc.Book.from_tables(TABLES))]
    later = hc.Book.from_tables({**TABLES, "as_of": "2026-11-01T00:00:00Z"})
    for other in (order_tickets(book, max_slippage=0.01), order_tickets(later)):
        assert not {*ids} & {each.client_id for each in other}


CONTRACTS = (-3.07, -3000.0)
"""What offsets the holdings."""


def test_what_is_hedged_already_has_no_ticket():
    held = [
        {**each, "held": amount}
        for each, amount in zip(TABLES["instrument"], CONTRACTS, strict=True)
    ]
    held[1]["entry_price"] = 60_000.0
    assert order_tickets(hc.Book.from_tables({**TABLES, "instrument": held})) == ()


def test_the_slippage_is_the_books_own_where_it_has_one(book):
    caps = {
        "max_order_notional": 1e6, "max_hourly_turnover": 1e6, "max_daily_turnover": 1e6,
        "max_slippage": 0.05,
    }  # fmt: skip
    own = hc.Book.from_tables({**TABLES, "live": {"caps": caps}})
    assert order_tickets(own)[0].limit_price == Decimal(2100)
    assert order_tickets(book)[0].limit_price == Decimal(2006)


def test_the_command_writes_both_forms_with_every_digit(call, tmp_path):
    path = tmp_path / "book.json"
    path.write_text(json.dumps(TABLES))
    files = {suffix: tmp_path / f"orders.{suffix}" for suffix in ("json", "csv")}
    for file in files.values():
        done = call("hedge", path, "--orders", file, "--slippage", "0.0031")
        assert f"Wrote {file}" in done.stderr
    document = json.loads(files["json"].read_text())
    assert document["max_slippage"] == 0.0031
    assert [each["size"] for each in document["orders"]] == ["1.93", "3000"]
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    assert [{name: str(v) for name, v in each.items()} for each in document["orders"]] == [
        {**row, "reduce_only": str(row["reduce_only"] == "true")} for row in rows
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--orders", "orders.txt"), ".json or .csv"),
        (("--orders", "orders.json", "--slippage", "5"), "as 0.003 for 0.3 %"),
        (("--slippage", "0.01"), "give --orders too"),
    ],
    ids=["suffix", "slippage", "alone"],
)
def test_what_cannot_be_written_is_refused_and_nothing_is(call, tmp_path, options, message):
    path = tmp_path / "book.json"
    path.write_text(json.dumps(TABLES))
    given = [tmp_path / each if each.startswith("orders") else each for each in options]
    failed = call("hedge", path, *given)
    assert (failed.exit_code, message in " ".join(failed.stderr.split())) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["book.json"]


def test_a_policy_that_waits_writes_no_orders(call, tmp_path):
    path, file = tmp_path / "book.json", tmp_path / "orders.json"
    path.write_text(json.dumps(TABLES))
    call("hedge", path, "--policy", "band,half_width=1e9,of=worth", "--orders", file)
    assert json.loads(file.read_text())["orders"] == []
