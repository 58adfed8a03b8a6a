"""Aerodrome's pools and gauges on a live chain: deposit, swaps, claim, stake, exit in parts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import tokens
from chain.aerodrome import Aerodrome, Slipstream
from chain.contracts import OWNER
from chain.judge import assert_paid, held_now
from chain.ticks import root_at
from hedgecore_evm_readers import Slipstream as SlipstreamReader
from hedgecore_evm_readers import Solidly, read

import hedgecore as hc

pytestmark = [pytest.mark.campaign, pytest.mark.usefixtures("chain")]
"""Sources are compiled; and what is done is undone."""
ANOTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
DECIMALS = (18, 6)
HOURS = 3600
DEPOSITS = {True: (10**24, 10**12), False: (10**21, 3 * 10**12)}


@pytest.fixture(scope="session")
def aerodrome(sources):
    return sources.of(Aerodrome)


@pytest.fixture(scope="session")
def slipstream(sources):
    return sources.of(Slipstream)


def wait(rpc, seconds):
    rpc.ask("evm_increaseTime", seconds)
    rpc.ask("evm_mine")


def paid_by(token, owner, act):
    """Units of a token that an owner is paid by something that he does."""
    before = token.call("balanceOf", owner)
    act()
    return token.call("balanceOf", owner) - before


def holds(reading, token, raw):
    """Whether a reading has so many raw units of a token, as the double that is nearest."""
    whole = float(Fraction(raw, 10 ** token.call("decimals")))
    return reading.holdings.get(token.address, 0.0) == whole


@pytest.mark.parametrize("sold", [0, 1])
@pytest.mark.parametrize("stable", [True, False])
def test_a_share_is_what_burning_and_claiming_pay(aerodrome, stable, sold):
    """After each of two swaps either way: fees to the raw unit, and an exit of a third."""
    pool = aerodrome.pool(
        tokens.deploy(aerodrome.rpc, ["T0", "T1"], list(DECIMALS)), DEPOSITS[stable], stable=stable
    )
    tokens.endow(list(pool.tokens), owner=ANOTHER)
    pool.mint(tuple(each // 3 for each in DEPOSITS[stable]), ANOTHER)
    for side in (sold, 1 - sold):
        pool.swap(side, DEPOSITS[stable][side] // 7 + 12345)
        check_exit(pool, ANOTHER)
    check_claim(pool, ANOTHER)


def check_exit(pool, owner):
    """Compare what is read with what is paid for a third of the shares."""
    reader = Solidly(pool=pool.contract.address, owner=owner)
    (reading,) = read(pool.exchange.rpc.url, reader)
    shares = pool.contract.call("balanceOf", owner)
    assert reading.size == shares
    model, names = hc.build(reading.position), [token.address for token in pool.tokens]
    held = [each * Fraction(shares // 3, shares) for each in map(Fraction, held_now(model, names))]
    fee = pool.exchange.factory.call("getFee", pool.contract.address, pool.contract.call("stable"))
    assert reading.position["fee"] == fee / 10_000
    assert_paid(held, pool.burn(shares // 3, owner), DECIMALS)


def check_claim(pool, owner):
    """Compare the fees that are read with what claiming pays, token by token."""
    (reading,) = read(pool.exchange.rpc.url, Solidly(pool=pool.contract.address, owner=owner))
    before = [token.call("balanceOf", owner) for token in pool.tokens]
    pool.contract.send("claimFees", sender=owner)
    for token, had in zip(pool.tokens, before, strict=True):
        assert holds(reading, token, token.call("balanceOf", owner) - had)
        assert reading.holdings[token.address]


@pytest.mark.parametrize("part", [1, 3])
def test_a_share_in_a_gauge_is_the_owners_and_the_gauge_pays_what_is_read(aerodrome, part):
    """What is staked is paid no swap fees; it is taken out and burnt in the end."""
    pair = tokens.deploy(aerodrome.rpc, ["T0", "T1"], list(DECIMALS))
    pool = aerodrome.pool(pair, DEPOSITS[False], stable=False)
    gauge, owner = pool.gauge(), OWNER
    shares = pool.contract.call("balanceOf", owner)
    pool.contract.send("approve", gauge.address, shares)
    gauge.send("deposit(uint256)", shares // part)
    pool.reward(gauge, 7 * 10**20)
    wait(aerodrome.rpc, 30 * HOURS)
    pool.swap(0, 10**19)
    reader = Solidly(pool=pool.contract.address, owner=owner, staked=[gauge.address])
    (reading,) = read(aerodrome.rpc.url, reader)
    assert reading.size == shares
    due = gauge.call("earned", owner)
    assert holds(reading, aerodrome.reward, due)
    assert due > 0
    for token, fees in zip(pair, pool.contract.call("claimFees"), strict=True):
        assert holds(reading, token, fees)
    assert any("no swap fees" in each for each in reading.notes)
    gauge.send("withdraw", shares // part)
    model, names = hc.build(reading.position), [token.address for token in pair]
    assert_paid(held_now(model, names), pool.burn(shares, owner), DECIMALS)


def test_a_range_in_a_gauge_is_paid_rewards_and_no_swap_fees(slipstream):
    """Swaps go out of it and back; it is taken out, and then its liquidity, in two parts."""
    pair = tokens.deploy(slipstream.rpc, ["T0", "T1"], list(DECIMALS))
    pool = slipstream.pool(pair, 500, root_at(-276_300))
    pool.mint(-600_000, 600_000, 10**12)
    mine = pool.mint(-277_000, -275_500, 10**15)
    gauge = pool.gauge()
    pool.stake(gauge, mine)
    pool.reward(gauge, 7 * 10**20)
    for tick in (-275_000, -276_500, -278_000, -276_000):
        wait(slipstream.rpc, HOURS)
        pool.move(root_at(tick))
        check_staked(pool, gauge, mine)
    gauge.send("withdraw", mine)
    check_taken(pool, mine)


def reading_of_range(pool, token_id, owner=None):
    contract = pool.exchange.positions.address
    reader = SlipstreamReader(token_id=token_id, contract=contract, owner=owner)
    return read(pool.exchange.rpc.url, reader)[0]


def check_staked(pool, gauge, token_id):
    """Compare rewards that are read with what the gauge pays, and that nothing else is."""
    reading, reward = reading_of_range(pool, token_id, OWNER), pool.exchange.reward
    due = gauge.call("earned", OWNER, token_id)
    assert holds(reading, reward, due)
    assert {its for its, amount in reading.holdings.items() if amount} <= {reward.address}
    with pool.exchange.rpc.undone():
        paid = paid_by(reward, OWNER, lambda: gauge.send("getReward(uint256)", token_id))
    assert paid >= due


def check_taken(pool, token_id):
    """Compare what is read with what is paid for half of the liquidity, twice."""
    for _ in range(2):
        reading = reading_of_range(pool, token_id)
        model, names = hc.build(reading.position), [token.address for token in pool.tokens]
        assert_paid(held_now(model, names), pool.payout(token_id), DECIMALS)
        for token, fees in zip(pool.tokens, pool.uncollected(token_id), strict=True):
            assert holds(reading, token, fees)
        pool.decrease(token_id, reading.position["liquidity"] // 2)
