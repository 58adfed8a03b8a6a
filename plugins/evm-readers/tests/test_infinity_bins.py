"""PancakeSwap Infinity: ladders of bins, an owner's part of each; how they are found and proven."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.encoded import JUDGES
from chain.fake import FakeNode
from chain.infinity import (
    ACTIVE,
    BIN_MANAGER,
    BIN_POOLS,
    CL_POOLS,
    DEFAULT_FEE,
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
from chain.ladder import Ladder
from chain.recorded import said
from chain.stubs import call_data
from eth_utils.abi import function_signature_to_4byte_selector
from hedgecore_evm_readers import InfinityBins

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers

BIN = 10**21
"""Raw amount of a side of a bin; a raw unit of either is worth much the same there."""
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


@pytest.mark.campaign  # the package takes seconds to load
@pytest.mark.parametrize(
    ("decimals", "protocol"), [((18, 6), (500, 1000)), ((6, 18), (0, 0))], ids=["charged", "free"]
)
def test_bins_are_read_through_a_deposit_swaps_across_them_and_an_exit_in_parts(decimals, protocol):
    """Where swaps lead is `@pancakeswap/infinity-sdk`'s word; a part is its share, rounded down."""
    its = opened_ladder(decimals, DEFAULT_FEE, protocol)
    for index in (ACTIVE - 1, ACTIVE, ACTIVE + 1):
        its.deposit(index, 3)
        check_ladder(its)
    moves = ((True, 31, -2), (False, 52, 1), (True, 1, 1), (False, 20, 3))
    swaps = [(for_y, BIN * tenths // 10 + 12345) for for_y, tenths, _ in moves]
    for said_of, (*_, active) in zip(its.swaps(judge(), swaps), moves, strict=True):
        assert said_of["gave"] == said_of["quoted"]
        assert its.active == ACTIVE + active
        check_ladder(its)
    for part in (3, 2, 1):
        expected, paid = check_ladder(its, part), its.leave(part)
        assert paid == expected


def judge():
    npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository")
    return partial(npm.ask, JUDGES, "bins.mjs")


def opened_ladder(decimals, fee, protocol=(0, 0)):
    """A ladder of nine bins, alike but for the middle one, which has both sides."""
    bins = {ACTIVE + n: [BIN * (n >= 0), BIN * (n <= 0)] for n in range(-4, 5)}
    return Ladder.open(decimals, fee, ACTIVE, bins, protocol=protocol)


def check_ladder(its, part=1):
    """Read the owner's bins, and return what a part of each is, rounded down, raw."""
    mine = {index: held for index, held in sorted(its.shares[OWNER].items()) if held}
    reader = ladder(its.pool, owner=OWNER, bins=[*mine])
    (reading,) = readings_of(its.contracts(), reader)
    units = [10**digits for digits in reading.position["decimals"]]
    assert [*hc.build(reading.position).bins] == [
        (index, *(float(Fraction(raw, unit)) for raw, unit in zip(each, units, strict=True)))
        for index, each in its.parts(1).items()
    ]
    return its.parts(part)


@pytest.mark.campaign  # the package takes seconds to load
@pytest.mark.parametrize("for_y", [True, False])
def test_a_ladder_moves_from_bin_to_bin_as_the_package_says(for_y):
    """Without a fee: what its first model holds at the edge of each bin, to the raw unit."""
    its = opened_ladder((18, 18), 0)
    for index in its.bins:
        its.deposit(index, 2)
    (reading,) = readings_of(its.contracts(), ladder(its.pool, owner=OWNER, bins=[*its.bins]))
    model, given = hc.build(reading.position), sorted(its.bins, reverse=for_y)[4:7]
    prices = [(1 + Fraction(STEP, 10_000)) ** (index - 2**23) for index in given]
    rows = [(its.bins[index][for_y], price) for index, price in zip(given, prices, strict=True)]
    amounts = [-int(-(raw / price if for_y else raw * price) // 1) for raw, price in rows]
    swaps = [(for_y, amount) for amount in amounts]
    for _, price in zip(its.swaps(judge(), swaps), prices, strict=True):
        past = Fraction(-1 if for_y else 1, 10**9)
        held = model.greeks(float(price * (1 + past))).holdings
        for side, mine in enumerate(held):
            exact = sum(each[side] for each in its.parts(1).values())
            assert abs(Fraction(float(mine)) * 10**18 - exact) <= 40 + exact * Fraction(1, 2**46)
