"""Positions of Uniswap v3 and its forks, by the number of their NFT."""

from __future__ import annotations

from typing import NamedTuple

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation, guess_call
from hedgecore_evm_readers.base import EvmReader, address_field, token_id_field, whole_units
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.fee_growth import Outside, fees_earned, growth_inside
from hedgecore_evm_readers.forks import BY_FEE, MANAGER_CALLS, UnlikeError, manager_fork, refusal
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens
from hedgecore_evm_readers.v3_pool import (
    FACTORY,
    GROWTH,
    PAIR,
    PPM,
    STATE,
    TICKS,
    Key,
    RangeState,
    depth,
    position_table,
    range_state,
)

POSITIONS = (
    "positions(uint256)(uint96,address,address,address,uint24,int24,int24,uint128,uint256,uint256,"
    "uint128,uint128)"
)
MOST = 10_000
"""An owner's positions, which are asked one by one; a token that is no NFT counts its units."""


@frozen(kw_only=True)
class UniswapV3(EvmReader):
    """A position of Uniswap v3 or a fork, by its NFT, with the fees that it has not collected."""

    kind = "evm-uniswap-v3"
    needs = ("uniswap-v3",)
    example = {"token_id": 1234, "contract": "0xC36442b4a4522E871399CD717aBDD847Ab11FE88"}
    calls = {
        "balanceOf(address)(uint256)": "how many positions an owner has",
        "tokenOfOwnerByIndex(address,uint256)(uint256)": "their numbers",
        POSITIONS: "tokens, fee, ticks, liquidity, fee growth at the last touch, fees owed",
        FACTORY: "the factory of the pools; the pool's own must be the same",
        BY_FEE: "the pool, which must state the same tokens and fee",
        **PAIR,
        **STATE,
        GROWTH[0]: "fee growth of token0, everywhere",
        GROWTH[1]: "fee growth of token1, everywhere",
        TICKS: "liquidity, and fee growth outside, at both ends of the range: exactly 8 words",
        **CALLS,
        **MANAGER_CALLS,
    }

    token_id: int = token_id_field()
    contract: str = address_field("the NonfungiblePositionManager")

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[UniswapV3]]:
        """Return the owner's positions that hold something."""
        if wanted.owner is None:
            return []
        manager = venue.contract("uniswap-v3")
        [count] = yield [Call(manager, "balanceOf(address)(uint256)", (wanted.owner,))]
        if count > MOST:
            raise ReaderError(
                f"{manager} says that {wanted.owner} has {count} positions, and at most {MOST} are"
                " listed: is it the NonfungiblePositionManager? Leave the search out, by --skip"
                " evm-uniswap-v3, and name positions by --position evm-uniswap-v3:NUMBER"
            )
        signature = "tokenOfOwnerByIndex(address,uint256)(uint256)"
        ids = yield [Call(manager, signature, (wanted.owner, each)) for each in range(count)]
        found = yield [Call(manager, POSITIONS, (n,), guess=True, exact=True) for n in ids]
        rows = zip(ids, found, strict=True)
        alive = [its for its, said in rows if said is None or said[7] or any(said[10:])]
        return [cls(token_id=its, contract=manager) for its in alive]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Return the position on the chain's own integers, and its uncollected fees.

        Raises:
            ReaderError: the manager or the pool is not as Uniswap v3's are.

        """
        try:
            return (yield from self._reading(venue))
        except UnlikeError as error:
            odd = str(error)
        fork = yield from manager_fork(self.contract, self.token_id)
        what = f"position {self.token_id} of {self.contract} at {venue.block}"
        leave = f"leave it out, by --without {self.kind}:{self.token_id}"
        raise refusal(what, fork, odd, leave)

    def _reading(self, venue: Evm) -> Conversation[Reading]:
        said, factory = yield [
            Call(self.contract, POSITIONS, (self.token_id,), guess=True, exact=True),
            Call(self.contract, FACTORY),
        ]
        if said is None:
            raise UnlikeError("positions() does not answer with v3's 12 words")
        its = _Position(*said)
        key = Key(factory, its.token0, its.token1, its.fee)
        pair = yield from tokens(venue, its.token0, its.token1)
        [pool] = yield [guess_call(factory, BY_FEE, *key[1:])]
        if pool in (None, NATIVE):
            raise UnlikeError(f"there is no pool of {key}")
        state = yield from range_state(pool, key, its.ticks, its.liquidity)
        rows = zip(pair, its.fees(state), strict=True)
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} {its.fee / 10_000:g} % #{self.token_id}",
            position=position_table(pair, its.liquidity, its.ticks, state.root, its.fee / PPM),
            holdings={each.id: whole_units(raw, each.decimals) for each, raw in rows},
            holdings_name="fees",
            tokens=by_id(pair),
            depth=depth(pair, state.active, state.root),
        )


class _Position(NamedTuple):
    """The words of ``positions()``."""

    nonce: int
    operator: str
    token0: str
    token1: str
    fee: int
    lower: int
    upper: int
    liquidity: int
    last0: int
    last1: int
    owed0: int
    owed1: int

    @property
    def ticks(self) -> tuple[int, int]:
        """The ends of the range."""
        return self.lower, self.upper

    def fees(self, state: RangeState) -> list[int]:
        """Uncollected fees of each token, raw, as `collect` would pay them."""
        last, owed, paid = (self.last0, self.last1), (self.owed0, self.owed1), []
        for i in (0, 1):
            edges = Outside(state.below[i], state.above[i])
            growth = growth_inside(state.tick, *self.ticks, state.everywhere[i], edges)
            paid.append((owed[i] + fees_earned(growth, last[i], self.liquidity)) % 2**128)
        return paid
