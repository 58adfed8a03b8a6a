"""Contracts of the right words that contradict each other: refused, by what they cannot all say."""

from __future__ import annotations

import pytest
from chain import families, infinity, recorded
from chain.direct import opened
from chain.fake import FakeNode
from chain.recorded import said
from chain.stubs import call_data
from chain.subjects import SUBJECTS, Subject
from eth_abi import decode, encode
from hedgecore_evm_readers import InfinityCl, UniswapV3Pool
from hedgecore_evm_readers.abi import abi_of
from hedgecore_evm_readers.layouts import LAYOUTS, function
from hedgecore_evm_readers.pool_invariants import UnlikeError, check_price
from hedgecore_evm_readers.v3_pool import MAX_TICK, MIN_TICK

from hedgecore import ReaderError
from hedgecore.testing.recorded import ABSENT

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason=ABSENT)
ROWS = {row.name: row for row in LAYOUTS}
RANGES = ("uniswap-v3", "slipstream", "algebra-v1", "algebra-integral", "pancake-infinity-cl")
LIES = {
    "a tick above": ("state", {"tick": lambda its: its + 2}, "it says the tick"),
    "a tick below": ("state", {"tick": lambda its: its - 2}, "it says the tick"),
    "a tick that is none": ("state", {"tick": lambda _: 2**23 - 1}, "it says the tick"),
    "no price": ("state", {"root": lambda _: 0}, "has not been started"),
    "a price that is none": ("state", {"root": lambda _: 2**160 - 1}, "it says the tick"),
    "no liquidity in range": ("active", {"active": lambda _: 0}, "a liquidity of 0"),
}


def subject(name):
    """A position of a family, by its recorded contracts."""
    if name != "pancake-infinity-cl":
        return SUBJECTS[name]()
    its = infinity.infinity_cl(recorded.cases("uniswap_v4")[1])
    return Subject(its.contracts, InfinityCl(token_id=7, contract=infinity.CL_MANAGER))


def changed(its, text, **changes):
    """The same with other words in every answer to a row's function, by their names."""
    abi, names = abi_of(function(text).signature), function(text).gives
    for answers in its.contracts.values():
        for data in [each for each in answers if each[:4] == abi.selector]:
            words = decode(abi.gives, answers[data])
            new = [changes.get(n, lambda w: w)(w) for n, w in zip(names, words, strict=True)]
            answers[data] = encode(abi.gives, new)
    return its


def reading_of(its):
    with opened(FakeNode(its.contracts), **its.told) as chain:
        (found,) = chain.read([its.reader])
    return found


def refused(its, words, address):
    with pytest.raises(ReaderError, match=words) as raised:
        reading_of(its)
    assert address.lower() in str(raised.value).lower()


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("name", RANGES)
def test_a_pool_whose_words_contradict_each_other_is_refused(name, lie):
    which, changes, words = LIES[lie]
    its = changed(subject(name), getattr(ROWS[name], which), **changes)
    refused(its, words, its.reader.contract)


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    "changes",
    [{"lower": lambda _: 60, "upper": lambda _: 60}, {"lower": lambda _: -900_000}],
    ids=["of nothing", "beyond all prices"],
)
def test_a_range_that_no_pool_has_is_refused(name, changes):
    its = changed(subject(name), ROWS[name].position, **changes)
    refused(its, "its range is from the tick", its.reader.contract)


@pytest.mark.parametrize("lie", [each for each in LIES if each != "no liquidity in range"])
def test_a_pool_that_is_named_for_its_price_is_refused_too(lie):
    which, changes, words = LIES[lie]
    its = SUBJECTS["uniswap-v3-pool"]()
    refused(changed(its, getattr(ROWS["uniswap-v3"], which), **changes), words, its.reader.pool)
    assert isinstance(its.reader, UniswapV3Pool)


def held_by_the_pool(its, amount):
    """The same, whose pool holds so much of each token, by what the tokens say."""
    for answers in its.contracts.values():
        if call_data("decimals()") in answers:
            answers[call_data("balanceOf(address)", recorded.V3_POOL)] = said("uint256", amount)
    return its


def test_fees_that_the_pool_could_not_pay_are_refused():
    most = 10**30
    owed = {"owed0": lambda _: most + 1}
    its = changed(SUBJECTS["uniswap-v3"](), ROWS["uniswap-v3"].position, **owed)
    refused(held_by_the_pool(its, most), "of which the pool holds", recorded.MANAGER)
    assert any(reading_of(held_by_the_pool(its, most + 1)).holdings.values())


@pytest.mark.parametrize("name", ["slipstream", "algebra-v1", "algebra-integral"])
def test_a_manager_that_says_more_than_its_pool_counts_of_it_is_refused(name):
    """Though there is as much of others' at the ends of the range, and at the price."""
    its, much = subject(name), {"liquidity": 2**100, "gross": 2**110, "active": 2**110}
    for text in (ROWS[name].position, ROWS[name].ticks, ROWS[name].active):
        its = changed(its, text, **{word: lambda _, new=new: new for word, new in much.items()})
    refused(its, "in its range the pool counts", its.reader.contract)


ASKED = {
    "uniswap-v2": ("getPair(address,address)",),
    "solidly-stable": ("getPool(address,address,bool)", True),
    "solidly-volatile": ("getPair(address,address,bool)", False),
}


@pytest.mark.parametrize("made", [recorded.NOBODY, recorded.LP_TOKEN], ids=["none", "another"])
@pytest.mark.parametrize("name", ASKED)
def test_a_pair_that_its_factory_has_not_made_is_refused(name, made):
    signature, *kind = ASKED[name]
    its = families.FAMILIES[name].pool()
    data = call_data(signature, *its.tokens, *kind)
    mine = Subject(its.contracts, families.FAMILIES[name].mine)
    its.contracts[recorded.FACTORY][data] = said("address", recorded.POOL)
    assert reading_of(mine).held
    its.contracts[recorded.FACTORY][data] = said("address", made)
    refused(mine, "says that its factory is", recorded.POOL)


@pytest.mark.parametrize("tick", [MIN_TICK, -1, 0, 1, 200_000, MAX_TICK - 1])
def test_a_price_is_of_its_tick_from_end_to_end(tick):
    """And at its upper end, where a swap from above has stopped; no further."""
    ends = [round(2**96 * 1.0001 ** (each / 2)) for each in (tick, tick + 1)]
    for root in (ends[0], sum(ends) // 2, ends[1]):
        check_price({"root": root, "tick": tick})
    for root in (ends[0] * 9999 // 10_000, ends[1] * 10_001 // 10_000):
        with pytest.raises(UnlikeError, match=f"says the tick {tick}"):
            check_price({"root": root, "tick": tick})
