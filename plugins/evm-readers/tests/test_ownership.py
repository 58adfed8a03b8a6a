"""Whose a position is: once its NFT is another's it is out of the book; staked it is held."""

from __future__ import annotations

import pytest
from chain import recorded, tokens
from chain.contracts import DEAD
from chain.estate import OWNED
from chain.fake import FakeNode
from chain.recorded import said
from chain.stubs import call_data
from chain.ticks import root_at
from eth_utils import to_checksum_address
from hedgecore_evm_readers import Slipstream, UniswapV3, read

from hedgecore import ReaderError, Secret, readers
from hedgecore.testing.recorded import ABSENT

recorded_cases = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
MINE, THEIRS, FARM = (to_checksum_address("0x" + each * 20) for each in ("a1", "b2", "fa"))


def reading(contracts, reader, **given):
    with FakeNode(contracts).running() as node:
        return read(node.url, reader, contracts=given)[0]


def range_of(holder):
    """Contracts of one position that an account has in hand."""
    its = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0])
    its.contracts[recorded.MANAGER][call_data("ownerOf(uint256)", 7)] = said("address", holder)
    return its.contracts


def mine(owner=MINE):
    return UniswapV3(token_id=7, contract=recorded.MANAGER, owner=owner)


@recorded_cases
def test_what_is_the_owners_is_held_and_what_is_anothers_is_read_for_its_price_alone():
    held = reading(range_of(MINE), mine())
    assert (held.held, held.owner) == (True, MINE)
    gone = reading(range_of(THEIRS), mine())
    assert (gone.held, gone.owner) == (False, THEIRS)
    assert gone.position == held.position
    assert not any(gone.holdings.values())


@recorded_cases
def test_a_position_that_is_named_by_its_number_is_whoever_has_it():
    found = reading(range_of(THEIRS), mine(owner=None))
    assert (found.held, found.owner) == (True, THEIRS)


@recorded_cases
def test_a_manager_that_does_not_say_whose_it_is_is_an_error_and_not_another_owner():
    contracts = range_of(MINE)
    del contracts[recorded.MANAGER][call_data("ownerOf(uint256)", 7)]
    with pytest.raises(ReaderError, match="does not say whose position 7 is"):
        reading(contracts, mine())
    assert reading(contracts, mine(owner=None)).owner is None
    with pytest.raises(ReaderError, match=f"may be in the farm {FARM}"):
        reading(contracts, mine(owner=None), **{"masterchef-v3": FARM})


def farmed(*ids):
    """Contracts of a position that is in a farm, which lists some as the owner's."""
    contracts = range_of(FARM)
    contracts[FARM.lower()] = {
        call_data("nonfungiblePositionManager()"): said("address", recorded.MANAGER),
        call_data("balanceOf(address)", MINE): said("uint256", len(ids)),
        call_data("CAKE()"): said("address", recorded.NOBODY),
        call_data("pendingCake(uint256)", 7): said("uint256", 0),
    }
    for place, each in enumerate(ids):
        at = call_data("tokenOfOwnerByIndex(address,uint256)", MINE, place)
        contracts[FARM.lower()][at] = said("uint256", each)
    return contracts


@recorded_cases
@pytest.mark.parametrize(("ids", "is_mine"), [((9, 7), True), ((9,), False), ((), False)])
def test_what_a_farm_lists_as_the_owners_is_and_what_it_keeps_for_another_is_not(ids, is_mine):
    found = reading(farmed(*ids), mine(), **{"masterchef-v3": FARM})
    assert found.held is is_mine
    assert found.owner == (MINE if is_mine else FARM)


@recorded_cases
def test_a_farm_that_counts_too_many_is_refused_by_the_name_of_the_positions_reader():
    contracts = farmed()
    contracts[FARM.lower()][call_data("balanceOf(address)", MINE)] = said("uint256", 10**18)
    with pytest.raises(ReaderError, match="by --skip evm-uniswap-v3, and name"):
        reading(contracts, mine(), **{"masterchef-v3": FARM})


@recorded_cases
def test_of_what_is_staked_nobody_says_whose_it_is_unless_an_owner_is_named():
    assert reading(farmed(7), mine(owner=None), **{"masterchef-v3": FARM}).owner is None


@recorded_cases
def test_what_is_in_a_gauge_is_whoever_staked_it():
    its = recorded.fork("slipstream")
    owner, gauge = its.names["owner"], its.names["gauge"]
    answers = its.contracts[gauge.lower()]
    answers[call_data("stakedValues(address)", THEIRS)] = said("uint256[]", [])
    pays = to_checksum_address(answers[call_data("rewardToken()")][-20:])
    its.contracts.setdefault(pays.lower(), {}).update(recorded.token("AERO", 18))
    manager = its.names["position_manager"]
    held = reading(its.contracts, Slipstream(token_id=15, contract=manager, owner=owner))
    assert (held.held, held.owner) == (True, to_checksum_address(owner))
    gone = reading(its.contracts, Slipstream(token_id=15, contract=manager, owner=THEIRS))
    assert (gone.held, gone.owner) == (False, to_checksum_address(gauge))
    assert not any(gone.holdings.values())


@pytest.mark.parametrize("protocol", ["uniswap_v3", "uniswap_v4"])
@pytest.mark.parametrize("way", ["found", "named"])
def test_a_position_that_is_given_away_is_out_of_the_book_and_in_it_again_once_it_is_back(
    chain, protocol, way
):
    """On the chain, by the owner's address and by its number alone."""
    pair = tokens.deploy(chain.rpc, ["T0", "T1"], [18, 6])
    pool = getattr(chain, protocol).pool(pair, 3000, root_at(0))
    manager, kind = pool.exchange.positions, protocol.replace("_", "-")
    number = pool.mint(-600, 600, 10**15)
    owner = manager.call("ownerOf", number)
    manager.send("transferFrom", owner, OWNED, number, sender=owner)
    named = [f"evm-{kind}:{number},contract={manager.address}"]
    asked = {"owner": OWNED, "without": ["evm-wallet"]} if way == "found" else {"positions": named}
    rpc, own = Secret(chain.node.url), {kind: manager.address}
    book = readers.BookOptions(numeraire="T1")
    draft = readers.read_book(rpc, readers.ReadRequest(**asked), book, contracts=own)
    [row] = draft.tables["source"]["read"].values()
    assert row["owner"] == OWNED
    manager.send("transferFrom", OWNED, DEAD, number, sender=OWNED)
    gone = readers.refresh_book(draft.tables, rpc)
    assert gone.tables["position"] == []
    assert any(f"it is {DEAD}'s now, so it is out of the book" in each for each in gone.notes)
    assert [*gone.sizes.values()] == [0]
    assert [*gone.holders.values()] == [DEAD]
    manager.send("transferFrom", DEAD, OWNED, number, sender=DEAD)
    back = readers.refresh_book(draft.tables, rpc)
    assert back.tables["position"] == draft.tables["position"]
    assert [*back.sizes.values()] == [draft.tables["position"][0]["liquidity"]]
