"""Vaults of ranges, a booster's reward pool and wstETH, by the answers of their own contracts.

Each run is of a contract's published source, through deposits, swaps across ticks, a move of the
ranges or of time, and exits in part; what was read then is read again, and is what was paid.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain.direct import opened
from chain.encoded import runs
from chain.fake import FakeNode
from chain.judge import assert_paid, held_now
from chain.recorded import ints
from hedgecore_evm_readers import BalancerV2, RangeVault, Wallet

import hedgecore as hc

VAULTS = [(run, case) for run in runs("range_vaults") for case in run["cases"]]
WRAPPED = [(run, case) for run in runs("wsteth") for case in run["cases"]]
BOOSTERS = [(run, case) for run in runs("booster") for case in run["cases"]]


def name_of(its):
    """A run by its kind, a case by what was done before it."""
    return its.get("kind") or its["action"]


def reading_of(case, reader):
    with opened(FakeNode(case["contracts"])) as chain:
        (reading,) = chain.read([reader])
    return reading


@pytest.mark.parametrize(("run", "case"), VAULTS, ids=name_of)
def test_a_share_of_a_vault_is_what_its_contract_paid_for_all_and_for_a_third(run, case):
    """Ranges, idle tokens and fees together; each range and each fee is rounded by the contract."""
    reading = reading_of(case, RangeVault(pool=run["vault"], owner=run["owner"]))
    assert reading.size == int(case["shares"])
    assert run["kind"] in reading.notes[-1]
    inside = held_now(hc.build(reading.position), run["tokens"])
    held = [
        Fraction(float(more)) + Fraction(reading.holdings[its])
        for more, its in zip(inside, run["tokens"], strict=True)
    ]
    for part, paid in case["paid"].items():
        taken = Fraction(reading.size // int(part), reading.size)
        assert_paid([each * taken for each in held], ints(paid), run["decimals"], [2, 2])


@pytest.mark.parametrize(("run", "case"), BOOSTERS, ids=name_of)
def test_what_a_reward_pool_owes_is_what_its_contract_paid(run, case):
    """Shares in hand and staked are the owner's; what is claimed in between is owed no more."""
    staked = [run["rewards"]]
    reading = reading_of(case, BalancerV2(pool=run["pool"], owner=run["owner"], staked=staked))
    assert reading.size == int(case["shares"]) == int(case["unstaked"])
    assert case["owed"] == case["claimed"]
    owed = {run["token"]: float(Fraction(int(case["owed"]), 10**18))} if int(case["owed"]) else {}
    assert reading.holdings == owed
    assert any("the booster's own token" in note for note in reading.notes)


@pytest.mark.parametrize(("run", "case"), WRAPPED, ids=name_of)
def test_wsteth_is_what_unwrapping_paid_as_its_rate_moved(run, case):
    """At the rate of a whole token, so to a raw unit for each, of stETH, which counts in shares."""
    reading = reading_of(case, Wallet(owner=run["owner"], tokens=[run["token"]]))
    (its,) = (each for each in reading.tokens.values() if each.id == run["token"])
    shares, paid = int(case["shares"]), int(case["paid"])
    assert its.claim.id == run["claims"]
    assert reading.holdings[run["token"]] == float(Fraction(shares, 10**18))
    due = Fraction(reading.holdings[run["token"]]) * Fraction(its.rate) * 10**18
    assert abs(due - paid) <= 3 + shares / 10**18 + due * Fraction(1, 2**51)
