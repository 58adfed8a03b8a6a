"""What the table of each exchange says, row by row."""

from __future__ import annotations

from decimal import Decimal

import pytest
from exchanges import deribit, okx
from exchanges.bench import changed
from exchanges.places import LINEAR, PLACES

import hedgecore as hc

DERIBIT, OKX, BINANCE = (
    pytest.mark.parametrize("place", [each], indirect=True, ids=[each.name]) for each in PLACES
)
OPTION = {
    **deribit.INSTRUMENT, "instrument_name": "BTC-27DEC24-60000-C", "kind": "option",
    "settlement_period": "month", "min_trade_amount": 0.1, "contract_size": 1, "tick_size": 0.0001,
    "tick_size_steps": [{"above_price": 0.005, "tick_size": 0.0005}], "strike": 60000,
    "option_type": "call", "taker_commission": 0.0003, "expiration_timestamp": 1735286400000,
}  # fmt: skip
FUTURE = {**deribit.INSTRUMENT, "instrument_name": "BTC-27DEC24", "settlement_period": "month",
          "expiration_timestamp": 1735286400000}  # fmt: skip


@DERIBIT
def test_deribit_s_contracts_are_dollars_of_inverse_ones_and_coins_of_options(desk, bench):
    bench.exchange.instruments = [deribit.INSTRUMENT, OPTION, FUTURE,
                                  {**FUTURE, "kind": "future_combo"}]  # fmt: skip
    terms = desk.session.terms()
    perp, option, future = (terms[each["instrument_name"]] for each in
                            (deribit.INSTRUMENT, OPTION, FUTURE))  # fmt: skip
    assert (perp.contract_size, perp.lot, perp.inverse, perp.expiry) == (1, 10, True, None)
    assert (perp.quote, perp.underlying, perp.settlement) == ("USD", "BTC", "BTC")
    assert (option.lot, option.strike, option.option_type) == (Decimal("0.1"), 60000, "call")
    assert (option.tick, option.inverse) == (Decimal("0.0005"), False)
    assert future.expiry == 1735286400.0


@DERIBIT
@pytest.mark.parametrize("name", ["margin_balance", "equity", "delta_total", "futures_session_upl"])
def test_deribit_s_summary_that_does_not_add_up_is_an_error(desk, bench, name):
    desk.fill(bench.size)
    bench.exchange.more_result = {name: Decimal("0.5")}
    with pytest.raises(hc.VenueError, match="add up to"):
        desk.account()


@DERIBIT
def test_deribit_s_cash_and_entries_are_worth_its_margin_before_and_after_a_settlement(desk, bench):
    """The entry is such that the session's result, funding and all, is the position's profit."""
    desk.fill(Decimal(-100_000))
    bench.ledger.price = Decimal(52_000)
    desk.fill(Decimal(40_000))
    for _ in range(2):
        account = desk.account()
        [held] = account.positions.values()
        price = bench.ledger.price
        worth = account.balances["BTC"] + held.contracts * (1 / held.entry_price - 1 / price)
        assert float(worth) == pytest.approx(float(account.margin.equity), abs=1e-7)
        bench.accrue()


@DERIBIT
def test_deribit_s_options_are_entered_at_nothing_since_their_premium_is_paid(desk, bench):
    bench.exchange.more_positions = [{
        "instrument_name": "BTC-27DEC24-60000-C", "kind": "option", "size": -2.0,
        "direction": "sell", "mark_price": 0.05, "delta": -0.9, "floating_profit_loss": 0.01,
    }]  # fmt: skip
    cash = bench.ledger.cash
    bench.exchange.more_result = {
        "delta_total": Decimal("-0.9"), "options_value": Decimal("-0.1"),
        "equity": cash - Decimal("0.1"),
    }  # fmt: skip
    [held] = desk.account().positions.values()
    assert (held.contracts, held.entry_price) == (-2, 0)
    bench.exchange.more_positions[0] |= {"size": -20.0}
    with pytest.raises(hc.VenueError, match=r"add up to a value of options of -1\."):
        desk.account()


@pytest.mark.parametrize("place", [PLACES[0], LINEAR], indirect=True, ids=["inverse", "linear"])
@pytest.mark.parametrize(("move", "is_read"), [("1.003", True), ("1.02", False)])
def test_deribit_s_sums_are_apart_by_what_prices_move_between_two_answers(
    desk, bench, move, is_read
):
    """The result of what is held follows the price, in the coin that pays it."""
    desk.fill(bench.size)
    changed(bench, "get_account_summary", lambda said: said | moved(bench.ledger, Decimal(move)))
    if is_read:
        assert desk.account().positions
        return
    with pytest.raises(hc.VenueError, match="add up to a"):
        desk.account()


def moved(ledger, factor):
    """Of a summary, what follows the price, before that had moved."""
    now = ledger.price
    ledger.price = now * factor
    floating, margin = ledger.floating, ledger.cash + ledger.session + ledger.floating
    delta = ledger.worth(ledger.held, ledger.price) if ledger.inverse else ledger.held
    ledger.price = now
    return {"futures_session_upl": floating, "margin_balance": margin, "equity": margin,
            "delta_total": delta}  # fmt: skip


@DERIBIT
@pytest.mark.parametrize(
    ("row", "kind", "contracts"),
    [
        ({"type": "delivery", "side": "close sell", "instrument_name": "BTC-27DEC24", "amount": 500,
          "price": 50000}, hc.EventKind.EXPIRY, -500),
        ({"type": "settlement"}, hc.EventKind.FUNDING, 0),
        ({"type": "deposit"}, hc.EventKind.TRANSFER, 0),
        ({"type": "correction"}, hc.EventKind.TRANSFER, 0),
    ],
)  # fmt: skip
def test_deribit_s_rows_are_events_of_a_kind(desk, bench, row, kind, contracts):
    since = desk.account().cursor
    bench.transfer(Decimal("0.5"))
    plain = bench.exchange.row
    bench.exchange.row = lambda its: {**plain(its), **row}
    [event] = desk.account(since).events
    assert (event.kind, event.contracts) == (kind, contracts)
    assert dict(event.changes) == {"BTC": Decimal("0.5")}


@DERIBIT
def test_deribit_s_liquidation_is_told_as_such(desk, bench):
    since = desk.account().cursor
    bench.trade(bench.size)
    plain = bench.exchange.trade
    bench.exchange.trade = lambda its: {**plain(its), "liquidation": "T"}
    [event] = desk.account(since).events
    assert event.kind is hc.EventKind.LIQUIDATION


@DERIBIT
def test_two_orders_under_one_label_are_an_error(desk, bench):
    receipt = desk.session.prepare(desk.intent(bench.size))
    desk.session.place(receipt)
    changed(bench, "get_order_state_by_label", lambda said: said * 2)
    with pytest.raises(hc.VenueError, match="2 orders have the label"):
        desk.session.resolve(receipt)


@OKX
def test_okx_s_debts_are_an_error(desk, bench):
    bench.exchange.debt = "12.5"
    with pytest.raises(hc.VenueError, match=r"debts are not read: USDT 12.5"):
        desk.account()


@OKX
@pytest.mark.parametrize("hours", [1, 4, 8])
def test_okx_s_funding_is_that_of_eight_hours(desk, bench, hours):
    bench.exchange.hours = hours
    assert desk.session.book(bench.symbol).funding_rate == Decimal("0.0001") * 8 / hours


@OKX
def test_okx_s_contracts_are_so_many_coins_and_the_fee_is_the_account_s(desk, bench):
    inverse = {**okx.INSTRUMENT, "instId": "BTC-USD-SWAP", "ctVal": "100", "ctType": "inverse",
               "settleCcy": "BTC", "uly": "BTC-USD"}  # fmt: skip
    bench.exchange.instruments["SWAP"].append(inverse)
    linear, other = (desk.session.terms()[each] for each in (bench.symbol, "BTC-USD-SWAP"))
    bench.exchange.instruments["SWAP"].remove(inverse)
    assert (linear.contract_size, linear.fee) == (Decimal("0.01"), Decimal("0.0005"))
    assert linear.quote == "USDT"
    assert (other.contract_size, other.fee, other.inverse) == (100, Decimal("0.0004"), True)
    assert (other.quote, other.settlement) == ("USD", "BTC")


@BINANCE
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("autoclose-1", hc.EventKind.LIQUIDATION),
        ("adl_autoclose", hc.EventKind.DELEVERAGING),
        ("settlement_autoclose-2", hc.EventKind.EXPIRY),
        ("web_3", hc.EventKind.FILL),
    ],
)
def test_binance_s_forced_trades_are_told_by_their_client_ids(desk, bench, name, kind):
    since = desk.account().cursor
    bench.trade(bench.size)
    bench.exchange.names = {1: name}
    [event] = desk.account(since).events
    assert event.kind is kind


@BINANCE
@pytest.mark.parametrize("hours", [4, None])
def test_binance_s_funding_is_that_of_eight_hours(desk, bench, hours):
    if hours:
        bench.exchange.intervals = [{"symbol": bench.symbol, "fundingIntervalHours": hours}]
    assert desk.session.book(bench.symbol).funding_rate == Decimal("0.0001") * 8 / (hours or 8)


@BINANCE
def test_binance_s_trade_is_told_once_its_fee_is(desk, bench):
    since = desk.account().cursor
    bench.trade(bench.size)
    changed(bench, "fapi_get_income", lambda said: [])  # noqa: ARG005
    with pytest.raises(hc.VenueError, match="do not match"):
        desk.account(since)


@pytest.mark.parametrize("place", PLACES[1:], indirect=True, ids=["okx", "binance"])
def test_a_history_reaches_back_a_week(desk, bench):
    since = desk.account().cursor
    bench.advance(8 * 86_400)
    with pytest.raises(hc.VenueError, match="older than the week"):
        desk.account(since)


@BINANCE
def test_binance_s_client_ids_are_asked_for_together_and_of_older_orders_one_by_one(desk, bench):
    since = desk.account().cursor
    for name in ("ab" * 16, "cd" * 16):
        bench.trade(bench.size)
        bench.ledger.orders[-1].client = name
    bench.ledger.orders[0].time -= 86_400_000
    events = desk.account(since).events
    assert [each.client_id for each in events] == ["ab" * 16, "cd" * 16]
    asked = [each.path.split("?")[0] for each in bench.requests_seen]
    assert (asked.count("/fapi/v1/allOrders"), asked.count("/fapi/v1/order")) == (1, 1)
