"""Layouts row by row: what their words mean, and that one word more or less is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.fake import FakeNode
from chain.judge import assert_paid, held_now
from chain.recorded import FACTORY, MANAGER, NO, V3_POOL, YES, said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import AlgebraIntegral, AlgebraV1, UniswapV3, UniswapV3Pool, read
from hedgecore_evm_readers.layouts import LAYOUTS, function, words

import hedgecore as hc
from hedgecore import ReaderError

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason="the repository's tests/cases")
V3_CASES = recorded.cases("uniswap_v3")
MINE = UniswapV3(token_id=7, contract=MANAGER)
OTHER = "0x" + "77" * 20
PROOFS = {"bytecode", "encoding", "unproven"}


def reading_of(contracts, reader):
    with FakeNode(contracts).running() as node:
        (found,) = read(node.url, reader)
    return found


def test_a_row_is_read_as_solidity_writes_it():
    its = function("slot0()(uint160 root, int24, uint16 fee, uint16 fee)")
    assert its.signature == "slot0()(uint160,int24,uint16,uint16)"
    assert words("slot0()(uint160 root, int24, uint16 fee, uint16 fee)", (1, 2, 3, 4)) == {
        "root": 1,
        "fee": 4,
    }


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda each: each.name)
def test_a_row_says_how_it_is_proven(layout):
    assert layout.proof in PROOFS


@pytest.mark.parametrize("case", V3_CASES, ids=lambda case: case["id"])
@pytest.mark.sample(6)
def test_a_recorded_position_of_v3_is_what_its_contracts_paid(case):
    """By its own closed form in the pool's state, and to the raw unit in its fees."""
    its = recorded.uniswap_v3(case)
    reading = reading_of(its.contracts, MINE)
    model, names = hc.build(reading.position), [*map(to_checksum_address, its.tokens)]
    assert_paid(held_now(model, names), its.paid, its.decimals, [1, 1])
    fees = zip(recorded.ints(case["uncollected_fees"]), its.decimals, strict=True)
    assert [*reading.holdings.values()] == [float(Fraction(raw, 10**d)) for raw, d in fees]
    assert model.fee == int(case["pool"]["fee_ppm"]) / 1e6


def test_a_protocol_fee_of_32_bits_is_pancakes_and_changes_nothing():
    case = V3_CASES[0]
    its = recorded.uniswap_v3(case)
    plain = reading_of(its.contracts, MINE)
    state = int(case["state"]["sqrt_price_x96"]), case["state"]["tick"]
    its.contracts[V3_POOL][call_data("slot0()")] = said(
        recorded.SLOT0, *state, 0, 1, 1, 3200 << 16 | 3200, *YES
    )
    assert reading_of(its.contracts, MINE) == plain


def test_of_two_fees_by_direction_the_dearer_counts():
    """Camelot's pools state eight words; all else is as Algebra's one fee has it."""
    its = recorded.fork("algebra_v1")
    mine = AlgebraV1(token_id=1, contract=its.names["position_manager"])
    plain = reading_of(its.contracts, mine)
    pool = its.contracts[its.pools[0].lower()]
    one = pool[call_data("globalState()")]
    pool[call_data("globalState()")] = one[:96] + (9_000).to_bytes(32) + one[96:]
    reading = reading_of(its.contracts, mine)
    assert reading.position == {**plain.position, "fee": 0.009}
    assert reading.holdings == plain.holdings


def test_integral_without_deployers_is_read_by_its_own_row():
    """Its positions have one word less; all else is Integral's."""
    its = recorded.fork("algebra_integral")
    mine = AlgebraIntegral(token_id=1, contract=its.names["position_manager"])
    plain = reading_of(its.contracts, mine)
    manager = its.contracts[its.names["position_manager"].lower()]
    data = call_data("positions(uint256)", 1)
    manager[data] = manager[data][:128] + manager[data][160:]
    assert reading_of(its.contracts, mine) == plain


@pytest.mark.parametrize("sent", [1, 10**12, 10**15])
def test_what_is_sent_to_an_integral_pool_is_paid_to_the_liquidity_in_range(sent):
    its = recorded.fork("algebra_integral")
    mine = AlgebraIntegral(token_id=1, contract=its.names["position_manager"])
    before = reading_of(its.contracts, mine)
    token, pool = (its.contracts[its.facts[its.pools[0]]["token0"].lower()], its.pools[0])
    data = call_data("balanceOf(address)", pool)
    token[data] = (int.from_bytes(token[data]) + sent).to_bytes(32)
    after = reading_of(its.contracts, mine)
    active = int.from_bytes(its.contracts[pool.lower()][call_data("liquidity()")])
    share = Fraction(before.position["liquidity"], active)
    rows = zip(after.holdings.values(), before.holdings.values(), strict=True)
    more, none = (Fraction(one) - Fraction(other) for one, other in rows)
    decimals = before.position["decimals"][0]
    assert abs(more * 10**decimals - sent * share) <= 1 + sent * Fraction(1, 2**48)
    assert none == 0


def put(function_, arguments, kind, *values):
    """Replace an answer of v3's pool."""
    data = call_data(function_, *arguments)
    return lambda its, _: its.contracts[V3_POOL].update({data: said(kind, *values)})


def lengthened(its, name, *arguments):
    """Give an answer of a pool one more word."""
    its.contracts[V3_POOL][call_data(name, *arguments)] += bytes(32)


def without_liquidity(its, at):
    empty = said(recorded.TICK, *[0] * 7, *NO)
    its.contracts[V3_POOL][call_data("ticks(int24)", at)] = empty


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda its, _: lengthened(its, "slot0()"), "slot0() of"),
        (lambda its, at: lengthened(its, "ticks(int24)", at), "ticks("),
        (lambda its, _: its.contracts[V3_POOL].pop(call_data("slot0()")), "slot0() of"),
        (put("factory()", (), "address", OTHER), "says that its factory"),
        (put("token1()", (), "address", OTHER), "says that its token1"),
        (put("fee()", (), "uint24", 9), "says that its key is 9"),
        (without_liquidity, "less liquidity"),
        (lambda its, _: its.contracts[FACTORY].clear(), "knows no pool of"),
    ],
    ids=["slot0", "ticks", "no slot0", "factory", "token", "fee", "liquidity", "pool"],
)
def test_a_pool_that_is_not_proven_to_be_v3s_is_refused(spoil, word):
    its = recorded.uniswap_v3(V3_CASES[0])
    spoil(its, V3_CASES[0]["position"]["tick_upper"])
    with pytest.raises(ReaderError, match="not as those of Uniswap v3") as raised:
        reading_of(its.contracts, MINE)
    assert word in str(raised.value)


def test_a_pool_of_v3_is_read_for_its_price():
    its = recorded.uniswap_v3(V3_CASES[0])
    reading = reading_of(its.contracts, UniswapV3Pool(pool=to_checksum_address(V3_POOL)))
    assert not reading.held
    assert reading.position["sqrt_price_x96"] == int(V3_CASES[0]["state"]["sqrt_price_x96"])
