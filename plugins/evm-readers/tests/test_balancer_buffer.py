"""Buffers of Balancer v3: a share of both tokens, as an exit pays it, rounded down."""

from __future__ import annotations

from fractions import Fraction

import pytest
from chain.contracts import OWNER
from chain.fake import FakeNode
from chain.recorded import NO, VAULT, YES, said, token
from chain.stubs import call_data
from eth_utils import to_checksum_address
from hedgecore_evm_readers import BalancerBuffer, read

import hedgecore as hc
from hedgecore import ReaderError, Secret, readers

WRAPPED, ASSET = "0x" + "4a" * 20, "0x" + "4b" * 20
HELD, SUPPLY, SHARES = (1_000_000_000_001, 7 * 10**18 + 3), 10**24 + 9, 10**23
MINE = BalancerBuffer(wrapped=WRAPPED, contract=VAULT, owner=OWNER)


def contracts(**vault):
    """A token, what it wraps, and the vault with a buffer of it."""
    answers = {
        "isERC4626BufferInitialized": said("bool", *YES),
        "getBufferBalance": said("uint256,uint256", *HELD),
        "getBufferTotalShares": said("uint256", SUPPLY),
    } | vault
    rate = call_data("convertToAssets(uint256)", 10**18)
    return {
        ASSET: token("USDC", 6, **{OWNER: 0}),
        WRAPPED: token("waUSDC", 18, **{OWNER: 0})
        | {call_data("asset()"): said("address", ASSET), rate: said("uint256", 1_125_000)},
        VAULT: {call_data(f"{name}(address)", WRAPPED): each for name, each in answers.items()}
        | {
            call_data("getBufferOwnerShares(address,address)", WRAPPED, OWNER): said(
                "uint256", SHARES
            )
        },
    }


def test_a_share_is_plain_amounts_of_both_and_their_rate_is_a_row_of_assets():
    with FakeNode(contracts()).running() as node:
        ask = readers.ReadRequest(owner=OWNER, pools=[WRAPPED])
        writing = readers.BookOptions(prices={"USDC": 1.0}, numeraire="USD")
        draft = readers.read_book(Secret(node.url), ask, writing, contracts={"balancer-v3": VAULT})
    held = {row["asset"]: row["amount"] for row in draft.tables["holding"]}
    assert held == {
        "USDC": (HELD[0] * SHARES // SUPPLY) / 10**6,
        "waUSDC": float(Fraction(HELD[1] * SHARES // SUPPLY, 10**18)),
    }
    assert draft.tables["assets"]["waUSDC"] == {"of": "USDC", "rate": 1.125}
    assert hc.Book.from_tables(draft.tables).market.price("waUSDC") == 1.125


@pytest.mark.parametrize("supply", [0, SHARES - 1], ids=["none", "fewer than the owner's"])
def test_shares_that_cannot_be_are_refused(supply):
    there = contracts(getBufferTotalShares=said("uint256", supply))
    with FakeNode(there).running() as node, pytest.raises(ReaderError, match="no buffer") as raised:
        read(node.url, MINE)
    assert to_checksum_address(WRAPPED) in str(raised.value)


def test_a_token_without_a_buffer_is_no_pool():
    there = contracts(isERC4626BufferInitialized=said("bool", *NO))
    ask = readers.ReadRequest(owner=OWNER, pools=[WRAPPED])
    with FakeNode(there).running() as node, pytest.raises(ReaderError, match="no pool that an"):
        readers.read_book(Secret(node.url), ask, contracts={"balancer-v3": VAULT})
