"""What all pools of v3's kind have: a √price, a tick, liquidity in range."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hedgecore import Token
from hedgecore_evm_readers.base import whole

PPM = 1_000_000
"""Fees are parts per million."""
STATE = {
    "slot0()(uint160,int24)": "√price and tick, the first two words",
    "liquidity()(uint128)": "liquidity in range",
}
MIN_TICK, MAX_TICK = -887_272, 887_272


def depth(pair: Sequence[Token], liquidity: int, sqrt_price_x96: int) -> dict[str, float]:
    """Return token id → virtual reserves."""
    root = Fraction(max(sqrt_price_x96, 1), 2**96)
    raw = (int(liquidity / root), int(liquidity * root))
    return {each.id: whole(one, each.decimals) for each, one in zip(pair, raw, strict=True)}
