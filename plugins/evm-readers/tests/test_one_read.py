"""What belongs together in one read: owners, a Safe, numbers, managers; each thing counted once."""

from __future__ import annotations

import pytest
from chain import families, infinity, recorded, staked
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.recorded import MANAGER, POOL, said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers.wallet import FIRST, MOST
from test_chains import moved

from hedgecore import Secret, readers
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
SAFE, FRIEND, MODULE = (to_checksum_address("0x" + each * 20) for each in ("5a", "f1", "4d"))
SECOND = to_checksum_address("0x" + "e2" * 20)
"""Another manager of the same family."""


def ids(contracts, manager, owner, *numbers):
    """List positions of an owner at a manager, all as the recorded one."""
    its = contracts[manager.lower()]
    position = its[call_data("positions(uint256)", 7)]
    its[call_data("balanceOf(address)", owner)] = said("uint256", len(numbers))
    for index, number in enumerate(numbers):
        listed = call_data("tokenOfOwnerByIndex(address,uint256)", owner, index)
        its[listed] = said("uint256", number)
        its[call_data("positions(uint256)", number)] = position
        its[call_data("ownerOf(uint256)", number)] = said("address", owner)


def account():
    """Contracts of two managers, at which a Safe and a friend have positions."""
    contracts = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0]).contracts
    coins = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0]).tokens
    places = {at: "0xe2" + at[4:] for at in contracts if at not in coins} | {MANAGER: SECOND}
    contracts |= moved(contracts, places)
    ids(contracts, MANAGER, SAFE, 11)
    ids(contracts, MANAGER, FRIEND, 12)
    ids(contracts, SECOND, FRIEND, 21, 22)
    for owner, *held in ((SAFE, 2, 5), (FRIEND, 3, 7)):
        for coin, amount in zip(coins, held, strict=True):
            data = call_data("balanceOf(address)", owner)
            contracts[coin][data] = said("uint256", amount * 10**6)
    modules = call_data("getModulesPaginated(address,uint256)", FIRST, MOST)
    contracts[SAFE.lower()] = {modules: said("address[],address", [MODULE], FIRST)}
    return contracts


def book(contracts, ask, logs=(), **given):
    with FakeNode(contracts, logs=list(logs)).running() as node:
        return readers.read_book(Secret(node.url), ask, contracts=given)


def read_rows(draft):
    return list(draft.tables["source"]["read"].values())


def test_owners_a_safe_numbers_and_managers_are_one_read():
    contracts = account()
    contracts[MANAGER][call_data("ownerOf(uint256)", 7)] = said("address", MODULE)
    ask = readers.ReadRequest(
        owner=[SAFE, FRIEND], positions=["evm-uniswap-v3:7"], without=["evm-uniswap-v4"]
    )
    draft = book(contracts, ask, **{"uniswap-v3": f"{MANAGER},{SECOND}"})
    ranges = [each for each in read_rows(draft) if each["kind"] == "evm-uniswap-v3"]
    assert {(e["token_id"], e["owner"]) for e in ranges} == {
        (7, MODULE), (11, SAFE), (12, FRIEND), (21, FRIEND), (22, FRIEND)}  # fmt: skip
    wallets = {e["owner"] for e in read_rows(draft) if e["kind"] == "evm-wallet"}
    assert wallets == {SAFE, FRIEND}
    usdc = [row["amount"] for row in draft.tables["holding"] if row["asset"] == "USDC"]
    assert sorted(usdc) == [5.0, 7.0]
    assert sum(f"modules {MODULE} may move" in each for each in draft.notes) == 1


@pytest.mark.parametrize("named", ["evm-uniswap-v3:11", "evm-uniswap-v3:11,owner=" + SAFE])
def test_a_position_that_is_named_and_found_is_counted_once(named):
    ask = readers.ReadRequest(owner=SAFE, positions=[named], without=["evm-wallet"])
    alone = readers.ReadRequest(owner=SAFE, without=["evm-wallet"])
    given = {"uniswap-v3": MANAGER}
    assert book(account(), ask, **given).tables == book(account(), alone, **given).tables


def test_positions_of_two_owners_by_one_number_at_two_managers_are_two():
    contracts = account()
    ids(contracts, SECOND, FRIEND, 11)
    ask = readers.ReadRequest(owner=[SAFE, FRIEND], without=["evm-wallet"])
    draft = book(contracts, ask, **{"uniswap-v3": f"{MANAGER},{SECOND}"})
    found = sorted((e["token_id"], e["contract"].lower()) for e in read_rows(draft))
    assert found == [(11, MANAGER), (11, SECOND.lower()), (12, MANAGER)]


def test_a_share_that_is_named_and_found_with_its_gauge_is_counted_once():
    family = families.FAMILIES["stableswap-ng"]
    its = family.pool()
    staked.staked(its, "curve")
    named = f"evm-curve-stableswap:{POOL},owner={OWNER}"
    ask = readers.ReadRequest(
        owner=OWNER, pools=[staked.GAUGE], positions=[named], without=["evm-wallet"]
    )
    (one,) = (e for e in read_rows(book(its.contracts, ask)) if e["kind"] == family.reader.kind)
    assert one["staked"] == [to_checksum_address(staked.GAUGE)]


def test_bins_that_are_named_and_found_are_one_ladder():
    """Those that an event names, and one more that is named; the pool's own price stays beside."""
    pool, contracts = infinity.infinity_bins()
    more = infinity.LADDER[0][0]
    named = f"evm-pancake-infinity-bins:0x{pool.id.hex()},contract={infinity.BIN_MANAGER}"
    ask = readers.ReadRequest(
        owner=OWNER,
        positions=[f"{named},owner={OWNER},bins={more}..{more}"],
        without=["evm-wallet"],
    )
    given = {"pancake-infinity-bins": infinity.BIN_MANAGER}
    rows = read_rows(book(contracts, ask, infinity.given_bins(pool)[1:], **given))
    ladders = [sorted(each["bins"]) for each in rows if each.get("owner")]
    told = [index for index, _, _ in infinity.LADDER[2:-1]]
    assert ladders == [[more, *told]]
    assert len(rows) == len(ladders) + 1
