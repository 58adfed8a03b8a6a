"""What the chain proves of an order, and what it tells of an account."""

from __future__ import annotations

from decimal import Decimal

import pytest
from attrs import evolve
from chain.uniswap_v3 import FOREVER
from perp.bench import DELEGATE, OWNER, OWNER_KEY, venue
from perp.deployed import MAKER, USDC, WEI

import hedgecore as hc
from hedgecore.testing.venue_desk import Desk

SIZE = Decimal("1.5")


@pytest.fixture
def desk(bench):
    """A session of the delegate, on the node."""
    with venue(bench.perp).open() as session:
        yield Desk(session, bench)


def sent(desk, size=SIZE, **more):
    """Return the receipt of an order that the node has."""
    receipt = desk.session.prepare(desk.intent(size, **more))
    desk.session.place(receipt)
    return receipt


def test_an_order_is_unknown_until_its_block_is_confirmed(desk, bench):
    receipt = sent(desk)
    assert isinstance(desk.session.resolve(receipt), hc.Unknown)
    bench.perp.pass_time(2)
    assert isinstance(desk.session.resolve(receipt), hc.Unknown)
    assert desk.session.account().positions == {}
    bench.perp.pass_time(2)
    filled = desk.session.resolve(receipt)
    assert filled.contracts == SIZE
    assert filled.venue_id == receipt.proof["hash"]
    assert desk.session.account().positions["vETH"].contracts == SIZE


def test_sent_again_it_is_no_error_while_the_node_has_it(desk, bench):
    """A node says "already known", and "nonce too low" once it is mined: neither is a refusal."""
    receipt = sent(desk)
    desk.session.place(receipt)
    bench.advance(10)
    desk.session.place(receipt)
    assert desk.settle(receipt).contracts == SIZE


def test_a_nonce_that_another_transaction_used_proves_it_absent(desk, bench):
    receipt = desk.session.prepare(desk.intent(SIZE))
    bench.advance(10)
    other = bench.perp.usdc.send("approve", OWNER, 1, sender=DELEGATE)
    bench.advance(10)
    found = desk.session.resolve(receipt)
    number = int(other["blockNumber"], 16)
    assert found == hc.Absent(f"nonce 0 was used by {other['transactionHash']} in block {number}")
    with pytest.raises(hc.VenueError, match="nonce too low"):
        desk.session.place(receipt)


def test_a_trade_that_reverts_is_absent(desk, bench):
    """The price has left before the block comes."""
    receipt = desk.session.prepare(desk.intent(SIZE, slack=Decimal("0.0005")))
    bench.trade(Decimal(4))
    desk.session.place(receipt)
    found = desk.settle(receipt)
    assert isinstance(found, hc.Absent)
    assert "reverted" in found.proof
    assert desk.contracts() == 4


def test_a_deadline_proves_it_absent_only_by_a_block_that_is_confirmed(desk, bench):
    receipt = desk.session.prepare(desk.intent(SIZE))
    bench.perp.pass_time(int(bench.lifetime) + 1)
    assert isinstance(desk.session.resolve(receipt), hc.Unknown)
    bench.perp.pass_time(2)
    found = desk.session.resolve(receipt)
    assert isinstance(found, hc.Absent)
    assert f"past its deadline {int(receipt.intent.expires)}" in found.proof


def test_a_reorganisation_takes_an_order_back(desk, bench):
    before = desk.account()
    receipt = desk.session.prepare(desk.intent(SIZE))
    with bench.perp.rpc.undone():
        desk.session.place(receipt)
        bench.perp.pass_time(2)
        assert bench.perp.position(OWNER) == SIZE * WEI
        assert isinstance(desk.session.resolve(receipt), hc.Unknown)
    bench.perp.pass_time(3)
    assert isinstance(desk.session.resolve(receipt), hc.Unknown)
    bench.advance(2 * bench.lifetime)
    assert isinstance(desk.session.resolve(receipt), hc.Absent)
    after = desk.account(before.cursor)
    assert after.positions == {}
    assert after.events == ()


def test_a_reorganisation_below_what_was_read_is_an_error(desk, bench):
    with bench.perp.rpc.undone():
        bench.advance(20)
        cursor = desk.session.account().cursor
    bench.advance(30)
    with pytest.raises(hc.VenueError, match="no longer in the chain"):
        desk.session.account(cursor)


@pytest.mark.parametrize("side", [1, -1])
def test_the_limit_is_the_average_price_before_the_fee_to_the_wei(desk, bench, side):
    """At the price that an order gets it is filled; at a price a billionth better it is not."""
    with bench.perp.rpc.undone():
        price = desk.settle(sent(desk, side * SIZE)).price
    inside, outside = (price * (1 + side * part) for part in (Decimal("1e-15"), Decimal("-1e-9")))
    for limit, filled in ((outside, 0), (inside, side * SIZE)):
        intent = evolve(desk.intent(side * SIZE), limit_price=limit)
        receipt = desk.session.prepare(intent)
        desk.session.place(receipt)
        found = desk.settle(receipt)
        assert getattr(found, "contracts", 0) == filled, limit


@pytest.mark.parametrize(
    ("method", "places"), [(b"eth_getLogs", 48), (b"eth_getTransactionReceipt", 36)]
)
def test_what_is_missing_in_a_log_or_a_receipt_is_an_error_or_not_needed(
    desk, bench, method, places
):
    since = desk.account().cursor
    receipt = sent(desk)
    desk.settle(receipt)
    read = {
        b"eth_getLogs": lambda: desk.session.account(since),
        b"eth_getTransactionReceipt": lambda: desk.session.resolve(receipt),
    }[method]
    truth, refused = read(), 0
    for place in range(places):
        with bench.spoiled_method(method, f"missing {place}"):
            try:
                assert read() == truth, place
            except hc.VenueError:
                refused += 1
    assert 5 < refused < places


def test_a_liquidation_is_told_and_explains_the_account(desk, bench):
    bench.trade(Decimal(-200))
    first = desk.account()
    bench.transfer(Decimal(-35_000))
    for _ in range(4):
        bench.perp.trade(MAKER, Decimal(100))
        bench.perp.set_index(bench.perp.price)
        bench.perp.pass_time(1800)
    bench.perp.deposit(DELEGATE, 10**9 * USDC)
    house, base = bench.perp.house, bench.perp.base.address
    house.send("liquidate(address,address)", OWNER, base, sender=DELEGATE)
    last = desk.account(first.cursor)
    kinds = [each.kind for each in last.events]
    assert hc.EventKind.LIQUIDATION in kinds
    assert abs(last.positions["vETH"].contracts) < 200
    paid = sum(each.changes.get("USDC", 0) for each in last.events)
    assert abs(last.balances["USDC"] - first.balances["USDC"] - paid) < Decimal("1e-6")


def test_funding_is_paid_by_longs_where_the_market_is_above_the_index(desk, bench):
    desk.fill(-SIZE)
    first = desk.account()
    bench.perp.set_index(bench.perp.price * Decimal("0.99"))
    bench.perp.pass_time(3600)
    rate = desk.session.book("vETH").funding_rate
    assert Decimal("0.009") < rate < Decimal("0.011")
    bench.accrue()
    events = desk.account(first.cursor).events
    (paid,) = [e for e in events if e.kind is hc.EventKind.FUNDING]
    due = SIZE * bench.perp.price * Decimal("0.01") * 9 / 24
    assert abs(paid.changes["USDC"] / due - 1) < Decimal("0.05")


def test_a_market_that_closes_is_an_expiry(desk, bench):
    desk.fill(SIZE)
    first, base = desk.account(), bench.perp.base
    owner = base.call("owner")
    base.send("pause", sender=owner)
    assert desk.session.terms() == {}
    base.send("close(uint256)", 1900 * WEI, sender=owner)
    bench.perp.house.send("quitMarket", OWNER, base.address)
    last = desk.account(first.cursor)
    (event,) = [e for e in last.events if e.kind is hc.EventKind.EXPIRY]
    assert (event.contracts, event.price) == (-SIZE, 1900)
    assert last.positions == {}
    paid = sum(each.changes.get("USDC", 0) for each in last.events)
    assert last.balances["USDC"] == first.balances["USDC"] + paid


def test_an_account_with_what_is_not_read_is_an_error(desk, bench):
    given = bench.perp.base.address, WEI, 2000 * WEI, -887_220, 887_220, 0, 0, False, FOREVER
    bench.perp.house.send("addLiquidity", given, sender=OWNER)
    with pytest.raises(hc.VenueError, match="has liquidity, which is not read"):
        desk.account()


def test_a_delegate_may_trade_and_the_account_itself_withdraw(desk, bench, monkeypatch):
    assert desk.session.identity().permissions == ("trade",)
    bench.perp.delegates.send("revoke", DELEGATE, 1, sender=OWNER)
    with pytest.raises(hc.VenueError, match="has not approved"):
        desk.session.identity()
    monkeypatch.setenv("HEDGECORE_KEY", OWNER_KEY)
    with venue(bench.perp).open() as session:
        own = Desk(session, bench)
        assert session.identity().permissions == ("trade", "withdraw")
        assert own.fill(SIZE) == own.contracts() == SIZE


def test_an_order_that_only_reduces_is_checked_as_it_is_prepared(desk):
    desk.fill(-SIZE)
    for wrong in (-SIZE, 2 * SIZE):
        with pytest.raises(hc.RejectedError, match="do not reduce"):
            desk.session.prepare(desk.intent(wrong, reduce_only=True))
    assert desk.settle(sent(desk, SIZE, reduce_only=True)).contracts == SIZE
    assert desk.account().positions == {}


def test_an_unknown_market_is_said_with_those_there_are(desk):
    with pytest.raises(hc.VenueError, match=r"no market is called 'vBTC' \(there are vETH\)"):
        desk.session.book("vBTC")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("", "no private key is given: set HEDGECORE_KEY, or HEDGECORE_KEY_FILE"),
        ("0xcanary-of-a-key", "64 hexadecimal digits"),
        ("0x" + "ab" * 31, "64 hexadecimal digits"),
    ],
)
def test_a_key_that_is_none_is_said_and_not_shown(bench, monkeypatch, key, why):
    monkeypatch.setenv("HEDGECORE_KEY", key)
    with pytest.raises(hc.VenueError, match=why) as caught:
        venue(bench.perp).open()
    assert not key or key not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_node_that_is_not_there_is_an_error(bench, monkeypatch):
    monkeypatch.setenv("HEDGECORE_RPC", "http://127.0.0.1:9/a-canary")
    with pytest.raises(hc.VenueError, match="refuses the connection") as caught:
        venue(bench.perp).open(seconds=2.0)
    assert "canary" not in str(caught.value)
