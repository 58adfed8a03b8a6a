"""No fork is read by another's layout: what is not as v3's contracts are is refused by its name."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.judge import assert_paid, held_now
from chain.recorded import FACTORY, MANAGER, NO, V3_POOL, YES, said
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import UniswapV3, UniswapV3Pool, read

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason="the repository's tests/cases")
FORKS = {
    "slipstream": "Slipstream (Aerodrome, Velodrome)",
    "algebra_v1": "Algebra v1 (QuickSwap, Camelot)",
    "algebra_integral": "Algebra Integral",
}
KEYS = ("int24", "uint24")
"""What Slipstream's pools are found by, and v3's."""
V3_CASES = recorded.cases("uniswap_v3")
MINE = UniswapV3(token_id=7, contract=MANAGER)


@pytest.fixture(params=FORKS)
def file(request):
    """The recorded answers of a fork's contracts."""
    return request.param


def refused(contracts, reader, **options):
    """Return the words of the ReaderError that reading some contracts ends with."""
    with FakeNode(contracts, **options).running() as node, pytest.raises(ReaderError) as raised:
        read(node.url, reader)
    return str(raised.value)


def drafted(contracts, **asked):
    ask = readers.ReadRequest(**asked, without=["evm-wallet"])
    with FakeNode(contracts).running() as node:
        return readers.read_book(Secret(node.url), ask)


@pytest.mark.parametrize("multicall", [True, False])
def test_every_position_of_a_fork_is_refused_by_its_name(file, multicall):
    its = recorded.fork(file)
    manager = its.names["position_manager"]
    for case in its.cases:
        reader = UniswapV3(token_id=int(case["token_id"]), contract=manager)
        words = refused(its.contracts, reader, multicall=multicall)
        assert f"looks like {FORKS[file]}" in words
        assert f"--without evm-uniswap-v3:{case['token_id']}" in words
        assert manager in words


def velodrome(*, fee_is_spacing):
    """Slipstream with a factory that finds pools by uint24 too, as Velodrome's does."""
    its = recorded.fork("slipstream")
    factory = its.contracts[its.names["factory"].lower()]
    old, new = (call_data(f"getPool(address,address,{k})", *[OWNER] * 2, 1)[:4] for k in KEYS)
    factory |= {new + data[4:]: each for data, each in factory.items() if data[:4] == old}
    for pool in its.pools if fee_is_spacing else []:
        answers = its.contracts[pool.lower()]
        answers[call_data("fee()")] = answers[call_data("tickSpacing()")]
    return its


@pytest.mark.parametrize("fee_is_spacing", [False, True])
def test_a_fork_whose_factory_answers_as_v3s_is_refused(fee_is_spacing):
    """Even where the pool's fee is, by chance, the tick spacing that stands in the fee's place."""
    its = velodrome(fee_is_spacing=fee_is_spacing)
    for case in its.cases:
        manager = its.names["position_manager"]
        reader = UniswapV3(token_id=int(case["token_id"]), contract=manager)
        assert "looks like Slipstream" in refused(its.contracts, reader)


def test_the_positions_of_an_owner_in_a_fork_are_refused_by_name(file):
    its = recorded.fork(file)
    manager = its.names["position_manager"]
    first = int(its.cases[0]["token_id"])
    counted = its.contracts[manager.lower()]
    counted[call_data("balanceOf(address)", OWNER)] = said("uint256", 1)
    counted[call_data("tokenOfOwnerByIndex(address,uint256)", OWNER, 0)] = said("uint256", first)
    ask = readers.ReadRequest(owner=OWNER, without=["evm-wallet"])
    with (
        FakeNode(its.contracts).running() as node,
        pytest.raises(ReaderError, match="looks like") as raised,
    ):
        readers.read_book(Secret(node.url), ask, contracts={"uniswap-v3": manager})
    assert FORKS[file] in str(raised.value)


def test_a_forks_pool_is_refused_by_name(file):
    its = recorded.fork(file)
    for pool in its.pools:
        for named in (pool, f"evm-uniswap-v3-pool:{pool}"):
            with pytest.raises(ReaderError, match="looks like") as raised:
                drafted(its.contracts, pools=[named])
            assert FORKS[file] in str(raised.value)
            assert pool in str(raised.value)


@pytest.mark.parametrize("case", V3_CASES, ids=lambda case: case["id"])
def test_a_recorded_position_of_v3_is_what_its_contracts_paid(case):
    """By its own closed form in the pool's state, and to the raw unit in its fees."""
    its = recorded.uniswap_v3(case)
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, MINE)
    model, names = hc.build(reading.position), [*map(to_checksum_address, its.tokens)]
    assert_paid(held_now(model, names), its.paid, its.decimals, [1, 1])
    fees = zip(recorded.ints(case["uncollected_fees"]), its.decimals, strict=True)
    assert [*reading.holdings.values()] == [float(Fraction(raw, 10**d)) for raw, d in fees]
    assert model.fee == int(case["pool"]["fee_ppm"]) / 1e6


def test_a_protocol_fee_of_32_bits_is_pancakes_and_changes_nothing():
    case = V3_CASES[0]
    its = recorded.uniswap_v3(case)
    with FakeNode(its.contracts).running() as node:
        (plain,) = read(node.url, MINE)
    pool = its.contracts[V3_POOL]
    state = int(case["state"]["sqrt_price_x96"]), case["state"]["tick"]
    pool[call_data("slot0()")] = said(recorded.SLOT0, *state, 0, 1, 1, 3200 << 16 | 3200, *YES)
    with FakeNode(its.contracts).running() as node:
        assert read(node.url, MINE) == [plain]


def lengthened(its, function, *arguments):
    """Give an answer of a pool one more word."""
    data = call_data(function, *arguments)
    its.contracts[V3_POOL][data] += bytes(32)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda its, _: lengthened(its, "slot0()"), "slot0() of"),
        (lambda its, at: lengthened(its, "ticks(int24)", at), "ticks("),
        (lambda its, _: its.contracts[V3_POOL].pop(call_data("slot0()")), "slot0() of"),
        (
            lambda its, _: its.contracts[V3_POOL].update(
                {call_data("factory()"): said("address", OWNER)}
            ),
            "says that it is of",
        ),
        (
            lambda its, _: its.contracts[V3_POOL].update({call_data("fee()"): said("uint24", 9)}),
            "by a fee of 9",
        ),
        (
            lambda its, at: its.contracts[V3_POOL].update(
                {call_data("ticks(int24)", at): said(recorded.TICK, *[0] * 7, *NO)}
            ),
            "less liquidity",
        ),
        (lambda its, _: its.contracts[FACTORY].clear(), "there is no pool of"),
    ],
    ids=["slot0", "ticks", "no slot0", "factory", "fee", "liquidity", "pool"],
)
def test_a_pool_that_is_not_proven_to_be_v3s_is_refused(spoil, words):
    its = recorded.uniswap_v3(V3_CASES[0])
    spoil(its, V3_CASES[0]["position"]["tick_upper"])
    answer = refused(its.contracts, MINE)
    assert words in answer
    assert "not as Uniswap v3's" in answer


def test_a_pool_of_v3_is_read_for_its_price():
    its = recorded.uniswap_v3(V3_CASES[0])
    at_the_end = call_data("ticks(int24)", -887_272)
    its.contracts[V3_POOL][at_the_end] = said(recorded.TICK, *[0] * 7, *NO)
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, UniswapV3Pool(pool=to_checksum_address(V3_POOL)))
    assert not reading.held
    assert reading.position["sqrt_price_x96"] == int(V3_CASES[0]["state"]["sqrt_price_x96"])
