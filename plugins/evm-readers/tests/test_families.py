"""Families of pools: what each pays to the raw unit, told from every other, spoiled anyhow."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.direct import opened
from chain.fake import FakeNode
from chain.families import FAMILIES, READERS
from chain.judge import assert_paid, held_now
from chain.recorded import POOL, said
from chain.stubs import call_data
from eth_utils import to_checksum_address

import hedgecore as hc
from hedgecore import ReaderError, SpecError
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
SPOILED = {
    "nothing": lambda _: b"",
    "half": lambda raw: raw[: len(raw) // 2],
    "zeros": lambda raw: bytes(len(raw)),
    "ones": lambda raw: b"\xff" * len(raw),
    "an odd byte more": lambda raw: raw + b"\1",
    "a last word of zero": lambda raw: raw[:-32] + bytes(32),
    "one off": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
}


def reading_of(contracts, reader, **options):
    """Reading of one reader, through a node that is no more than these contracts."""
    with opened(FakeNode(contracts, **options)) as chain:
        (found,) = chain.read([reader])
    return found


def tell(contracts, reader, address):
    """Whether a reader takes what stands at an address for one of its pools."""
    with opened(FakeNode(contracts)) as chain:
        (found,) = chain.converse([("asked", reader.recognise(chain, address))])
    return found


@pytest.fixture(params=FAMILIES)
def family(request):
    """A family of pools."""
    return FAMILIES[request.param]


@pytest.mark.parametrize("multicall", [True, False])
def test_the_share_is_what_the_pool_paid(family, multicall):
    its = family.pool()
    reading = reading_of(its.contracts, family.mine, multicall=multicall)
    model, names = hc.build(reading.position), [*map(to_checksum_address, its.tokens)]
    lost = [1] * len(its.paid)
    if "balancer" in family.mine.kind:
        lost = [1 + int(raw) * Fraction(1, 10**18) for raw in its.case["state"]["balances"]]
    assert_paid(held_now(model, names), its.paid, its.decimals, lost)
    assert reading.held
    assert not any(reading.holdings.values())


@pytest.mark.parametrize("case", recorded.cases("solidly"), ids=lambda case: case["id"])
def test_every_recorded_pool_of_solidly_is_what_it_paid(case):
    its = recorded.solidly(case)
    reading = reading_of(its.contracts, FAMILIES["solidly-stable"].mine)
    model, names = hc.build(reading.position), [*map(to_checksum_address, its.tokens)]
    assert_paid(held_now(model, names), its.paid, its.decimals, [1, 1])
    assert model.kind == ("solidly-stable" if case["pool"]["stable"] else "uniswap-v2")
    assert model.fee == int(case["pool"]["fee_e4"]) / 10_000


@pytest.mark.parametrize("case", recorded.cases("gyro_eclp"), ids=lambda case: case["id"])
def test_every_recorded_e_clp_is_what_it_paid(case):
    """Its curve from the pool, whose derived words follow and are not read."""
    its = recorded.balancer_v3(case)
    reading = reading_of(its.contracts, FAMILIES["balancer-v3-eclp"].mine)
    model, names = hc.build(reading.position), [*map(to_checksum_address, its.tokens)]
    lost = [1 + int(raw) * Fraction(1, 10**18) for raw in case["state"]["balances"]]
    assert_paid(held_now(model, names), its.paid, its.decimals, lost)
    assert model.kind == "gyro-eclp"
    assert model.stretch == float(Fraction(int(case["pool"]["lambda_e18"]), 10**18))


def test_a_pool_is_known_to_its_own_reader_and_to_no_other(family):
    contracts = family.pool().contracts
    known = [kind for kind, reader in READERS.items() if tell(contracts, reader, POOL)]
    assert known == [family.reader.kind]


@pytest.mark.parametrize("taken_for", READERS)
def test_a_pool_is_not_read_as_one_of_another_family(family, taken_for):
    other = READERS[taken_for]
    if other is family.reader:
        return
    with pytest.raises(ReaderError) as raised:
        reading_of(family.pool().contracts, other(pool=POOL, owner=family.mine.owner))
    assert POOL in str(raised.value).lower()


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
@pytest.mark.sample(8)
def test_a_spoiled_answer_is_an_error_or_a_number_that_builds_and_never_anything_else(
    family, spoil
):
    """Every answer of every contract in turn."""
    its = family.pool()
    for to, data in [(to, data) for to, answers in its.contracts.items() for data in answers]:
        right = its.contracts[to][data]
        its.contracts[to][data] = spoil(right)
        try:
            hc.build(reading_of(its.contracts, family.mine).position)
        except (ReaderError, SpecError) as error:
            assert "0x" in str(error) or isinstance(error, SpecError)  # noqa: PT017 - either will do
        its.contracts[to][data] = right


@pytest.mark.sample(4)
def test_an_answer_that_is_missing_is_an_error_or_changes_nothing(family):
    its = family.pool()
    whole = reading_of(its.contracts, family.mine)
    for to, data in [(to, data) for to, answers in its.contracts.items() for data in answers]:
        right = its.contracts[to].pop(data)
        try:
            found = reading_of(its.contracts, family.mine)
        except ReaderError as error:
            assert "0x" in str(error)  # noqa: PT017 - or it was not needed
        else:
            names = [*map(to_checksum_address, its.tokens)]
            was, now = (held_now(hc.build(each.position), names) for each in (whole, found))
            assert now == was
        its.contracts[to][data] = right


def fees_of(pool, owner, *, free, index, last, owed):
    """Answers of a pool of Solidly to what an owner may claim."""
    pool[call_data("balanceOf(address)", owner)] = said("uint256", free)
    for i in (0, 1):
        pool[call_data(f"index{i}()")] = said("uint256", index[i])
        pool[call_data(f"supplyIndex{i}(address)", owner)] = said("uint256", last[i])
        pool[call_data(f"claimable{i}(address)", owner)] = said("uint256", owed[i])


def test_fees_of_solidly_are_what_claim_fees_would_pay():
    """What was counted at the last change, and the growth of the index since, rounded down."""
    family = FAMILIES["solidly-volatile"]
    its = family.pool()
    index, last, owed, free = (7 * 10**9 + 1, 3 * 10**14), (2 * 10**9, 10**14), (5, 11), 10**16 + 7
    fees_of(its.contracts[POOL], family.mine.owner, free=free, index=index, last=last, owed=owed)
    reading = reading_of(its.contracts, family.mine)
    paid = [owed[i] + free * (index[i] - last[i]) // 10**18 for i in (0, 1)]
    assert [*reading.holdings.values()] == [
        float(Fraction(raw, 10**digits)) for raw, digits in zip(paid, its.decimals, strict=True)
    ]
    assert reading.holdings_name == "fees"


def test_a_pool_that_counts_its_tokens_in_other_units_is_refused():
    family = FAMILIES["solidly-stable"]
    its = family.pool()
    token = its.contracts[its.tokens[1]]
    token[call_data("decimals()")] = said("uint8", 8)
    with pytest.raises(ReaderError, match="no pool of Solidly"):
        reading_of(its.contracts, family.mine)
