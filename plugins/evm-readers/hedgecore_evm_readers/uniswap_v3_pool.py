"""Pools of Uniswap v3 and its forks, for their price alone."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Reading, SearchRequest
from hedgecore_evm_readers.abi import Call, Conversation, guessed
from hedgecore_evm_readers.base import EXAMPLE, EvmReader, at
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.tokens import CALLS, named, quote_of, tokens
from hedgecore_evm_readers.v3_pools import MAX_TICK, MIN_TICK, PPM, STATE, depth

PAIR = {
    "token0()(address)": "token0",
    "token1()(address)": "token1",
    "fee()(uint24)": "the fee, in parts per million",
}


@frozen(kw_only=True)
class UniswapV3Pool(EvmReader):
    """A pool of Uniswap v3 or a fork, for its price: nobody's position."""

    kind = "evm-uniswap-v3-pool"
    example = {"pool": EXAMPLE}
    calls = {**PAIR, **STATE, **CALLS}

    pool: str = at("the pool")

    @classmethod
    def recognise(cls, venue: Evm, address: str) -> Conversation[bool]:  # noqa: ARG003
        """Return whether it has a pair of tokens, a fee, and v3's state."""
        said = yield [guessed(address, each) for each in (*PAIR, *STATE)]
        return None not in said

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[UniswapV3Pool]]:  # noqa: ARG003
        """Return the pools that are named."""
        yield []
        return [cls(pool=each) for each in wanted.pools]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Return the liquidity that is in range now, as if it reached over all prices."""
        token0, token1, fee, state, active = yield [Call(self.pool, s) for s in (*PAIR, *STATE)]
        pair = yield from tokens(venue, token0, token1)
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} {fee / 10_000:g} % pool",
            held=False,
            position={
                "kind": "uniswap-v3-position",
                "tokens": [each.id for each in pair],
                "liquidity": active,
                "tick_lower": MIN_TICK,
                "tick_upper": MAX_TICK,
                "decimals": [each.decimals for each in pair],
                "sqrt_price_x96": state[0],
                "quote": quote_of(pair),
                "fee": fee / PPM,
            },
            tokens=named(pair),
            depth=depth(pair, active, state[0]),
        )
