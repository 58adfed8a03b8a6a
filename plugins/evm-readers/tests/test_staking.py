"""Staked is held: shares in gauges, boosters and farms are the owner's, and so are the rewards."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.families import FAMILIES
from chain.recorded import FACTORY, POOL, said, token
from chain.staked import GAUGE, KINDS, PAID, POOLS, REGISTRY, REWARD, VOTER, staked
from chain.stubs import call_data
from chain.subjects import SUBJECTS
from eth_utils import to_checksum_address
from hedgecore_evm_readers import UniswapV3, UniswapV3Pool

from hedgecore import ReaderError, SearchRequest, Secret, readers
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)


def drafted(contracts, named, *, registry=None, prices=True):
    """A book of the pool that is named."""
    unit = {"numeraire": "USD"} if prices else {}
    coins = ("USDC", "DAI", "WETH", "USDT", "CRV", "ST", "FRAX", "WSTETH")
    writing = readers.BookOptions(prices=dict.fromkeys(coins, 1.0) if prices else {}, **unit)
    given = {} if registry is None else {"curve-registry": registry}
    with FakeNode(contracts).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=[named])
        return readers.read_book(Secret(node.url), ask, writing, contracts=given)


def reading_of(contracts, reader):
    with opened(FakeNode(contracts)) as chain:
        (found,) = chain.read([reader])
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pool", POOLS)
def test_a_share_that_is_staked_is_the_owners(pool, kind):
    """Named by where it is staked, as its own pool's share, with what it has in hand."""
    its = FAMILIES[pool].pool()
    staked(its, kind)
    with opened(FakeNode(its.contracts)) as chain:
        reader = FAMILIES[pool].reader
        assert chain.converse([("asked", reader.recognise(chain, GAUGE))]) == [True]
        wanted = SearchRequest(owner=OWNER, pools=(GAUGE, POOL))
        ((mine,),) = chain.converse([("sought", reader.find(chain, wanted))])
        (reading,) = chain.read([mine])
    assert reading.position["share"] == float(Fraction(its.shares, its.supply))
    assert reading.holdings[to_checksum_address(PAID)] == 2.5
    assert {*reading.receipts} >= {to_checksum_address(GAUGE)}
    assert any("3 of its protocol's own token" in each for each in reading.notes) == (
        kind == "curve"
    )


MINTER = "0x" + "3c" * 20
OWN = {
    "of 2020": {GAUGE: {call_data("crv_token()"): said("address", PAID)}},
    "by its minter": {
        GAUGE: {call_data("minter()"): said("address", MINTER)},
        MINTER: {call_data("token()"): said("address", PAID)},
    },
    "Balancer's, on a second layer": {
        GAUGE: {call_data("bal_pseudo_minter()"): said("address", MINTER)},
        MINTER: {call_data("getBalancerToken()"): said("address", PAID)},
    },
    "Curve's, on a second layer": {
        GAUGE: {call_data("factory()"): said("address", MINTER)},
        MINTER: {call_data("crv()"): said("address", PAID)},
    },
    "by the table alone": {},
}


@pytest.mark.parametrize("way", OWN)
@pytest.mark.parametrize("in_gauge", [True, False])
def test_what_a_gauge_owes_of_its_protocols_own_token_is_a_holding(way, in_gauge):
    """3 of it beside 2.5 of another reward that is, here, the same; also once nothing is staked."""
    its = FAMILIES["stableswap-ng"].pool()
    staked(its, "curve", Fraction(3, 4) if in_gauge else Fraction(0))
    for at, answers in OWN[way].items():
        its.contracts.setdefault(at, {}).update(answers)
    mine = FAMILIES["stableswap-ng"].reader(pool=POOL, owner=OWNER, staked=[GAUGE])
    table = {"crv": to_checksum_address(PAID)} if way == "by the table alone" else {}
    with opened(FakeNode(its.contracts), **table) as chain:
        (reading,) = chain.read([mine])
    assert reading.holdings == {to_checksum_address(PAID): 5.5}
    assert not reading.notes


@pytest.mark.parametrize("way", ["voter", "factory", "registry"])
def test_a_gauge_is_found_from_its_pool(way):
    its = FAMILIES["solidly-stable" if way == "voter" else "twocrypto-ng"].pool()
    staked(its, "aerodrome" if way == "voter" else "curve", Fraction(1))
    gauge = said("address", GAUGE)
    factory = its.contracts.setdefault(FACTORY, {})
    its.contracts[POOL][call_data("factory()")] = said("address", FACTORY)
    if way == "voter":
        factory[call_data("voter()")] = said("address", VOTER)
        its.contracts[VOTER] = {call_data("gauges(address)", POOL): gauge}
    else:
        at = factory if way == "factory" else its.contracts.setdefault(REGISTRY, {})
        at[call_data("get_gauge(address)", POOL)] = gauge
    draft = drafted(its.contracts, POOL, registry=REGISTRY if way == "registry" else None)
    (row,) = draft.tables["position"]
    assert row["share"] == float(Fraction(its.shares, its.supply))
    (source,) = (each for each in draft.tables["source"]["read"].values() if "pool" in each)
    assert source["staked"] == [to_checksum_address(GAUGE)]
    assert {row["asset"]: row["amount"] for row in draft.tables["holding"]} == {"CRV": 2.5}


def test_a_reward_without_a_price_is_unknown_and_the_share_is_written():
    its = FAMILIES["solidly-stable"].pool()
    staked(its, "aerodrome")
    draft = drafted(its.contracts, GAUGE, prices=False)
    assert len(draft.tables["position"]) == 1
    (lost,) = (each for each in draft.unread.values() if "amount" in each)
    assert (lost["token"], lost["amount"]) == (to_checksum_address(PAID), 2.5)


def test_the_receipts_of_a_share_are_no_part_of_the_wallet():
    its = FAMILIES["stableswap-ng"].pool()
    staked(its, "curve")
    draft = drafted(its.contracts, GAUGE)
    wallet = draft.tables["source"]["read"]["evm-wallet-" + OWNER[:10]]
    assert not {to_checksum_address(each) for each in (GAUGE, POOL)} & {*wallet["tokens"]}


def test_a_gauge_that_says_more_than_there_is_is_refused():
    its = FAMILIES["stableswap-ng"].pool()
    staked(its, "curve")
    its.contracts[GAUGE][call_data("balanceOf(address)", OWNER)] = said("uint256", its.supply)
    mine = FAMILIES["stableswap-ng"].reader(pool=POOL, owner=OWNER, staked=[GAUGE])
    with pytest.raises(ReaderError, match="more than all") as raised:
        reading_of(its.contracts, mine)
    assert to_checksum_address(GAUGE) in str(raised.value)


def test_what_is_staked_of_solidly_is_paid_no_swap_fees():
    its = FAMILIES["solidly-volatile"].pool()
    staked(its, "aerodrome", Fraction(1))
    for i in (0, 1):
        its.contracts[POOL][call_data(f"index{i}()")] = said("uint256", 10**18)
    mine = FAMILIES["solidly-volatile"].reader(pool=POOL, owner=OWNER, staked=[GAUGE])
    reading = reading_of(its.contracts, mine)
    assert {*reading.holdings} == {to_checksum_address(PAID)}
    assert any("is paid no swap fees" in each for each in reading.notes)


def test_positions_staked_in_a_slipstream_gauge_are_found_by_their_pool():
    """By the recorded answers of the real gauge, with what it owed."""
    its = recorded.fork("slipstream")
    gauge, owner = its.names["gauge"], its.names["owner"]
    answers = its.contracts[gauge.lower()]
    owed = int.from_bytes(answers[call_data("earned(address,uint256)", owner, 15)])
    pays = to_checksum_address(answers[call_data("rewardToken()")][-20:])
    its.contracts.setdefault(pays.lower(), {}).update(token("AERO", 18))
    pool = next(
        e
        for e in its.pools
        if its.contracts[e.lower()][call_data("gauge()")][-20:].hex() == gauge[2:].lower()
    )
    with opened(FakeNode(its.contracts)) as chain:
        wanted = SearchRequest(owner=owner, pools=(pool,))
        (found,) = chain.converse([("sought", UniswapV3Pool.find(chain, wanted))])
        mine = [each for each in found if each.kind == "evm-slipstream"]
        readings = chain.read(mine)
    assert [each.token_id for each in mine] == [15, 16]
    assert readings[0].holdings[pays] == float(Fraction(owed, 10**18))
    assert owed > 0
    assert not any("is not counted" in note for note in readings[0].notes)


@pytest.mark.parametrize("known", [True, False])
def test_positions_in_pancakes_farm_are_found_by_their_owner_and_it_pays(known):
    """The farm lists them as the manager does; swap fees are theirs all the same."""
    its = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0])
    farm, paid = to_checksum_address("0x" + "fa" * 20), PAID
    plain = reading_of(its.contracts, UniswapV3(token_id=7, contract=recorded.MANAGER))
    its.contracts[recorded.MANAGER] |= {
        call_data("balanceOf(address)", OWNER): said("uint256", 0),
        call_data("ownerOf(uint256)", 7): said("address", farm),
    }
    its.contracts[farm.lower()] = {
        call_data("nonfungiblePositionManager()"): said("address", recorded.MANAGER),
        call_data("balanceOf(address)", OWNER): said("uint256", 1),
        call_data("tokenOfOwnerByIndex(address,uint256)", OWNER, 0): said("uint256", 7),
        call_data("CAKE()"): said("address", paid),
        call_data("pendingCake(uint256)", 7): said("uint256", 25 * 10**17),
    }
    its.contracts[paid] = dict(REWARD)
    given = {"uniswap-v3": recorded.MANAGER} | ({"masterchef-v3": farm} if known else {})
    with opened(FakeNode(its.contracts), **given) as chain:
        (found,) = chain.converse([("sought", UniswapV3.find(chain, SearchRequest(owner=OWNER)))])
        readings = chain.read(found)
    assert [each.token_id for each in found] == ([7] if known else [])
    for each in readings:
        assert each.holdings == {**plain.holdings, to_checksum_address(paid): 2.5}
        assert each.holdings_name == "fees and rewards"
        assert each.position == plain.position


def test_what_a_gauge_saved_at_a_positions_last_change_is_owed_besides():
    its = SUBJECTS["gauge of slipstream"]()
    its.contracts[gauge_of_slipstream()][call_data("rewards(uint256)", 15)] = said("uint256", 0)
    before = reading_of(its.contracts, its.reader)
    its.contracts[gauge_of_slipstream()][call_data("rewards(uint256)", 15)] = said(
        "uint256", 3 * 10**18
    )
    after = reading_of(its.contracts, its.reader)
    rows = ((token, after.holdings[token] - had) for token, had in before.holdings.items())
    assert [round(more, 9) for _, more in rows if more] == [3.0]


def gauge_of_slipstream():
    return recorded.fork("slipstream").names["gauge"].lower()


def test_a_position_that_may_be_staked_is_refused_where_nobody_says_who_has_it():
    """One in a gauge is paid no swap fees."""
    its = SUBJECTS["gauge of slipstream"]()
    del its.contracts[its.reader.contract.lower()][call_data("ownerOf(uint256)", 15)]
    with pytest.raises(ReaderError, match="does not say who has 15"):
        reading_of(its.contracts, its.reader)


def test_a_booster_that_pays_in_more_than_is_counted_says_so():
    its = SUBJECTS["booster of convex"]()
    its.contracts[GAUGE][call_data("extraRewardsLength()")] = said("uint256", 2)
    notes = reading_of(its.contracts, its.reader).notes
    assert any("has 2 extra rewards, which are not counted" in note for note in notes)
