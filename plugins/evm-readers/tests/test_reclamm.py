"""reCLAMMs by their current virtual balances, against @balancer-labs/balancer-maths."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.encoded import JUDGES, cases, reclamm_question
from chain.fake import FakeNode
from chain.judge import ULP, assert_paid, held_now
from chain.recorded import POOL, ints, said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import BalancerV3

import hedgecore as hc
from hedgecore import ReaderError

CASES = cases("reclamm")
MINE = BalancerV3(pool=POOL, owner=OWNER)
VIRTUAL = call_data("computeCurrentVirtualBalances()")
WIDTHS = 64
"""Ulps that a swap loses over the width of the range: L is the root of a quadratic in it."""


def reading_of(its):
    with opened(FakeNode(its.contracts)) as chain:
        (found,) = chain.read([MINE])
    return found


@pytest.fixture(params=CASES, ids=lambda case: case["id"])
def case(request):
    """A state of a pool, what an exit paid, and what swaps gave, by the package."""
    return request.param


def test_the_packages_own_answers_are_those_recorded():
    npm = pytest.importorskip("npm", reason="tests/npm.py is in the repository")
    for its, answer in zip(
        CASES, npm.ask(JUDGES, "reclamm.mjs", [*map(reclamm_question, CASES)]), strict=True
    ):
        assert answer["virtual"] == its["state"]["virtual"]
        assert answer["changed"] == its["state"]["changed"]
        assert answer["paid"] == its["withdrawable"]
        assert answer["given"] == [given for _, _, given in its["swaps"]]


def test_a_share_is_what_the_package_pays_at_a_price_that_is_the_pools(case):
    its = recorded.balancer_v3(case)
    model, names = hc.build(reading_of(its).position), [*map(to_checksum_address, its.tokens)]
    lost = [1 + raw * Fraction(1, 10**18) for raw in ints(case["state"]["balances"])]
    assert_paid(held_now(model, names), its.paid, its.decimals, lost)
    assert model.kind == "gyro-2clp"
    assert model.spot() == pytest.approx(float(spot(case)), rel=1e-14)


def spot(case, moved=(0, 0)):
    """Price of token 0 in token 1 by the virtual balances, after raw amounts came in, exact."""
    rates = [Fraction(each, 10**18) for each in ints(case["pool"]["rates_e18"])]
    sums = [
        Fraction(raw + more, 10 ** token["decimals"]) * rate + Fraction(int(virtual), 10**18)
        for raw, more, token, rate, virtual in zip(
            ints(case["state"]["balances"]),
            moved,
            case["tokens"],
            rates,
            case["state"]["virtual"],
            strict=True,
        )
    ]
    return sums[1] / sums[0] * rates[0] / rates[1]


def test_swaps_move_the_holdings_along_the_range(case):
    """What the package gives for a swap, less its fee, is the way between two prices.

    It rounds both amounts to a raw unit, each of which is worth some of the other.
    """
    model = hc.build(reading_of(recorded.balancer_v3(case)).position | {"share": 1.0})
    width = 1 - model.sqrt_alpha / model.sqrt_beta
    units = [Fraction(1, 10 ** token["decimals"]) for token in case["tokens"]]
    for way, gave, got in ([*map(int, each)] for each in case["swaps"]):
        moved = [0, 0]
        moved[way] = gave * (1 - Fraction(int(case["pool"]["swap_fee_e18"]), 10**18))
        moved[1 - way] = -got
        price = spot(case, moved)
        held = model.greeks(float(price)).holdings
        lost = [units[0] + units[1] / price, units[1] + units[0] * price]
        for i, raw in enumerate(ints(case["state"]["balances"])):
            exact = (raw + moved[i]) * units[i]
            room = 2 * lost[i] + WIDTHS * ULP * exact / Fraction(width)
            assert abs(Fraction(float(held[i])) - exact) <= room


def test_what_stands_still_here_and_moves_there_is_said(case):
    (note,) = reading_of(recorded.balancer_v3(case)).notes
    assert to_checksum_address(POOL) in note
    assert "held still" in note
    assert ("by time alone now" in note) == case["state"]["changed"]


@pytest.mark.parametrize("amounts", [(0, 10**18), (10**18, 0), (0, 0)])
def test_a_pool_without_a_range_is_refused(amounts):
    its = recorded.balancer_v3(CASES[0])
    its.contracts[POOL][VIRTUAL] = said("uint256,uint256,bool", *amounts, *recorded.NO)
    with pytest.raises(ReaderError, match="no range") as raised:
        reading_of(its)
    assert to_checksum_address(POOL) in str(raised.value)
