"""Pools of Uniswap v3 and of every family that is known by its layout, for their price.

Their positions are found by their owner, but for those in a gauge, which are found by the pool.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import NATIVE, Conversation, guess_call, together
from hedgecore_evm_readers.base import EXAMPLE, EvmReader, address_field
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.farm import STAKED, staked_ids
from hedgecore_evm_readers.forks import Slipstream
from hedgecore_evm_readers.layout_proof import pool_words
from hedgecore_evm_readers.layouts import LAYOUTS, pool_questions
from hedgecore_evm_readers.pool_invariants import UnlikeError, check_price
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens
from hedgecore_evm_readers.v3_pool import MAX_TICK, MIN_TICK, PPM, depth, position_table

NFT = "nft()(address)"


@frozen(kw_only=True)
class UniswapV3Pool(EvmReader):
    """A pool of Uniswap v3 or a fork of a known family, for its price: nobody's position."""

    kind = "evm-uniswap-v3-pool"
    example = {"pool": EXAMPLE}
    calls = {
        **pool_questions(each for each in LAYOUTS if each.has_contracts),
        NFT: "of the pool's gauge: the manager of the positions that are staked in it",
        STAKED: "of the gauge: which of them are the owner's",
        **CALLS,
    }

    pool: str = address_field("the pool")

    @classmethod
    def recognise(cls, venue: Evm, address: str) -> Conversation[bool]:  # noqa: ARG003
        """True if the contract states its price in the words of a known family."""
        return (yield from pool_words(address)) is not None

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[EvmReader]]:  # type: ignore[override]  # noqa: ARG003
        """Pools that are named, and the positions that the owner has staked in their gauges."""
        found: list[EvmReader] = [cls(pool=each) for each in wanted.pools]
        owner = wanted.owner
        staked = [] if owner is None else [_staked_positions(pool, owner) for pool in wanted.pools]
        for each in (yield from together(staked)):
            found += each
        return found

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Liquidity that is in range now, as if it reached over all prices.

        Raises:
            ReaderError: the pool is of no known family.

        """
        its = yield from pool_words(self.pool)
        if its is None:
            known = ", ".join(each.title for each in LAYOUTS if each.has_contracts)
            raise self._refusal(venue, f"it answers in the words of no known family ({known})")
        try:
            check_price(its)
        except UnlikeError as error:
            raise self._refusal(venue, str(error)) from None
        return (yield from self._reading(venue, its))

    def _refusal(self, venue: Evm, why: str) -> ReaderError:
        return ReaderError(
            f"the pool {self.pool} at {venue.block} is not read: {why}; check the address and the"
            " chain, or leave it out"
        )

    def _reading(self, venue: Evm, its: Mapping[str, Any]) -> Conversation[Reading]:
        pair = yield from tokens(venue, its["token0"], its["token1"])
        fee, root, active = its["fee"], its["root"], its["active"]
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} {fee / 10_000:g} % pool",
            held=False,
            position=position_table(pair, active, (MIN_TICK, MAX_TICK), root, fee / PPM),
            tokens=by_id(pair),
            depth=depth(pair, active, root),
        )


def _staked_positions(pool: str, owner: str) -> Conversation[list[Slipstream]]:
    """Positions that an owner has staked in a pool's gauge."""
    its = yield from pool_words(pool)
    gauge = (its or {}).get("gauge")
    if gauge in (None, NATIVE):
        return []
    [manager] = yield [guess_call(str(gauge), NFT)]
    if manager in (None, NATIVE):
        return []
    ids = yield from staked_ids(str(gauge), owner)
    return [Slipstream(token_id=each, contract=manager, owner=owner) for each in ids]
