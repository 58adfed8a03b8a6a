"""Families of ranges by their layouts: to the raw unit by their own, refused by all others'."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain import infinity, recorded
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.judge import assert_paid, held_now
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import (
    AlgebraIntegral,
    AlgebraV1,
    InfinityCl,
    Slipstream,
    UniswapV3,
    UniswapV3Pool,
    read,
)

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers

pytestmark = pytest.mark.skipif(recorded.CASES is None, reason="the repository's tests/cases")
READERS = {
    "uniswap_v3": UniswapV3,
    "slipstream": Slipstream,
    "algebra_v1": AlgebraV1,
    "algebra_integral": AlgebraIntegral,
    "infinity_cl": InfinityCl,
}
FILES = ("slipstream", "algebra_v1", "algebra_integral")
TITLES = {
    "uniswap_v3": "Uniswap v3",
    "slipstream": "Slipstream",
    "algebra_v1": "Algebra v1",
    "algebra_integral": "Algebra Integral",
    "infinity_cl": "PancakeSwap Infinity, CL",
}
KEYS = ("int24", "uint24")
"""What Slipstream's pools are found by, and v3's."""
STAKED = {15: "0x32467b43BFa67273FC7dDda0999Ee9A12F2AaA08"}


def family(file):
    """Contracts of a family as they were recorded, a manager, and positions that paid."""
    if file == "uniswap_v3":
        its = recorded.uniswap_v3(recorded.cases("uniswap_v3")[0])
        return its.contracts, recorded.MANAGER, [7]
    if file == "infinity_cl":
        its = infinity.infinity_cl(recorded.cases("uniswap_v4")[1])
        return its.contracts, infinity.CL_MANAGER, [7]
    its = recorded.fork(file)
    return its.contracts, its.names["position_manager"], [int(c["token_id"]) for c in its.cases]


@pytest.fixture(params=FILES)
def file(request):
    """The recorded answers of a fork's contracts."""
    return request.param


def drafted(contracts, *, given=None, **asked):
    ask = readers.ReadRequest(**asked, without=["evm-wallet"])
    with FakeNode(contracts).running() as node:
        return readers.read_book(Secret(node.url), ask, contracts=given or {})


@pytest.mark.parametrize("multicall", [True, False])
def test_every_position_of_a_fork_is_what_its_contracts_paid(file, multicall):
    """Principal by its closed form in the pool's state, fees to the raw unit."""
    its = recorded.fork(file)
    manager = its.names["position_manager"]
    mine = [READERS[file](token_id=int(c["token_id"]), contract=manager) for c in its.cases]
    with FakeNode(its.contracts, multicall=multicall).running() as node:
        readings = read(node.url, *mine)
    for case, reading in zip(its.cases, readings, strict=True):
        assert_case(case, reading, its.pool_of(case))


def assert_case(case, reading, pool):
    """Compare a reading with what decreaseLiquidity and collect answered."""
    model, names = hc.build(reading.position), reading.position["tokens"]
    paid = [int(case["withdrawable"][each]) for each in ("token0", "token1")]
    decimals = reading.position["decimals"]
    assert_paid(held_now(model, names), paid, decimals, [1, 1])
    fees = [int(case["uncollected_fees"][each]) for each in ("token0", "token1")]
    rows = zip(fees, decimals, strict=True)
    assert [*reading.holdings.values()] == [float(Fraction(raw, 10**d)) for raw, d in rows]
    assert names == [pool["token0"], pool["token1"]]
    assert model.fee == int(pool["fee_millionths"]) / 1e6


@pytest.mark.parametrize("shown", READERS)
@pytest.mark.parametrize("taken_for", READERS)
@pytest.mark.sample(6)
def test_no_family_is_read_by_anothers_layout(shown, taken_for):
    """The layout of each shown to every other: refused by name, with what to do."""
    contracts, manager, ids = family(shown)
    mine = [READERS[taken_for](token_id=each, contract=manager) for each in ids]
    with FakeNode(contracts).running() as node:
        if shown == taken_for:
            assert len(read(node.url, *mine)) == len(ids)
            return
        for each in mine:
            with pytest.raises(ReaderError, match="looks like") as raised:
                read(node.url, each)
            words = str(raised.value)
            assert f"looks like {TITLES[shown]}" in words
            assert f"not like {TITLES[taken_for]}" in words
            assert f"--contract {READERS[shown].kind.removeprefix('evm-')}=0x" in words
            assert f"--skip {each.kind}:{each.token_id}" in words
            assert manager.lower() in words.lower()


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
@pytest.mark.sample(1)
def test_a_fork_whose_factory_answers_as_v3s_is_refused(fee_is_spacing):
    """Even where the pool's fee is, by chance, the tick spacing that stands in the fee's place."""
    its = velodrome(fee_is_spacing=fee_is_spacing)
    for case in its.cases:
        manager = its.names["position_manager"]
        reader = UniswapV3(token_id=int(case["token_id"]), contract=manager)
        with (
            FakeNode(its.contracts).running() as node,
            pytest.raises(ReaderError, match="looks like Slipstream"),
        ):
            read(node.url, reader)


def test_an_owners_positions_of_a_fork_are_found(file):
    """All that hold something by what the manager itself says."""
    its = recorded.fork(file)
    manager = its.names["position_manager"]
    name = READERS[file].kind.removeprefix("evm-")
    owner = its.names["other_owner"]
    draft = drafted(its.contracts, given={name: manager}, owner=owner)
    found = {each["token_id"] for each in draft.tables["source"]["read"].values()}
    answers = its.contracts[manager.lower()]
    held = [
        int.from_bytes(answers[call_data("tokenOfOwnerByIndex(address,uint256)", owner, at)], "big")
        for at in range(2)
    ]
    assert found == set(held)


def test_the_manager_of_another_family_is_refused_by_name(file):
    its = recorded.fork(file)
    manager = its.names["position_manager"]
    with pytest.raises(ReaderError, match="looks like") as raised:
        drafted(its.contracts, given={"uniswap-v3": manager}, owner=its.names["other_owner"])
    assert TITLES[file] in str(raised.value)


def test_a_forks_pool_is_read_for_its_price(file):
    its = recorded.fork(file)
    with FakeNode(its.contracts).running() as node:
        readings = read(node.url, *(UniswapV3Pool(pool=each) for each in its.pools))
    for case in its.cases:
        reading = readings[its.pools.index(case["pool"])]
        assert not reading.held
        assert reading.position["sqrt_price_x96"] == int(case["sqrt_price_x96"])
        assert reading.position["fee"] == int(its.pool_of(case)["fee_millionths"]) / 1e6


def test_a_contract_that_is_no_pool_is_refused():
    contracts, _, _ = family("slipstream")
    token = to_checksum_address(next(iter(contracts)))
    with (
        FakeNode(contracts).running() as node,
        pytest.raises(ReaderError, match="no known family"),
    ):
        read(node.url, UniswapV3Pool(pool=token))


@pytest.mark.parametrize(("token_id", "gauge"), STAKED.items())
def test_a_staked_position_is_paid_no_swap_fees(token_id, gauge):
    its = recorded.fork("slipstream")
    manager = its.names["position_manager"]
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, Slipstream(token_id=token_id, contract=manager))
    assert [*reading.holdings.values()] == [0.0, 0.0]
    assert f"staked in the gauge {gauge}" in reading.notes[0]
    assert reading.position["liquidity"] > 0


def test_what_the_gauge_is_paid_of_others_fees_is_said():
    its = recorded.fork("slipstream")
    mine = Slipstream(token_id=1, contract=its.names["position_manager"])
    with FakeNode(its.contracts).running() as node:
        (reading,) = read(node.url, mine)
    assert "the gauge is paid 0.1 of the swap fees" in reading.notes[0]
