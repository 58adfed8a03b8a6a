"""Hooks of pools of Uniswap v4, by the bits of their address: said, or refused; never silent."""

from __future__ import annotations

import pytest
from chain import recorded
from chain.contracts import OWNER
from chain.direct import opened
from chain.fake import FakeNode
from chain.recorded import NOBODY, said
from chain.stubs import call_data
from eth_abi import encode
from eth_utils import to_checksum_address
from hedgecore_evm_readers import UniswapV4
from hedgecore_evm_readers.v4_storage import Slots

from hedgecore import ReaderError

MANAGER, POOLS = (to_checksum_address(f"0x{n:040x}") for n in (0x4E00, 0x4F00))
TOKENS = tuple(to_checksum_address(f"0x{n:040x}") for n in (0xD000, 0xD001))
TICKS = (-600, 600)
LIQUIDITY, ROOT = 10**15, 2**96
AFTER_REMOVE_RETURNS, AFTER_SWAP_RETURNS, BEFORE_SWAP_RETURNS, BEFORE_SWAP = 1, 4, 8, 128
AFTER_INITIALIZE, DYNAMIC_FEE = 1 << 12, 0x800000


def hooks_of(bits):
    return to_checksum_address(f"0x{(0xAB << 152) | bits:040x}")


def reading_of(hooks, tick=0, active=LIQUIDITY, key_fee=3000, fee=3000):
    """Reading of a position in a pool at a price of one, whose hooks stand at an address."""
    key = (*TOKENS, key_fee, 60, hooks)
    packed = (TICKS[1] & 0xFFFFFF) << 32 | (TICKS[0] & 0xFFFFFF) << 8
    info = encode(["(address,address,uint24,int24,address)", "uint256"], [key, packed])
    slot0 = fee << 208 | (tick & 0xFFFFFF) << 160 | ROOT
    words = [slot0, 0, 0, active, LIQUIDITY, 0, 0, 0, 0, 0, 0]
    asked = call_data("extsload(bytes32[])", Slots(key, *TICKS, MANAGER, 7).numbers)
    contracts = {
        MANAGER.lower(): {
            call_data("getPoolAndPositionInfo(uint256)", 7): info,
            call_data("poolManager()"): said("address", POOLS),
            call_data("ownerOf(uint256)", 7): said("address", OWNER),
        },
        POOLS.lower(): {asked: said("bytes32[]", [each.to_bytes(32) for each in words])},
        **{each.lower(): recorded.token("T", 18) for each in TOKENS},
    }
    with opened(FakeNode(contracts)) as chain:
        (found,) = chain.read([UniswapV4(token_id=7, contract=MANAGER)])
    return found


def test_a_pool_without_hooks_has_no_note():
    assert reading_of(NOBODY).notes == ()


@pytest.mark.parametrize("bits", [BEFORE_SWAP, AFTER_SWAP_RETURNS])
def test_hooks_are_said_with_their_address(bits):
    (note,) = reading_of(hooks_of(bits)).notes
    assert hooks_of(bits) in note
    assert "may take fees" in note
    assert "exit" not in note


def test_hooks_that_may_take_a_part_of_an_exit_are_said_to():
    (note,) = reading_of(hooks_of(AFTER_REMOVE_RETURNS)).notes
    assert "part of an exit, which then pays less than is written" in note


def test_hooks_that_may_trade_in_the_pools_stead_are_refused():
    with pytest.raises(ReaderError, match="may trade in its stead") as raised:
        reading_of(hooks_of(BEFORE_SWAP_RETURNS))
    assert hooks_of(BEFORE_SWAP_RETURNS) in str(raised.value)
    assert "--skip evm-uniswap-v4:7" in str(raised.value)


def test_the_fee_of_a_pool_whose_hook_sets_it_is_what_is_set_and_not_the_flag_in_its_key():
    read = reading_of(hooks_of(AFTER_INITIALIZE), key_fee=DYNAMIC_FEE, fee=500)
    assert read.position["fee"] == 500 / 1e6


@pytest.mark.parametrize(
    ("state", "words"),
    [({"tick": 5}, "says the tick 5"), ({"active": LIQUIDITY - 1}, "has a liquidity of")],
)
def test_a_pool_of_v4_that_contradicts_itself_is_refused(state, words):
    with pytest.raises(ReaderError, match=words) as raised:
        reading_of(NOBODY, **state)
    assert f"position 7 of {MANAGER}" in str(raised.value)
