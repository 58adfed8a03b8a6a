"""What is sent to Hyperliquid is what was meant, and nothing besides."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random

import pytest
from attrs import evolve
from hedgecore_hyperliquid.wire import Listing, order_action
from hyper.bench import KEY, venue

import hedgecore as hc

ETH, BTC = Listing(1, 4, 25), Listing(0, 5, 40)
INTENT = hc.Intent(
    client_id="ab" * 16, symbol="ETH", contracts=Decimal("-1.5"), limit_price=Decimal(1990),
    expires=1_700_000_005.0,
)  # fmt: skip


def test_no_builder_and_no_referrer_is_ever_sent(desk, bench):
    """Of all that a session sends: an order has these keys, and no more."""
    desk.session.terms()
    desk.fill(Decimal("1.5"))
    desk.account(desk.account().cursor)
    assert not [each for each in bench.bodies if "uilder" in each or "eferr" in each]
    [order] = [json.loads(each) for each in bench.bodies if "signature" in each]
    assert order.keys() == {"action", "nonce", "signature", "vaultAddress", "expiresAfter"}
    assert order["action"].keys() == {"type", "orders", "grouping"}
    assert order["action"]["orders"][0].keys() == {"a", "b", "p", "s", "r", "t", "c"}


def test_the_end_is_in_what_is_signed(desk, bench):
    """With another end, the signature is a stranger's."""
    receipt = desk.session.prepare(desk.intent(Decimal("1.5")))
    payload = json.loads(receipt.proof["payload"])
    assert payload["expiresAfter"] == int(receipt.intent.expires * 1000)
    late = json.dumps({**payload, "expiresAfter": payload["expiresAfter"] + 60_000})
    with pytest.raises(hc.VenueError, match="order: the answer is incomplete") as caught:
        desk.session.place(evolve(receipt, proof={**receipt.proof, "payload": late}))
    assert not isinstance(caught.value, hc.RejectedError)
    assert bench.exchange.orders == {}


def test_an_agents_key_of_the_other_network_signs_for_nobody(bench, server):
    with venue(server[1], network="testnet").open() as session:
        receipt = session.prepare(evolve(INTENT, expires=bench.exchange.now / 1000 + 60))
        with pytest.raises(hc.VenueError):
            session.place(receipt)
    assert bench.exchange.orders == {}


def test_sizes_on_the_lot_reach_the_wire_to_the_digit():
    chance = Random(7)  # noqa: S311 - no secret
    for _ in range(2000):
        size = Decimal(chance.randrange(1, 2**26 * 10**4)).scaleb(-4)
        action = order_action(evolve(INTENT, contracts=size), ETH)
        assert Decimal(action["orders"][0]["s"]) == size


@pytest.mark.parametrize(
    ("contracts", "limit", "why"),
    [
        ("1.50005", "1990", "no whole number of lots of 0.0001"),
        ("0", "1990", "no whole number"),
        ("NaN", "1990", "no whole number"),
        ("99668151.6150", "1990", "the client would send 99668151.61499999"),
        ("1e30", "1990", "the client (cannot|would) send"),
        ("1.5", "1990.55", "5 significant figures and 2 decimals"),
        ("1.5", "1.23456", "5 significant figures"),
        ("1.5", "0.123", "2 decimals"),
        ("1.5", "-1990", "is no price"),
        ("1.5", "NaN", "is no price"),
    ],
)
def test_what_cannot_be_sent_as_it_is_meant_is_refused(contracts, limit, why):
    wrong = evolve(INTENT, contracts=Decimal(contracts), limit_price=Decimal(limit))
    with pytest.raises(hc.RejectedError, match=why):
        order_action(wrong, ETH)


@pytest.mark.parametrize("price", ["123456", "99999", "1990.5", "12.34", "1.2", "1990.50"])
def test_a_price_of_the_venues_is_sent(price):
    action = order_action(evolve(INTENT, limit_price=Decimal(price)), ETH)
    assert Decimal(action["orders"][0]["p"]) == Decimal(price)


@pytest.mark.parametrize(
    ("listing", "mark", "tick"),
    [
        (ETH, "2000", "0.1"),
        (ETH, "9500", "1"),  # 10 450 is within a tenth, and has no decimals
        (ETH, "5", "0.01"),
        (BTC, "95000", "1"),
        (BTC, "250000", "1"),
        (Listing(2, 0, 5), "0.012345", "0.000001"),
        (Listing(2, 1, 5), "8.1", "0.0001"),
    ],
)
def test_the_tick_is_of_five_figures_a_tenth_above_the_mark(listing, mark, tick):
    assert listing.tick(Decimal(mark)) == Decimal(tick)
    for step in range(1, 50):
        price = (Decimal(mark) // Decimal(tick) + step) * Decimal(tick)
        assert listing.has_price(price) or price > Decimal(mark) * Decimal("1.1")


def test_of_a_sent_order_again_the_venue_says_its_nonce_and_that_is_no_refusal(desk):
    receipt = desk.session.prepare(desk.intent(Decimal("1.5")))
    desk.session.place(receipt)
    with pytest.raises(hc.VenueError) as caught:
        desk.session.place(receipt)
    assert not isinstance(caught.value, hc.RejectedError)
    assert desk.settle(receipt).contracts == Decimal("1.5")


def test_what_the_venue_says_of_the_order_itself_is_a_refusal(desk, bench):
    receipt = desk.session.prepare(desk.intent(Decimal("0.001")))
    with pytest.raises(hc.RejectedError, match=r"minimum value of \$10"):
        desk.session.place(receipt)
    assert desk.session.resolve(receipt) == hc.Filled(contracts=Decimal(0), venue_id="1")
    assert bench.exchange.fills == []


def test_absence_is_said_five_seconds_after_the_end_by_the_venues_time(desk, bench):
    receipt = desk.session.prepare(desk.intent(Decimal("1.5")))
    for seconds, known in ((bench.lifetime, False), (4.9, False), (0.2, True)):
        bench.advance(seconds)
        assert isinstance(desk.session.resolve(receipt), hc.Absent) == known


def test_two_orders_with_one_end_have_two_nonces(desk):
    intent = desk.intent(Decimal("1.5"))
    one, two = (desk.session.prepare(evolve(intent, client_id=c * 32)) for c in "ab")
    assert one.proof["nonce"] != two.proof["nonce"]
    for each in (one, two):
        desk.session.place(each)
        assert desk.settle(each).contracts == Decimal("1.5")


def test_without_a_key_it_is_read_and_not_traded(bench, server, monkeypatch):
    monkeypatch.delenv(KEY)
    with pytest.raises(hc.VenueError, match=f"no private key is given: set {KEY}"):
        venue(server[1]).open()
    with venue(server[1]).watch() as session:
        assert session.identity().permissions == ()
        assert session.account().balances["USDC"] == 100_250
        with pytest.raises(hc.VenueError, match="no key is given"):
            session.prepare(INTENT)
    assert bench.exchange.sent == []
