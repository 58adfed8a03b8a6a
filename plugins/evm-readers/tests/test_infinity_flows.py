"""PancakeSwap Infinity's bins through deposits, swaps across them, and exits in parts.

By the recorded states of the protocol's own libraries, and by its `@pancakeswap/infinity-sdk`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import pytest
from chain.contracts import OWNER
from chain.encoded import JUDGES, infinity_run
from chain.infinity import ACTIVE, BIN_MANAGER, DEFAULT_FEE, STEP, readings_of
from chain.ladder import ANOTHER, Ladder
from hedgecore_evm_readers import InfinityBins

import hedgecore as hc

BIN = 10**12
"""Raw amount of a side of a bin; a raw unit of either is worth much the same there."""
RUN = infinity_run()


def mine_of(pool, bins):
    """Reader of the owner's bins of a pool."""
    name = "0x" + pool.id.hex()
    return InfinityBins(pool=name, contract=BIN_MANAGER, owner=OWNER, bins=bins)


@pytest.mark.parametrize("case", RUN, ids=lambda case: case["action"])
def test_what_is_read_of_bins_is_what_their_own_code_paid(case):
    """For all shares, and for a third: each bin's, rounded down as `BinHelper` rounds."""
    its = recorded_ladder(case)
    for part, paid in case["paid"].items():
        assert check_ladder(its, int(part)) == {
            int(index): [*map(int, both)] for index, both in paid.items()
        }


def recorded_ladder(case):
    """The ladder of a recorded state."""
    rows = {index: [*map(int, words)] for index, *words in case["bins"]}
    mine = {index: own for index, (*_, own) in rows.items() if own}
    theirs = {index: supply - own for index, (*_, supply, own) in rows.items()}
    bins = {index: [x, y] for index, (x, y, *_) in rows.items()}
    its = Ladder.open((6, 6), DEFAULT_FEE, case["active"], bins)
    its.shares = {ANOTHER: theirs, OWNER: mine}
    return its


@pytest.mark.campaign  # the package takes seconds to load
def test_the_package_moves_bins_as_their_own_code_does():
    """Swap by swap; its `swap` leaves what it gives in the bins, which `bins.mjs` mends."""
    its, after = recorded_ladder(RUN[0]), [case for case in RUN if "swap" in case]
    swaps = [(for_y, int(amount)) for for_y, amount, _ in (case["swap"] for case in after)]
    for said_of, case in zip(its.swaps(judge(), swaps), after, strict=True):
        assert said_of["gave"] == case["swap"][2]
        assert (its.active, its.bins) == (case["active"], recorded_ladder(case).bins)


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
    swaps = [(for_y, BIN * tenths // 10 + 123) for for_y, tenths, _ in moves]
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
    reader = mine_of(its.pool, [*mine])
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
    its = opened_ladder((6, 6), 0)
    for index in its.bins:
        its.deposit(index, 2)
    (reading,) = readings_of(its.contracts(), mine_of(its.pool, [*its.bins]))
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
            assert abs(Fraction(float(mine)) * 10**6 - exact) <= 40 + exact * Fraction(1, 2**46)
