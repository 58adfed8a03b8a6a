"""Balancer v3 on a live chain: the vault's own code pays what is read, of every curve that it has.

Weighted and stable pools, their rates and the protocol's parts of fees and yields are by their own
bytecode. No package has the source of an E-CLP or of a reCLAMM: what those give for a swap is by
`@balancer-labs/balancer-maths`, and what leaves the vault is by the vault.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest
from chain import balancer_v3, recorded, stubs, tokens
from chain.balancer_v3 import DAY, ONE, BalancerV3
from chain.buffers import Buffer
from chain.curves import Ellipse, Reclamm
from chain.encoded import JUDGES
from chain.judge import assert_paid, held_now, slips
from chain.required import bring
from hedgecore_evm_readers import BalancerBuffer, read
from hedgecore_evm_readers import BalancerV3 as Reader

import hedgecore as hc
from hedgecore import Secret, readers
from hedgecore.testing.recorded import ABSENT

pytestmark = [pytest.mark.campaign, pytest.mark.usefixtures("chain")]
"""Sources are compiled; and what is done is undone."""
ANOTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
PROVIDER = "0x" + "4a7e" * 10
SMALL = 10**12
"""A swap fee of a millionth."""


@pytest.fixture(scope="session")
def balancer(sources):
    bring(balancer_v3.PINNED)
    return sources.of(BalancerV3)


def earn(rpc, rate):
    """Have a token be worth so much of another, in 1e-18."""
    stubs.install(rpc, PROVIDER, {stubs.call_data("getRate()"): rate.to_bytes(32)})


def reading_of(pool, owner=ANOTHER):
    reader = Reader(pool=pool.contract.address, owner=owner)
    return read(pool.exchange.rpc.url, reader)[0]


def check_exit(pool, decimals, owner=ANOTHER, part=3):
    """Have a part of an owner's shares redeemed, and compare what is paid with what was read."""
    reading, shares = reading_of(pool, owner), pool.contract.call("balanceOf", owner)
    assert reading.size == shares
    model, names = hc.build(reading.position), [token.address for token in pool.tokens]
    held = [Fraction(each) / part for each in held_now(model, names)]
    rows = zip(pool.balances, rates_of(pool), strict=True)
    lost = [1 + Fraction(ONE, rate) + raw * Fraction(1, ONE) for raw, rate in rows]
    with pool.exchange.rpc.undone():
        assert shares % part == 0
        assert_paid(held, pool.leave(shares // part, owner), decimals, lost)
    return reading


def rates_of(pool):
    return pool.exchange.vault.call("getPoolTokenRates", pool.contract.address)[1]


@pytest.mark.parametrize("charged", [(0, 0), (5 * 10**17, 10**17)], ids=["free", "charged"])
@pytest.mark.parametrize("sort", ["weighted", "stable"])
def test_a_share_is_what_the_vault_pays(balancer, sort, charged):
    """After a deposit, swaps either way, a yield of which the protocol has a part, and an exit."""
    decimals = (18, 6, 8)
    pool = pool_of(balancer, sort, decimals, charged)
    pool.join(3 * 10**20, ANOTHER)
    check_exit(pool, decimals)
    for sold, bought in ((0, 1), (1, 2), (2, 0)):
        pool.swap(sold, bought, pool.balances[sold] // 9 + 12345)
        check_exit(pool, decimals)
    earn(balancer.rpc, 12 * 10**17 + 7)
    check_exit(pool, decimals)
    pool.leave(10**20, ANOTHER)
    reading = check_exit(pool, decimals, part=1)
    assert reading.position["fee"] == 0.003


def pool_of(balancer, sort, decimals, charged):
    """A pool of three tokens, of which the first earns; its shares are of some thousands."""
    balancer.charge(*charged)
    earn(balancer.rpc, 11 * 10**17)
    its = tokens.deploy(balancer.rpc, ["T0", "T1", "T2"], list(decimals))
    terms = {"fee": 3 * 10**15, "rates": (PROVIDER, "0x" + 40 * "0", "0x" + 40 * "0")}
    if sort == "stable":
        pool = balancer.stable(its, 200, **terms)
    else:
        pool = balancer.weighted(its, [3 * 10**17, 2 * 10**17, 5 * 10**17], **terms)
    worths = (3, 4, 2) if sort == "stable" else (1, 4, 9)
    rows = zip(worths, decimals, strict=True)
    pool.start([worth * 10**digits * 1000 + 1 for worth, digits in rows])
    return pool


@pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
@pytest.mark.parametrize("rate", [ONE, 11 * 10**17 + 3], ids=["plain", "rated"])
@pytest.mark.parametrize("curve", [Ellipse, Reclamm])
def test_a_share_of_a_curve_of_another_package_is_what_the_vault_pays(balancer, curve, rate):
    """Along the curve, by its first model at each new price; and to the raw unit by the vault."""
    npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository")
    judge = partial(npm.ask, JUDGES, "balancer.mjs")
    balancer.charge(0, 0)
    earn(balancer.rpc, rate)
    decimals = (18, 6)
    pair = tokens.deploy(balancer.rpc, ["T0", "T1"], list(decimals))
    market = curve.open(balancer, judge, pair, rates=(PROVIDER, "0x" + 40 * "0"), fee=SMALL)
    market.pool.join(3 * 10**18, ANOTHER)
    market.answer()
    first = hc.build(check_exit(market.pool, decimals).position | {"share": 1.0})
    for sold, part in ((0, 40), (1, 7), (1, 11), (0, 3)):
        market.swap(sold, market.pool.balances[sold] // part)
        market.answer()
        reading = check_exit(market.pool, decimals)
        check_curve(first, hc.build(reading.position), market.pool, decimals)
    market.pool.leave(10**18, ANOTHER)
    market.answer()
    check_exit(market.pool, decimals, part=1)
    if market.moves:
        market.wait(3 * DAY)
        assert hc.build(check_exit(market.pool, decimals, part=1).position) != first


def check_curve(first, now, pool, decimals):
    """All that the vault holds is what the first model holds at the price now, and little fees."""
    price, names = now.spot(), [token.address for token in pool.tokens]
    held = dict(zip(first.assets, first.greeks(price).holdings, strict=True))
    room = dict(zip(first.assets, slips(first, [price, 1.0]), strict=True))
    for name, raw, digits in zip(names, pool.balances, decimals, strict=True):
        exact = float(Fraction(raw, 10**digits))
        grown = exact * 4 * SMALL / ONE
        assert abs(exact - held[name]) <= grown + 8 * room[name] + 4 / 10**digits


@pytest.mark.parametrize("digits", [6, 18])
def test_a_share_of_a_buffer_is_what_the_vault_pays_of_both_tokens(balancer, digits):
    """Through what another puts in, wraps and unwraps by it, a yield, and an exit in parts."""
    (asset,) = tokens.deploy(balancer.rpc, ["USDC"], [digits])
    unit = 10**digits
    buffer = Buffer.open(balancer, asset, 4000 * unit + 1, 3000 * unit + 7)
    buffer.join(900 * unit, ANOTHER)
    check_buffer(buffer)
    buffer.swap(asset, buffer.wrapped, 1234 * unit + 5)
    check_buffer(buffer)
    asset.send("mint", buffer.wrapped.address, 250_000 * unit + 3)
    buffer.swap(buffer.wrapped, asset, 333 * unit + 1)
    for part in (3, 2):
        check_buffer(buffer)
        buffer.leave(buffer.shares(ANOTHER) // part, ANOTHER)
    check_buffer(buffer)


def check_buffer(buffer):
    """Compare another's part, as it is read, with what the vault pays for it."""
    vault, wrapped = buffer.exchange.vault.address, buffer.wrapped.address
    reader = BalancerBuffer(wrapped=wrapped, contract=vault, owner=ANOTHER)
    (reading,) = read(buffer.exchange.rpc.url, reader)
    shares = buffer.shares(ANOTHER)
    assert reading.size == shares > 0
    with buffer.exchange.rpc.undone():
        paid = buffer.leave(shares, ANOTHER)
    both = buffer.asset, buffer.wrapped
    rows = [
        (each, Fraction(raw, 10 ** each.call("decimals")))
        for each, raw in zip(both, paid, strict=True)
    ]
    assert reading.holdings == {each.address: float(amount) for each, amount in rows}
    assert all(paid)


def test_a_book_of_pools_and_a_buffer_is_read_by_their_addresses(balancer):
    """Each by its own; what is in no pool is worth as much as the vault would pay for all of it."""
    pool = pool_of(balancer, "weighted", (18, 6, 8), (0, 0))
    pool.join(10**20, ANOTHER)
    (asset,) = tokens.deploy(balancer.rpc, ["USDC"], [6])
    buffer = Buffer.open(balancer, asset, 4 * 10**9, 3 * 10**9)
    buffer.join(10**9, ANOTHER)
    asset.send("mint", buffer.wrapped.address, 250_000 * 10**6)
    rate = buffer.wrapped.call("convertToAssets", 10**6) / 10**6
    named = [pool.contract.address, buffer.wrapped.address]
    ask = readers.ReadRequest(owner=ANOTHER, pools=named, without=["evm-wallet"])
    prices = {"T0": 3.0, "T1": 1.0, "T2": 2.0, "USDC": 1.0}
    draft = readers.read_book(
        Secret(balancer.rpc.url),
        ask,
        readers.BookOptions(prices=prices, numeraire="USDT"),
        contracts={"balancer-v3": balancer.vault.address},
    )
    (row,) = draft.tables["position"]
    assert row["kind"] == "balancer-weighted"
    assert draft.tables["assets"]["W"] == {"of": "USDC", "rate": rate}
    assert not draft.unread
    book = hc.Book.from_tables(draft.tables)
    worth = sum(float(each.priced.worth(book.market)) * each.amount for each in book.positions)
    paid = pool.leave(pool.contract.call("balanceOf", ANOTHER), ANOTHER)
    rows = zip(paid, (18, 6, 8), (3.0, 1.0, 2.0), strict=True)
    due = sum(raw / 10**digits * price for raw, digits, price in rows)
    plain, wrapped = buffer.leave(buffer.shares(ANOTHER), ANOTHER)
    due += plain / 10**6 + wrapped / 10**6 * rate
    assert worth == pytest.approx(due, rel=1e-9)
