"""How often a node is asked for an owner of many things: few exchanges, whatever their number."""

from __future__ import annotations

import pytest
from chain import infinity, recorded, vaults
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.families import FAMILIES
from chain.recorded import POOL, said
from chain.stubs import call_data
from test_chains import moved

from hedgecore import Secret, readers
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
FORKS = {"slipstream": 1, "algebra_v1": 1, "algebra_integral": 1}
SHARES = ("uniswap-v2", "solidly-stable", "stableswap-ng", "twocrypto-ng", "tricrypto-ng",
          "balancer-v3-weighted", "balancer-v3-reclamm")  # fmt: skip
MORE = 3
"""Families that `more_families` has."""
EACH, MOST = 20, 20


def copies(contracts, manager, token_id):
    """Twenty positions of an owner at a manager: one that was recorded, by other numbers."""
    answers = contracts[manager.lower()]
    position = answers[call_data("positions(uint256)", token_id)]
    answers[call_data("balanceOf(address)", OWNER)] = said("uint256", EACH)
    for i in range(EACH):
        at = call_data("tokenOfOwnerByIndex(address,uint256)", OWNER, i)
        answers[at] = said("uint256", 9000 + i)
        answers[call_data("positions(uint256)", 9000 + i)] = position
        answers[call_data("ownerOf(uint256)", 9000 + i)] = said("address", OWNER)


def more_families():
    """Contracts of three families more, what names them, their pools, and events."""
    there, logs = infinity.cl_account(EACH)
    for number in range(EACH):
        pool, bins = infinity.infinity_bins(fee=number)
        there, logs = vaults.merged(there, bins), logs + infinity.given_bins(pool)
    given = {
        "pancake-infinity-cl": infinity.CL_MANAGER,
        "pancake-infinity-bins": infinity.BIN_MANAGER,
    }
    shares, names = vaults.copies(EACH)
    places = {at: f"0x12{at[4:]}" for at in shares if at not in names}
    return {**there, **moved(shares, places)}, given, names, logs


def account():
    """Contracts of an account with 280 positions of 14 families, and what names them."""
    there, given = dict[str, dict](), {"uniswap-v3": recorded.MANAGER}
    v3 = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0]).contracts
    copies(v3, recorded.MANAGER, 7)
    there |= v3
    for number, (file, token_id) in enumerate(FORKS.items(), 1):
        its = recorded.fork(file)
        copies(its.contracts, its.names["position_manager"], token_id)
        places = {at: f"0x{number:02x}{at[4:]}" for at in its.contracts}
        there |= moved(its.contracts, places)
        given[file.replace("_", "-")] = places[its.names["position_manager"].lower()]
    pools = list[str]()
    for number, name in enumerate(SHARES, 1):
        contracts = FAMILIES[name].pool().contracts
        for i in range(EACH):
            places = {at: f"0x{number:02x}{i:02x}{at[6:]}" for at in contracts}
            there |= moved(contracts, places)
            pools.append(places[POOL])
    more, names, named, logs = more_families()
    return vaults.merged(more, there), given | names, [*pools, *named], logs


@pytest.mark.parametrize("precompiles", [True, False])
@pytest.mark.campaign
def test_280_positions_of_14_families_are_read_in_twenty_round_trips(precompiles):
    """Discovery, prices and the wallet included; on a chain without the precompile some more."""
    there, given, pools, logs = account()
    with FakeNode(there, precompiles=precompiles, logs=logs).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=pools)
        draft = readers.read_book(Secret(node.url), ask, contracts=given)
        trips = node.exchanges
    unpriced = [each for each in draft.unread.values() if "leads from" in each["reason"]]
    found = [*draft.tables["position"], *(each for each in unpriced if "kind" in each)]
    assert len(found) == EACH * (1 + len(FORKS) + len(SHARES) + MORE)
    assert trips <= (MOST if precompiles else 2 * MOST)
