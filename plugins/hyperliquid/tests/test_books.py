"""An account becomes a book whose hedge orders only what is missing."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal

import pytest
from hyper.bench import KEY, venue
from hyper.exchange import OWNER

import hedgecore as hc
from hedgecore.readers import refresh_book, refresh_file, save
from hedgecore.readers.venue_accounts import AccountRequest, read_account, request_of

pytest.importorskip("hedgecore_derivatives", reason="the contract is its instrument")

HELD = {"numeraire": "USDC", "holding": [{"name": "cold", "asset": "WETH", "amount": 10.0}]}


def request(url, **underlyings):
    return AccountRequest(name="hyper", venue=venue(url), underlyings=underlyings)


def hedged(url, tables=HELD):
    """Return the orders of a hedge of a book with the account in it."""
    found = read_account(request(url, ETH="WETH"))
    return hc.Book.from_tables(found.into(tables)).hedge().quantities, found


def test_the_hedge_orders_only_the_difference(bench, desk, server):
    assert hedged(server[1])[0] == {"ETH at hyper": -10.0}
    desk.fill(Decimal("-1.5"))
    orders, found = hedged(server[1])
    assert orders == {"ETH at hyper": -8.5}
    desk.fill(Decimal("-8.5"))
    orders, found = hedged(server[1])
    assert not any(orders.values())
    [row] = found.instruments
    entry = -bench.exchange.entry * bench.exchange.held / 10
    assert row["held"] == -10.0
    assert row["entry_price"] == pytest.approx(float(entry), rel=1e-4)  # five figures are told


def test_the_account_is_worth_what_the_venue_says(bench, desk, server):
    """Balances without unrealised profit, and contracts at their entry: equity is their sum."""
    desk.fill(Decimal("-1.5"))
    bench.exchange.price = Decimal(2100)
    found = read_account(request(server[1]))
    book = hc.Book.from_tables(found.into({}))
    [held] = book.held.values()
    worth = found.holdings[0]["amount"] + held.contracts * float(held.contract.worth(book.market))
    state = bench.exchange.state()["marginSummary"]
    assert worth == pytest.approx(float(state["accountValue"]) + 250, abs=0.1)
    assert found.notes == [
        f"hyper: margin {float(state['accountValue']):.10g} USDC, maintenance 63"
    ]


@pytest.mark.usefixtures("bench")
def test_funding_is_that_of_an_hour_and_terms_are_the_venues(server):
    [row] = read_account(request(server[1], ETH="WETH")).instruments
    said = ("underlying", "settlement", "venue", "symbol", "lot", "min_size", "fee",
            "funding_rate", "funding_hours")  # fmt: skip
    assert [row[name] for name in said] == [
        "WETH", "USDC", "hyper", "ETH", 1e-4, 1e-4, 0.00045, 0.0000125, 1.0,
    ]  # fmt: skip
    assert "held" not in row


def test_a_notional_of_the_venues_that_disagrees_refuses_the_reading(bench, desk, server):
    """The venue values the position at another price than its mark: 1.1 % apart, and 0.9 %."""
    desk.fill(Decimal("1.5"))
    contexts = bench.exchange._contexts

    def marked(part):
        return lambda: [
            {**each, "markPx": str(Decimal(each["markPx"]) * Decimal(part))} for each in contexts()
        ]

    bench.exchange._contexts = marked("1.009")
    assert read_account(request(server[1])).instruments[0]["held"] == 1.5
    bench.exchange._contexts = marked("1.011")
    with pytest.raises(hc.ReaderError, match="3033 by their size and the mark, and 3000 by"):
        read_account(request(server[1]))


def test_from_the_command_line_to_a_hedge(desk, server, tmp_path, monkeypatch):
    typer = pytest.importorskip("typer.testing")
    from hedgecore.cli.app import program  # noqa: PLC0415

    desk.fill(Decimal("-1.5"))
    monkeypatch.delenv(KEY)  # a key is not needed to read
    book = tmp_path / "book.toml"
    lines = [
        'numeraire = "USDC"', "[[holding]]", 'asset = "WETH"', "amount = 10.0",
        "[venues.hyper]", 'kind = "hyperliquid"', f'account = "{OWNER}"',
        f'url = "{server[1]}"',
    ]  # fmt: skip
    (tmp_path / "more.toml").write_text("\n".join(lines))
    words = ["read", "--account", f"hyper:{OWNER}", "--symbol", "ETH=WETH"]
    run = typer.CliRunner().invoke
    done = run(program(), [*words, "--merge", str(tmp_path / "more.toml"), "--book", str(book)])
    assert done.exit_code == 0, done.output
    assert tomllib.loads(book.read_text())["instrument"][0]["held"] == -1.5
    done = run(program(), ["hedge", str(book), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["trade"]["ETH at hyper"] == pytest.approx(-8.5)
    desk.fill(Decimal("-0.5"))
    again = run(program(), ["refresh", str(book)])
    assert again.exit_code == 0, again.output
    assert tomllib.loads(book.read_text())["instrument"][0]["held"] == -2.0
    again = run(program(), [*words, "--merge", str(book), "--book", str(book), "--force"])
    assert again.exit_code == 0, again.output
    tables = tomllib.loads(book.read_text())
    assert [each["asset"] for each in tables["holding"]] == ["WETH", "USDC"]
    assert len(tables["instrument"]) == 1


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("hyper:0x1", ("hyper", {"kind": "hyperliquid", "account": "0x1"})),
        ("mine", ("mine", {"kind": "perp-v2", "account": "0x2"})),
        ("mine:0x3", ("mine", {"kind": "perp-v2", "account": "0x3"})),
    ],
)
def test_a_venue_is_named_by_the_book_or_by_its_kind(text, means):
    venues = {"mine": {"kind": "perp-v2", "account": "0x2"}}
    assert request_of(text, venues, ("hyperliquid", "perp-v2", "fake")) == means


@pytest.mark.parametrize("text", ["", "bybit:0x1", ":0x1", "h:0x1"])
def test_a_name_of_no_venue_or_of_several_is_said(text):
    with pytest.raises(hc.SpecError, match="is no venue, nor one kind of them"):
        request_of(text, {}, ("hyperliquid", "huobi"))


def test_a_refresh_reads_the_account_again(bench, desk, server):
    """What is held, collateral, the index and funding are now's; what the book states stays."""
    desk.fill(Decimal("-1.5"))
    found = read_account(request(server[1], ETH="WETH"))
    tables = found.into({**HELD, "hedge": {"delta": 1.0}})
    tables["instrument"][0]["name"] = "my perp"
    bench.exchange.price = Decimal(2100)
    desk.fill(Decimal("-0.5"))
    bench.transfer(Decimal(1000))
    again = refresh_book(tables, [], seconds=5.0)
    after = again.tables
    assert (after["instrument"][0]["held"], after["instrument"][0]["name"]) == (-2.0, "my perp")
    assert after["prices"] == {"WETH": 2100.0}
    named = {each["name"]: each["amount"] for each in after["holding"]}
    assert named["cold"] == 10.0
    assert named["USDC at hyper"] > tables["holding"][1]["amount"] + 900
    assert {(each.table, each.key) for each in again.changes} == {
        ("prices", "WETH"), ("my perp", "held"), ("my perp", "entry_price"),
        ("holding (USDC at hyper)", "USDC"),
    }  # fmt: skip


def test_a_refresh_takes_out_what_is_held_no_more(bench, desk, server):
    desk.fill(Decimal("-1.5"))
    tables = read_account(request(server[1], ETH="WETH")).into(HELD)
    desk.fill(Decimal("1.5"))
    bench.exchange.cash, bench.exchange.coins = Decimal(0), {}
    after = refresh_book(tables, []).tables
    assert "held" not in after["instrument"][0]
    assert [each["name"] for each in after["holding"]] == ["cold"]


@pytest.mark.usefixtures("desk")
def test_a_price_that_the_book_states_stays_through_a_refresh(bench, server):
    tables = read_account(request(server[1], ETH="WETH")).into({**HELD, "prices": {"WETH": 1990.0}})
    bench.exchange.price = Decimal(2100)
    assert refresh_book(tables, []).tables["prices"] == {"WETH": 1990.0}


def test_a_refresh_that_cannot_read_changes_nothing(bench, desk, server, tmp_path):
    desk.fill(Decimal("-1.5"))
    path = tmp_path / "book.toml"
    save(read_account(request(server[1], ETH="WETH")).into(HELD), path)
    before = path.read_text()
    with bench.spoil_answers("html"), pytest.raises(hc.VenueError):
        refresh_file(path, [])
    assert path.read_text() == before
    desk.fill(Decimal("-0.5"))
    refresh_file(path, [])
    assert tomllib.loads(path.read_text())["instrument"][0]["held"] == -2.0


@pytest.mark.usefixtures("desk")
def test_a_venue_that_is_gone_from_the_book_is_said(server):
    tables = read_account(request(server[1], ETH="WETH")).into(HELD)
    del tables["venues"]
    with pytest.raises(hc.ReaderError, match=r"\[source.accounts.hyper\] has no \[venues.hyper\]"):
        refresh_book(tables, [])
