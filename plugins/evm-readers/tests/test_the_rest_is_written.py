"""What fails alone: a manager, events, a token or a reward keep an owner from nothing else."""

from __future__ import annotations

import pytest
from chain import families, infinity, recorded, staked
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.recorded import MANAGER, POOL, said, token
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import Wallet

import hedgecore as hc
from hedgecore import Secret, readers
from hedgecore.tables.files import read_tables
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
GOOD, BAD = (to_checksum_address("0x" + each * 20) for each in ("61", "62"))
MANY = token("LP", 18, **{OWNER: 10**24})


def account():
    """Contracts of a position of v3 that its manager lists for its owner."""
    contracts = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0]).contracts
    contracts[MANAGER] |= {
        call_data("balanceOf(address)", OWNER): said("uint256", 1),
        call_data("tokenOfOwnerByIndex(address,uint256)", OWNER, 0): said("uint256", 7),
        call_data("ownerOf(uint256)", 7): said("address", OWNER),
    }
    return contracts


def book(contracts, logs=(), **given):
    ask = readers.ReadRequest(owner=OWNER, without=["evm-wallet"])
    with FakeNode(contracts, logs=logs if logs is None else list(logs)).running() as node:
        return readers.read_book(Secret(node.url), ask, contracts=given)


def numbers(draft):
    """Numbers of the positions that a book has."""
    return [each["token_id"] for each in draft.tables["source"]["read"].values()]


@pytest.mark.parametrize("stands", [None, MANY, {}], ids=["nothing", "a token", "another"])
@pytest.mark.parametrize("first", [True, False])
def test_a_manager_that_cannot_be_asked_does_not_hide_the_positions_of_another(stands, first):
    there = {} if stands is None else {BAD.lower(): stands}
    both = [BAD, MANAGER] if first else [MANAGER, BAD]
    draft = book(account() | there, **{"uniswap-v3": ",".join(both)})
    assert numbers(draft) == [7]
    (lost,) = draft.unread.values()
    assert BAD in lost["reason"]


def test_a_position_that_is_listed_for_one_and_is_anothers_is_told_and_not_left_out():
    contracts = account()
    its = contracts[MANAGER]
    its[call_data("balanceOf(address)", OWNER)] = said("uint256", 2)
    its[call_data("tokenOfOwnerByIndex(address,uint256)", OWNER, 1)] = said("uint256", 8)
    its[call_data("positions(uint256)", 8)] = its[call_data("positions(uint256)", 7)]
    its[call_data("ownerOf(uint256)", 8)] = said("address", BAD)
    draft = book(contracts, **{"uniswap-v3": MANAGER})
    assert numbers(draft) == [7]
    (lost,) = draft.unread.values()
    assert f"says that 8 is {BAD}'s" in lost["reason"]


@pytest.mark.parametrize("told", [2, 0, None], ids=["some events", "no events", "refused"])
def test_positions_that_events_name_are_read_though_they_are_not_all(told):
    contracts, logs = infinity.cl_account(3)
    logs = None if told is None else logs[:told]
    given = {"pancake-infinity-cl": infinity.CL_MANAGER, "uniswap-v3": MANAGER}
    draft = book({**contracts, **account()}, logs, **given)
    assert numbers(draft) == [*range(9000, 9000 + (told or 0)), 7]
    (lost,) = draft.unread.values()
    assert f"has 3 positions of {infinity.CL_MANAGER}" in lost["reason"]
    assert "name each by --position evm-pancake-infinity-cl:NUMBER" in lost["reason"]


def test_bins_that_one_manager_does_not_name_do_not_hide_another_managers_positions():
    pool, contracts = infinity.infinity_bins()
    lost = infinity.token_of(pool, infinity.LADDER[0][0])
    del contracts[infinity.BIN_MANAGER.lower()][call_data("positions(uint256)", lost)]
    given = {"pancake-infinity-bins": infinity.BIN_MANAGER, "uniswap-v3": MANAGER}
    draft = book({**contracts, **account()}, infinity.given_bins(pool), **given)
    assert numbers(draft) == [7]
    (left,) = draft.unread.values()
    assert str(lost) in left["reason"]


DECIMALS = {
    "reverts": None,
    "nothing": b"",
    "half a word": b"\x06",
    "a text": said("string", "18"),
    "more than there are": said("uint256", 78),
}


@pytest.mark.parametrize("answer", DECIMALS.values(), ids=DECIMALS)
@pytest.mark.parametrize("has", [10**6, None])
def test_a_token_that_cannot_be_counted_is_unknown_alone(answer, has):
    """A text of decimals is no number, though its first word is 32."""
    bad = token("BAD", 6, **({} if has is None else {OWNER: has}))
    del bad[call_data("decimals()")]
    bad |= {} if answer is None else {call_data("decimals()"): answer}
    contracts = {GOOD.lower(): token("GOOD", 6, **{OWNER: 3 * 10**6}), BAD.lower(): bad}
    with opened(FakeNode(contracts)) as chain:
        (found,) = chain.read([Wallet(owner=OWNER, tokens=(GOOD, BAD))])
    assert found.holdings == {GOOD: 3.0}
    assert [*found.unknown] == [BAD]
    assert BAD in found.unknown[BAD]


def test_a_token_that_cannot_be_counted_and_is_not_held_is_nothing():
    contracts = {GOOD.lower(): token("GOOD", 6, **{OWNER: 3 * 10**6})}
    contracts[BAD.lower()] = {call_data("balanceOf(address)", OWNER): said("uint256", 0)}
    with opened(FakeNode(contracts)) as chain:
        (found,) = chain.read([Wallet(owner=OWNER, tokens=(GOOD, BAD))])
    assert (found.holdings, found.unknown) == ({GOOD: 3.0}, {})


@pytest.mark.parametrize("kind", staked.KINDS)
def test_a_reward_that_cannot_be_counted_is_a_note_and_the_share_is_read(kind):
    family = families.FAMILIES["stableswap-ng"]
    its = family.pool()
    staked.staked(its, kind)
    its.contracts[staked.PAID] = {}
    mine = family.reader(pool=POOL, owner=OWNER, staked=[staked.GAUGE])
    with opened(FakeNode(its.contracts)) as chain:
        (found,) = chain.read([mine])
    assert found.size == its.shares
    assert not found.holdings
    assert any(
        str(25 * 10**17) in note and to_checksum_address(staked.PAID) in note
        for note in found.notes
    )


def test_a_balance_that_can_no_longer_be_read_stays_visible_in_its_file(tmp_path):
    """And is there again once the token tells it."""
    contracts = {GOOD.lower(): token("GOOD", 6, **{OWNER: 3 * 10**6})}
    contracts[BAD.lower()] = whole = token("BAD", 6, **{OWNER: 10**6})
    ask = readers.ReadRequest(owner=OWNER, tokens=[GOOD, BAD], without=["evm-uniswap-v4"])
    prices = readers.BookOptions(prices={"GOOD": 1.0, "BAD": 2.0})
    path = tmp_path / "book.toml"
    with FakeNode(contracts).running() as node:
        readers.save(readers.read_book(Secret(node.url), ask, prices).tables, path)
        before = read_tables(path)
        contracts[BAD.lower()] = {}
        again = readers.refresh_file(path, Secret(node.url))
        lost = hc.Book.load(path)
        contracts[BAD.lower()] = whole
        readers.refresh_file(path, Secret(node.url))
    assert [each.name for each in lost.positions] == ["GOOD wallet"]
    assert any("BAD wallet is unknown, and in no figure" in each for each in lost.warnings)
    assert [(e.before, e.after) for e in again.changes] == [(1.0, None)]
    after = read_tables(path)
    assert after["source"].pop("unread", {}) == {}
    assert after == before
