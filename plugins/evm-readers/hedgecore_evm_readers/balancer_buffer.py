"""Buffers of Balancer v3: an owner's share of what is held to wrap and unwrap an ERC-4626 token."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import Call, Conversation, guess_call
from hedgecore_evm_readers.base import BYTECODE, EvmReader, address_field, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens

VAULT = "balancer-v3"
ASSET = "asset()(address)"
EXISTS = "isERC4626BufferInitialized(address)(bool)"
HELD = "getBufferBalance(address)(uint256,uint256)"
SUPPLY, SHARES = (
    "getBufferTotalShares(address)(uint256)",
    "getBufferOwnerShares(address,address)(uint256)",
)


@frozen(kw_only=True)
class BalancerBuffer(EvmReader):
    """An owner's share of a buffer of Balancer v3: plain amounts of a token and what it wraps."""

    kind = "evm-balancer-buffer"
    title = "Balancer v3, buffers of ERC-4626 tokens"
    proof = BYTECODE
    through = VAULT
    example = {
        "wrapped": "0xD4fa2D31b7968E448877f69A96DE69f5de8cD23E",
        "contract": "0xbA1333333333a1BA1108E8412f11850A5C319bA9",
        "owner": "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
    }
    calls = {
        EXISTS: "of the vault, as all but the last: whether there is a buffer of the token",
        HELD: "what it holds, of what is wrapped and of the token",
        SUPPLY: "all shares of it",
        SHARES: "the owner's",
        ASSET: "of the token: what it wraps",
        **CALLS,
    }

    wrapped: str = address_field("the ERC-4626 token")
    contract: str = address_field("the vault")
    owner: str = address_field("whose share")

    @classmethod
    def deployments(cls, source: Evm) -> tuple[str, Sequence[str]]:
        """Name of the vault for ``--contract``, and where it stands."""
        return source.deployed(VAULT)

    @classmethod
    def recognise(cls, venue: Evm, address: str) -> Conversation[bool]:
        """True if the chain's vault has a buffer of the token."""
        if VAULT not in venue.contracts:
            return False
        [exists] = yield [guess_call(venue.contract(VAULT), EXISTS, address)]
        return bool(exists)

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[BalancerBuffer]]:
        """Owner's share of the buffer of each token that is named."""
        yield []
        if wanted.owner is None or not wanted.pools:
            return []
        vault, owner = venue.contract(VAULT), wanted.owner
        return [cls(wrapped=each, contract=vault, owner=owner) for each in wanted.pools]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Owner's part of both tokens, each rounded down, as an exit pays it."""
        asset, held, supply, mine = yield [
            Call(self.wrapped, ASSET),
            Call(self.contract, HELD, (self.wrapped,)),
            Call(self.contract, SUPPLY, (self.wrapped,)),
            Call(self.contract, SHARES, (self.wrapped, self.owner)),
        ]
        if mine > supply or not supply:
            raise ReaderError(
                f"the buffer of {self.wrapped} in {self.contract} has {supply} shares at"
                f" {venue.block}, and {self.owner} {mine} of them: it is no buffer of Balancer v3;"
                " check the address and the chain, or leave it out"
            )
        pair = yield from tokens(venue, asset, self.wrapped)
        rows = [(t, raw * mine // supply) for t, raw in zip(pair, held, strict=True)]
        return Reading(
            name=f"{pair[1].symbol} buffer",
            size=mine,
            holdings={t.id: whole_units(raw, t.decimals) for t, raw in rows if raw},
            holdings_name="buffer",
            tokens=by_id(pair),
        )
