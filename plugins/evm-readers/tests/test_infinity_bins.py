"""PancakeSwap Infinity: ladders of bins, an owner's part of each; how they are found and proven."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.infinity import (
    ACTIVE,
    BIN_MANAGER,
    BIN_POOLS,
    CL_POOLS,
    LADDER,
    SHARES,
    STEP,
    SUPPLIES,
    drafted,
    given_bins,
    infinity_bins,
    readings_of,
    token_of,
)
from chain.recorded import said
from chain.stubs import call_data
from eth_utils.abi import function_signature_to_4byte_selector
from hedgecore_evm_readers import InfinityBins

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers

COIN = "0x" + "4f" * 20


def ladder(pool, **more):
    return InfinityBins(pool="0x" + pool.id.hex(), contract=BIN_MANAGER, **more)


@pytest.mark.parametrize("decimals", [(18, 6), (6, 18)])
def test_an_owner_has_his_part_of_each_bin_rounded_down(decimals):
    pool, contracts = infinity_bins(500 << 12 | 1000, decimals)
    mine = ladder(pool, owner=OWNER, bins=[index for index, _, _ in LADDER])
    reading, price = readings_of(contracts, mine, ladder(pool))
    model = hc.build(reading.position)
    rows = zip(LADDER, SHARES, SUPPLIES, strict=True)
    exact = [
        (
            i,
            *(
                float(Fraction(a * own // all_, 10**d))
                for a, d in zip((x, y), decimals, strict=True)
            ),
        )
        for (i, x, y), own, all_ in rows
        if own
    ]
    assert [*model.bins] == exact
    assert model.fee == pytest.approx(1 - (1 - 0.001) * (1 - 0.003), rel=1e-14)
    assert not price.held
    spot = (1 + Fraction(STEP, 10_000)) ** 7 * Fraction(10) ** (decimals[0] - decimals[1])
    assert hc.build(price.position).spot() == pytest.approx(float(spot), rel=1e-15)


def test_an_owners_bins_are_found_by_the_managers_events_and_are_one_position_of_the_pool():
    pool, contracts = infinity_bins()
    draft = drafted(contracts, given_bins(pool), **{"pancake-infinity-bins": BIN_MANAGER})
    (row,) = draft.tables["position"]
    assert [index for index, _, _ in row["bins"]] == [i for i, _, _ in LADDER[:-1]]
    (source,) = (e for e in draft.tables["source"]["read"].values() if "owner" in e)
    assert source["pool"] == "0x" + pool.id.hex()


def test_that_bins_were_not_looked_for_is_a_note_with_what_to_do_and_no_unknown():
    """A node that tells no events is no sign that there are some, as a count of NFTs is."""
    _, contracts = infinity_bins()
    contracts |= {COIN: recorded.token("X", 18, **{OWNER: 10**18})}
    ask = readers.ReadRequest(owner=OWNER, tokens=[COIN])
    writing = readers.BookOptions(prices={"X": 1.0}, numeraire="USD")
    with FakeNode(contracts, logs=None).running() as node:
        given = {"pancake-infinity-bins": BIN_MANAGER}
        draft = readers.read_book(Secret(node.url), ask, writing, contracts=given)
    assert not draft.unread
    (note,) = [each for each in draft.notes if "bins" in each]
    assert f"{OWNER}'s were not looked for" in note
    assert BIN_MANAGER in note
    assert "--position evm-pancake-infinity-bins:0xPOOL" in note
    assert "--skip evm-pancake-infinity-bins" in note


def test_where_nothing_else_is_found_it_is_said_what_was_not_looked_for():
    _, contracts = infinity_bins()
    with pytest.raises(ReaderError, match="holds nothing") as raised:
        drafted(contracts, None, **{"pancake-infinity-bins": BIN_MANAGER})
    assert "were not looked for" in str(raised.value)


def test_shares_of_which_the_manager_does_not_say_the_bin_are_unknown_and_not_left_out():
    pool, contracts = infinity_bins()
    its = token_of(pool, ACTIVE)
    del contracts[BIN_MANAGER.lower()][call_data("positions(uint256)", its)]
    with pytest.raises(ReaderError, match=f"in its token {its}") as raised:
        drafted(contracts, given_bins(pool), **{"pancake-infinity-bins": BIN_MANAGER})
    assert BIN_MANAGER in str(raised.value)


def test_bins_are_named_by_the_first_and_the_last():
    pool, _ = infinity_bins()
    mine = ladder(pool, owner=OWNER, bins=f"{ACTIVE - 1}..{ACTIVE + 1}")
    assert mine.bins == (ACTIVE - 1, ACTIVE, ACTIVE + 1)
    for half in ({"bins": [ACTIVE]}, {"owner": OWNER}, {"owner": OWNER, "bins": "3..1"}):
        with pytest.raises(hc.SpecError, match="name both, or neither"):
            ladder(pool, **half)
    for wrong in ("1-2", [2**24], [-1], "0..99999", 1.5, [True]):
        with pytest.raises(hc.SpecError, match=r"FIRST\.\.LAST"):
            ladder(pool, bins=wrong)


@pytest.mark.parametrize(
    ("at", "signature", "answer", "word"),
    [
        (BIN_MANAGER, "binPoolManager()", said("address", CL_POOLS), "words of this layout"),
        (BIN_POOLS, "poolIdToPoolKey(bytes32)", bytes(192), "knows no pool"),
        (
            BIN_POOLS,
            "getSlot0(bytes32)",
            said("uint24,uint24,uint24", ACTIVE + 1, 0, 0),
            "price is at",
        ),
        (BIN_POOLS, "getBin(bytes32,uint24)", said("uint128,uint128,uint256", 0, 0, 0), "words"),
        (BIN_POOLS, "getBin(bytes32,uint24)", bytes(128), "of 0"),
    ],
    ids=["factory", "key", "price", "bin", "shares"],
)
def test_bins_that_are_not_proven_are_refused(at, signature, answer, word):
    pool, contracts = infinity_bins()
    answers = contracts[at.lower()]
    selector = function_signature_to_4byte_selector(signature)
    answers |= dict.fromkeys([each for each in answers if each[:4] == selector], answer)
    with pytest.raises(ReaderError, match="not as those of PancakeSwap Infinity") as raised:
        readings_of(contracts, ladder(pool, owner=OWNER, bins=[ACTIVE]))
    assert word in str(raised.value)
    assert BIN_MANAGER in str(raised.value)
