"""Uniswap v3 and v4: concentrated liquidity, by prices or by the chain's own integers."""

from __future__ import annotations

from hedgecore import PoolModel, hookimpl
from hedgecore_uniswap_v3.concentrated_positions import ConcentratedPositions
from hedgecore_uniswap_v3.concentrated_ranges import ConcentratedRanges
from hedgecore_uniswap_v3.position import UniswapV3Position
from hedgecore_uniswap_v3.price_range import UniswapV3

__all__ = [
    "ConcentratedPositions",
    "ConcentratedRanges",
    "UniswapV3",
    "UniswapV3Position",
    "hedgecore_pools",
]


@hookimpl
def hedgecore_pools() -> list[type[PoolModel]]:
    """Provide a range or a position, and many of either as one."""
    return [UniswapV3, UniswapV3Position, ConcentratedRanges, ConcentratedPositions]
