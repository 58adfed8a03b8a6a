"""Algebra v1.9, whose pools have a fee for each direction: v1's recorded states in its words.

The words are those of the ABI that `@paraswap/dex-lib` has of such pools; what was paid is v1's,
from which v1.9 differs by the fee alone.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import fork_packages, packages, recorded
from chain.direct import opened
from chain.fake import FakeNode
from chain.judge import assert_paid, held_now
from chain.recorded import ints
from chain.required import bring
from chain.stubs import call_data
from eth_abi import decode, encode
from hedgecore_evm_readers import AlgebraV1
from hedgecore_evm_readers.layouts import ALGEBRA_V1_9, function

import hedgecore as hc
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
STATE = call_data("globalState()")
FIRST = (
    "price",
    "tick",
    "fee",
    "timepointIndex",
    "communityFeeToken0",
    "communityFeeToken1",
    "unlocked",
)
FIRST_TYPES = ("uint160", "int24", "uint16", "uint16", "uint8", "uint8", "bool")
FORK = recorded.fork("algebra_v1") if recorded.CASES else None


@pytest.fixture(scope="module")
def outputs():
    """Names and types of what a pool of v1.9 says of its state, by the package."""
    bring([fork_packages.PARASWAP])
    abi = packages.artifact(fork_packages.PARASWAP, "v1_9.abi.json")
    (found,) = (each for each in abi if each.get("name") == "globalState")
    return [(each["name"], each["type"]) for each in found["outputs"]]


def in_its_words(answer, outputs, more):
    """A state of v1's in the words of v1.9: the fee that way, and so much more this way."""
    words = dict(zip(FIRST, decode(FIRST_TYPES, answer), strict=True))
    words |= {"feeZto": words["fee"], "feeOtz": words["fee"] + more}
    return encode([kind for _, kind in outputs], [words[name] for name, _ in outputs])


def reading_of(contracts, case):
    manager, node = FORK.names["position_manager"], FakeNode(contracts, chain_id=int(FORK.chain_id))
    with opened(node) as chain:
        (reading,) = chain.read([AlgebraV1(token_id=int(case["token_id"]), contract=manager)])
    return reading


@pytest.mark.parametrize("more", [-7, 0, 41])
@pytest.mark.parametrize("case", FORK.cases if FORK else [], ids=lambda case: f"{case['token_id']}")
def test_a_range_is_what_was_paid_and_its_fee_is_that_of_the_dearer_direction(case, more, outputs):
    pool = case["pool"].lower()
    answers = {**FORK.contracts[pool]}
    first = reading_of(FORK.contracts, case)
    answers[STATE] = in_its_words(answers[STATE], outputs, more)
    reading = reading_of(FORK.contracts | {pool: answers}, case)
    facts, model = FORK.pool_of(case), hc.build(reading.position)
    tokens, sides = [facts["token0"], facts["token1"]], ("token0", "token1")
    paid = ints(case["withdrawable"][side] for side in sides)
    digits = reading.position["decimals"]
    assert_paid(held_now(model, tokens), paid, digits, [1, 1])
    fees = ints(case["uncollected_fees"][side] for side in sides)
    exact = [float(Fraction(raw, 10**d)) for raw, d in zip(fees, digits, strict=True)]
    assert [reading.holdings[its] for its in tokens] == exact
    dearer = first.position["fee"] + max(more, 0) / 1e6
    assert reading.position["fee"] == pytest.approx(dearer, rel=1e-12)


def test_the_row_has_the_packages_words_in_their_places(outputs):
    its = function(ALGEBRA_V1_9.state)
    assert its.signature == f"globalState()({','.join(kind for _, kind in outputs)})"
    theirs = {"root": "price", "tick": "tick", "fee": ("feeZto", "feeOtz")}
    for mine, (name, _) in zip(its.gives, outputs, strict=True):
        assert not mine or name in theirs[mine]
