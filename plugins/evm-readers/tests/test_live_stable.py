"""Stable pools in odd states: in the middle of a ramp, and far off their peg."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import tokens
from chain.contracts import OWNER
from chain.judge import assert_paid, held_now
from chain.rpc import RefusedError
from hedgecore_evm_readers import BalancerV2, read

import hedgecore as hc

DAY = 86_400
WEI = Fraction(1, 10**18)


def pool_of(chain, sort, amp):
    made = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    return getattr(chain.balancer, sort)(made, amp, [10**25, 10**13], 10**15)


def reading_of(chain, pool, **options):
    return read(chain.node.url, BalancerV2(pool=pool.contract.address, owner=OWNER), **options)[0]


def check(pool, reading):
    model = hc.build(reading.position)
    lost = [2 + balance * WEI for balance in pool.balances]
    assert_paid(held_now(model, model.assets), pool.payout()[1], (18, 6), lost)


@pytest.mark.parametrize("sort", ["stable", "composable"])
def test_the_amplification_is_that_of_the_block(chain, sort):
    """In the middle of a ramp from 100 to 190, and at an earlier block as it was there."""
    pool = pool_of(chain, sort, 100)
    now = int(chain.rpc.block()["timestamp"], 16)
    pool.contract.send("startAmplificationParameterUpdate", 190, now + 3 * DAY)
    seen = {}
    for _ in range(3):
        chain.rpc.ask("evm_increaseTime", DAY)
        chain.rpc.ask("evm_mine")
        value, _, precision = pool.contract.call("getAmplificationParameter")
        reading = reading_of(chain, pool)
        assert reading.position["amplification"] == float(Fraction(value, precision))
        seen[int(chain.rpc.block()["number"], 16)] = reading.position["amplification"]
        check(pool, reading)
    assert 100 < seen[min(seen)] < seen[max(seen)] <= 190
    for block, amp in seen.items():
        assert reading_of(chain, pool, block=block).position["amplification"] == amp


def test_a_pool_that_reverts_off_its_peg_is_read_all_the_same(chain):
    """Nothing is asked that needs the pool to trade: its exit in proportion still pays."""
    pool = pool_of(chain, "stable", 5000)
    for _ in range(40):
        pool.swap(0, 1, int(0.3 * pool.balances[0]))
        try:
            pool.quoted(0, 1, pool.balances[0])
        except RefusedError:
            break
    else:
        pytest.fail("the pool never reverts")
    reading = reading_of(chain, pool)
    check(pool, reading)
    assert hc.build(reading.position).spot() < 0.9
