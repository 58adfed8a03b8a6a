"""PancakeSwap Infinity: CL positions as v4's contracts paid such, and the package's own words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.encoded import JUDGES
from chain.infinity import (
    BIN_MANAGER,
    BIN_POOLS,
    CL_MANAGER,
    CL_POOLS,
    STEP,
    drafted,
    given_bins,
    given_nfts,
    infinity_bins,
    infinity_cl,
    question,
    readings_of,
)
from chain.judge import assert_paid, held_now
from chain.recorded import said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from eth_utils.abi import function_signature_to_4byte_selector
from hedgecore_evm_readers import InfinityCl
from hedgecore_evm_readers.bin_pool import BIN, FACTORY, NAMED, POSITION, STATE
from hedgecore_evm_readers.layouts import PANCAKE_INFINITY_CL, function

import hedgecore as hc
from hedgecore import ReaderError
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
CASES = recorded.cases("uniswap_v4")
MINE = InfinityCl(token_id=7, contract=CL_MANAGER)
ABIS = {
    CL_MANAGER: "CLPositionManagerAbi",
    CL_POOLS: "CLPoolManagerAbi",
    BIN_MANAGER: "BinPositionManagerAbi",
    BIN_POOLS: "BinPoolManagerAbi",
}
THEIRS = {
    "token0": "currency0",
    "token1": "currency1",
    "hooks": "hooks",
    "pool": "poolManager",
    "key": "fee",
    "parameters": "parameters",
    "lower": "tickLower",
    "upper": "tickUpper",
    "liquidity": "liquidity",
    "last0": "feeGrowthInside0LastX128",
    "last1": "feeGrowthInside1LastX128",
    "root": "sqrtPriceX96",
    "tick": "tick",
    "protocol_fee": "protocolFee",
    "fee": "lpFee",
    "active": ("liquidity", "activeId"),
    "growth0": "feeGrowthGlobal0x128",
    "growth1": "feeGrowthGlobal1x128",
    "gross": "liquidityGross",
    "outside0": "feeGrowthOutside0X128",
    "outside1": "feeGrowthOutside1X128",
    "x": "binReserveX",
    "y": "binReserveY",
    "supply": "totalShares",
    "bin": "",
    "factory": "",
}
"""Words of a row → what the protocol's own package calls them."""
ROWS = PANCAKE_INFINITY_CL
HOOKS = to_checksum_address("0x" + "4f" * 20)


def test_answers_are_the_packages_own_bytes_and_rows_have_its_words_in_their_places():
    """By its ABIs and its encoder; and its ids of pools."""
    npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository")
    pool, bins = infinity_bins()
    there = infinity_cl(CASES[2]).contracts | bins
    asked = question(there, {at: ABIS[at] for at in ABIS})
    key = [*pool.words[:5], {"binStep": STEP}]
    judged = npm.ask(JUDGES, "infinity.mjs", {"answers": asked, "pools": [key]})
    assert judged["ids"] == ["0x" + pool.id.hex()]
    assert judged["event"] == given_bins(pool)[0]["topics"][0]
    for question_, answer in zip(asked, judged["said"], strict=True):
        assert (answer["data"], answer["answer"]) == (question_["data"], question_["answer"])
        names = [name for name, _ in answer["words"]]
        known = GIVES.get(question_["data"][2:10], [("",)])
        assert any(_fits(gives, names) for gives in known)


def _gives(*texts):
    """Selector of each row's function → the words of all that have it."""
    found = {}
    for each in map(function, texts):
        selector = function_signature_to_4byte_selector(each.signature.partition(")")[0] + ")")
        found.setdefault(selector.hex(), []).append(each.gives)
    return found


def _fits(gives, names):
    return len(gives) == len(names) and all(
        not mine or its in (THEIRS[mine] if isinstance(THEIRS[mine], tuple) else (THEIRS[mine],))
        for mine, its in zip(gives, names, strict=True)
    )


GIVES = _gives(
    *(ROWS.position, ROWS.factory, str(ROWS.named), ROWS.state, ROWS.active, ROWS.ticks),
    *(*ROWS.growth, POSITION, FACTORY, NAMED, STATE, BIN),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_position_is_what_contracts_paid_in_its_state(case):
    """Infinity's CL is v4's curve: the amounts are those that v4's own bytecode paid."""
    its = infinity_cl(case)
    (reading,) = readings_of(its.contracts, MINE)
    model, names = hc.build(reading.position), [*map(to_checksum_address, its.tokens)]
    assert_paid(held_now(model, names), its.paid, its.decimals, [1, 1])
    fees = zip(recorded.ints(case["uncollected_fees"]), its.decimals, strict=True)
    assert [*reading.holdings.values()] == [float(Fraction(raw, 10**d)) for raw, d in fees]
    assert model.fee == int(case["pool"]["lp_fee_ppm"]) / 1e6


@pytest.mark.parametrize("packed", [1000, 1000 << 12, 500 << 12 | 1000])
def test_the_protocols_part_of_the_dearer_direction_is_in_the_fee(packed):
    case = {**CASES[1], "state": {**CASES[1]["state"], "protocol_fee": packed}}
    (reading,) = readings_of(infinity_cl(case).contracts, MINE)
    assert reading.position["fee"] == pytest.approx(1 - (1 - 0.001) * (1 - 0.003), rel=1e-14)


def test_hooks_that_replace_the_curve_are_refused_and_others_are_said():
    (reading,) = readings_of(infinity_cl(CASES[1], hooks=HOOKS, bits=1 << 6).contracts, MINE)
    assert HOOKS in reading.notes[0]
    with pytest.raises(ReaderError, match="trade in its stead") as raised:
        readings_of(infinity_cl(CASES[1], hooks=HOOKS, bits=1 << 10).contracts, MINE)
    assert "--skip evm-pancake-infinity-cl:7" in str(raised.value)


@pytest.mark.parametrize(
    ("at", "data", "kind", "values", "word"),
    [
        (CL_MANAGER, "clPoolManager()", "address", (HOOKS,), "its pools are in"),
        (CL_POOLS, "poolIdToPoolKey(bytes32)", None, (), "says that its hooks is"),
        (CL_POOLS, "getSlot0(bytes32)", "uint160", (1,), "words of this layout, 4"),
        (CL_POOLS, "getPoolTickInfo(bytes32,int24)", None, (), "words of this layout, 4"),
    ],
    ids=["factory", "key", "slot0", "ticks"],
)
def test_a_position_that_is_not_proven_is_refused(at, data, kind, values, word):
    its = infinity_cl(CASES[1])
    answers = its.contracts[at.lower()]
    selector = function_signature_to_4byte_selector(data)
    for asked in [each for each in answers if each[:4] == selector]:
        answers[asked] = _spoiled(answers[asked]) if kind is None else said(kind, *values)
    with pytest.raises(ReaderError, match="not as those of PancakeSwap Infinity") as raised:
        readings_of(its.contracts, MINE)
    assert word in str(raised.value)
    assert CL_MANAGER.lower() in str(raised.value).lower()


def _spoiled(raw):
    """A key with other hooks, or ticks of one word more."""
    return raw[:64] + raw[32:64] + raw[96:] if len(raw) == 192 else raw + bytes(32)


def test_an_owners_cl_positions_are_found_by_the_managers_events():
    """One that was given away is none, nor is one that is empty."""
    its = infinity_cl(CASES[1])
    manager = its.contracts[CL_MANAGER.lower()]
    empty = manager[call_data("positions(uint256)", 7)]
    manager |= {
        call_data("balanceOf(address)", OWNER): said("uint256", 2),
        call_data("ownerOf(uint256)", 7): said("address", OWNER),
        call_data("ownerOf(uint256)", 8): said("address", HOOKS),
        call_data("ownerOf(uint256)", 9): said("address", OWNER),
        call_data("positions(uint256)", 9): empty[: 8 * 32] + bytes(32) + empty[9 * 32 :],
    }
    given = {"pancake-infinity-cl": CL_MANAGER}
    draft = drafted(its.contracts, given_nfts(7, 8, 9), **given)
    assert [e["token_id"] for e in draft.tables["source"]["read"].values()] == [7]
    with pytest.raises(ReaderError, match="could not be listed") as raised:
        drafted(its.contracts, given_nfts(8), **given)
    assert "--position evm-pancake-infinity-cl:NUMBER" in str(raised.value)
