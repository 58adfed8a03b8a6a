"""Pools of Uniswap v3 and its forks, for their price alone."""

from __future__ import annotations

from attrs import frozen

from hedgecore import Reading, SearchRequest
from hedgecore_evm_readers.abi import Conversation, exact_call
from hedgecore_evm_readers.base import EXAMPLE, EvmReader, address_field
from hedgecore_evm_readers.evm import Evm
from hedgecore_evm_readers.forks import POOL_CALLS, UnlikeError, pool_fork, refusal
from hedgecore_evm_readers.tokens import CALLS, by_id, tokens
from hedgecore_evm_readers.v3_pool import (
    MAX_TICK,
    MIN_TICK,
    PAIR,
    PPM,
    STATE,
    TICKS,
    depth,
    exact_answers,
    position_table,
)


@frozen(kw_only=True)
class UniswapV3Pool(EvmReader):
    """A pool of Uniswap v3 or a fork, for its price: nobody's position."""

    kind = "evm-uniswap-v3-pool"
    example = {"pool": EXAMPLE}
    calls = {
        **PAIR,
        **STATE,
        TICKS: "of the lowest tick: whether its words are v3's, 8",
        **CALLS,
        **POOL_CALLS,
    }

    pool: str = address_field("the pool")

    @classmethod
    def recognise(cls, venue: Evm, address: str) -> Conversation[bool]:  # noqa: ARG003
        """Whether the contract is a pool of v3, or of a fork, which `read` refuses by name."""
        said = yield [exact_call(address, each) for each in (*PAIR, *STATE)]
        return None not in said or (yield from pool_fork(address)) is not None

    @classmethod
    def find(cls, venue: Evm, wanted: SearchRequest) -> Conversation[list[UniswapV3Pool]]:  # noqa: ARG003
        """Return the pools that are named."""
        yield []
        return [cls(pool=each) for each in wanted.pools]

    def read(self, venue: Evm) -> Conversation[Reading]:
        """Return the liquidity that is in range now, as if it reached over all prices.

        Raises:
            ReaderError: the pool is not as Uniswap v3's are.

        """
        try:
            return (yield from self._reading(venue))
        except UnlikeError as error:
            odd = str(error)
        fork = yield from pool_fork(self.pool)
        raise refusal(f"the pool {self.pool} at {venue.block}", fork, odd, "leave it out")

    def _reading(self, venue: Evm) -> Conversation[Reading]:
        calls = [exact_call(self.pool, each) for each in (*PAIR, *STATE)]
        token0, token1, fee, state, active, _ = yield from exact_answers(
            [*calls, exact_call(self.pool, TICKS, MIN_TICK)]
        )
        pair = yield from tokens(venue, token0, token1)
        return Reading(
            name=f"{pair[0].symbol}/{pair[1].symbol} {fee / 10_000:g} % pool",
            held=False,
            position=position_table(pair, active, (MIN_TICK, MAX_TICK), state[0], fee / PPM),
            tokens=by_id(pair),
            depth=depth(pair, active, state[0]),
        )
