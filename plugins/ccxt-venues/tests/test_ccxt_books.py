"""An account of an exchange becomes a book whose hedge orders only what is missing."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal

import pytest
from exchanges import deribit
from exchanges.bench import changed
from exchanges.places import ACCOUNTS, PLACES

import hedgecore as hc
from hedgecore.live.tickets import order_tickets
from hedgecore.readers import refresh_book
from hedgecore.readers.venue_accounts import AccountRequest, read_account

pytest.importorskip("hedgecore_derivatives", reason="contracts are its instruments")

DERIBIT = pytest.mark.parametrize("place", PLACES[:1], indirect=True, ids=["deribit"])
KINDS = {
    "deribit": ("inverse-perp", "USD", "BTC", 1.0, 10.0),
    "okx": ("perp", "USDT", "BTC", 0.01, 0.01),
    "binance": ("perp", "USDT", "ETH", 1.0, 0.001),
}
CALL = {
    **deribit.INSTRUMENT, "instrument_name": "BTC-27DEC24-60000-C", "kind": "option",
    "settlement_period": "month", "min_trade_amount": 0.1, "contract_size": 1, "tick_size": 0.0001,
    "strike": 60000, "option_type": "call", "expiration_timestamp": 1735286400000,
}  # fmt: skip
FUTURE = {**deribit.INSTRUMENT, "instrument_name": "BTC-27DEC24", "settlement_period": "month",
          "expiration_timestamp": 1735286400000}  # fmt: skip
HELD_CALL = {
    "instrument_name": "BTC-27DEC24-60000-C", "kind": "option", "size": 2.0, "direction": "buy",
    "mark_price": 0.05, "delta": 0.8, "floating_profit_loss": 0.01, "index_price": 50_000,
}  # fmt: skip
HELD_FUTURE = {
    "instrument_name": "BTC-27DEC24", "kind": "future", "size": -50_000, "direction": "sell",
    "mark_price": 50_000, "delta": -1, "floating_profit_loss": 0, "realized_profit_loss": 0,
    "size_currency": -1, "index_price": 50_000,
}  # fmt: skip


def read(place, server, **underlyings):
    """Return what an account is in a book."""
    request = AccountRequest(
        name=place.name, venue=place.venue(url=server[1]), underlyings=underlyings
    )
    return read_account(request)


def test_a_contract_is_of_the_exchange_s_own_unit_and_kind(place, bench, server):
    [row] = read(place, server, **{bench.symbol: None}).instruments
    names = ("kind", "quote", "underlying", "contract_size", "lot")
    found = tuple(row.get(name, row.get("settlement")) for name in names)
    assert found == KINDS[place.name]
    assert (row["venue"], row["symbol"]) == (place.name, bench.symbol)
    assert (row["funding_rate"], row["funding_hours"]) == (0.0001, 8.0)
    assert "held" not in row


def test_the_hedge_orders_only_the_difference(place, desk, bench, server):
    """Whatever is held: the orders of the hedge and what is held come to the same."""
    coin = KINDS[place.name][2]
    tables = {"holding": [{"name": "cold", "asset": coin, "amount": 2.0}]}

    def targets():
        found = read(place, server, **{bench.symbol: None})
        [order] = hc.Book.from_tables(found.into(tables)).hedge().quantities.values()
        return order + found.instruments[0].get("held", 0.0)

    first = targets()
    for size in (-bench.size, -bench.size / 2, 2 * bench.size):
        desk.fill(size // bench.ledger.lot * bench.ledger.lot)
        lots = float(bench.ledger.lot) * (1 if place.name != "deribit" else 10)
        assert targets() == pytest.approx(first, abs=lots)  # a fee in coins is coins less
    assert first < 0


@DERIBIT
@pytest.mark.parametrize("price", [40_000, 50_000, 65_000])
def test_a_coin_margined_account_is_worth_its_equity_at_any_price(
    desk, bench, server, place, price
):
    """Cash and contracts of the book, at whatever the price is then, are the margin there."""
    desk.fill(Decimal(-100_000))
    bench.ledger.price = Decimal(51_000)
    desk.fill(Decimal(30_000))
    book = hc.Book.from_tables(read(place, server).into({}))
    [held] = book.held.values()
    market = book.market.shifted(prices={"BTC": float(price)})
    [cash] = (each.amount for each in book.positions)
    worth = cash * price + held.contracts * float(held.contract.worth(market))
    bench.ledger.price = Decimal(price)
    equity = bench.ledger.cash + bench.ledger.session + bench.ledger.floating
    assert worth == pytest.approx(float(equity) * price, rel=1e-6)


@DERIBIT
def test_futures_and_options_are_what_the_exchange_says_they_are(bench, server, place):
    bench.exchange.instruments = [deribit.INSTRUMENT, CALL, FUTURE]
    bench.exchange.more_positions = [HELD_CALL, HELD_FUTURE]
    bench.exchange.more_result = {
        "delta_total": Decimal("-0.2"), "options_value": Decimal("0.1"), "equity": Decimal("10.1"),
    }  # fmt: skip
    changed(bench, "ticker", lambda said: said | (
        {"mark_price": 50_500} if said["instrument_name"] == "BTC-27DEC24" else {}
    ))  # fmt: skip
    rows = {each["symbol"]: each for each in read(place, server).instruments}
    call, future = rows["BTC-27DEC24-60000-C"], rows["BTC-27DEC24"]
    years = (1735286400 - bench.ledger.now / 1000) / (365 * 86_400)
    assert call["kind"] == "inverse-option"
    assert (call["strike"], call["option_type"], call["vol"]) == (60_000, "call", 0.555)
    assert (call["held"], call["entry_price"]) == (2.0, 0.0)
    assert call["expiry_years"] == pytest.approx(years, rel=1e-6)
    assert (future["kind"], future["held"]) == ("inverse-future", -50_000)
    assert future["basis"] == pytest.approx(0.00995033 / years, rel=1e-5)
    book = hc.Book.from_tables(read(place, server).into({}))
    own = book.held["BTC-27DEC24-60000-C at deribit"]
    assert 0 < float(own.contract.worth(book.market)) < 2 * 50_000
    assert book.warnings == ()


@DERIBIT
def test_an_option_without_a_volatility_is_an_error(bench, server, place):
    bench.exchange.instruments = [CALL]
    changed(bench, "ticker", lambda said: {**said, "mark_iv": None})
    with pytest.raises(hc.VenueError, match="the answer is incomplete"):
        read(place, server, **{CALL["instrument_name"]: None})


NOTIONALS = {
    "deribit": ("get_positions", "size_currency"),
    "okx": ("get_account_positions", "notionalUsd"),
    "binance": ("fapi_get_positionRisk", "notional"),
}


@pytest.mark.parametrize("part", ["1.009", "1.011", "0.989", "10"])
def test_a_notional_of_the_exchange_s_that_disagrees_refuses_the_reading(
    place, desk, bench, server, part
):
    """As one in another unit would: coins for contracts, or a contract of ten times the size."""
    desk.fill(bench.size)
    method, name = NOTIONALS[place.name]
    changed(bench, method, lambda said: [
        {**each, name: Decimal(each[name]) * Decimal(part)} for each in said
    ])  # fmt: skip
    if part == "1.009":
        assert read(place, server).instruments[0]["held"] == float(bench.size)
        return
    with pytest.raises(hc.ReaderError, match="by their size and the mark, and"):
        read(place, server)


@DERIBIT
def test_a_book_that_calls_the_coin_otherwise_has_it_as_the_same(desk, bench, server, place):
    desk.fill(bench.size)
    tables = read(place, server, **{bench.symbol: "WBTC"}).into({})
    assert tables["assets"] == {"BTC": {"same_as": "WBTC"}}
    book = hc.Book.from_tables(tables)
    [order] = book.hedge().quantities.values()
    assert order == pytest.approx(-500_000, rel=0.01)  # ten coins, less what was bought


@DERIBIT
def test_a_book_that_counts_in_another_coin_must_price_the_quote(desk, bench, server, place):
    desk.fill(bench.size)
    found = read(place, server)
    with pytest.raises(hc.ReaderError, match=r"priced in USD and the book counts in USDC.*USD"):
        found.into({"numeraire": "USDC"})
    tables = found.into({"numeraire": "USDC", "prices": {"USD": 1.001}})
    assert tables["prices"]["BTC"] == pytest.approx(50_050)


def test_from_the_command_line_to_a_hedge_and_again(place, desk, bench, server, tmp_path):
    typer = pytest.importorskip("typer.testing")
    from hedgecore.cli.app import program  # noqa: PLC0415

    lot = bench.ledger.lot
    desk.fill(-bench.size)
    book, merged = tmp_path / "book.toml", tmp_path / "more.toml"
    account = place.venue().account
    lines = [f"[venues.{place.name}]", f'kind = "{place.name}"', f'account = "{account}"',
             f'url = "{server[1]}"']  # fmt: skip
    merged.write_text("\n".join(lines))
    run = typer.CliRunner().invoke
    words = ["read", "--account", f"{place.name}:{account}", "--merge", str(merged)]
    done = run(program(), [*words, "--book", str(book)])
    assert done.exit_code == 0, done.output
    [row] = tomllib.loads(book.read_text())["instrument"]
    assert row["held"] == float(-bench.size)
    desk.fill(-100 * lot)
    done = run(program(), ["refresh", str(book), "--json"])
    assert done.exit_code == 0, done.output
    changes = {(each["table"], each["field"]) for each in json.loads(done.stdout)["changes"]}
    assert (row["name"], "held") in changes
    assert tomllib.loads(book.read_text())["instrument"][0]["held"] == float(
        -bench.size - 100 * lot
    )
    for secret in bench.secrets:
        assert secret.reveal() not in done.output + book.read_text()


@pytest.mark.parametrize("place", ACCOUNTS, indirect=True, ids=lambda its: its.name)
def test_orders_in_a_file_are_such_as_the_exchange_takes(place, desk, bench, server):
    """Of a book that was read: on the tick, of lots, at a price in the exchange's own unit."""
    desk.fill(-bench.size)
    found = read(place, server)
    [row], top = found.instruments, desk.session.book(bench.symbol)
    book = hc.Book.from_tables(found.into({}))
    for contracts, worst in ((bench.size, "1.02"), (-2 * bench.size, "0.98")):
        [ticket] = order_tickets(book, {row["name"]: float(contracts)}, 0.02)
        assert abs(ticket.limit_price / (top.mark * Decimal(worst)) - 1) < Decimal("0.011")
        order = hc.Intent(
            client_id=ticket.client_id, symbol=ticket.symbol, limit_price=ticket.limit_price,
            contracts=ticket.size.copy_sign(contracts), expires=desk.session.time() + 5,
        )  # fmt: skip
        desk.session.place(desk.session.prepare(order))
        assert bench.ledger.orders[-1].contracts == contracts


@pytest.mark.parametrize("place", PLACES[2:], indirect=True, ids=["binance"])
def test_the_least_notional_is_read_in_what_the_book_counts_in(bench, server, place):
    found = read(place, server, **{bench.symbol: None})
    assert found.into({})["instrument"][0]["min_notional"] == 20.0
    other = found.into({"numeraire": "EUR", "prices": {"USDT": 0.9}})
    assert other["instrument"][0]["min_notional"] == 18.0


@DERIBIT
def test_what_has_expired_goes_from_the_book(bench, server, place):
    bench.exchange.instruments = [deribit.INSTRUMENT, FUTURE]
    tables = read(place, server, **{FUTURE["instrument_name"]: None, bench.symbol: None}).into({})
    assert len(tables["instrument"]) == 2
    bench.exchange.instruments = [deribit.INSTRUMENT]
    again = refresh_book(tables, [])
    assert [each["symbol"] for each in again.tables["instrument"]] == [bench.symbol]
    assert "BTC-27DEC24: traded no more" in again.notes
