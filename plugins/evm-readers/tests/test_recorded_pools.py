"""Curve's pools of all ages and Balancer v3's, by their recorded answers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded, stubs
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.judge import assert_paid, held_now
from eth_utils import to_checksum_address
from hedgecore_evm_readers import BalancerV3, CurveStableswap, read

import hedgecore as hc
from hedgecore.testing.recorded import ABSENT

TEN = 10**10


def each_of(*files, once=False):
    """Give a test all recorded cases of some files, or the first of each version of a contract."""
    found = [case for file in files for case in recorded.cases(file)]
    if once:
        found = list({case["pool"]["version"]: case for case in reversed(found)}.values())
    ids = [case["id"] for case in found]
    skip = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
    return lambda test: skip(pytest.mark.parametrize("case", found, ids=ids)(test))


def curve_reader(its):
    """Name the LP token where no pool or registry says which it is: 3pool's."""
    given = recorded.LP_TOKEN if its.case["pool"]["version"] == "3pool" else None
    return CurveStableswap(pool=recorded.POOL, owner=OWNER, token=given)


def check(its, reading):
    """Compare a reading with what the contract paid; Balancer's ratio has 18 digits."""
    model = hc.build(reading.position)
    assert [int(name, 16) for name in model.assets] == [int(name, 16) for name in its.tokens]
    share = Fraction(its.shares, its.supply)
    assert reading.position["share"] == float(share)
    lost = [0] * len(its.tokens)
    if not its.case["protocol"].startswith("curve"):
        lost = [1 + int(raw) * Fraction(1, 10**18) for raw in its.case["state"]["balances"]]
    assert_paid(held_now(model, model.assets), its.paid, its.decimals, lost)
    return model


@each_of("curve_stableswap")
@pytest.mark.sample(4)
def test_what_is_read_of_a_curve_pool_is_what_it_paid(case):
    its = recorded.curve(case)
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, curve_reader(its))
    model = check(its, reading)
    rates = [
        int(rate) * 10**d for rate, d in zip(case["state"]["rates"], its.decimals, strict=True)
    ]
    assert model.rates == tuple(float(Fraction(rate, 10**36)) for rate in rates)
    assert model.amplification == float(int(case["pool"]["A"]))
    assert model.fee == float(Fraction(int(case["state"]["fee_e10"]), TEN))


@each_of("curve_stableswap", once=True)
@pytest.mark.sample(3)
def test_a_curve_pool_without_multicall_reads_the_same(case):
    its, readings = recorded.curve(case), []
    for multicall in (True, False):
        with FakeNode(its.contracts, multicall=multicall).running() as node:
            readings += read(node.url, curve_reader(its))
    assert readings[0] == readings[1]


@each_of("curve_stableswap", once=True)
@pytest.mark.sample(3)
def test_a_curve_pool_on_a_chain_reads_as_the_recorded_one(chain, case):
    """The same answers, by contracts on a real EVM, through a real Multicall3."""
    its = recorded.curve(case)
    for address, answers in its.contracts.items():
        stubs.install(chain.rpc, address, answers)
    (reading,) = read(chain.node.url, curve_reader(its))
    check(its, reading)


@each_of("balancer_weighted", "balancer_stable")
@pytest.mark.sample(5)
def test_what_is_read_of_a_balancer_v3_pool_is_what_such_a_pool_paid(case):
    its = recorded.balancer_v3(case)
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, BalancerV3(pool=recorded.POOL, owner=OWNER))
    check(its, reading)


@pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
def test_the_share_is_nobodys_without_an_owner():
    its = recorded.curve(recorded.cases("curve_stableswap")[-1])
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, CurveStableswap(pool=recorded.POOL))
    assert not reading.held
    assert reading.receipts == (to_checksum_address(recorded.POOL),)


@pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
def test_a_pool_that_does_not_say_its_lp_token_asks_for_it():
    its = recorded.curve(recorded.cases("curve_stableswap")[0])
    reader = CurveStableswap(pool=recorded.POOL, owner=OWNER)
    with (
        FakeNode(its.contracts).running() as node,
        pytest.raises(hc.ReaderError, match="LP token"),
    ):
        read(node.url, reader)
