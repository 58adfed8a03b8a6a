"""Positions of PancakeSwap Infinity's CL pools, by the number of their NFT."""

from __future__ import annotations

from attrs import frozen

from hedgecore_evm_readers.abi import Conversation
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.layout_proof import ProvenPosition
from hedgecore_evm_readers.layouts import layouts_of, questions
from hedgecore_evm_readers.nft_events import CALLS as LISTED
from hedgecore_evm_readers.nft_events import transferred_ids
from hedgecore_evm_readers.pool_key import hooks_notes
from hedgecore_evm_readers.range_position import RangePosition
from hedgecore_evm_readers.tokens import CALLS


@frozen(kw_only=True)
class InfinityCl(RangePosition):
    """A position of PancakeSwap Infinity's CL pools by its NFT, with its uncollected fees."""

    kind = "evm-pancake-infinity-cl"
    layouts = layouts_of("pancake-infinity-cl")
    example = {"token_id": 1234, "contract": "0x55f4c8abA71A1e923edC303eb4fEfF14608cC226"}
    calls = {**LISTED, **questions(layouts), **CALLS}

    @classmethod
    def ids_of(cls, venue: Evm, place: str, owner: str) -> Conversation[list[int]]:
        """Numbers of an owner's NFTs, by events: the manager lists none."""
        return (yield from transferred_ids(venue, place, owner, cls.kind))

    def _notes(self, its: ProvenPosition) -> tuple[str, ...]:
        """Word on the pool's hooks; those that replace the curve are refused."""
        return hooks_notes(its.position, f"{self.kind}:{self.token_id}")
