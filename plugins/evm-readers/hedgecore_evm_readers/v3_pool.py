"""Positions of Uniswap v3's curve as tables, on the chain's own integers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hedgecore import Token
from hedgecore_evm_readers.base import whole_units
from hedgecore_evm_readers.tokens import quote_of

PPM = 1_000_000
"""Fees are parts per million."""
MIN_TICK, MAX_TICK = -887_272, 887_272


def position_table(
    pair: Sequence[Token], liquidity: int, ticks: tuple[int, int], root: int, fee: float
) -> dict[str, Any]:
    """Table of a position, on the chain's own integers; the fee is a fraction."""
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


def charged_fee(swap: int, protocol: int) -> float:
    """Fee of a swap, a fraction, by millionths: of what is left by the protocol the pool's.

    The protocol's part is two numbers of 12 bits, one for each direction; the dearer counts.
    """
    takes = max(protocol & 0xFFF, protocol >> 12)
    return (takes + swap - takes * swap / PPM) / PPM


def depth(pair: Sequence[Token], liquidity: int, sqrt_price_x96: int) -> dict[str, float]:
    """Virtual reserves: token id → whole units."""
    root = Fraction(max(sqrt_price_x96, 1), 2**96)
    raw = (int(liquidity / root), int(liquidity * root))
    return {each.id: whole_units(one, each.decimals) for each, one in zip(pair, raw, strict=True)}
