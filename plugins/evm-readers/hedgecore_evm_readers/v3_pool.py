"""Pools of Uniswap v3: pair, price, tick, liquidity in range, fee growth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from hedgecore import Token
from hedgecore_evm_readers.abi import Call, Conversation, exact_call
from hedgecore_evm_readers.base import whole_units
from hedgecore_evm_readers.forks import UnlikeError
from hedgecore_evm_readers.tokens import quote_of

PPM = 1_000_000
"""Fees are parts per million."""
PAIR = {
    "token0()(address)": "token0",
    "token1()(address)": "token1",
    "fee()(uint24)": "the fee, in parts per million",
}
SLOT0 = "slot0()(uint160,int24,uint16,uint16,uint16,uint32,bool)"
STATE = {
    SLOT0: "√price and tick, the first two of exactly 7 words",
    "liquidity()(uint128)": "liquidity in range",
}
FACTORY = "factory()(address)"
GROWTH = tuple(f"feeGrowthGlobal{each}X128()(uint256)" for each in (0, 1))
TICKS = "ticks(int24)(uint128,int128,uint256,uint256,int56,uint160,uint32,bool)"
MIN_TICK, MAX_TICK = -887_272, 887_272


class Key(NamedTuple):
    """A pool's factory, its tokens, and its fee in parts per million."""

    factory: str
    token0: str
    token1: str
    fee: int

    def __str__(self) -> str:
        return f"{self.token0} and {self.token1} by a fee of {self.fee} in {self.factory}"


class RangeState(NamedTuple):
    """A pool at a range: √price, tick, liquidity, and fee growth of both tokens, 2¹²⁸ a unit.

    Attributes:
        root: √price · 2⁹⁶, in raw units.
        tick: that of the price.
        active: liquidity in range.
        everywhere: fee growth of each token.
        below: fee growth outside of the lower tick.
        above: fee growth outside of the upper tick.

    """

    root: int
    tick: int
    active: int
    everywhere: tuple[int, int]
    below: tuple[int, int]
    above: tuple[int, int]


def range_state(
    pool: str, key: Key, ticks: tuple[int, int], liquidity: int
) -> Conversation[RangeState]:
    """Return the state of a pool at a range in which a position has some liquidity.

    Raises:
        UnlikeError: an answer has not v3's words, or the pool states another key, or less
            liquidity at the ends of the range.

    """
    (root, tick, *_), active, zero, one, below, above, *stated = yield from exact_answers(
        [
            *(exact_call(pool, each) for each in (*STATE, *GROWTH)),
            *(exact_call(pool, TICKS, each) for each in ticks),
            *(exact_call(pool, each) for each in (FACTORY, *PAIR)),
        ]
    )
    if Key(*stated) != key:
        raise UnlikeError(f"the pool {pool} says that it is of {Key(*stated)}, the position {key}")
    if min(below[0], above[0]) < liquidity:
        raise UnlikeError(
            f"at an end of the range the pool {pool} has less liquidity than the position"
        )
    return RangeState(root, tick, active, (zero, one), below[2:4], above[2:4])


def exact_answers(calls: Sequence[Call]) -> Conversation[list[Any]]:
    """Return the answers to exact calls.

    Raises:
        UnlikeError: there is no such function, or it answers with other words.

    """
    answers = yield calls
    for call, answer in zip(calls, answers, strict=True):
        if answer is None:
            raise UnlikeError(f"{call} does not answer with v3's words")
    return list(answers)


def position_table(
    pair: Sequence[Token], liquidity: int, ticks: tuple[int, int], root: int, fee: float
) -> dict[str, Any]:
    """Return the table of a position, on the chain's own integers; the fee is a fraction."""
    return {
        "kind": "uniswap-v3-position",
        "tokens": [each.id for each in pair],
        "liquidity": liquidity,
        "tick_lower": ticks[0],
        "tick_upper": ticks[1],
        "decimals": [each.decimals for each in pair],
        "sqrt_price_x96": root,
        "quote": quote_of(pair),
        "fee": fee,
    }


def depth(pair: Sequence[Token], liquidity: int, sqrt_price_x96: int) -> dict[str, float]:
    """Virtual reserves: token id → whole units."""
    root = Fraction(max(sqrt_price_x96, 1), 2**96)
    raw = (int(liquidity / root), int(liquidity * root))
    return {each.id: whole_units(one, each.decimals) for each, one in zip(pair, raw, strict=True)}
