"""Positions of Uniswap v3 and its forks, by the number of their NFT."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from hedgecore import ReaderError, Reading, SearchRequest
from hedgecore_evm_readers.abi import NATIVE, Call, Conversation
from hedgecore_evm_readers.base import EvmReader, at, number_of_token, whole
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.growth import Outside, earned, inside
from hedgecore_evm_readers.tokens import CALLS, named, quote_of, tokens
from hedgecore_evm_readers.v3_pools import PPM, STATE, depth

POSITIONS = (
    "positions(uint256)(uint96,address,address,address,uint24,int24,int24,uint128,uint256,uint256,"
    "uint128,uint128)"
)
TICKS = "ticks(int24)(uint128,int128,uint256,uint256)"
GROWTH = tuple(f"feeGrowthGlobal{each}X128()(uint256)" for each in (0, 1))
GET_POOL = "getPool(address,address,uint24)(address)"
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
        "factory()(address)": "the factory of the pools",
        GET_POOL: "the pool",
        **STATE,
        GROWTH[0]: "fee growth of token0, everywhere",
        GROWTH[1]: "fee growth of token1, everywhere",
        TICKS: "fee growth outside, at both ends of the range",
        **CALLS,
    }

    token_id: int = number_of_token()
    contract: str = at("the NonfungiblePositionManager")

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
                " listed: is it the NonfungiblePositionManager? Leave the search out, by --without"
                " evm-uniswap-v3, and name positions by --position evm-uniswap-v3:NUMBER"
            )
        signature = "tokenOfOwnerByIndex(address,uint256)(uint256)"
        ids = yield [Call(manager, signature, (wanted.owner, each)) for each in range(count)]
        found = yield [Call(manager, POSITIONS, (each,)) for each in ids]
        alive = [its for its, said in zip(ids, found, strict=True) if said[7] or any(said[10:])]
        return [cls(token_id=its, contract=manager) for its in alive]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Return the position on the chain's own integers, and its uncollected fees."""
        said, factory = yield [
            Call(self.contract, POSITIONS, (self.token_id,)),
            Call(self.contract, "factory()(address)"),
        ]
        _, _, token0, token1, fee, lower, upper, liquidity, *grown = said
        pair = yield from tokens(venue, token0, token1)
        [pool] = yield [Call(factory, GET_POOL, (token0, token1, fee))]
        if pool == NATIVE:
            raise ReaderError(
                f"{factory} has no pool of {token0} and {token1} at {venue.block}: check the"
                f" address {self.contract}"
            )
        state, active, *rest = yield [
            *(Call(pool, each) for each in (*STATE, *GROWTH)),
            *(Call(pool, TICKS, (each,)) for each in (lower, upper)),
        ]
        fees = self._fees((lower, upper), liquidity, grown, state[1], rest)
        name = f"{pair[0].symbol}/{pair[1].symbol} {fee / 10_000:g} % #{self.token_id}"
        return Reading(
            name=name,
            position={
                "kind": "uniswap-v3-position",
                "tokens": [each.id for each in pair],
                "liquidity": liquidity,
                "tick_lower": lower,
                "tick_upper": upper,
                "decimals": [each.decimals for each in pair],
                "sqrt_price_x96": state[0],
                "quote": quote_of(pair),
                "fee": fee / PPM,
            },
            holdings={
                each.id: whole(raw, each.decimals) for each, raw in zip(pair, fees, strict=True)
            },
            tokens=named(pair),
            depth=depth(pair, active, state[0]),
        )

    @staticmethod
    def _fees(
        ticks: tuple[int, int], liquidity: int, grown: list[int], tick: int, rest: Any
    ) -> list[int]:
        """Return what `collect` would pay of each token now."""
        everywhere, outside = rest[:2], rest[2:]
        fees = []
        for i in (0, 1):
            edges = Outside(*(each[2 + i] for each in outside))
            growth = inside(tick, *ticks, everywhere[i], edges)
            fees.append((grown[2 + i] + earned(growth, grown[i], liquidity)) % 2**128)
        return fees
