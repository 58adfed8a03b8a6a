"""Modes of accounts, and kinds that an account may hold: each is read by a row, or refused by name.

What is refused says what to do instead.
"""

from __future__ import annotations

import pytest
from attrs import evolve
from exchanges.bench import changed
from exchanges.places import PLACES

import hedgecore as hc
from hedgecore.readers.venue_accounts import AccountRequest, read_account

DERIBIT, OKX, BINANCE = (
    pytest.mark.parametrize("place", [each], indirect=True, ids=[each.name]) for each in PLACES
)


def refused(venue, words):
    """A session of such an account is not opened, and the refusal has these words."""
    with pytest.raises(hc.VenueError, match=words):
        venue.open()


@DERIBIT
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"margin_model": "cross_pm", "cross_collateral_enabled": True}, "cross-collateral margin"),
        ({"margin_model": "cross_sm", "cross_collateral_enabled": True}, "cross-collateral margin"),
        ({"cross_collateral_enabled": True}, "cross-collateral margin"),
        ({"margin_model": "new"}, "another margin"),
    ],
)
def test_deribit_s_cross_collateral_margin_is_refused(place, bench, server, change, kind):
    bench.exchange.more_result = change
    refused(place.venue(url=server[1]), rf"has {kind} .*: choose segregated margin, standard or")


@DERIBIT
@pytest.mark.parametrize("model", ["segregated_sm", "segregated_pm"])
def test_deribit_s_segregated_margin_is_read_standard_or_portfolio(desk, bench, model):
    bench.exchange.model = model
    assert desk.session.identity().permissions == ("trade",)
    desk.fill(bench.size)
    assert desk.account().margin.asset == "BTC"


@DERIBIT
def test_a_position_of_deribit_s_of_a_kind_without_a_table_is_refused_by_name(desk, bench):
    bench.exchange.more_positions = [{
        "instrument_name": "BTC-FS-27DEC24_PERP", "kind": "future_combo", "size": 100,
        "direction": "buy", "delta": 0, "floating_profit_loss": 0, "mark_price": 1,
    }]  # fmt: skip
    with pytest.raises(hc.VenueError, match="BTC-FS-27DEC24_PERP are of no kind that has a table"):
        desk.account()


@OKX
def test_a_loan_on_spot_at_okx_is_refused_by_name_as_the_account_is_read(
    desk, bench, place, server
):
    """A position of another type than contracts: no book can have it."""
    desk.fill(bench.size)
    spot = {"instId": "BTC-USDT", "instType": "MARGIN"}
    changed(bench, "get_account_positions", lambda said: [{**said[0], **spot}])
    risk = bench.exchange.get_account_account_position_risk
    bench.exchange.get_account_account_position_risk = lambda *asked: [
        {**risk(*asked)[0], "posData": [{"instId": "BTC-USDT", "pos": bench.ledger.held}]}
    ]
    with pytest.raises(
        hc.ReaderError, match=r"'BTC-USDT' is not traded at mine: .*no spot on marg"
    ):
        read_account(AccountRequest(name="mine", venue=place.venue(url=server[1])))


@OKX
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ({"posMode": "long_short_mode"}, r"long/short mode \(hedge mode\), .*: choose net mode"),
        ({"acctLv": "1"}, "spot mode, .*: choose futures mode"),
        ({"acctLv": "7"}, "account mode 7, .*: choose futures mode"),
        ({"posMode": "new"}, "position mode new, .*: choose net mode"),
    ],
)
def test_okx_s_modes_without_a_row_are_refused(place, bench, server, mode, words):
    bench.exchange.config |= mode
    refused(place.venue(url=server[1]), f"okx: the account is in {words}")


@OKX
@pytest.mark.parametrize(("level", "asset"), [("2", "USDT"), ("3", "USD"), ("4", "USD")])
def test_okx_s_margin_is_a_coin_s_in_futures_mode_and_dollars_of_several_or_a_portfolio(
    desk, bench, level, asset
):
    bench.exchange.config["acctLv"] = level
    desk.session.identity()
    desk.fill(bench.size)
    assert desk.account().margin.asset == asset
    assert desk.account().margin.maintenance > 0


@OKX
@pytest.mark.parametrize("change", [{"posSide": "long"}, {"mgnMode": "isolated"}])
def test_okx_s_positions_of_one_side_or_on_isolated_margin_are_refused(desk, bench, change):
    desk.fill(bench.size)
    changed(bench, "get_account_positions", lambda said: [{**said[0], **change}])
    with pytest.raises(hc.VenueError, match=r"BTC-USDT-SWAP is .*: not read here; close it, or mo"):
        desk.account()


@BINANCE
@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("hedged", r"hedge mode \(dual-side\), .*: choose one-way mode"),
        ("joined", "multi-assets mode, .*: choose single-asset mode"),
    ],
)
def test_binance_s_modes_without_a_row_are_refused(place, bench, server, mode, words):
    setattr(bench.exchange, mode, True)
    refused(place.venue(url=server[1]), f"binance: the account is in {words}")


@BINANCE
def test_binance_s_portfolio_margin_is_refused(place, bench, server):
    """Its positions are told by another interface: by this one it would be flat."""
    bench.exchange.rights["enablePortfolioMarginTrading"] = True
    refused(place.venue(url=server[1]), "portfolio margin, not read here: take one without")


@BINANCE
def test_binance_s_contracts_that_are_margined_in_coins_are_refused_where_held(
    place, bench, server
):
    bench.exchange.coin_margined = [{"symbol": "ETHUSD_PERP", "positionAmt": "-3"}]
    refused(place.venue(url=server[1]), "holds ETHUSD_PERP, and COIN-M have no table, .*: close")


@BINANCE
def test_binance_s_options_are_refused_where_held_and_asked_for_where_the_key_may(
    place, bench, server
):
    venue, row = place.venue(url=server[1]), {"symbol": "BTC-241227-60000-C", "quantity": "0.1"}
    bench.exchange.options = [row]
    venue.open().close()  # a key without the right is told nothing of them
    bench.exchange.rights["enableVanillaOptions"] = True
    refused(venue, "holds BTC-241227-60000-C, and options have no table, .*: close them")
    bench.exchange.options = [{**row, "quantity": "0"}]
    venue.open().close()


@BINANCE
@pytest.mark.parametrize("name", ["BTCUSD_PERP", "BTC-241227-60000-C"])
def test_a_contract_of_binance_s_without_a_table_is_refused_by_name(place, desk, server, name):
    words = rf"{name}.*\(COIN-M\) and options have no table: trade them at deribit or okx"
    with pytest.raises(hc.RejectedError, match=words):
        desk.session.prepare(evolve(desk.intent(desk.bench.size), symbol=name))
    venue = place.venue(url=server[1])
    with pytest.raises(hc.ReaderError, match=words):
        read_account(AccountRequest(name="mine", venue=venue, underlyings={name: None}))


@pytest.mark.parametrize("place", PLACES[1:], indirect=True, ids=["okx", "binance"])
def test_a_position_that_another_coin_margins_is_refused(place, desk, bench, server):
    """In the coin that is read it has no maintenance: the account could be filled up."""
    desk.fill(bench.size)
    told = pytest.raises(hc.VenueError, match=f"{bench.symbol} is margined in USDT, and .* USDC")
    with place.venue(url=server[1], currency="USDC").open() as other, told:
        other.account()


def test_an_account_on_the_test_network_is_read(place, bench, server):
    """Binance's does not tell what a key may do; ccxt has no such address there."""
    network = "demo" if place.name == "binance" else "testnet"
    with place.venue(url=server[1], network=network).open() as session:
        told = session.identity().permissions
        assert told == (None if place.name == "binance" else ("trade",))
        assert session.account().balances
    assert bench.orders_seen() == []
