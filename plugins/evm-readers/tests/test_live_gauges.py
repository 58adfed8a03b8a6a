"""A gauge of Curve's kind on a live chain: Balancer's own, over a pool of its own."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import gauges, tokens
from chain.contracts import OWNER
from chain.gauges import ChildGauges, Gauges
from chain.judge import assert_paid, held_now
from chain.required import bring
from hedgecore_evm_readers import BalancerV2, read

import hedgecore as hc

DAY = 86_400
WEI = Fraction(1, 10**18)


@pytest.fixture
def staked(chain):
    """A pool, the gauge that half of its shares are in, and what that pays in, eight tokens."""
    bring([gauges.PACKAGE])
    pair = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    pool = chain.balancer.weighted(pair, [10**18 // 2] * 2, [10**21, 3 * 10**12], 10**15)
    gauge = Gauges.deploy(chain.rpc).gauge(pool.contract.address)
    half = pool.contract.call("balanceOf", OWNER) // 2
    pool.contract.send("approve", gauge.address, half)
    gauge.send("deposit", half)
    rewards = tokens.deploy(chain.rpc, [f"R{n}" for n in range(8)], [18, 6, 8, 18, 18, 18, 2, 18])
    for n, token in enumerate(rewards):
        gauges.reward(gauge, token, 10**15 + n)
    return pool, gauge, rewards


def read_at(chain, pool, gauge):
    """The reading, and the call of its block."""
    reader = BalancerV2(pool=pool.contract.address, owner=OWNER, staked=[gauge.address])
    return read(chain.node.url, reader)[0]


def test_shares_in_a_gauge_are_the_owners_and_it_pays_what_is_read(chain, staked):
    """Of each of the eight tokens that a gauge may pay in; half of the shares are in hand."""
    pool, gauge, rewards = staked
    chain.rpc.ask("evm_increaseTime", 8 * DAY)
    chain.rpc.ask("evm_mine")
    reading = read_at(chain, pool, gauge)
    shares = pool.contract.call("balanceOf", OWNER) + gauge.call("balanceOf", OWNER)
    assert reading.size == shares
    for token in rewards:
        due = gauge.call("claimable_reward", OWNER, token.address)
        whole = float(Fraction(due, 10 ** token.call("decimals")))
        assert (reading.holdings[token.address], due > 0) == (whole, True)
    mine = gauge.call("claimable_tokens", OWNER)
    assert mine > 0
    assert any(f"owes {mine / 10**18:g} of its protocol's own token" in n for n in reading.notes)


def test_what_is_taken_out_of_a_gauge_is_paid_by_the_pool(chain, staked):
    """In part: what is read does not change, and the pool then pays it."""
    pool, gauge, _ = staked
    for part in (3, 1):
        before = read_at(chain, pool, gauge).position
        gauge.send("withdraw", gauge.call("balanceOf", OWNER) // part)
        reading = read_at(chain, pool, gauge)
        assert reading.position == before
        pool.swap(0, 1, 10**19)
    reading = read_at(chain, pool, gauge)
    model, names = hc.build(reading.position), [token.address for token in pool.tokens]
    lost = [2 + balance * WEI for balance in pool.balances]
    assert_paid(held_now(model, names), pool.payout()[1], (18, 6), lost)


def test_a_gauge_that_fetches_its_rewards_owes_what_it_would_fetch(chain):
    """What it has counted is nothing until somebody touches it."""
    bring([gauges.PACKAGE])
    pair = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    pool = chain.balancer.weighted(pair, [10**18 // 2] * 2, [10**21, 3 * 10**12], 10**15)
    (reward,) = tokens.deploy(chain.rpc, ["BAL"], [18])
    made = ChildGauges.deploy(chain.rpc, reward.address)
    gauge, streamer = made.gauge(pool.contract.address)
    gauges.stream(streamer, reward, 7 * 10**20)
    pool.contract.send("approve", gauge.address, 10**18)
    gauge.send("deposit", 10**18)
    chain.rpc.ask("evm_increaseTime", DAY)
    chain.rpc.ask("evm_mine")
    reading = read_at(chain, pool, gauge)
    assert gauge.call("claimable_reward", OWNER, reward.address) == 0
    due = gauge.call("claimable_reward_write", OWNER, reward.address)
    assert reading.holdings[reward.address] == due / 10**18
    assert due > 10**19
