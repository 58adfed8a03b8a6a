"""Options of OKX: their terms, their prices, what is held of them, and how they end."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from attrs import evolve
from exchanges.bench import changed
from exchanges.okx_options import CALL, EXPIRY, SYMBOL
from exchanges.places import OPTIONS

import hedgecore as hc
from hedgecore.readers.venue_accounts import AccountRequest, read_account

pytestmark = pytest.mark.parametrize("place", [OPTIONS], indirect=True, ids=["okx options"])


def read(place, server):
    """Return what the account is in a book."""
    pytest.importorskip("hedgecore_derivatives", reason="contracts are its instruments")
    return read_account(AccountRequest(name="okx", venue=place.venue(url=server[1])))


def test_its_terms_are_of_so_many_coins_at_the_coarsest_tick_and_the_options_own_fee(desk):
    its = desk.session.terms()[SYMBOL]
    assert (its.contract_size, its.lot, its.min_order) == (Decimal("0.01"), 1, 1)
    assert (its.underlying, its.quote, its.settlement) == ("BTC", "USD", "BTC")
    assert (its.strike, its.option_type, its.expiry) == (60_000, "call", EXPIRY)
    assert (its.tick, its.fee, its.inverse) == (Decimal("0.0005"), Decimal("0.0003"), False)


def test_its_prices_are_coins_and_its_volatility_that_of_its_own_row(desk):
    top = desk.session.book(SYMBOL)
    assert (top.bid, top.ask, top.mark) == (Decimal("0.0495"), Decimal("0.0505"), Decimal("0.05"))
    assert (top.index, top.volatility, top.funding_rate) == (50_000, Decimal("0.27193"), None)


@pytest.mark.parametrize(
    ("contracts", "limit", "why"),
    [
        ("2", "0.0505", None),
        ("2", "0.0501", r"the tick is 0\.0005"),
        ("0.01", "0.05", "no whole number of lots of 1"),
        ("2.5", "0.05", "no whole number of lots of 1"),
    ],
)
def test_an_order_off_the_lot_or_between_two_ticks_is_refused(desk, contracts, limit, why):
    order = evolve(
        desk.intent(Decimal(2)), contracts=Decimal(contracts), limit_price=Decimal(limit)
    )
    if why is None:
        assert desk.session.prepare(order).intent == order
        return
    with pytest.raises(hc.RejectedError, match=why):
        desk.session.prepare(order)


def test_an_order_is_sent_in_contracts_at_a_price_in_coins_and_its_premium_is_paid(desk, bench):
    """Two contracts of a hundredth of a coin at 0.0505 cost 0.00101 coins, and a fee."""
    before = desk.account()
    outcome = desk.trade(Decimal(2))
    sent = json.loads(bench.orders_seen()[-1].body)
    assert (sent["instId"], sent["sz"], sent["side"]) == (SYMBOL, "2", "buy")
    assert (outcome.contracts, outcome.price) == (2, Decimal("0.0505"))
    after = desk.account(before.cursor)
    [event] = after.events
    paid = before.balances["BTC"] - after.balances["BTC"]
    assert paid == Decimal("0.00101") + outcome.fee
    assert (event.contracts, event.changes["BTC"]) == (2, -paid)
    assert after.margin.asset == "BTC"


def test_without_a_family_no_option_is_traded(place, server, bench):
    with place.venue(url=server[1], option_family=None).open() as session:
        assert SYMBOL not in session.terms()
        order = hc.Intent(client_id="ab" * 16, symbol=SYMBOL, contracts=Decimal(2),
                          limit_price=Decimal("0.05"), expires=2e9)  # fmt: skip
        with pytest.raises(hc.RejectedError, match=r"no contract is called .*option_family"):
            session.prepare(order)
    assert bench.orders_seen() == []


def test_one_that_is_held_was_entered_at_nothing_since_its_premium_is_paid(desk, bench):
    desk.fill(Decimal(-3))
    held = desk.account().positions[SYMBOL]
    assert (held.contracts, held.entry_price) == (-3, 0)
    assert (held.notional, held.mark) == (Decimal("0.0015"), bench.ledger.price)


def test_one_that_an_answer_leaves_out_is_an_error(desk, bench):
    desk.fill(Decimal(2))
    bench.exchange.get_account_account_position_risk = lambda *_: [{"posData": []}]
    with pytest.raises(hc.VenueError, match="are not those by which its risk is reckoned"):
        desk.account()


def test_one_that_is_margined_in_another_coin_than_is_read_is_an_error(place, desk, server):
    """Its maintenance would be taken for 0, and the account filled up with orders."""
    desk.fill(Decimal(2))
    told = pytest.raises(hc.VenueError, match=r"is margined in BTC, and .* currency USDT")
    with place.venue(url=server[1], currency="USDT").open() as other, told:
        other.account()


@pytest.mark.parametrize(
    ("row", "kind", "contracts"),
    [
        ({"type": "2", "subType": "1"}, hc.EventKind.FILL, 2),
        ({"type": "3", "subType": "170"}, hc.EventKind.EXPIRY, -2),
        ({"type": "3", "subType": "171"}, hc.EventKind.EXPIRY, 2),
        ({"type": "3", "subType": "172"}, hc.EventKind.EXPIRY, 0),
        ({"type": "3", "subType": "117"}, hc.EventKind.EXPIRY, 0),
        ({"type": "5", "subType": "107"}, hc.EventKind.LIQUIDATION, -2),
        ({"type": "5", "subType": "109"}, hc.EventKind.LIQUIDATION, 0),
        ({"type": "14", "subType": "205"}, hc.EventKind.FILL, -2),
        ({"type": "32", "subType": "324"}, hc.EventKind.FILL, 2),
        ({"type": "34", "subType": "355"}, hc.EventKind.FUNDING, 0),
        ({"type": "1", "subType": "11"}, hc.EventKind.TRANSFER, 0),
    ],
)
def test_its_bills_are_events_that_move_what_they_tell(desk, bench, row, kind, contracts):
    since = desk.account().cursor
    bench.transfer(Decimal("0.001"))
    plain = bench.exchange.bill
    traded = {"instType": "OPTION", "instId": SYMBOL, "sz": "2", "px": "0.05", "clOrdId": ""}
    bench.exchange.bill = lambda its: {**plain(its), **traded, **row}
    [event] = desk.account(since).events
    assert (event.kind, event.contracts) == (kind, contracts)
    assert event.symbol == (SYMBOL if contracts else None)
    assert dict(event.changes) == {"BTC": Decimal("0.001")}


def test_an_account_with_one_becomes_a_book_that_prices_it(place, desk, bench, server):
    desk.fill(Decimal(-3))
    found = read(place, server)
    [row] = found.instruments
    assert (row["kind"], row["strike"], row["option_type"]) == ("inverse-option", 60_000, "call")
    assert (row["held"], row["entry_price"], row["contract_size"]) == (-3.0, 0.0, 0.01)
    assert (row["vol"], row["fee"], row["lot"]) == (0.27193, 0.0003, 1.0)
    years = (EXPIRY - bench.ledger.now / 1000) / (365 * 86_400)
    assert row["expiry_years"] == pytest.approx(years, rel=1e-6)
    book = hc.Book.from_tables(found.into({}))
    worth = float(book.held[f"{SYMBOL} at okx"].contract.worth(book.market))
    assert worth == pytest.approx(0.01 * 50_000 * 0.05, rel=1e-4)  # the mark, of 0.01 coins


@pytest.mark.parametrize("part", ["1.009", "1.011", "0.98", "100"])
def test_a_value_of_the_exchange_s_that_disagrees_refuses_the_reading(
    place, desk, bench, server, part
):
    """As by a multiplier that is left out, a hundred times too much: by the mark of one answer."""
    desk.fill(Decimal(-3))
    changed(bench, "get_account_positions", lambda said: [
        {**each, "optVal": Decimal(each["optVal"]) * Decimal(part)} for each in said
    ])  # fmt: skip
    if part == "1.009":
        assert read(place, server).instruments[0]["held"] == -3.0
        return
    with pytest.raises(hc.ReaderError, match="by their size and the mark, and"):
        read(place, server)


def test_one_on_dollars_that_is_paid_in_usdc_is_refused_by_name(place, bench, server):
    """Its price is dollars, and would be taken for coins."""
    name = "BTC-USD_UM-241227-60000-C"
    bench.exchange.calls = [{**CALL, "instId": name, "settleCcy": "USDC"}]
    summary = bench.exchange.get_public_opt_summary
    bench.exchange.get_public_opt_summary = lambda *asked: [
        {**each, "instId": name} for each in summary(*asked)[1:]
    ]
    request = AccountRequest(name="okx", venue=place.venue(url=server[1]), underlyings={name: None})
    with pytest.raises(hc.ReaderError, match=f"{name}: .*on BTC in USD that is paid in USDC"):
        read_account(request)
